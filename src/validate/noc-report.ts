/** docs/validation.md, network on chip: zero-load latency and saturation of the mesh. */
import { type NocOpenLoop, runNoc } from '../hw/noc/run.ts';
import { markdownTable } from './markdown.ts';

interface Pair {
  readonly hops: number;
  readonly latency_cycles: number;
}

const PACKETS = [1, 2, 5, 8];

/** The section on the network. `log` is told what runs. */
export function nocReport(log: (what: string) => void): string {
  const zeroLoad = [3, 4].flatMap(router =>
    PACKETS.map(packet => {
      log(`zero load, ${router} stages, ${packet} flits`);
      const pairs = runNoc({ mesh: '4x4', packet, router, zeroLoad: true }) as unknown as Pair[];
      const wanted = (hops: number): number => (router === 3 ? 6 + 4 * hops : 7 + 5 * hops) + packet - 1;
      const exact = pairs.filter(p => p.latency_cycles === wanted(p.hops)).length;
      const law = router === 3 ? '6 + 4H + (P - 1)' : '7 + 5H + (P - 1)';
      return [`${router} stages`, String(packet), law, `${exact} of ${pairs.length} pairs exact`];
    }),
  );
  const saturation = [
    { traffic: 'uniform', published: '0.73 to 0.75' },
    { traffic: 'transpose', published: '0.378' },
  ].map(({ traffic, published }) => {
    log(`saturation, ${traffic}`);
    return [traffic, published, saturationRate(traffic).toFixed(3)];
  });
  return [
    '## Network on chip',
    'Reference: BookSim 2, 4x4 mesh, dimension-order XY, 4 VCs of 8 flits, wormhole, credits. Zero load: a packet of P flits over H',
    'hops alone in the network, source and sink channels included, for every pair of nodes.',
    '',
    markdownTable(['router', 'P flits', 'cycles', 'ours'], zeroLoad),
    '',
    'Saturation: the largest offered load (flits per node and cycle, packets of one flit) at which the mesh stays stable, found to 0.004.',
    '',
    markdownTable(['traffic', 'reference', 'ours'], saturation),
  ].join('\n');
}

/** Bisection on the stability of the open-loop run. */
function saturationRate(traffic: string): number {
  let low = 0.1;
  let high = 1;
  while (high - low > 0.004) {
    const rate = (low + high) / 2;
    const { stable } = runNoc({ mesh: '4x4', traffic, rate, packet: 1, measure: 20_000 }) as NocOpenLoop;
    if (stable) low = rate;
    else high = rate;
  }
  return low;
}
