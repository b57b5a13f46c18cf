import test from 'ava';
import type { ArchConfig } from '../../src/arch/config.ts';
import { TrexError } from '../../src/base/errors.ts';
import { countedOps } from '../../src/map/counted-ops.ts';
import { place } from '../../src/map/place.ts';
import { buildSteps } from '../../src/map/steps.ts';
import { stepWindows } from '../../src/map/windows.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { chip, network } from '../helpers/chips.ts';

/** Jobs in flight by step, for DeiT-S. */
function windows(arch: ArchConfig): Record<string, number> {
  const graph = buildGraph(network('deit-s'));
  const placement = place(countedOps(graph, arch), arch);
  const steps = buildSteps(graph, placement, arch);
  const numbers = stepWindows(steps, placement, arch);
  return Object.fromEntries(steps.map((step, i) => [step.id, numbers[i]]));
}

const counted = (...set: string[]): ArchConfig =>
  chip('trex', { set: ['accounting.buffers=counted', ...set] });

test('buffers that are not counted hold back no vector', t => {
  const { 'e0.q': read, 'e0.softmax': softmax } = windows(chip('trex'));
  t.is(read, 64);
  // One row in the unit and one that waits.
  t.is(softmax, 2);
});

test('a digital unit has as many rows under way as keep it and its ports at work, and one that waits', t => {
  // 384 elements of 8 bits on 16 lanes and ports of 256 bits: 2 x 12 cycles in, 24 in the unit, 12 out.
  const residual = (...set: string[]): number => windows(chip('trex-full', { set }))['e0.residual1'];
  t.is(residual('globalBuffer.ports=8'), 3 + 1); // 60 cycles, one row every 24
  t.is(residual('globalBuffer.ports=1'), 2 + 1); // every 36, which the port takes
  t.is(residual('globalBuffer.ports=8', 'vector.lanes=384'), 9 + 1); // 24 + 1 + 12, every 4.5
  t.is(residual('globalBuffer.ports=64', 'vector.lanes=384'), 37 + 1);
});

test('counted buffers hold as many vectors as fit them', t => {
  // 64 crossbars of FC2 hold 16 of its 24 row blocks, which take 1024 B; a PE holds 2 of them.
  const tiles = windows(counted('tile.buffer.capacity=56KiB', 'pe.buffer.capacity=1MiB'));
  t.is(tiles['e0.fc2'], 56);
  // With room in the tiles the PEs decide: 2 KiB hold 16 vectors of 128 B.
  t.is(windows(counted('tile.buffer.capacity=1MiB'))['e0.fc2'], 16);
});

test('a window is never wider than the slots', t => {
  t.is(windows(counted('tile.buffer.capacity=1MiB', 'pe.buffer.capacity=1MiB'))['e0.q'], 64);
});

test('a vector that does not fit a buffer is an error', t => {
  const error = t.throws(() => windows(counted('pe.buffer.capacity=100B')), { instanceOf: TrexError });
  t.regex(error.message, /e0\.q: an input vector does not fit tile\.buffer or pe\.buffer/);
});

test('a matrix of run-time weights that does not fit the tile buffer is an error', t => {
  const error = t.throws(() => windows(counted('tile.buffer.capacity=4KiB')), { instanceOf: TrexError });
  t.regex(error.message, /e0\.qk\.write: .* of weights does not fit tile\.buffer/);
});
