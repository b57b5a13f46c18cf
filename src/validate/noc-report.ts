/** docs/validation.md, network on chip: zero-load latency and saturation of the mesh. */
import { turn } from '../base/turn.ts';
import type { PairLatency } from '../hw/noc/drive.ts';
import { type NocOpenLoop, runNoc } from '../hw/noc/run.ts';
import { markdownTable } from '../report/markdown.ts';

const PACKETS = [1, 2, 5, 8];
const ROUTERS = [
  { name: '3 stages', router: 3, speculative: false, fixed: 6, hop: 4 },
  { name: '4 stages', router: 4, speculative: false, fixed: 7, hop: 5 },
  { name: '3 stages, speculative', router: 3, speculative: true, fixed: 5, hop: 3 },
] as const;

/** The section on the network. `log` gets a line for each run. */
export async function nocReport(log: (what: string) => void): Promise<string> {
  const zeroLoad: string[][] = [];
  for (const { router, speculative, name, fixed, hop } of ROUTERS) {
    for (const packet of PACKETS) {
      log(`zero load, ${name}, ${packet} flits`);
      const pairs = (await runNoc(
        {
          mesh: '4x4',
          packet,
          router,
          speculative,
          zeroLoad: true,
        },
        { pause: turn },
      )) as PairLatency[];
      const exact = pairs.filter(p => p.latency_cycles === fixed + hop * p.hops + packet - 1).length;
      const law = `${fixed} + ${hop}H + (P - 1)`;
      zeroLoad.push([name, String(packet), law, `${exact} of ${pairs.length} pairs exact`]);
    }
  }
  log('saturation');
  const offered = async (latencyTimes: number): Promise<string> =>
    (await loadAt(latencyTimes * ZERO_LOAD_CYCLES)).toFixed(2);
  const unstable = await openLoop('transpose', await firstUnstable('transpose'));
  const full = await openLoop('uniform', 1);
  const saturation = [
    [
      'uniform, offered load where latency is 2x to 3x zero load',
      '0.73 to 0.75',
      `${await offered(2)} to ${await offered(3)}`,
    ],
    ['uniform, accepted at offered 1.0', '-', full.acceptedFlitRate.toFixed(3)],
    ['transpose, accepted at the first unstable load', '0.378', unstable.acceptedFlitRate.toFixed(3)],
  ];
  return [
    '## Network on chip',
    'Reference: BookSim 2, 4x4 mesh, dimension-order XY, 4 VCs of 8 flits, wormhole, credits. Zero load: a packet of P flits over H',
    'hops alone in the network, source and sink channels included, for every pair of nodes.',
    '',
    markdownTable(['router', 'P flits', 'cycles', 'ours'], zeroLoad),
    '',
    'Saturation, packets of one flit, flits per node and cycle. Under transpose three flows share one link, so what a node can offer',
    'without end is 1/3; beyond it the mean over all nodes still grows, and "unstable" is a mean latency over 500 cycles in 10 000.',
    'Near saturation the latency of BookSim 2 itself varies by 5 % and more from seed to seed.',
    '',
    markdownTable(['traffic on 4x4', 'reference', 'ours'], saturation),
  ].join('\n');
}

/** Mean over all pairs of a 4x4 mesh: 6 + 4 x 2.5 cycles. */
const ZERO_LOAD_CYCLES = 16;

const openLoop = async (traffic: string, rate: number): Promise<NocOpenLoop> =>
  (await runNoc({ mesh: '4x4', traffic, rate, packet: 1 }, { pause: turn })) as NocOpenLoop;

/** The offered load of uniform traffic at which the mean latency reaches `cycles`. */
const loadAt = (cycles: number): Promise<number> =>
  bisect(async rate => ((await openLoop('uniform', rate)).packetLatency_cycles ?? 0) >= cycles);

const firstUnstable = (traffic: string): Promise<number> =>
  bisect(async rate => !(await openLoop(traffic, rate)).stable);

/** The least rate between 0.1 and 1, to 0.004, for which `beyond` holds. */
async function bisect(beyond: (rate: number) => Promise<boolean>): Promise<number> {
  let low = 0.1;
  let high = 1;
  while (high - low > 0.004) {
    const rate = (low + high) / 2;
    if (await beyond(rate)) high = rate;
    else low = rate;
  }
  return high;
}
