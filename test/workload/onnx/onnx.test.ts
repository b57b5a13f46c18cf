/** ONNX files, made byte by byte: what they are read as, and what is refused. */
import test from 'ava';
import { openNetwork } from '../../../src/accuracy/network-file.ts';
import { TrexError } from '../../../src/base/errors.ts';
import { bytesInMemory } from '../../../src/base/random-bytes.ts';
import { nodeFiles } from '../../../src/run/node/files.ts';
import { macTotals, paramTotal } from '../../../src/workload/count.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { readOnnx } from '../../../src/workload/import/onnx/model-file.ts';
import { reuseSpace } from '../../../src/workload/reuse-space.ts';
import { memoryFiles } from '../../data/memory-files.ts';
import { apart, kindsOf, numbers, opened, outputs } from './run.ts';
import { type Bytes, block, external, model, node, tensor, text, value, whole } from './writer.ts';

const input = value('x', ['batch', 4, 6]);
const w = numbers(36, 3);
const W = tensor('w', [6, 6], w);
const x = numbers(24, 5);
const image = Float32Array.from(x);
const matmul = node('MatMul', ['x', 'w'], ['y']);
const plain = model({ nodes: [matmul], tensors: [W], inputs: [input] });

/** x times w, by rows. */
const product = (a: readonly number[], b: readonly number[], width = 6): number[] =>
  Array.from({ length: a.length }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width];
    let sum = 0;
    for (let k = 0; k < width; k++) sum += a[i * width + k] * b[k * width + j];
    return sum;
  });

test('every way to store a matrix gives the same numbers', async t => {
  const few = w.map(v => Math.round(v * 8) / 8);
  const expected = product(x, few);
  const net = (stored: Bytes) => model({ nodes: [matmul], tensors: [stored], inputs: [input] });
  for (const type of ['f32', 'f64', 'f16', 'bf16'] as const)
    t.true(apart(await outputs(net(tensor('w', [6, 6], few, type)), { image }), expected) < 1e-6, type);
  const floats = [
    ...whole(1, 6),
    ...whole(1, 6),
    ...whole(2, 1),
    ...text(8, 'w'),
    ...block(4, new Uint8Array(Float32Array.from(few).buffer)),
  ];
  t.true(apart(await outputs(net(floats), { image }), expected) < 1e-6);
  const codes = few.map(v => v * 8);
  const dequantised = model({
    nodes: [node('DequantizeLinear', ['q', 's', 'z'], ['w']), matmul],
    tensors: [tensor('q', [6, 6], codes, 'i8'), tensor('s', [], [0.125]), tensor('z', [], [0], 'i8')],
    inputs: [input],
  });
  t.true(apart(await outputs(dequantised, { image }), expected) < 1e-6);
});

test('quantised activations are those of the nearest codes', async t => {
  const qdq = model({
    nodes: [
      node('QuantizeLinear', ['x', 's', 'z'], ['q']),
      node('DequantizeLinear', ['q', 's', 'z'], ['d']),
      node('MatMul', ['d', 'w'], ['y']),
    ],
    tensors: [W, tensor('s', [], [0.25]), tensor('z', [], [2], 'i8')],
    inputs: [input],
  });
  const rounded = x.map(v => Math.min(127, Math.max(-128, Math.round(v / 0.25) + 2)) * 0.25 - 0.5);
  t.true(apart(await outputs(qdq, { image }), product(rounded, w)) < 1e-6);
});

test('one array that two layers read is one matrix; an equal one behind Identity is its own', t => {
  const twice = (name: string, more: readonly Bytes[]) =>
    opened(
      model({
        nodes: [
          ...more,
          node('MatMul', ['x', 'w'], ['a']),
          node('Relu', ['a'], ['r']),
          node('MatMul', ['r', name], ['y']),
        ],
        tensors: [W],
        inputs: [input],
      }),
    ).graph;
  const shared = twice('w', []);
  const own = twice('v', [node('Identity', ['w'], ['v'])]);
  t.deepEqual(
    [shared, own].map(({ ops }) => paramTotal(ops)),
    [36, 72],
  );
});

