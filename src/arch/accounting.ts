/** The switches of the accounting: what a chip counts, and what it leaves out by name. */
import type { ChargedElsewhere } from '../tech/crossbar-cost.ts';
import { allDevices } from '../tech/devices.ts';
import type { ArchConfig } from './config.ts';
import type { ArchFile } from './schema.ts';

type Accounting = ArchFile['accounting'];

/** Each is counted or omitted. Who decides by them keeps a table with an answer for every one. */
export type AccountingSwitch = Exclude<keyof Accounting, 'opCount' | 'source'>;

/** Whether `accounting` counts what the switch stands for. */
export const counts = (accounting: Accounting, name: AccountingSwitch): boolean =>
  accounting[name] === 'counted';

/** Switches that leave something out on this chip: a crossbar by its circuits counts bit planes whatever its file says. */
export function omittedSwitches({
  accounting,
  devices,
}: Pick<ArchConfig, 'accounting' | 'devices'>): string[] {
  const { opCount: _, source: __, ...switches } = accounting;
  const macro = allDevices(devices).some(({ level }) => level === 'macro');
  return Object.entries(switches)
    .filter(([name, value]) => value === 'omitted' && (macro || name !== 'inputBitPlanes'))
    .map(([name]) => name);
}

/** Shares of a macro's published totals that components of the chip charge themselves. */
export const chargedElsewhere = (accounting: Accounting): ChargedElsewhere => ({
  interconnect: counts(accounting, 'interconnect'),
  buffers: counts(accounting, 'buffers'),
  accumulators: counts(accounting, 'accumulators'),
});
