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

// Printed: 28.3, 49.6 and 87.8 M; 4.49, 8.74 and 15.43 G of torchvision, which leaves out norms as we do. Counts that add 5
// for each element of a LayerNorm say 4.51, 8.77 and 15.47 G.
for (const [name, params, total, dynamic] of [
  ['swin-t', 28_288_354, 4_490_566_656, 140_141_568],
  ['swin-s', 49_606_258, 8_740_875_264, 228_652_032],
  ['swin-b', 87_768_224, 15_430_946_816, 304_869_376],
] as const)
  test(`${name} has ${params} parameters and ${total} MACs`, t => {
    t.like(counts(name), { params, total, dynamic });
  });

// Counted over LeapLabTHU/FLatten-Transformer; its paper prints 29, 51, 89, 12, 22 and 37 M.
for (const [name, params, total, dynamic] of [
  ['flatten-swin-t', 29_192_384, 4_483_341_312, 110_337_024],
  ['flatten-swin-s', 50_510_288, 8_733_649_920, 198_847_488],
  ['flatten-swin-b', 88_972_488, 15_421_313_024, 265_129_984],
  ['flatten-pvt-t', 12_150_504, 2_037_406_720, 100_326_912],
  ['flatten-pvt-s', 21_670_248, 4_029_945_856],
  ['flatten-pvt-m', 37_242_216, 7_035_990_016],
  ['flatten-pvt-v2-b0', 3_594_824, 579_813_888, 25_276_160],
  ['flatten-pvt-v2-b1', 12_931_240, 2_219_344_896],
  ['flatten-pvt-v2-b2', 22_548_264, 4_250_720_256],
] as const)
  test(`${name} has ${params} parameters and ${total} MACs`, t => {
    const all = counts(name);
    t.like(all, { params, total });
    if (dynamic !== undefined) t.is(all.dynamic, dynamic);
  });

// Counted over yitu-opensource/T2T-ViT, which prints 4.3, 5.9, 6.9, 21.5, 39.2 and 64.1 M. `products` takes what is
// multiplied by random vectors for products of activations; their vectors are known weights here.
for (const [name, params, total, products] of [
  ['t2t-vit-7', 4_310_222, 1_146_863_616, 171_329_536],
  ['t2t-vit-10', 5_889_230, 1_516_328_448, 230_940_160],
  ['t2t-vit-12', 6_941_902, 1_762_638_336, 270_680_576],
  ['t2t-vit-14', 21_545_550, 4_783_468_544, 449_512_448],
  ['t2t-vit-19', 39_177_422, 8_479_682_176, 692_922_496],
  ['t2t-vit-24', 64_105_934, 13_661_874_688, 986_008_064],
] as const)
  test(`${name} has ${params} parameters and ${total} MACs`, t => {
    const tokens = 56 ** 2 + 28 ** 2;
    t.like(counts(name), { params, total, dynamic: products - tokens * 2 * 32 * 64 });
  });

test('FLatten-Swin is Swin but for the attention of its first four encoders', t => {
  const [swin, flatten] = [counts('swin-t'), counts('flatten-swin-t')];
  t.is(flatten.static, swin.static);
  const focused = (tokens: number, dim: number): number => 2 * tokens * 32 * dim + tokens * dim;
  const windows = (tokens: number, dim: number): number => 2 * tokens * 49 * dim;
  t.is(
    swin.dynamic - flatten.dynamic,
    2 * (windows(3136, 96) - focused(3136, 96)) + 2 * (windows(784, 192) - focused(784, 192)),
  );
  t.is(flatten.depthwise, 25 * 2 * (3136 * 96 + 784 * 192));
  // Positions of keys, channel scales and filters of 32 channels against tables of 169 values a head.
  const more = (tokens: number, dim: number): number => tokens * dim + dim + 26 * 32 - (169 * dim) / 32;
  t.is(flatten.params - swin.params, 2 * more(3136, 96) + 2 * more(784, 192));
});

test('with 5 for each element of a LayerNorm, Swin has the 4.51, 8.77 and 15.47 G that are printed elsewhere', t => {
  const printed = ['swin-t', 'swin-s', 'swin-b'].map(name => {
    const { ops } = buildGraph(loadModel(name));
    const norms = ops.map(op => (op.kind === 'vector' && op.fn === 'layernorm' ? op.rows * op.rowLength : 0));
    return ((counts(name).total + 5 * norms.reduce((sum, n) => sum + n, 0)) / 1e9).toFixed(2);
  });
  t.deepEqual(printed, ['4.51', '8.77', '15.47']);
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