/** Small vision transformer with one matrix for queries, keys and values, and all of its steps decomposed. */
function vit(layers: number): Uint8Array {
  const d = 8;
  const nodes: Bytes[] = [];
  const tensors: Bytes[] = [];
  let count = 0;
  const put = (op: string, inputs: readonly string[], attributes = {}): string => {
    const out = `v${count++}`;
    nodes.push(node(op, inputs, [out], attributes));
    return out;
  };
  const weight = (shape: readonly number[], seed: number): string => {
    const name = `t${count++}`;
    tensors.push(
      tensor(
        name,
        shape,
        numbers(
          shape.reduce((a, b) => a * b, 1),
          seed,
        ),
      ),
    );
    return name;
  };
  const constant = (
    shape: readonly number[],
    list: readonly number[],
    type: 'f32' | 'i64' = 'f32',
  ): string => {
    const name = `t${count++}`;
    tensors.push(tensor(name, shape, list, type));
    return name;
  };
  const norm = (a: string): string => {
    const centred = put('Sub', [a, put('ReduceMean', [a], { axes: [-1] })]);
    const square = put('ReduceMean', [put('Mul', [centred, centred])], { axes: [-1] });
    const root = put('Sqrt', [put('Add', [square, constant([], [1e-6])])]);
    return put('Add', [put('Mul', [put('Div', [centred, root]), weight([d], 3)]), weight([d], 4)]);
  };
  const linear = (a: string, from: number, to: number): string =>
    put('Add', [put('MatMul', [a, weight([from, to], 10 + from + to)]), weight([to], 5)]);
  let y = put('Conv', ['x', weight([d, 3, 2, 2], 6), weight([d], 7)], { strides: [2, 2] });
  // The size behind the channels is asked for, as exporters with open axes do.
  const size = put('Shape', [y]);
  const lead = put('Slice', [size, constant([1], [0], 'i64'), constant([1], [2], 'i64')]);
  y = put('Reshape', [y, put('Concat', [lead, constant([1], [-1], 'i64')], { axis: 0 })]);
  y = put('Transpose', [y], { perm: [0, 2, 1] });
  y = put('Add', [put('Concat', [weight([1, 1, d], 8), y], { axis: 1 }), weight([1, 5, d], 9)]);
  for (let i = 0; i < layers; i++) {
    const qkv = put(
      'Transpose',
      [put('Reshape', [linear(norm(y), d, 3 * d), constant([5], [0, 5, 3, 2, 4], 'i64')])],
      { perm: [2, 0, 3, 1, 4] },
    );
    const [q, k, v] = [0, 1, 2].map(part => put('Gather', [qkv, constant([], [part], 'i64')], { axis: 0 }));
    const scores = put('Mul', [
      put('MatMul', [q, put('Transpose', [k], { perm: [0, 1, 3, 2] })]),
      constant([], [0.5]),
    ]);
    const heads = put('Transpose', [put('MatMul', [put('Softmax', [scores], { axis: -1 }), v])], {
      perm: [0, 2, 1, 3],
    });
    y = put('Add', [y, linear(put('Reshape', [heads, constant([3], [0, 5, 8], 'i64')]), d, d)]);
    const h = linear(norm(y), d, 16);
    const half = put('Mul', [
      h,
      put('Add', [put('Erf', [put('Div', [h, constant([], [Math.SQRT2])])]), constant([], [1])]),
    ]);
    y = put('Add', [y, linear(put('Mul', [half, constant([], [0.5])]), 16, d)]);
  }
  nodes.push(node('Gather', [norm(y), constant([], [0], 'i64')], ['c'], { axis: 1 }));
  nodes.push(node('Gemm', ['c', weight([5, d], 11), weight([5], 12)], ['y'], { transB: 1 }));
  return model({ nodes, tensors, inputs: [value('x', ['batch', 3, 4, 4])], opset: 13 });
}

