/** Networks of convolutions and attention have exactly the sizes of the authors' code, part by part. */
import test from 'ava';
import { macs as macsOf } from '../../../src/workload/count.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { withImageSize } from '../../../src/workload/image-size.ts';
import { square } from '../../../src/workload/size.ts';
import { modelSummary } from '../../../src/workload/summary.ts';
import { loadModel } from '../load.ts';

type Parts = Partial<Record<'static' | 'dynamic' | 'depthwise' | 'grouped' | 'stem' | 'head', number>>;

const uniform = (stem: number, pointwise: number, depthwise: number, dynamic: number, head: number) => ({
  stem,
  static: pointwise,
  depthwise,
  dynamic,
  head,
});

// Parameters and multiply-accumulates of the authors' models, every convolution, linear layer and product counted.
const sizes: [string, number, number, Parts][] = [
  ['uniform-t', 2_011_916, 73_284_608, uniform(13_547_520, 55_844_864, 2_040_704, 1_659_520, 192_000)],
  ['uniform-s', 2_634_380, 161_440_176, uniform(48_771_072, 106_940_160, 3_013_064, 2_523_880, 192_000)],
  ['uniform-l', 10_415_097, 463_301_600, uniform(105_670_656, 347_986_944, 4_857_680, 4_402_320, 384_000)],
  ['uniform-m2', 4_182_458, 201_396_928, {}],
  ['uniform-m4', 8_943_684, 302_786_048, {}],
  ['uniform-l-deep', 12_649_636, 526_218_992, {}],
  ['efficientvit-m0', 2_349_436, 79_193_600, { dynamic: 2_347_904 }],
  ['efficientvit-m1', 2_980_560, 167_051_840, { dynamic: 2_642_944 }],
  ['efficientvit-m2', 4_187_554, 201_035_712, { dynamic: 3_193_056 }],
  ['efficientvit-m3', 6_900_722, 262_662_208, { dynamic: 3_521_856 }],
  ['efficientvit-m5', 12_473_772, 521_583_104, { dynamic: 5_183_920 }],
  ['efficientvit-b0', 3_410_008, 100_233_216, { dynamic: 2_558_976 }],
  [
    'efficientvit-b1',
    9_102_024,
    519_214_592,
    {
      stem: 5_419_008,
      static: 468_844_544,
      depthwise: 26_342_400,
      grouped: 6_021_120,
      dynamic: 8_529_920,
      head: 4_057_600,
    },
  ],
  ['efficientvit-b2', 24_330_712, 1_584_937_984, { dynamic: 34_771_968 }],
  ['efficientvit-l1', 52_654_088, 5_258_479_616, { dynamic: 19_869_696 }],
  ['efficientvit-l3', 246_037_288, 27_586_525_184, { dynamic: 52_985_856 }],
  ['swiftformer-xs', 3_475_360, 602_434_988, { dynamic: 0, depthwise: 6_823_152 }],
  ['swiftformer-s', 6_092_128, 984_604_768, { dynamic: 0, depthwise: 8_678_880 }],
  ['swiftformer-l1', 12_057_920, 1_595_988_480, { dynamic: 0, depthwise: 11_684_736 }],
  // Its parameters and total are of the same code, counted here: 28.5 M and 4.0 G as printed.
  ['swiftformer-l3', 28_494_736, 4_008_367_872, { dynamic: 0, depthwise: 18_966_528 }],
  [
    'attendnext-lesion',
    1_632_345,
    318_952_524,
    { stem: 10_838_016, grouped: 171_307_332, static: 136_806_432, head: 744, dynamic: 0 },
  ],
  ['pvt-v2-b0', 3_666_760, 566_065_664, { dynamic: 38_108_672 }],
  ['pvt-v2-b1', 14_009_000, 2_108_355_584, { dynamic: 76_217_344 }],
  ['pvt-v2-b2', 25_362_856, 4_026_734_592, { dynamic: 142_600_192 }],
  ['shiftaddvit-b0-binary', 3_198_424, 573_830_400, { dynamic: 25_740_288 }],
  ['shiftaddvit-b1-binary', 12_138_296, 2_204_166_656, { dynamic: 98_043_904 }],
  ['shiftaddvit-b2-binary', 21_062_745, 4_223_048_192, { dynamic: 183_995_392 }],
  // Grouped: distances to anchors and codes. Static is 497,098,752 with stem and head.
  [
    'shiftaddvit-b0-ksh',
    3_136_472,
    552_950_912,
    {
      dynamic: 14_099_456,
      grouped: 13_641_600,
      depthwise: 28_111_104,
      static: 497_098_752 - 14_751_744 - 256_000,
    },
  ],
  [
    'shiftaddvit-b2-ksh',
    20_367_897,
    3_923_365_760,
    { dynamic: 51_530_752, grouped: 43_120_000, depthwise: 100_929_024 },
  ],
];

for (const [name, params, total, parts] of sizes)
  test(`${name} has the parameters and MACs of the authors' code`, t => {
    const summary = modelSummary(loadModel(name));
    t.is(summary.params, params);
    t.like(summary.macs, { total, ...parts });
  });

// Published: 0.52, 0.68 and 0.86 G of B1; 1.6, 2.1 and 2.6 G of B2.
for (const [name, side, total, dynamic] of [
  ['efficientvit-b1', 256, 676_915_712, 11_141_120],
  ['efficientvit-b1', 288, 855_643_648, 14_100_480],
  ['efficientvit-b2', 256, 2_067_533_824, 45_416_448],
  ['efficientvit-b2', 288, 2_614_475_776, 57_480_192],
] as const)
  test(`${name} at ${side} pixels has the MACs of the authors' code`, t => {
    const model = loadModel(name);
    const { macs, params } = modelSummary(withImageSize(model, square(side)));
    t.like(macs, { total, dynamic });
    t.is(params, modelSummary(model).params);
  });

test("a block of UniForm-l's second stage has the products of its parts", t => {
  const ops = buildGraph(loadModel('uniform-l')).ops.filter(op => op.encoder === 1);
  const counts = ops.map(macsOf).filter(count => count > 0);
  t.deepEqual(counts, [
    127_008,
    ...[8_128_512, 8_128_512],
    ...[2_032_128, 172_872, 172_872],
    ...[4_704, 42_336, 117_600],
    3 * 230_496,
    4_064_256,
    127_008,
    ...[8_128_512, 8_128_512],
  ]);
});

test("ShiftAddViT's hashing stores 19,600 values that are no parameters", t => {
  const graph = buildGraph(loadModel('shiftaddvit-b0-ksh'));
  const stored = graph.ops.filter(op => op.buffer);
  const values = stored.map(op =>
    op.kind === 'grouped' ? op.groups * op.in * op.out : op.kind === 'vector' ? op.parameters : 0,
  );
  t.is(
    values.reduce((sum, n) => sum + n, 0),
    19_600,
  );
});

test('AttendNeXt takes the softmax of 296,744 values', t => {
  const { ops } = buildGraph(loadModel('attendnext-lesion'));
  const values = ops.map(op => (op.kind === 'vector' && op.fn === 'softmax' ? op.rows * op.rowLength : 0));
  t.is(
    values.reduce((sum, n) => sum + n, 0),
    296_744,
  );
});
