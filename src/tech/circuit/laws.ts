/** Laws by their names, and the checks that need them: can this cell hold the bits, does this converter fit. */
import { unknownName } from '../../base/errors.ts';
import { formatQuantity } from '../../base/units.ts';
import { ADC_LAWS } from './adc/all.ts';
import type { AdcContext, AdcFigures } from './adc-law.ts';
import { calibrationErrors } from './calibration.ts';
import { CELL_LAWS } from './cell/all.ts';
import type { CellContext, CellFigures, CellReadout, CellStorage } from './cell-law.ts';
import type { CrossbarDesign, DesignFinding } from './design.ts';
import { type DriveParams, INPUT_DRIVES } from './drive/all.ts';
import type { DriveContext, DriveFigures } from './drive-law.ts';
import { drivenRows } from './input-steps.ts';
import { designLosslessBits } from './lossless.ts';
import { mergeErrors } from './merge-errors.ts';
import { type NodeConstants, nodeConstants } from './nodes.ts';
import { operatingErrors } from './operating-errors.ts';

interface Law<C, F> {
  readonly law: string;
  figures(params: never, context: C): F;
}
interface CellLaw extends Law<CellContext, CellFigures> {
  readonly device: string;
  readonly storage: CellStorage;
  readonly readout: CellReadout;
  readonly column: 'switch' | 'precharge';
  readonly maxBits: number;
}
interface AdcLaw extends Law<AdcContext, AdcFigures> {
  readonly architecture: string | null;
  readonly published: boolean;
  readonly digital: boolean;
  readonly currents: boolean;
  readonly bits: { readonly min: number; readonly max: number };
}

interface DriveLaw extends Law<DriveContext, DriveFigures> {
  readonly pulses: boolean;
}

const CELLS = new Map<string, CellLaw>(CELL_LAWS.map(law => [law.law, law]));
const ADCS = new Map<string, AdcLaw>(ADC_LAWS.map(law => [law.law, law]));

/** @throws TrexError (usage) for a name that is no law's. */
export function cellLawOf({ law }: { readonly law: string }): CellLaw {
  const found = CELLS.get(law);
  if (found === undefined) throw unknownName('cell law', law, [...CELLS.keys()]);
  return found;
}

const DRIVES = new Map<string, DriveLaw>(INPUT_DRIVES.map(law => [law.law, law]));

/** How a design's inputs are driven. */
export const driveOf = ({ drive }: Pick<CrossbarDesign, 'drive'>): DriveParams =>
  drive ?? { law: 'amplitude' };

/** @throws TrexError (usage) for a name that is no law's. */
export function driveLawOf({ law }: { readonly law: string }): DriveLaw {
  const found = DRIVES.get(law);
  if (found === undefined) throw unknownName('input drive', law, [...DRIVES.keys()]);
  return found;
}

/** @throws TrexError (usage) for a name that is no law's. */
export function adcLawOf({ law }: { readonly law: string }): AdcLaw {
  const found = ADCS.get(law);
  if (found === undefined) throw unknownName('ADC law', law, [...ADCS.keys()]);
  return found;
}

/** Device families that cells declare, for the files of macros; laws of one family agree on its storage. */
export const DEVICES = [...new Set(CELL_LAWS.map(({ device }) => device))];

/** Kinds of converters that laws declare, for the files of macros. */
export const ADC_ARCHITECTURES = [...new Set(ADC_LAWS.map(({ architecture }) => architecture))].filter(
  name => name !== null,
);

/** How cells of a device family store a weight. */
export function storageOf(device: (typeof DEVICES)[number]): CellStorage {
  const found = CELL_LAWS.find(law => law.device === device);
  if (found === undefined) throw unknownName('device', device, DEVICES);
  return found.storage;
}

/** At which a design's columns are read, in V. */
export const readVoltage = (design: CrossbarDesign, node: NodeConstants): number =>
  design.readVoltage_V ??
  (cellLawOf(design.cell).storage === 'analog' ? node.analogReadVoltage_V : node.readVoltage_V);