test('a decomposed transformer is made of encoders, which can reuse attention', t => {
  const { graph, model: config } = opened(vit(2));
  t.deepEqual(
    graph.ops.filter(op => op.encoder === 1).map(op => op.id),
    [
      'norm1',
      'q',
      'k',
      'v',
      'qk',
      'softmax',
      'sv',
      'projection',
      'residual1',
      'norm2',
      'fc1',
      'gelu',
      'fc2',
      'residual2',
    ].map(name => `e1.${name}`),
  );
  t.like(config, { encoders: 2, dim: 8, heads: 2, hidden: 16, tokens: 5, classes: 5 });
  // 2 (4 d^2 + 4 d + 2 d 16 + 16 + d + 4 d) + patches, tokens, positions, norm and head.
  t.is(paramTotal(graph.ops), 2 * (4 * 64 + 32 + 256 + 24 + 32) + 104 + 8 + 40 + 16 + 45);
  t.is(macTotals(graph.ops).dynamic, 2 * 2 * 5 * 5 * 8);
  t.deepEqual(reuseSpace(config).able, [1]);
  const reused = buildGraph(config, { reuse: { pattern: 'list:1', encoders: [1] } as never });
  t.deepEqual(
    reused.ops
      .filter(op => op.encoder === 1)
      .map(op => op.id)
      .slice(0, 4),
    ['e1.transformNorm', 'e1.transform', 'e1.transformGelu', 'e1.projection'],
  );
});

test('words, segments and positions come from tables; a mask of padding leaves nothing out', async t => {
  const tables = [
    tensor('words', [7, 2], numbers(14, 3)),
    tensor('types', [2, 2], [1, 2, 3, 4]),
    tensor('places', [1, 4, 2], numbers(8, 9)),
    tensor('one', [], [1]),
    tensor('low', [], [-1e9]),
  ];
  const bytes = model({
    nodes: [
      node('Gather', ['words', 'ids'], ['a']),
      node('Gather', ['types', 'token_type_ids'], ['b']),
      node('Add', ['a', 'b'], ['c']),
      node('Slice', ['places', 's0', 'n', 's1'], ['p']),
      node('Shape', ['ids'], ['shape']),
      node('Slice', ['shape', 's1', 's2', 's0'], ['n']),
      node('Add', ['c', 'p'], ['d']),
      node('Cast', ['attention_mask'], ['m'], { to: 1 }),
      node('Sub', ['one', 'm'], ['o']),
      node('Mul', ['o', 'low'], ['k']),
      node('Add', ['d', 'kk'], ['y']),
      node('Unsqueeze', ['k', 's2'], ['kk']),
    ],
    tensors: [
      ...tables,
      tensor('s0', [1], [0], 'i64'),
      tensor('s1', [1], [1], 'i64'),
      tensor('s2', [1], [2], 'i64'),
    ],
    inputs: ['ids', 'attention_mask', 'token_type_ids'].map(name => value(name, ['b', 't'], 'i64')),
  });
  const { model: config } = opened(bytes, { tokens: 3 });
  t.like(config, { tokens: 3, vocabulary: 7, types: 2 });
  const file = opened(bytes);
  t.is(file.model.tokens, 4, 'as many as it has positions for');
  const got = await outputs(bytes, { words: Int32Array.of(6, 0, 2, 1), types: Int32Array.of(0, 1, 1, 0) });
  const [a, p] = [numbers(14, 3), numbers(8, 9)];
  const expected = [6, 0, 2, 1].flatMap((id, i) =>
    [0, 1].map(j => a[2 * id + j] + [1, 2, 3, 4][2 * [0, 1, 1, 0][i] + j] + p[2 * i + j]),
  );
  t.true(apart(got, expected) < 1e-6);
});

