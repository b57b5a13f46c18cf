/**
 * Published figures away from the point that they were measured at. The circuit laws say which of them that touches, and
 * by how much: each figure times its law there over its law at the measured point.
 */
import { ADC_LAWS, type AdcParams } from './circuit/adc/all.ts';
import { type Breakdown, type ComponentName, partOf } from './circuit/breakdown.ts';
import { CELL_LAWS } from './circuit/cell/all.ts';
import type { CrossbarDesign, CrossbarFigures, GivenFigures } from './circuit/design.ts';
import { evaluateCrossbar } from './circuit/evaluate.ts';
import { designOf } from './design-of.ts';
import { circuitSchema, type Device, type Macro } from './schema.ts';
import { divisionOf } from './shares.ts';

/** A figure of a technology file by its path, and what it must be multiplied by; NaN: no law can tell. */
export interface Scaled {
  readonly path: readonly string[];
  readonly factor: number;
}

/** Figures of `measured` that are others at the point of `at`, a file that differs in what the figures depend on. */
export function awayFrom(measured: Device, at: Device): Scaled[] {
  if (measured.level !== at.level) return [];
  if (measured.level === 'macro') return totals(measured, at as Macro);
  return designFigures(designOf(measured), designOf(at));
}

/** The same for the explicit figures of a design. */
export function designFigures(measured: CrossbarDesign, at: CrossbarDesign): Scaled[] {
  if (!hasPublished(measured)) return [];
  const own = publishedConverter(measured, at);
  const given = Object.entries(measured.given);
  if (given.length === 0) return moved(own);
  const [before, after] = [lawsOf(measured), lawsOf(at)];
  const figures = given.flatMap(([name, { energy_J, time_s, area_m2, leakage_W }]) => {
    const held =
      count(name as ComponentName | 'write', at) / count(name as ComponentName | 'write', measured);
    const scaled = (
      key: string,
      value: number | undefined,
      of: (f: CrossbarFigures) => number,
      least: number,
    ) =>
      // Nothing stays nothing.
      value === undefined || value === 0
        ? []
        : [{ path: ['given', name, key], factor: ratio(before, after, of) ?? least }];
    if (name === 'write')
      return [
        ...scaled('energy', energy_J, f => f.writeEnergy_J.total, held),
        ...scaled('time', time_s, f => f.writeTime_s.total, held),
      ];
    return [
      ...scaled('energy', energy_J, f => partOf(f.readEnergy_J, name), held),
      ...scaled('time', time_s, f => stepOf(f, name), 1),
      ...scaled('area', area_m2, f => partOf(f.area_m2, name), held * (at.node_m / measured.node_m) ** 2),
      ...scaled('leakage', leakage_W, f => partOf(f.leakage_W, name), held),
    ];
  });
  return moved([...own, ...figures]);
}

/** Whether a design has figures that are no law's. */
export const hasPublished = ({ given, adc }: CrossbarDesign): boolean =>
  adc.law === 'given' || Object.keys(given).length > 0;

/** A design with its explicit figures scaled. */
export function scaledDesign(design: CrossbarDesign, scaled: readonly Scaled[]): CrossbarDesign {
  const UNITS = { energy: 'energy_J', time: 'time_s', area: 'area_m2', leakage: 'leakage_W' } as const;
  const given: Record<string, GivenFigures> = { ...design.given };
  let adc: Record<string, unknown> = { ...design.adc };
  for (const { path, factor } of scaled) {
    const [block, name, key] = path;
    if (block === 'adc') adc = { ...adc, [name]: Number(adc[name]) * factor };
    else {
      const unit = UNITS[key as keyof typeof UNITS];
      given[name] = { ...given[name], [unit]: (given[name][unit] ?? 0) * factor };
    }
  }
  return { ...design, given, adc: adc as AdcParams };
}

const moved = (scaled: readonly Scaled[]): Scaled[] => scaled.filter(({ factor }) => factor !== 1);

/** A converter by its published conversion: bits and node change it as they change a converter of silicon. */
function publishedConverter(measured: CrossbarDesign, at: CrossbarDesign): Scaled[] {
  if (measured.adc.law !== 'given' || at.adc.law !== 'given') return [];
  const silicon = (bits: number, node_m: number): CrossbarFigures | undefined =>
    lawsOf({ ...measured, node_m, adc: { ...measured.adc, bits } });
  const before = silicon(measured.adc.bits, measured.node_m);
  const after = silicon(at.adc.bits, at.node_m);
  const of = (key: string, value: (f: CrossbarFigures) => number): Scaled => ({
    path: ['adc', key],
    factor: ratio(before, after, value) ?? Number.NaN,
  });
  return [
    of('energy', f => partOf(f.readEnergy_J, 'adc')),
    of('time', f => f.steps.convert_s),
    of('area', f => partOf(f.area_m2, 'adc')),
  ];
}

/** What the laws alone say; undefined for a design that is none of theirs. */
function lawsOf(design: CrossbarDesign): CrossbarFigures | undefined {
  const { bits, columns, law } = design.adc;
  const adc: AdcParams = law === 'given' ? { law: 'silicon', bits, columns } : design.adc;
  try {
    return evaluateCrossbar({ ...design, adc, given: {} });
  } catch {
    return undefined;
  }
}

