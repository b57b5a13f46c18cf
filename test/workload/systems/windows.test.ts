/** Networks whose attention stays in windows, or is linear on the whole grid: parameters and MACs of their public code, to the unit. */
import test from 'ava';
import { macTotals } from '../../../src/workload/count.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { modelSummary } from '../../../src/workload/summary.ts';
import { loadModel } from '../load.ts';

const counts = (name: string) => {
  const model = loadModel(name);
  return { params: modelSummary(model).params, ...macTotals(buildGraph(model).ops) };
};

// Printed: 28.3, 49.6 and 87.8 M; 4.49, 8.74 and 15.43 G of torchvision, which leaves out norms as we do.
for (const [name, params, total, dynamic] of [
  ['swin-t', 28_288_354, 4_490_566_656, 140_141_568],
  ['swin-s', 49_606_258, 8_740_875_264, 228_652_032],
  ['swin-b', 87_768_224, 15_430_946_816, 304_869_376],
] as const)
  test(`${name} has ${params} parameters and ${total} MACs`, t => {
    t.like(counts(name), { params, total, dynamic });
  });

test('every window of Swin-T sees its own 49 pixels', t => {
  const pairs = (tokens: number, dim: number): number => 2 * tokens * 49 * dim;
  const all = 2 * pairs(3136, 96) + 2 * pairs(784, 192) + 6 * pairs(196, 384) + 2 * pairs(49, 768);
  t.is(counts('swin-t').dynamic, all);
});

test("every second encoder of Swin's first three stages is rolled by three pixels, and no table is of another size", t => {
  const tables = buildGraph(loadModel('swin-t')).ops.flatMap(op =>
    op.kind === 'vector' && op.fn === 'relativebias' ? [op] : [],
  );
  const shifts = [0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 0];
  t.deepEqual(
    tables.map(({ shift = 0 }) => shift),
    shifts,
  );
  t.deepEqual(
    tables.map(({ parameters }) => parameters / 169),
    [3, 3, 6, 6, 12, 12, 12, 12, 12, 12, 24, 24],
  );
});
