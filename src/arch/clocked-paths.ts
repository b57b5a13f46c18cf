/** The paths of a chip that its clock times, for people: how long they are, how many cycles they take, and a warning where a cycle does not do. */
import { formatQuantity } from '../base/units.ts';
import { linkCycles } from '../hw/noc/router-blocks.ts';
import { toSeconds } from '../sim/tick.ts';
import { counts } from './accounting.ts';
import { bufferPlaces } from './buffers.ts';
import { chipCost, nocCycle } from './build.ts';
import type { ArchConfig } from './config.ts';
import { type Finding, warning } from './finding.ts';

export interface ClockedPath {
  /** One word. */
  readonly key: string;
  readonly name: string;
  readonly time_s: number;
  /** Of the chip's clock, from end to end. */
  readonly cycles: number;
  /** Cycles from one word, flit or operation to the next. */
  readonly every: number;
  /** How the time comes about. */
  readonly how: string;
}

/** Those that the accounting counts; none where nothing has a clock. */
export function clockedPaths(arch: ArchConfig): ClockedPath[] {
  const { accounting, digital, noc } = arch;
  const cost = chipCost(arch);
  const { logic, tileWire, buffers } = cost.cycles;
  const wire_s = cost.tileSide_m * digital.wire.delay;
  const paths: ClockedPath[] = [];
  const wired = 'side of a tile x digital.wire.delay';
  if (counts(accounting, 'interconnect')) {
    paths.push({
      key: 'tileWire',
      name: 'tile H-tree',
      time_s: wire_s,
      cycles: tileWire,
      every: 1,
      how: wired,
    });
  }
  if (noc.kind.clocked) {
    // The network's clock may be slower than the chip's, by whole cycles.
    const cycles = logic * linkCycles(digital, cost.tileSide_m, nocCycle(cost));
    paths.push({ key: 'link', name: 'link of one tile', time_s: wire_s, cycles, every: logic, how: wired });
  }
  if (counts(accounting, 'buffers')) {
    for (const { level, path } of bufferPlaces(arch)) {
      const { access, interval } = buffers[level];
      const name = path.join('.');
      const how = 'digital.buffer.access, or edram.access, of one of its banks';
      paths.push({
        key: name,
        name,
        time_s: cost.buffers[level].access_s,
        cycles: access,
        every: interval,
        how,
      });
    }
  }
  if (noc.kind.clocked || counts(accounting, 'accumulators') || counts(accounting, 'vectorUnit')) {
    const name = 'adders, router stages, vector lanes';
    paths.push({
      key: 'logic',
      name,
      time_s: digital.logic.delay,
      cycles: logic,
      every: logic,
      how: 'digital.logic.delay',
    });
  }
  return paths;
}

/** A clock that a path cannot meet costs cycles. */
export function checkClock(arch: ArchConfig): Finding[] {
  const cycle = formatQuantity(toSeconds(chipCost(arch).cycle), 's', 4);
  const paths = clockedPaths(arch);
  const long = paths
    .filter(({ cycles }) => cycles > 1)
    .map(({ name, time_s, cycles, every }) => {
      const rate = every > 1 ? `, one every ${every}` : '';
      return `${name} ${formatQuantity(time_s, 's', 3)} (${cycles} cycles${rate})`;
    });
  if (long.length === 0) return [];
  const link = paths.find(({ key }) => key === 'link');
  return [
    warning(['chip', 'clock'], `paths that take more than a cycle of ${cycle}: ${long.join(', ')}`),
    ...(link === undefined ? [] : checkCredits(arch, link.cycles / link.every)),
  ];
}

/** From a flit's leave to that of the next in its place, on a link of no length: switch, credit, and their registers. */
const CREDIT_CYCLES = 3;

/** A longer link needs deeper buffers, or a packet waits for credits. */
function checkCredits({ noc: { kind, depth } }: ArchConfig, linkCycles: number): Finding[] {
  const needed = CREDIT_CYCLES + 2 * linkCycles;
  if (!kind.options.includes('depth') || linkCycles === 1 || depth >= needed) return [];
  const message = `a link of ${linkCycles} cycles gives a credit back after ${needed}: a packet passes ${depth} flits in ${needed} cycles`;
  return [warning(['noc', 'depth'], message)];
}
