/** Fused operators of ONNX 17 to 23 and of ONNX Runtime, in files made byte by byte, against plain float64 code. */
import test from 'ava';
import {
  attention,
  gelu,
  geluTanh,
  layerNorm,
  plus,
  product,
  type Rows,
  rmsNorm,
  rotary,
  rows,
} from './oracle.ts';
import { apart, kindsOf, numbers, opened, outputs } from './run.ts';
import { type Attribute, type Bytes, model, node, tensor, value } from './writer.ts';

const [TOKENS, WIDTH, HEADS] = [5, 8, 2];
const x = numbers(TOKENS * WIDTH, 7);
const X = rows(x, WIDTH);
const gain = numbers(WIDTH, 11);
const shift = numbers(WIDTH, 13);
const wide = numbers(WIDTH * 3 * WIDTH, 17);
const bias = numbers(3 * WIDTH, 19);
const parts = [0, 1, 2].map(i => numbers(WIDTH * WIDTH, 23 + i));

const input = value('x', [1, TOKENS, WIDTH]);
const both = [tensor('gain', [WIDTH], gain), tensor('shift', [WIDTH], shift)];

interface Case {
  readonly name: string;
  readonly nodes: readonly Bytes[];
  readonly tensors?: readonly Bytes[];
  readonly opset?: number;
  readonly expected: Rows;
}

