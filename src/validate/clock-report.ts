/** docs/validation.md, clocks: what the clock of idle routers takes, and what a faster clock of the chip gives. */
import { clockedPaths } from '../arch/clocked-paths.ts';
import { PER_MILLI } from '../base/units.ts';
import { markdownTable } from '../report/markdown.ts';
import type { Result } from '../report/result.ts';
import { loadArch } from '../run/node/load.ts';

const GATINGS = [0, 0.9, 1];
const CLOCKS = ['500 MHz', '1 GHz', '1.2 GHz', '2 GHz', '10 GHz'];

/** The section on clocks. `run`: DeiT-S on trex-full with values on top; `log` gets a line for each run. */
export async function clockReport(
  run: (set: readonly string[]) => Promise<Result>,
  log: (what: string) => void,
): Promise<string> {
  const gated: string[][] = [];
  for (const gating of GATINGS) {
    log(`clock gating ${gating}`);
    const { energy_J, breakdown } = await run([`digital.router.clockGating=${gating}`]);
    const of = (name: string): number => breakdown.component.find(row => row.name === name)?.energy_J ?? 0;
    const energies = [of('interconnect.router'), of('interconnect.clock'), energy_J];
    gated.push([String(gating), ...energies.map(J => `${(J * PER_MILLI).toFixed(2)} mJ`)]);
  }
  const clocked: string[][] = [];
  for (const clock of CLOCKS) {
    log(`clock ${clock}`);
    const set = [`chip.clock=${clock}`];
    const { latency_s, energy_J } = await run(set);
    const paths = clockedPaths(loadArch('trex-full', { set }).arch);
    const cycles = paths.map(path =>
      path.every > 1 ? `${path.cycles}, every ${path.every}` : `${path.cycles}`,
    );
    clocked.push([
      clock,
      ...cycles,
      `${(latency_s * PER_MILLI).toFixed(2)} ms`,
      `${(energy_J * PER_MILLI).toFixed(2)} mJ`,
    ]);
  }
  const names = clockedPaths(loadArch('trex-full').arch).map(({ name }) => name);
  return [
    '## Clocks',
    'DeiT-S on `arch/trex-full.yaml`. DSENT gives the clock of a router for every cycle; how much of it an idle router draws is',
    '`router.clockGating` of the technology, the share of idle cycles in which its clock is off. It is the largest assumption of the network:',
    '',
    markdownTable(['clockGating', 'flits through routers', 'their clocks', 'whole chip'], gated),
    '',
    'Cycles that paths take at a clock of the chip, and how often the next word, flit or operation enters where that is not in every',
    'one. Links are pipelined, buffers up to three stages; adders, router stages and vector lanes are not, nor does a faster clock help them.',
    '',
    markdownTable(['clock', ...names, 'delay', 'energy'], clocked),
  ].join('\n');
}
