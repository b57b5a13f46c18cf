/** Turns flits that follow each other without a gap, and that nothing hinders, into a worm again: the reverse of laying them. */
import { type FlitLayers, since } from './flit-layers.ts';
import { PORT_FIELD, VC, VC_STATE } from './router-layout.ts';
import type { WormTimes } from './worm-times.ts';
import { STEP, type Worms } from './worms.ts';

/**
 * Where the flits of a worm are before cycle `now` if its tail has left a router in the cycle before, and they follow each other:
 * the cycle in which the head comes, or came, to the first router that the tail has not left.
 */
const headAt = ({ flits }: Worms, { hop }: WormTimes, worm: number, now: number): number =>
  now - flits[worm] + hop - 1;

/** The input VC at router `k` of the route; the head has passed the one before. */
function inputOf({ routers, worms }: FlitLayers, worm: number, k: number): number {
  return k < worms.passed[worm] ? worms.inVc(worm, k) : routers.words[worms.outVc(worm, k - 1) + VC.peer];
}

/**
 * Whether the flits are where a worm's would be, with the buffers and links before and around them empty but for them. The tail has left
 * a router in the cycle before `now`; the head has not come to the last one.
 */
export function isStraight(layers: FlitLayers, worm: number, now: number): boolean {
  const { routers, pipeline, times, worms } = layers;
  const { words, portWords, depth } = routers;
  const { hop } = times;
  const packet = worms.packet[worm];
  const flits = worms.flits[worm];
  const passed = worms.passed[worm];
  const left = worms.left[worm];
  let head = headAt(worms, times, worm, now);
  if (head + (worms.hops[worm] - left) * hop < now) return false;
  if (passed !== left + (head >= now ? 0 : Math.floor((now - 1 - head) / hop) + 1)) return false;
  let before = flits;
  for (let k = left; ; k++, head += hop) {
    const vc = inputOf(layers, worm, k);
    const port = words[vc + VC.port];
    const arrived = since(now, head, flits);
    const granted = since(now, head + 1, flits);
    if (!routers.rings.holdsOnly(vc, packet) || routers.heldAt(port) !== arrived - granted) return false;
    if (pipeline.flits.countWithin(port, port + portWords) !== before - arrived) return false;
    for (let j = arrived; j < before; j++) if (!pipeline.flits.has(vc, head + j - now + 1)) return false;
    if (k === passed) return true;
    const outVc = worms.outVc(worm, k);
    const back = since(now, head + 1 + hop + times.credit, flits);
    if (words[vc + VC.held] !== arrived - granted || words[vc + VC.left] !== flits - granted) return false;
    if (words[outVc + VC.credits] !== depth - granted + back) return false;
    before = granted;
  }
}

/**
 * Takes the flits of a straight worm out of routers and links. Credits on their way stay; those for what the worm is still going to do
 * count as if they were there. Returns the flits that came to routers over links, which have been counted.
 */
export function liftFlits(layers: FlitLayers, worm: number, now: number): number {
  const { routers, pipeline, times, worms } = layers;
  const { words } = routers;
  const { hop } = times;
  const flits = worms.flits[worm];
  const passed = worms.passed[worm];
  const left = worms.left[worm];
  const head = headAt(worms, times, worm, now);
  worms.start[worm] = head - left * hop;
  let came = flits * (left - 1);
  let before = flits;
  for (let k = left; ; k++) {
    const comes = head + (k - left) * hop;
    const vc = inputOf(layers, worm, k);
    const arrived = since(now, comes, flits);
    const granted = since(now, comes + 1, flits);
    came += arrived;
    routers.rings.dropPacket(vc);
    for (let j = arrived; j < before; j++) pipeline.flits.remove(vc, comes + j - now + 1);
    words[worms.outVc(worm, k - 1) + VC.credits] += before - granted;
    worms.path[worms.step(worm, k) + STEP.inVc] = vc;
    if (k === passed) return came;
    const outVc = worms.outVc(worm, k);
    if (words[vc + VC.state] === VC_STATE.listed) routers.unlist(vc);
    words[vc + VC.state] = VC_STATE.idle;
    words[vc + VC.held] = 0;
    words[outVc + VC.owner] = 0;
    words[words[outVc + VC.port] + PORT_FIELD.free] |= words[outVc + VC.bit];
    before = granted;
  }
}
