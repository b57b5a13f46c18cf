/** int8 weights with a scale beside them are the real numbers that they stand for. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { loadWeights } from '../../../src/workload/import/load-weights.ts';
import type { TensorToWrite } from '../../../src/workload/import/safetensors-writer.ts';
import { stored, timmVit, tinyVit, written } from './checkpoints.ts';

const int8 = (shape: readonly number[], start = -10): TensorToWrite => ({
  dtype: 'I8',
  shape,
  bytes: new Uint8Array(Int8Array.from({ length: shape[0] * shape[1] }, (_, i) => start + i).buffer),
});

function load(more: Record<string, TensorToWrite>) {
  const tensors = written(timmVit);
  for (const [name, tensor] of Object.entries(more)) tensors.set(name, tensor);
  return loadWeights(stored(tensors), buildGraph(tinyVit()), 'w');
}

test('one scale for the whole tensor', t => {
  const { weights, warnings } = load({
    'head.weight': int8([5, 4]),
    'head.weight_scale': { shape: [], data: Float32Array.of(0.5) },
  });
  t.deepEqual(warnings, []);
  const { weight } = weights.linear('head');
  for (let o = 0; o < 5; o++) for (let i = 0; i < 4; i++) t.is(weight[i * 5 + o], (-10 + o * 4 + i) * 0.5);
});

for (const [name, shape] of [
  ['blocks.0.attn.qkv.weight_scale', [12]],
  ['blocks.0.attn.qkv.weight.scale', [12, 1]],
] as const)
  test(`${name} of shape [${shape}] is one scale per output, also in a part of a fused tensor`, t => {
    const scales = Float32Array.from({ length: 12 }, (_, i) => 2 ** -i);
    const { weights, warnings } = load({
      'blocks.0.attn.qkv.weight': int8([12, 4], -24),
      [name]: { shape, data: scales },
    });
    t.deepEqual(warnings, []);
    const { weight } = weights.linear('e0.v');
    for (let o = 0; o < 4; o++)
      for (let i = 0; i < 4; i++) t.is(weight[i * 4 + o], (-24 + (8 + o) * 4 + i) * 2 ** -(8 + o));
  });

const refused: [string, Record<string, TensorToWrite>, RegExp][] = [
  ['no scale', { 'head.weight': int8([5, 4]) }, /head.weight: I8 weights need a tensor head.weight_scale or/],
  [
    'a scale of the wrong size',
    { 'head.weight': int8([5, 4]), 'head.weight_scale': { shape: [4], data: new Float32Array(4) } },
    /head.weight_scale has shape \[4\]; expected one value, or \[5\]/,
  ],
  [
    'a zero point',
    {
      'head.weight': int8([5, 4]),
      'head.weight_scale': { shape: [], data: Float32Array.of(1) },
      'head.weight_zero_point': { shape: [], data: Float32Array.of(1) },
    },
    /zero point are not supported/,
  ],
  [
    'packed integers',
    { 'head.weight': { dtype: 'U8', shape: [5, 4], bytes: new Uint8Array(20) } },
    /head.weight: weights of dtype U8; readable: F64, F32, F16, BF16, and I8 with a scale/,
  ],
];

for (const [what, tensors, message] of refused)
  test(`int8 weights with ${what} are refused`, t => {
    const error = t.throws(() => load(tensors), { instanceOf: TrexError, message });
    t.is(error.exitCode, 3);
  });