test('operators without a place are listed with their share, and a digital unit can take them', async t => {
  const bytes = model({
    nodes: [node('MatMul', ['x', 'w'], ['a']), node('CumSum', ['a', 'axis'], ['y'])],
    tensors: [W, tensor('axis', [], [1], 'i64')],
    inputs: [input],
  });
  t.throws(() => opened(bytes), { message: /1 CumSum \(0 % of MACs: .*model\.unsupported=vector/ });
  t.true(kindsOf(opened(bytes, { unsupported: 'vector' }).graph).includes('tensor'));
});

const bad: readonly (readonly [name: string, bytes: Uint8Array, message: RegExp])[] = [
  ['nothing', new Uint8Array(0), /empty file/],
  ['text', new TextEncoder().encode('family: vit\n'), /net\.onnx: /],
  ['half a file', plain.subarray(0, 150), /truncated\?/],
  [
    'a graph that depends on itself',
    model({
      nodes: [node('Add', ['x', 'b'], ['a']), node('Relu', ['a'], ['b']), node('Add', ['a', 'x'], ['y'])],
      inputs: [input],
    }),
    /circle/,
  ],
  [
    'operators of the future',
    model({ nodes: [matmul], tensors: [W], inputs: [input], opset: 99 }),
    /opset 99 is newer than/,
  ],
  [
    'a wrong wire type',
    Uint8Array.from([...whole(1, 8), ...whole(7, 3), ...block(8, whole(2, 17))]),
    /wire type 0, expected 2/,
  ],
  [
    'a huge constant',
    model({
      nodes: [matmul],
      tensors: [[...whole(1, 2 ** 40), ...whole(1, 2 ** 20), ...whole(2, 1), ...text(8, 'w')]],
      inputs: [input],
    }),
    /impossible shape|fewer values/,
  ],
  [
    'a huge shape that is computed',
    model({
      nodes: [node('ConstantOfShape', ['s'], ['c']), node('Add', ['x', 'c'], ['y'])],
      tensors: [tensor('s', [3], [1e6, 1e6, 6], 'i64')],
      inputs: [input],
    }),
    /more than 16777216/,
  ],
  [
    'a shape that no memory holds',
    model({
      nodes: [node('Expand', ['x', 's'], ['y'])],
      tensors: [tensor('s', [3], [1e5, 4, 6], 'i64')],
      inputs: [input],
    }),
    /copies/,
  ],
  ['a batch', model({ nodes: [matmul], tensors: [W], inputs: [value('x', [8, 4, 6])] }), /batch of 8/],
  [
    'an operator that nobody knows',
    model({ nodes: [node('Nonsense', ['x'], ['y'])], inputs: [input] }),
    /Nonsense y: not supported/,
  ],
  [
    'a value that nothing gives',
    model({ nodes: [node('Relu', ['z'], ['y'])], inputs: [input] }),
    /nothing gives z/,
  ],
  [
    'external data outside the folder',
    model({ nodes: [matmul], tensors: [external('w', [6, 6], '../w.bin')], inputs: [input] }),
    /must lie beside the model/,
  ],
  [
    'sizes that do not go together',
    model({ nodes: [matmul], tensors: [tensor('w', [5, 6], numbers(30, 3))], inputs: [input] }),
    /MatMul y: MatMul: \[1, 4, 6\] times \[5, 6\]/,
  ],
];

for (const [name, bytes, message] of bad)
  test(`refused in a line: ${name}`, t => {
    const error = t.throws(() => opened(bytes));
    t.regex(error!.message, message);
    t.false(error!.message.includes('\n'));
  });

test('external data is read from beside the file, and missed there', async t => {
  const bytes = model({ nodes: [matmul], tensors: [external('w', [6, 6], 'w.bin', 4)], inputs: [input] });
  const data = new Uint8Array(Float32Array.of(0, ...w).buffer);
  const open = (files: Readonly<Record<string, Uint8Array>>) =>
    openNetwork({ model: 'm/net.onnx', reuse: 'none' }, { files: nodeFiles, disk: memoryFiles(files) });
  const network = await open({ 'm/net.onnx': bytes, 'm/w.bin': data });
  t.deepEqual([...network.weights(network.graph()).linear('y').weight], w);
  await t.throwsAsync(open({ 'm/net.onnx': bytes }), { instanceOf: TrexError, message: /w\.bin/ });
  const short = await open({ 'm/net.onnx': bytes, 'm/w.bin': data.subarray(0, 40) });
  t.throws(() => short.weights(short.graph()).linear('y'), { message: /truncated/ });
});

test('a file that ends anywhere is refused or read, in a line', t => {
  for (let length = 1; length < plain.length; length += 7)
    try {
      readOnnx(bytesInMemory(plain.slice(0, length)), 'net.onnx');
    } catch (error) {
      t.true(error instanceof TrexError, String(error));
    }
  t.pass();
});
