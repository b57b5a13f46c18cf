/** The switches of the accounting: what a chip counts, and what it leaves out by name. */
import type { ChargedElsewhere } from '../tech/crossbar-cost.ts';
import type { ArchFile } from './schema.ts';

type Accounting = ArchFile['accounting'];

/** Each is counted or omitted. Who decides by them keeps a table with an answer for every one. */
export type AccountingSwitch = Exclude<keyof Accounting, 'opCount' | 'source'>;

/** Whether `accounting` counts what the switch stands for. */
export const counts = (accounting: Accounting, name: AccountingSwitch): boolean =>
  accounting[name] === 'counted';

/** Shares of a macro's published totals that components of the chip charge themselves. */
export const chargedElsewhere = (accounting: Accounting): ChargedElsewhere => ({
  interconnect: counts(accounting, 'interconnect'),
  buffers: counts(accounting, 'buffers'),
  accumulators: counts(accounting, 'accumulators'),
});
