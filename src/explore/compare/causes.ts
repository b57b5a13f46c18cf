/** The settings that a chip's figures follow from: of those that differ between two chips, the table speaks first. */
import { type AccountingSwitch, counts } from '../../arch/accounting.ts';
import { ACCOUNTING_SWITCHES } from '../../arch/accounting-switches.ts';
import type { ChipCost } from '../../arch/build.ts';
import type { ArchConfig } from '../../arch/config.ts';
import { formatQuantity } from '../../base/units.ts';
import type { Cause } from '../../report/comparison.ts';
import { toSeconds } from '../../sim/tick.ts';
import { arraysPerWeight, encodingName, setsOf } from '../../tech/device-encoding.ts';
import type { Device } from '../../tech/schema.ts';

/** A chip as its settings are read. */
export interface ChipSettings {
  readonly arch: ArchConfig;
  readonly cost: Pick<ChipCost, 'static' | 'dynamic'>;
}

/** A setting with its value as text, and as a number where it is one. */
interface Setting {
  readonly what: string;
  readonly of: (chip: ChipSettings) => string | number;
  readonly unit?: string;
}

const DEVICES = [
  ['static', 'known weights'],
  ['dynamic', 'K^T and V'],
] as const;
const scheduleText = ({
  encoder,
  writes,
  attention,
  attentionRows,
  grouped,
}: ArchConfig['schedule']): string => {
  const tiles = attention === 'sequential' ? '' : `, attention ${attention} by ${attentionRows} rows`;
  return `${encoder}, writes ${writes}${tiles}${grouped === 'auto' ? '' : `, grouped layers on ${grouped}`}`;
};
const mergeText = (device: Device): string =>
  device.level === 'circuit' && device.merge !== undefined ? device.merge.law : 'no';
const deviceSettings = (make: (kind: 'static' | 'dynamic', name: string) => Setting): Setting[] =>
  DEVICES.map(([kind, name]) => make(kind, name));

/** From what comes first in a read to what stands around it. */
const SETTINGS: readonly Setting[] = [
  { what: 'bit planes of an input', of: ({ cost }) => cost.static.planes },
  ...deviceSettings((kind, name) => ({
    what: `read of a plane, ${name}`,
    of: ({ cost }) => toSeconds(cost[kind].readTime),
    unit: 's',
  })),
  {
    what: 'write of an array, K^T and V',
    of: ({ cost }) => toSeconds(cost.dynamic.writeTime),
    unit: 's',
  },
  ...deviceSettings((kind, name) => ({
    what: `encoding, ${name}`,
    of: ({ arch }) => encodingName(arch.devices[kind]),
  })),
  ...deviceSettings((kind, name) => ({
    what: `arrays of a weight, ${name}`,
    of: ({ arch }) =>
      arraysPerWeight(arch.devices[kind], arch.precision[kind === 'static' ? 'weights' : 'inputs']),
  })),
  ...deviceSettings((kind, name) => ({
    what: `slices merged before the ADC, ${name}`,
    of: ({ arch }) => mergeText(arch.devices[kind]),
  })),
  ...deviceSettings((kind, name) => ({
    what: `sets of weights in an array, ${name}`,
    of: ({ arch }) => setsOf(arch.devices[kind]),
  })),
  ...deviceSettings((kind, name) => ({
    what: `array, ${name}`,
    of: ({ arch }) => `${arch.devices[kind].crossbar.rows} x ${arch.devices[kind].crossbar.cols}`,
  })),
  ...deviceSettings((kind, name) => ({
    what: `ADC bits, ${name}`,
    of: ({ arch }) => arch.devices[kind].adc.bits,
  })),
  { what: 'arrays that share an ADC bank', of: ({ arch: { pe } }) => pe.crossbars / pe.adcBanks },
  { what: 'arrays that share a write driver', of: ({ arch: { pe } }) => pe.crossbars / pe.writeDrivers },
  { what: 'schedule', of: ({ arch: { schedule } }) => scheduleText(schedule) },
  { what: 'network on chip', of: ({ arch: { noc } }) => noc.kind.name },
];

/** What is not the same for both. A text that says of K^T and V what one says of known weights stands once. */
export function causes(first: ChipSettings, other: ChipSettings): Cause[] {
  const rows = SETTINGS.flatMap(({ what, of, unit }): Cause[] => {
    const [a, b] = [of(first), of(other)];
    if (a === b) return [];
    const show = (value: string | number): string =>
      typeof value === 'number' && unit !== undefined ? formatQuantity(value, unit, 3) : String(value);
    const ratio = typeof a === 'number' && typeof b === 'number' && a !== 0 ? b / a : null;
    return [{ what, first: show(a), other: show(b), ratio }];
  });
  return [...merged(rows), ...counted(first.arch, other.arch)];
}

function merged(rows: readonly Cause[]): Cause[] {
  const [known, made] = DEVICES.map(([, name]) => `, ${name}`);
  const twin = ({ what, first, other }: Cause, from: string, to: string): boolean =>
    what.endsWith(from) &&
    rows.some(row => row.what === what.replace(from, to) && row.first === first && row.other === other);
  return rows
    .filter(row => !twin(row, made, known))
    .map(row => {
      const { what, first, other, ratio } = row;
      return twin(row, known, made) ? { what: what.replace(known, ''), first, other, ratio } : row;
    });
}

/** Blocks and ops that the accounting of one counts and that of the other leaves out. */
function counted(first: ArchConfig, other: ArchConfig): Cause[] {
  const only = (a: ArchConfig, b: ArchConfig): string =>
    (Object.keys(ACCOUNTING_SWITCHES) as AccountingSwitch[])
      .filter(name => counts(a.accounting, name) && !counts(b.accounting, name))
      .join(', ') || 'nothing else';
  const [a, b] = [only(first, other), only(other, first)];
  return a === b ? [] : [{ what: 'counted', first: a, other: b, ratio: null }];
}
