/** What the accounting of a chip counts, and what it leaves out by name. */
import type { ChargedElsewhere } from '../tech/crossbar-cost.ts';
import { allDevices } from '../tech/devices.ts';
import type { Op } from '../workload/op.ts';
import {
  ACCOUNTING_SWITCHES,
  type AccountingEntry,
  type CountedChip,
  type InventoryRow,
} from './accounting-switches.ts';
import type { ArchConfig } from './config.ts';
import type { ArchFile } from './schema.ts';

type Accounting = ArchFile['accounting'];
/** A thing that is counted or omitted. */
export type AccountingSwitch = keyof typeof ACCOUNTING_SWITCHES;

const switches = Object.keys(ACCOUNTING_SWITCHES) as AccountingSwitch[];

/** Whether `accounting` counts what the switch stands for. */
export const counts = (accounting: Accounting, name: AccountingSwitch): boolean =>
  accounting[name] === 'counted';

/** Switches that leave something out on this chip: a crossbar by its circuits counts bit planes whatever its file says. */
export function omittedSwitches({
  accounting,
  devices,
}: Pick<ArchConfig, 'accounting' | 'devices'>): string[] {
  const macro = allDevices(devices).some(({ level }) => level === 'macro');
  return switches.filter(name => !counts(accounting, name) && (macro || name !== 'inputBitPlanes'));
}

/** Shares of a macro's published totals that components of the chip charge themselves. */
export const chargedElsewhere = (accounting: Accounting): ChargedElsewhere => ({
  interconnect: counts(accounting, 'interconnect'),
  buffers: counts(accounting, 'buffers'),
  accumulators: counts(accounting, 'accumulators'),
});

/** Whether `accounting` leaves this op out. */
export const omits = (accounting: Accounting, op: Op): boolean =>
  switches.some(name => !counts(accounting, name) && entry(name).ops?.(op) === true);

/** Blocks of the switches for which `counted` holds, in their order. */
export const blocksOf = (counted: (name: AccountingSwitch) => boolean, chip: CountedChip): InventoryRow[] =>
  switches.filter(counted).flatMap(name => entry(name).blocks?.(chip) ?? []);

const entry = (name: AccountingSwitch): AccountingEntry => ACCOUNTING_SWITCHES[name];