/** Undefined where the law has no such part; NaN where no law holds. */
function ratio(
  before: CrossbarFigures | undefined,
  after: CrossbarFigures | undefined,
  of: (figures: CrossbarFigures) => number,
): number | undefined {
  if (before === undefined || after === undefined) return Number.NaN;
  const [was, is] = [of(before), of(after)];
  return was > 0 && is > 0 ? is / was : undefined;
}

function stepOf({ steps }: CrossbarFigures, component: string): number {
  if (component === 'array') return steps.settle_s;
  if (component === 'sampleHold') return steps.hold_s;
  if (component === 'merge') return steps.merge_s;
  return component === 'shiftAdd' ? steps.shiftAdd_s : steps.convert_s;
}

/** How many of what a component is made of a crossbar has, for figures that no law has. */
function count(component: ComponentName | 'write', { rows, cols, adc, sets = 1 }: CrossbarDesign): number {
  switch (component) {
    case 'driver':
    case 'dac':
      return rows;
    case 'array':
      return rows * cols * sets;
    case 'cells':
    case 'write':
    case 'adderTree':
      return rows * cols;
    case 'levelShifter':
      return rows + 2 * cols;
    case 'adc':
    case 'shiftAdd':
      return Math.ceil(cols / adc.columns);
    default:
      return cols;
  }
}

/** Components that a share of a macro's total stands for; the others go with the whole. */
const SHARES: Readonly<Record<string, readonly ComponentName[]>> = {
  readCircuit: ['driver', 'dac', 'array', 'cells', 'columnSwitch', 'mux', 'sampleHold', 'merge'],
  array: ['array'],
  adc: ['adc', 'adderTree'],
  accumulator: ['shiftAdd'],
  other: ['driver', 'dac', 'levelShifter', 'columnSwitch', 'mux', 'sampleHold', 'merge'],
};

/** What the totals of a macro depend on. */
const pointOf = ({ node, cell, crossbar, adc }: Macro): unknown[] => [
  node,
  ...[cell.device, cell.bits, cell.onResistance, cell.offResistance],
  ...[crossbar.rows, crossbar.cols, adc.kind, adc.bits, adc.columns],
];

/** A macro's totals part by part, as its shares divide them; shares then follow. */
function totals(measured: Macro, at: Macro): Scaled[] {
  const point = pointOf(at);
  if (pointOf(measured).every((value, i) => value === point[i])) return [];
  const pulse_s = measured.write.time / measured.crossbar.rows;
  const [before, after] = [macroFigures(measured, pulse_s), macroFigures(at, pulse_s)];
  const of = (path: readonly string[], value: (f: CrossbarFigures) => number): Scaled => ({
    path,
    factor: ratio(before, after, value) ?? Number.NaN,
  });
  const shared = (
    total: 'energy' | 'area',
    path: readonly string[],
    figure: (f: CrossbarFigures) => Breakdown,
  ) => {
    const parts = divisionOf(measured, total).parts.map(({ name, share }) => {
      const components = SHARES[name];
      const value = (f: CrossbarFigures): number =>
        components === undefined
          ? figure(f).total
          : components.reduce((sum, component) => sum + partOf(figure(f), component), 0);
      const whole = ratio(before, after, f => figure(f).total) ?? Number.NaN;
      return { name, share, factor: ratio(before, after, value) ?? whole };
    });
    const sum = parts.reduce((s, part) => s + part.share, 0);
    const factor = parts.reduce((s, part) => s + part.share * part.factor, 0) / sum;
    return [
      { path, factor },
      ...parts
        .filter(({ name, share }) => share > 0 && name !== 'undivided')
        .map(part => ({ path: ['shares', total, part.name], factor: part.factor / factor })),
    ];
  };
  return moved([
    ...shared('energy', ['read', 'energy'], f => f.readEnergy_J),
    of(['read', 'time'], f => f.readTime_s.total),
    of(['write', 'energy'], f => f.writeEnergy_J.total),
    of(['write', 'time'], f => f.writeTime_s.total),
    ...shared('area', ['area'], f => f.area_m2),
    of(['leakage'], f => f.leakage_W.total),
  ]);
}

/** A macro as the laws see it: the cell and the converter of its kinds, whatever it does not say as in their defaults. */
function macroFigures(
  { name, node, cell, crossbar, adc }: Macro,
  pulse_s: number,
): CrossbarFigures | undefined {
  const { device, onResistance, offResistance, bits } = cell;
  const law = CELL_LAWS.find(other => other.device === device && other.readout === 'current')?.law;
  const converter = ADC_LAWS.find(
    ({ architecture, published }) => architecture === adc.kind && !published,
  )?.law;
  const file = circuitSchema.safeParse({
    name,
    level: 'circuit',
    node: `${node} m`,
    cell: {
      law,
      bits,
      ...(onResistance !== undefined && { onResistance: `${onResistance} ohm` }),
      ...(offResistance !== undefined && { offResistance: `${offResistance} ohm` }),
    },
    crossbar: { rows: crossbar.rows, cols: crossbar.cols },
    adc: { law: converter ?? 'silicon', bits: adc.bits, columns: adc.columns },
    write: { pulse: `${pulse_s} s` },
  });
  return file.success ? lawsOf(designOf(file.data)) : undefined;
}