/** A converter cannot have more columns than there are. */
export const tooManyColumns = (cols: number, columns: number): string =>
  `expected at most the ${cols} columns of the crossbar, got ${columns}`;

/** Whoever plans a design looks at it, and then whoever evaluates it. */
let last: { readonly design: CrossbarDesign; readonly errors: readonly DesignFinding[] } | undefined;

/** What makes a design impossible; empty for one that can be evaluated. */
export function designErrors(design: CrossbarDesign): readonly DesignFinding[] {
  if (last?.design !== design) last = { design, errors: errorsOf(design) };
  return last.errors;
}

function errorsOf(design: CrossbarDesign): DesignFinding[] {
  const { node_m, cell, adc } = design;
  const [cellLaw, adcLaw] = [cellLawOf(cell), adcLawOf(adc)];
  const errors = operatingErrors(design, cellLaw.storage);
  if (errors.length > 0) return errors;
  if (cell.bits > cellLaw.maxBits) {
    const message = `a ${cell.law} cell holds at most ${cellLaw.maxBits} bit, got ${cell.bits}`;
    errors.push({ path: ['cell', 'bits'], message });
  }
  const { min, max } = adcLaw.bits;
  if (adc.bits < min || adc.bits > max) {
    const message = `law ${adc.law} is for ${min} to ${max} bit, got ${adc.bits}`;
    errors.push({ path: ['adc', 'bits'], message });
  }
  if (adc.columns > design.cols) {
    errors.push({ path: ['adc', 'columns'], message: tooManyColumns(design.cols, adc.columns) });
  }
  const digital = cellLaw.readout === 'digital';
  if (digital !== adcLaw.digital) {
    const kind = digital ? 'read by an adder tree' : 'read by an ADC';
    errors.push({ path: ['adc', 'law'], message: `a ${cell.law} cell is ${kind}, got ${adc.law}` });
  } else if (adcLaw.currents && cellLaw.readout !== 'current') {
    const message = `a ${cell.law} cell is read by its charge, ${adc.law} compares currents`;
    errors.push({ path: ['adc', 'law'], message });
  } else if (adcLaw.digital) {
    const needed = designLosslessBits(design);
    if (adc.bits < needed) {
      const message = `a sum of ${drivenRows(design)} rows has ${needed} bit, the adder tree ${adc.bits}`;
      errors.push({ path: ['adc', 'bits'], message });
    }
  }
  if (driveLawOf(driveOf(design)).pulses && (cellLaw.readout !== 'current' || adcLaw.currents)) {
    const why =
      cellLaw.readout === 'current'
        ? `${adc.law} compares currents, and a train of pulses is a charge`
        : `a ${cell.law} cell passes no current through which a pulse could count`;
    errors.push({
      path: ['drive', 'law'],
      message: `expected amplitude, got ${driveOf(design).law}: ${why}`,
    });
  }
  if ((design.sets ?? 1) > 1 && cellLaw.readout === 'current') {
    const message = `expected 1, got ${design.sets}: the current of a ${cell.law} cell is the product, sets share no multiplier; more rows with activeRows are what it has`;
    errors.push({ path: ['sets'], message });
  }
  errors.push(...mergeErrors(design, { readout: cellLaw.readout, currents: adcLaw.currents }));
  const node = nodeConstants(node_m, design.roadmap, design);
  const read_V = readVoltage(design, node);
  const write_V = design.write.voltage_V ?? node.vdd_V;
  if (write_V < read_V) {
    const [write, read] = [write_V, read_V].map(v => formatQuantity(v, 'V', 3));
    const message = `a write at ${write} is below the read at ${read}: reads would disturb the cells`;
    errors.push({ path: ['write', 'voltage'], message });
  }
  return [...errors, ...calibrationErrors(design)];
}
