/** Turns worms into flits: what the routers hold, what is on the links, and which credits are on their way, as if each flit had been moved. */
import { type FlitLayers, since } from './flit-layers.ts';
import { PORT } from './ports.ts';
import { PORT_FIELD, VC, VC_STATE } from './router-layout.ts';
import { SOURCE_CREDIT_CYCLES } from './router-pipeline.ts';
import { INJECTION_CYCLES } from './source-queues.ts';

/** A packet that has been told to an input VC, and in which cycle. */
export interface Announcement {
  readonly cycle: number;
  readonly vc: number;
  readonly packet: number;
}

/**
 * Lays the flits of one worm before cycle `now` begins; nodes have got theirs of this cycle. `announced` takes the packets
 * for the input VCs: whoever lays several worms tells the routers in the order of cycles.
 */
export function layFlits(layers: FlitLayers, worm: number, now: number, announced: Announcement[]): void {
  const { routers, pipeline, times, worms, counts } = layers;
  const { words } = routers;
  const packet = worms.packet[worm];
  const flits = worms.flits[worm];
  const last = worms.hops[worm];
  const passed = worms.passed[worm];
  const start = worms.start[worm];
  let before = laySource(layers, worm, now, announced);
  let [reads, hops, writes, sunk] = [0, 0, 0, 0];
  for (let k = 0; k <= last && before > 0; k++) {
    const head = start + k * times.hop;
    const vc = worms.inVc(worm, k);
    const arrived = since(now, head, flits);
    const granted = since(now, head + 1, flits);
    // On the way to this router; what comes from the node is laid with the source.
    if (k > 0) for (let j = arrived; j < before; j++) pipeline.flits.insert(vc, head + j - now + 1);
    if (k > 0) {
      hops += arrived;
      reads += arrived;
    }
    writes += arrived;
    before = granted;
    if (k >= passed) break;
    const outVc = worms.outVc(worm, k);
    // Credits that have come back, or are on their way.
    const next = k === last ? granted : since(now, head + times.hop + 1, flits);
    const credit = head + 1 + (k === last ? times.sinkCredit : times.hop + times.credit);
    // What went back as flits is among the credits on their way.
    const returned = since(worms.liftedAt[worm], k === last ? head + 1 : head + times.hop + 1, flits);
    const back = Math.max(since(now, credit, flits), returned);
    const line = k === last ? pipeline.sinkCredits : pipeline.credits;
    for (let j = back; j < next; j++) line.insert(outVc, credit + j - now + 1);
    words[outVc + VC.credits] -= granted - back;
    if (k < last && next < flits) announced.push({ cycle: head, vc: worms.inVc(worm, k + 1), packet });
    if (granted < flits) {
      holdOutput(layers, worm, k, granted);
      words[vc + VC.held] = arrived - granted;
      // Without a credit it waits for the one that comes in this cycle.
      if (arrived > granted && words[outVc + VC.credits] > 0) {
        routers.list(vc);
        pipeline.wake(words[vc + VC.router]);
      }
    }
    if (k < last) continue;
    sunk = since(now + 1, head + 1 + times.sink, flits);
    for (let j = sunk; j < granted; j++)
      pipeline.sinks.insert(j === flits - 1 ? packet : -1, head + 1 + times.sink + j - now);
    reads += sunk;
  }
  if (packet < 0) return;
  const counted = worms.counted[worm];
  counts.reads += reads - counted;
  counts.hops += hops - counted;
  counts.writes += writes - counted - (worms.granted[worm] > 0 ? flits : 0);
  counts.flits += sunk;
  counts.vcGrants += passed - worms.granted[worm];
}

/** The node's side: flits that have not left, those on their way to the first router, and credits; returns how many have left. */
function laySource(
  { routers, pipeline, sources, worms }: FlitLayers,
  worm: number,
  now: number,
  announced: Announcement[],
): number {
  const { words } = routers;
  const packet = worms.packet[worm];
  const flits = worms.flits[worm];
  const start = worms.start[worm];
  const vc = worms.inVc(worm, 0);
  const source = words[vc + VC.peer];
  const sent = since(now, start - INJECTION_CYCLES, flits);
  const arrived = since(now, start, flits);
  const granted = since(now, start + 1, flits);
  const credit = start + 1 + SOURCE_CREDIT_CYCLES;
  const back = Math.max(since(now, credit, flits), since(worms.liftedAt[worm], start + 1, flits));
  for (let j = arrived; j < sent; j++) pipeline.injected.insert(vc, start + j - now + 1);
  for (let j = back; j < granted; j++) pipeline.sourceCredits.insert(source, credit + j - now + 1);
  words[source + VC.credits] -= sent - back;
  if (granted < flits) announced.push({ cycle: start - INJECTION_CYCLES, vc, packet });
  if (sent < flits) sources.resume(worms.source[worm], packet, source, flits - sent);
  return sent;
}

/** The worm holds its output VC of router `k`, over which `granted` flits have gone. */
function holdOutput({ routers, worms }: FlitLayers, worm: number, k: number, granted: number): void {
  const { words } = routers;
  const vc = worms.inVc(worm, k);
  const outVc = worms.outVc(worm, k);
  const outPort = words[outVc + VC.port];
  const local = k === worms.hops[worm];
  words[vc + VC.left] = worms.flits[worm] - granted;
  words[vc + VC.route] = local ? PORT.local : 31 - Math.clz32(words[outVc + VC.portBit]);
  words[vc + VC.outPort] = outPort;
  words[vc + VC.outVc] = outVc;
  words[vc + VC.next] = local ? 0 : words[outVc + VC.peer];
  words[vc + VC.state] = VC_STATE.active;
  words[outVc + VC.owner] = vc;
  words[outPort + PORT_FIELD.free] &= ~words[outVc + VC.bit];
}
