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

test('without counted buffers a tile has the next vector while it reads the last', t => {
  t.deepEqual(new Set(Object.values(windows(chip('trex')))), new Set([2]));
});

test('counted buffers hold as many vectors as fit them', t => {
  // 64 crossbars of FC2 hold 16 of its 24 row blocks, which take 1024 B; a PE holds 2 of them.
  const tiles = windows(counted('tile.buffer.capacity=56KiB', 'pe.buffer.capacity=1MiB'));
  t.is(tiles['e0.fc2'], 56);
  t.is(tiles['e0.softmax'], 2);
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
