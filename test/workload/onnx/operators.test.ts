/** Single operators in files made byte by byte: what they give, and what of them is refused. */
import test from 'ava';
import type { RandomBytes } from '../../../src/base/random-bytes.ts';
import { paramTotal } from '../../../src/workload/count.ts';
import { readOnnx } from '../../../src/workload/import/onnx/model-file.ts';
import { apart, numbers, opened, outputs } from './run.ts';
import { type Attribute, type Bytes, model, node, tensor, value } from './writer.ts';

const image = numbers(9, 5).map(v => v * 4);
const input = value('x', [1, 1, 3, 3]);
const one = (
  op: string,
  attributes: Readonly<Record<string, Attribute>>,
  more: readonly Bytes[] = [],
  names: readonly string[] = [],
) =>
  model({ nodes: [node(op, ['x', ...names], ['y'], attributes)], tensors: more, inputs: [input], opset: 13 });
const given = (bytes: Uint8Array) => outputs(bytes, { image: Float32Array.from(image) });

/** Windows of 2 x 2, two apart, over 3 x 3 pixels with `pad` before: the mean of those within. */
const means = (pad: number): number[] =>
  [0, 2].flatMap(top =>
    [0, 2].map(left => {
      const own = image.filter((_, i) => {
        const [y, x] = [Math.floor(i / 3) + pad - top, (i % 3) + pad - left];
        return y >= 0 && y < 2 && x >= 0 && x < 2;
      });
      return own.reduce((a, b) => a + b, 0) / own.length;
    }),
  );

test('an average leaves out padding, and pixels beyond the edge, unless it says that they count', async t => {
  const window = { kernel_shape: [2, 2], strides: [2, 2] };
  t.true(apart(await given(one('AveragePool', { ...window, ceil_mode: 1 })), means(0)) < 1e-6);
  t.true(apart(await given(one('AveragePool', { ...window, pads: [1, 1, 0, 0] })), means(1)) < 1e-6);
  const counted = await given(one('AveragePool', { ...window, pads: [1, 1, 0, 0], count_include_pad: 1 }));
  t.true(Math.abs(counted[0] - image[0] / 4) < 1e-6);
});

test('in ceil mode no window begins behind the image', async t => {
  // PyTorch: MaxPool2d(2, 2, 1, ceil_mode=True) of 3 x 3 gives 2 x 2.
  const pool = one('MaxPool', { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 });
  t.is((await given(pool)).length, 4);
});

test('activations that become whole numbers lose what stands behind the point', async t => {
  const bytes = model({
    nodes: [node('Cast', ['x'], ['i'], { to: 6 }), node('Cast', ['i'], ['y'], { to: 1 })],
    inputs: [input],
  });
  t.deepEqual(await given(bytes), image.map(Math.trunc));
});

test('a slope for each channel, mirrored edges', async t => {
  const slope = one('PRelu', {}, [tensor('s', [3, 1], [0.5, 0.25, 2])], ['s']);
  const sloped = image.map((v, i) => (v < 0 ? v * [0.5, 0.25, 2][Math.floor(i / 3)] : v));
  t.true(apart(await given(slope), sloped) < 1e-6);
  const pads = [tensor('p', [8], [0, 0, 1, 0, 0, 0, 0, 1], 'i64')];
  const mirrored = [1, 0, 1, 2].flatMap(y => [0, 1, 2, 1].map(x => image[3 * y + x]));
  t.true(apart(await given(one('Pad', { mode: 'reflect' }, pads, ['p'])), mirrored) < 1e-6);
});

test('an attribute that nothing here applies is refused by its name', t => {
  for (const [bytes, message] of [
    [one('Relu', { slope: 2 }), /Relu y: attribute slope = 2 is not known here/],
    [one('com.microsoft:FusedMatMul', { transBatchA: 1 }, [], ['x']), /transBatchA = 1 is not known/],
    [one('ReduceSum', { keepdims: 1, sideways: 'yes' }), /sideways = "yes" is not known/],
  ] as const)
    t.throws(() => opened(bytes), { message });
});

test('parameters are the learned arrays of the file: all rows of a table, no masks, no statistics', t => {
  const rows = tensor('t', [6, 3], numbers(18, 7));
  const part = [tensor('a', [1], [0], 'i64'), tensor('b', [1], [3], 'i64')];
  const mask = tensor('m', [3, 3], [0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0]);
  const { graph } = opened(
    model({
      nodes: [
        node('Slice', ['t', 'a', 'b'], ['s']),
        node('Add', ['x', 's'], ['u']),
        node('Add', ['u', 'm'], ['v']),
        node('Softmax', ['v'], ['y'], { axis: -1 }),
      ],
      tensors: [rows, mask, ...part],
      inputs: [input],
    }),
  );
  t.is(paramTotal(graph.ops) + graph.idleParameters, 18);
});

test('large arrays stay in the file until somebody asks for them', t => {
  const side = 256;
  const w = numbers(side * side, 3);
  const bytes = model({
    nodes: [node('MatMul', ['x', 'w'], ['y'])],
    tensors: [tensor('w', [side, side], w), tensor('v', [2], [1, 2])],
    inputs: [value('x', [1, side])],
  });
  let read = 0;
  const file: RandomBytes = {
    size: bytes.length,
    read(start, length) {
      read += Math.min(length, bytes.length - start);
      return bytes.slice(start, start + length);
    },
    sha256: async () => '',
  };
  const { tensors } = readOnnx(file, 'net.onnx');
  // Heads of fields are read ahead, 64 KiB at a time.
  t.true(read < bytes.length);
  const found = tensors.get('w')!;
  const { offset } = found.external!;
  t.deepEqual([...found.read(file.read(offset, found.need))], w);
  t.deepEqual([...tensors.get('v')!.read()], [1, 2]);
  const cut: RandomBytes = { ...file, size: bytes.length - 5000 };
  t.throws(() => readOnnx(cut, 'net.onnx'), { message: /truncated\?/ });
});