const cases: Case[] = [];
const add = (
  name: string,
  nodes: readonly Bytes[],
  tensors: readonly Bytes[],
  expected: Rows,
  opset = 17,
): void => {
  cases.push({ name, nodes, tensors, expected, opset });
};
const one = (
  op: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Bytes[] => [node(op, inputs, ['y'], attributes)];

add(
  'LayerNormalization',
  one('LayerNormalization', ['x', 'gain', 'shift'], { epsilon: { f: 1e-3 } }),
  both,
  layerNorm(X, gain, shift, 1e-3),
);
add(
  'RMSNormalization',
  one('RMSNormalization', ['x', 'gain'], { epsilon: { f: 1e-3 } }),
  both,
  rmsNorm(X, gain, 1e-3),
  23,
);
add(
  'Gelu',
  one('Gelu', ['x']),
  [],
  X.map(r => r.map(gelu)),
  20,
);
add(
  'Gelu by tanh',
  one('Gelu', ['x'], { approximate: 'tanh' }),
  [],
  X.map(r => r.map(geluTanh)),
  20,
);
const half = X.map(row => row.map(v => v * 0.5));
const halved = [node('Mul', ['x', 'h'], ['b'])];
const halves = [tensor('h', [1], [0.5]), ...both];
add(
  'SkipLayerNormalization',
  [
    ...halved,
    ...one('com.microsoft:SkipLayerNormalization', ['x', 'b', 'gain', 'shift', 'shift'], {
      epsilon: { f: 1e-3 },
    }),
  ],
  halves,
  layerNorm(plus(plus(X, half), [shift]), gain, shift, 1e-3),
);
add(
  'SkipSimplifiedLayerNormalization',
  [
    ...halved,
    ...one('com.microsoft:SkipSimplifiedLayerNormalization', ['x', 'b', 'gain'], { epsilon: { f: 1e-3 } }),
  ],
  halves,
  rmsNorm(plus(X, half), gain, 1e-3),
);
add(
  'SimplifiedLayerNormalization',
  one('SimplifiedLayerNormalization', ['x', 'gain'], { epsilon: { f: 1e-3 } }),
  both,
  rmsNorm(X, gain, 1e-3),
);
add(
  'BiasGelu',
  one('com.microsoft:BiasGelu', ['x', 'shift']),
  both,
  plus(X, [shift]).map(r => r.map(gelu)),
);
add(
  'FastGelu',
  one('com.microsoft:FastGelu', ['x', 'shift']),
  both,
  plus(X, [shift]).map(r => r.map(geluTanh)),
);
add(
  'QuickGelu',
  one('com.microsoft:QuickGelu', ['x']),
  [],
  X.map(r => r.map(v => v / (1 + Math.exp(-1.702 * v)))),
);

const QKV = plus(product(X, rows(wide, 3 * WIDTH)), [bias]);
const of = (i: number): Rows => QKV.map(row => row.slice(i * WIDTH, (i + 1) * WIDTH));
const fused = [tensor('w', [WIDTH, 3 * WIDTH], wide), tensor('b', [3 * WIDTH], bias)];
for (const causal of [0, 1])
  add(
    `Attention of ONNX Runtime, unidirectional ${causal}`,
    one('com.microsoft:Attention', ['x', 'w', 'b'], { num_heads: HEADS, unidirectional: causal }),
    fused,
    attention(of(0), of(1), of(2), { heads: HEADS, causal: causal === 1 }),
  );
const apartTensors = parts.map((part, i) => tensor(`w${i}`, [WIDTH, WIDTH], part));
const projected = [0, 1, 2].map(i => node('MatMul', ['x', `w${i}`], [`p${i}`]));
const P = parts.map(part => product(X, rows(part, WIDTH)));
add(
  'MultiHeadAttention of ONNX Runtime',
  [...projected, ...one('com.microsoft:MultiHeadAttention', ['p0', 'p1', 'p2', 'b'], { num_heads: HEADS })],
  [...apartTensors, ...fused],
  attention(
    plus(P[0], [bias.slice(0, WIDTH)]),
    plus(P[1], [bias.slice(WIDTH, 2 * WIDTH)]),
    plus(P[2], [bias.slice(2 * WIDTH)]),
    { heads: HEADS },
  ),
);
const mask = numbers(TOKENS * TOKENS, 31);
add(
  'Attention of ONNX 23 with a mask',
  [
    ...projected,
    ...one('Attention', ['p0', 'p1', 'p2', 'm'], { q_num_heads: 2, kv_num_heads: 2, scale: { f: 0.25 } }),
  ],
  [...apartTensors, tensor('m', [TOKENS, TOKENS], mask)],
  attention(P[0], P[1], P[2], { heads: 2, scale: 0.25, bias: (_, i, j) => mask[i * TOKENS + j] }),
  23,
);
const few = [1, 2].map(i => numbers(WIDTH * (WIDTH / 2), 41 + i));
add(
  'Attention of ONNX 23, causal, one head of keys for two of queries',
  [
    ...projected.slice(0, 1),
    node('MatMul', ['x', 'k'], ['pk']),
    node('MatMul', ['x', 'v'], ['pv']),
    ...one('Attention', ['p0', 'pk', 'pv'], { q_num_heads: 2, kv_num_heads: 1, is_causal: 1 }),
  ],
  [...apartTensors, tensor('k', [WIDTH, WIDTH / 2], few[0]), tensor('v', [WIDTH, WIDTH / 2], few[1])],
  attention(P[0], product(X, rows(few[0], WIDTH / 2)), product(X, rows(few[1], WIDTH / 2)), {
    heads: 2,
    keys: 1,
    causal: true,
  }),
  23,
);
add(
  'GroupQueryAttention of ONNX Runtime',
  [
    ...projected.slice(0, 1),
    node('MatMul', ['x', 'k'], ['pk']),
    node('MatMul', ['x', 'v'], ['pv']),
    ...one('com.microsoft:GroupQueryAttention', ['p0', 'pk', 'pv'], { num_heads: 2, kv_num_heads: 1 }),
  ],
  [...apartTensors, tensor('k', [WIDTH, WIDTH / 2], few[0]), tensor('v', [WIDTH, WIDTH / 2], few[1])],
  attention(P[0], product(X, rows(few[0], WIDTH / 2)), product(X, rows(few[1], WIDTH / 2)), {
    heads: 2,
    keys: 1,
    causal: true,
  }),
);
const angles = numbers(TOKENS * 2, 53).map(a => a * 3);
const tables = [
  tensor('cos', [TOKENS, 2], angles.map(Math.cos)),
  tensor('sin', [TOKENS, 2], angles.map(Math.sin)),
];
const [COS, SIN] = [Math.cos, Math.sin].map(f => rows(angles.map(f), 2));
for (const interleaved of [0, 1]) {
  const expected = rotary(X, HEADS, COS, SIN, interleaved === 1);
  const places = tensor('p', [1, TOKENS], [0, 1, 2, 3, 4], 'i64');
  add(
    `RotaryEmbedding, interleaved ${interleaved}`,
    one('RotaryEmbedding', ['x', 'cos', 'sin', 'p'], { num_heads: HEADS, interleaved }),
    [...tables, places],
    expected,
    23,
  );
  add(
    `RotaryEmbedding of ONNX Runtime, interleaved ${interleaved}`,
    one('com.microsoft:RotaryEmbedding', ['x', 'p', 'cos', 'sin'], { num_heads: HEADS, interleaved }),
    [...tables, places],
    expected,
  );
}

for (const { name, nodes, tensors = [], expected, opset = 17 } of cases)
  test(`${name} gives what its definition says`, async t => {
    const bytes = model({ nodes, tensors, inputs: [input], opset });
    const got = await outputs(bytes, { image: Float32Array.from(x) });
    const difference = apart(got, expected.flat());
    t.true(difference < 2e-6, String(difference));
  });

test('a fused attention has three matrices, a map and no other product', t => {
  const { graph, model: config } = opened(
    model({
      nodes: one('com.microsoft:Attention', ['x', 'w', 'b'], { num_heads: HEADS }),
      tensors: fused,
      inputs: [input],
    }),
  );
  t.deepEqual(
    kindsOf(graph).filter(kind => kind !== 'layout'),
    ['static', 'static', 'static', 'dynamic', 'softmax', 'dynamic'],
  );
  t.is(config.classes, undefined);
});
