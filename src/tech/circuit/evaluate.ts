/** From a crossbar's design to its figures: what its components cost, explicit figures on top, programming and standby. */
import { TrexError } from '../../base/errors.ts';
import { type Breakdown, breakdown, COMPONENTS, type ComponentName, type Part, partOf } from './breakdown.ts';
import { calibrationWarnings, scaled } from './calibration.ts';
import type { CellFigures } from './cell-law.ts';
import { components, noValues, type Values } from './components.ts';
import type {
  CalibrationFactors,
  CrossbarDesign,
  CrossbarFigures,
  GivenFigures,
  PlaneSteps,
} from './design.ts';
import { type Fill, readShares, scannedGroups } from './fill.ts';
import { drivenRows, rowCut, rowGroups } from './input-steps.ts';
import { adcLawOf, cellLawOf, designErrors } from './laws.ts';
import { designLosslessBits } from './lossless.ts';
import { type NodeConstants, nodeConstants } from './nodes.ts';
import { lines, selectFigures } from './read-path.ts';
import { conversionsOf, mergedColumns } from './slice-merge.ts';
import { designWarnings, thermalWarnings } from './warnings.ts';
import { writeEnergy, writeTime } from './write.ts';

/**
 * Figures of `design` by its laws, with explicit figures (`given`) in the place of what the laws say of a component; energy
 * and time are of a matrix that takes `part` of the array, all rows and columns that can hold one where it is absent.
 * @example const { area_m2, readEnergy_J } = evaluateCrossbar(designWith(design, { rows: 128, adcBits: 6 }));
 * @throws TrexError (1) for a design that cannot be: the first of `designErrors`.
 */
export function evaluateCrossbar(design: CrossbarDesign, part?: Fill): CrossbarFigures {
  const [impossible] = designErrors(design);
  if (impossible !== undefined) throw new TrexError(`${impossible.path.join('.')}: ${impossible.message}`);
  const { rows, cols, given, write, calibration = {} } = design;
  const fill = part ?? { rows: rowCut(design).rows, cols };
  const node = nodeConstants(design.node_m, design.roadmap, design);
  const write_V = write.voltage_V ?? node.vdd_V;
  const cell = cellLawOf(design.cell).figures(design.cell as never, {
    node,
    writeVoltage_V: write_V,
    pulse_s: write.pulse_s,
    erase_s: write.erase_s,
  });
  const line = lines(design, cell, node);
  const full = components(design, cell, line, node, write_V);
  const { area, leaking, energy, readout, once, conversion_J, round_J } = full;
  const { columns } = design.adc;
  // What is counted in columns here is converted: a column, or those of a weight that are merged.
  const merged = mergedColumns(design);
  const conversions = conversionsOf(design, fill.cols);
  const scanned = { cols: conversionsOf(design, cols), columns: Math.max(1, Math.floor(columns / merged)) };
  const steps = { ...full.steps, groups: scannedGroups(scanned.cols, scanned.columns, conversions) };
  // One read is of one group of rows, of all groups the mean.
  const readGroups = rowGroups(design, fill.rows);
  const read = { rows: fill.rows / readGroups, cols: fill.cols };
  const array = { rows: drivenRows(design), cols };
  const shares = readShares(read, {
    array,
    scanned,
    conversions,
    mergedAtCells: design.merge?.at === 'cell',
    once,
    conversion_J,
    round_J,
  });
  const readEnergy_J = figure(energy, design, 'energy', shares);
  const readTime_s = planeTime(steps, once, readout);
  const filled = { energy_J: readEnergy_J.total, time_s: readTime_s.total, fill };
  // A published total is of all rows and cells.
  const [rowShare, cellShare] = [fill.rows / rows, (fill.rows * fill.cols) / (rows * cols)];
  const writeEnergy_J =
    whole(given.write?.energy_J, cellShare) ??
    scaled(writeEnergy(design, cell, line, write_V, filled), calibration.write?.energy);
  const writeTime_s =
    whole(given.write?.time_s, rowShare) ?? scaled(writeTime(design, filled), calibration.write?.time);
  const select = selectFigures(design, cell, node);
  const leakage = standby(leaking, (design.sets ?? 1) * rows * cols, cell, node, design.roadmap === 'HP');
  return {
    area_m2: figure(area, design, 'area'),
    readEnergy_J,
    readTime_s,
    writeEnergy_J,
    writeTime_s,
    rowWriteEnergy_J: writeEnergy_J.total / fill.rows,
    rowWriteTime_s: writeTime_s.total / fill.rows,
    select: { energy_J: select.energy_J * rowShare, time_s: select.time_s },
    leakage_W: figure(leakage, design, 'leakage'),
    steps,
    converters: Math.ceil(cols / columns),
    conversions,
    rowGroups: readGroups,
    losslessBits: designLosslessBits(design),
    endurance: design.cell.endurance,
    retention_s: design.cell.retention,
    warnings: [
      ...designWarnings(design, cell, line, steps.convert_s, byLaw(area, energy, design)),
      ...calibrationWarnings(design, (name, key) => {
        if (name === 'write') return 1;
        if (key === 'time') return readTime_s.total;
        return { energy, area, leakage }[key][name];
      }),
      ...(readout === 'adc' ? thermalWarnings(design, partOf(readEnergy_J, 'adc') / conversions) : []),
    ],
  };
}

