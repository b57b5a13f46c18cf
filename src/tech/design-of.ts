/** The design that a technology file of level circuit describes. */
import { TrexError } from '../base/errors.ts';
import { calibrationOf } from './circuit/calibration.ts';
import type { CrossbarDesign, GivenFigures, SliceMerge } from './circuit/design.ts';
import { encodingName } from './device-encoding.ts';
import { weightEncoding } from './encodings.ts';
import type { Circuit, TechFile } from './schema.ts';

/** Bits of a stored word and of an input: what shift-and-add is as wide as. */
export interface WordBits {
  readonly weights: number;
  readonly inputs: number;
}

/** Of a crossbar that stands on no chip, whose precision would say. */
export const BYTES: WordBits = { weights: 8, inputs: 8 };

/**
 * Design of a loaded technology file: `designOf(loadTech('fefet-32nm').tech)`, or of one device of a chip, for words of
 * `bits` (default: 8-bit weights and inputs).
 * @throws TrexError for a file of another level: a macro has totals, no circuits.
 */
export function designOf(file: TechFile, bits: WordBits = BYTES): CrossbarDesign {
  const known = bits === BYTES ? ofBytes.get(file) : undefined;
  if (known !== undefined) return known;
  const design = newDesign(file, bits);
  if (bits === BYTES) ofBytes.set(file, design);
  return design;
}

/** Of files that have been asked for: sweeps ask for each of their points. */
const ofBytes = new WeakMap<TechFile, CrossbarDesign>();

function newDesign(file: TechFile, bits: WordBits): CrossbarDesign {
  if (file.level !== 'circuit') {
    throw new TrexError(
      `${file.name} is of level ${file.level}: only level circuit has a design to evaluate`,
    );
  }
  const { read, write, crossbar } = file;
  const calibration = calibrationOf(file.calibration);
  const merge = mergeOf(file, bits);
  return {
    node_m: file.node,
    roadmap: file.roadmap,
    rows: crossbar.rows,
    cols: crossbar.cols,
    cell: file.cell,
    adc: file.adc,
    weightBits: bits.weights,
    inputBits: bits.inputs,
    inputBitsPerStep: file.inputBitsPerStep,
    drive: file.drive,
    ...(file.sets > 1 && { sets: file.sets }),
    ...(merge !== undefined && { merge }),
    ...(file.activeRows !== undefined && { activeRows: file.activeRows }),
    inputDensity: file.inputDensity,
    ...(file.vdd !== undefined && { vdd_V: file.vdd }),
    ...(file.temperature !== undefined && { temperature_K: file.temperature }),
    ...(read?.voltage !== undefined && { readVoltage_V: read.voltage }),
    sampling: file.sampling,
    write: {
      ...(write.voltage !== undefined && { voltage_V: write.voltage }),
      pulse_s: write.pulse,
      erase_s: write.erase,
      blockErase: write.blockErase,
      verify: write.verify,
    },
    given: givenOf(file),
    ...(calibration !== undefined && { calibration }),
  };
}

/** The sign stands in no slice where the two parts of a weight have arrays of their own. */
function mergeOf(file: Circuit, { weights }: WordBits): SliceMerge | undefined {
  if (file.merge === undefined) return undefined;
  const held = weightEncoding(encodingName(file)).partBits(weights);
  return { ...file.merge, signBits: held === weights ? 0 : 1 };
}

function givenOf({ given }: Circuit): CrossbarDesign['given'] {
  if (given === undefined) return {};
  const { source: _, ...components } = given;
  const entries = Object.entries(components).flatMap(([name, figures]) => {
    return figures === undefined ? [] : [[name, si(figures)] as const];
  });
  return Object.fromEntries(entries);
}

/** The same figures under names that carry their units. */
function si(figures: {
  readonly energy?: number | undefined;
  readonly time?: number | undefined;
  readonly area?: number | undefined;
  readonly leakage?: number | undefined;
}): GivenFigures {
  const { energy, time, area, leakage } = figures;
  return {
    ...(energy !== undefined && { energy_J: energy }),
    ...(time !== undefined && { time_s: time }),
    ...(area !== undefined && { area_m2: area }),
    ...(leakage !== undefined && { leakage_W: leakage }),
  };
}
