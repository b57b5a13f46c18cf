/** Branches, gates, pools and attention that cannot stand where they stand: what is joined, and what is refused with its place in the file. */
import test from 'ava';
import { macTotals, paramTotal } from '../../../src/workload/count.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { withImageSize } from '../../../src/workload/image-size.ts';
import { modelSchema } from '../../../src/workload/model.ts';
import { square } from '../../../src/workload/size.ts';

const network = (body: readonly unknown[], imageSize = 8) => ({
  name: 'tiny',
  family: 'layers',
  source: 'test',
  imageSize,
  stem: [{ kind: 'conv', out: 12, kernel: 2, stride: 2, padding: 0 }],
  body,
});

const built = (body: readonly unknown[]) => buildGraph(modelSchema.parse(network(body))).ops;

const problem = (body: readonly unknown[], imageSize = 8) => {
  const { path, message } = modelSchema.safeParse(network(body, imageSize)).error?.issues[0] ?? {};
  return [path?.join('.'), message];
};

const linear = (out: number) => ({ kind: 'linear', out });

test('branches are added, multiplied, averaged, or set side by side', t => {
  const last = (join: string, second: readonly unknown[]) =>
    built([{ kind: 'parallel', branches: [[], second], join }]).at(-1);
  t.like(last('add', [linear(12)]), { fn: 'add', rows: 16, rowLength: 12 });
  t.like(last('multiply', [linear(12)]), { fn: 'multiply', rows: 16, rowLength: 12, second: undefined });
  t.like(last('multiply', [{ kind: 'mean' }]), { fn: 'multiply', rows: 16, second: 'row' });
  t.like(last('mean', [linear(12)]), { fn: 'scale', scale: 0.5 });
  t.like(last('concat', [linear(5)]), { kind: 'layout', rows: 16, columns: 17 });
});

test('what is joined can be what a convolution goes on from', t => {
  const branches = [[{ kind: 'conv', kernel: 3 }], [{ kind: 'conv', out: 4 }]];
  const ops = built([
    { kind: 'parallel', branches, join: 'concat' },
    { kind: 'conv', kernel: 3, groups: 'depthwise' },
  ]);
  t.like(ops.at(-1), { kind: 'grouped', groups: 16, rows: 16 });
});

test('squeeze-excite has two layers on one row, whatever the image', t => {
  const ops = built([{ kind: 'squeeze-excite', ratio: 0.25 }]);
  t.is(macTotals(ops).static, 2 * 12 * 3);
  t.is(paramTotal(ops) - (12 * 12 + 12), 2 * 12 * 3 + 3 + 12);
});

test('a learned factor of each channel counts one value a channel', t => {
  t.is(paramTotal(built([{ kind: 'scale' }])) - paramTotal(built([])), 12);
});

test('pools give as many pixels as their windows', t => {
  t.like(built([{ kind: 'pool', by: 'mean', kernel: 3, stride: 2, padding: 1 }]).at(-1), {
    fn: 'avgpool',
    outRows: 4,
  });
  t.like(built([{ kind: 'pool', by: 'max', kernel: 2 }]).at(-1), { fn: 'maxpool', outRows: 4 });
});

test('windows and merged pixels that do not fit are refused, each where it stands', t => {
  const encoders = (attention: object) => problem([{ kind: 'encoders', heads: 2, attention }]);
  t.deepEqual(encoders({ kind: 'window', window: 3 }), [
    'body.0.attention',
    'windows of 3 do not divide 4 tokens',
  ]);
  t.deepEqual(encoders({ kind: 'window', window: 2, shift: 2 }), [
    'body.0.attention',
    'a shift of 2 is no part of a window of 2',
  ]);
  t.deepEqual(problem([{ kind: 'mean' }, { kind: 'patch-merging' }]), [
    'body.1',
    'pixels are merged in an image, without tokens in front',
  ]);
  t.deepEqual(problem([{ kind: 'mean' }, { kind: 'unfold', kernel: 2 }]), [
    'body.1',
    'a window needs an image, without tokens in front',
  ]);
  t.deepEqual(problem([{ kind: 'patch-merging' }], 6), [
    'body.0',
    '3 x 3 pixels are not even, so they cannot be merged',
  ]);
});

test('branches that do not fit, and names that stand twice, are refused', t => {
  const parallel = (join: string, second: readonly unknown[]) =>
    problem([{ kind: 'parallel', branches: [[], second], join }]);
  t.deepEqual(parallel('add', [linear(5)]), ['body.0', '16 x 5 cannot be added to 16 x 12']);
  t.deepEqual(parallel('multiply', [linear(5)]), ['body.0', '16 x 12 cannot be multiplied by 16 x 5']);
  t.deepEqual(parallel('concat', [{ kind: 'mean' }]), ['body.0', '1 rows do not stand beside 16']);
  t.deepEqual(
    problem([
      {
        kind: 'parallel',
        branches: [[], [{ kind: 'mean' }, { kind: 'conv', kernel: 3 }]],
        join: 'add',
      },
    ]),
    ['body.0.branches.1.1', 'a window needs an image, without tokens in front'],
  );
  t.deepEqual(problem([linear(12), linear(12)].map(layer => ({ ...layer, name: 'twice' }))), [
    'body.1',
    'two operations would be twice: give one of the layers another name',
  ]);
  t.deepEqual(problem([{ kind: 'squeeze-excite', ratio: 0.3 }]), [
    'body.0.ratio',
    '12 channels x 0.3 is not a whole number of hidden units',
  ]);
});

const block = (attention: object, heads = 2) => [
  { kind: 'block', layers: [{ kind: 'attention', heads, attention }] },
];

test('attention that cannot have these tokens is refused at its place in the file', t => {
  const at = 'body.0.layers.0.attention';
  t.deepEqual(problem(block({ kind: 'shared-map', window: 3 })), [at, 'windows of 3 do not divide 4 tokens']);
  t.deepEqual(problem(block({ kind: 'shared-map', kernels: [3] })), [
    at,
    '2 heads, and kernels for 1: every head has one',
  ]);
  t.deepEqual(problem(block({ kind: 'cascaded-group', kernels: [3] })), [
    at,
    '2 heads, and kernels for 1: every head has one',
  ]);
  t.deepEqual(problem(block({ kind: 'spatial-reduction', ratio: 3 })), [
    at,
    'a reduction by 3 does not divide 4 tokens',
  ]);
  t.deepEqual(problem([{ kind: 'embedding' }, ...block({ kind: 'multi-scale-linear' })]), [
    'body.1.layers.0.attention',
    'this attention needs an image without the 1 tokens in front',
  ]);
  t.regex(`${problem(block({ kind: 'shared-map', kernels: [2, 2] }))[1]}`, /odd number/);
});

test('another image size is taken where nothing that is learned depends on it', t => {
  const free = modelSchema.parse(network([{ kind: 'conv', kernel: 3 }]));
  t.like(withImageSize(free, { height: 16, width: 24 }), { imageSize: 16, imageWidth: 24 });
  const placed = modelSchema.parse(network([{ kind: 'embedding' }]));
  t.throws(() => withImageSize(placed, square(16)), {
    message: /^image size 16: tiny: it learns \d+ values at 8, positions among them, and would need \d+$/,
  });
  t.throws(() => withImageSize(free, square(1)), { message: /image size 1: tiny: a kernel of 2 x 2/ });
});