/** A published total of a programming. */
const whole = (value: number | undefined, share: number): Breakdown | undefined =>
  value === undefined ? undefined : breakdown([{ component: 'given', value: value * share }]);

/** Registers and adders leak by their area, cells by their number. */
function standby(
  leaking: Values,
  cells: number,
  cell: CellFigures,
  node: NodeConstants,
  hp: boolean,
): Values {
  const factor = hp ? node.hpLeakage : 1;
  const leakage = noValues();
  for (const name of COMPONENTS) leakage[name] = leaking[name] * node.leakage_W_per_m2 * factor;
  leakage.array = cells * cell.leakage_W * factor;
  return leakage;
}

/** Groups are settled and converted one after another; with all columns held, or summed at once, rows settle once. */
function planeTime({ groups, ...step }: PlaneSteps, once: boolean, readout: ComponentName) {
  return breakdown([
    { component: 'settle', value: once ? step.settle_s : groups * step.settle_s },
    { component: 'sampleHold', value: step.hold_s },
    { component: 'merge', value: step.merge_s },
    { component: readout, value: groups * step.convert_s },
    { component: 'shiftAdd', value: step.shiftAdd_s },
  ]);
}

/** Whether a law gives any area or energy; a converter by its published figures is none. */
function byLaw(area: Values, energy: Values, { given, adc }: CrossbarDesign): boolean {
  return COMPONENTS.some(name => {
    if (name === 'adc' && adcLawOf(adc).published) return false;
    const { area_m2, energy_J } = given[name] ?? {};
    return (area[name] !== 0 && area_m2 === undefined) || (energy[name] !== 0 && energy_J === undefined);
  });
}

const EXPLICIT = {
  energy: ({ energy_J }: GivenFigures) => energy_J,
  area: ({ area_m2 }: GivenFigures) => area_m2,
  leakage: ({ leakage_W }: GivenFigures) => leakage_W,
} as const;

/** A figure by component, with explicit values in the place of computed ones, which may be calibrated; `shares` of it are taken. */
function figure(
  values: Values,
  { given, calibration = {} }: CrossbarDesign,
  of: keyof typeof EXPLICIT & keyof CalibrationFactors,
  shares?: Values,
) {
  const parts: Part<ComponentName>[] = [];
  for (const component of COMPONENTS) {
    const own = given[component];
    const explicit = own && EXPLICIT[of](own);
    const full = explicit ?? values[component] * (calibration[component]?.[of] ?? 1);
    const value = shares === undefined ? full : full * shares[component];
    if (value !== 0) parts.push({ component, value });
  }
  return breakdown(parts);
}
