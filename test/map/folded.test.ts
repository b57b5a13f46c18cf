/** What is part of the layer before it, and what only hands its operand on. */
import test from 'ava';
import { countedOps, foldedOps } from '../../src/map/counted-ops.ts';
import { checkGlobalBuffer } from '../../src/map/live.ts';
import { place } from '../../src/map/place.ts';
import { buildSteps } from '../../src/map/steps.ts';
import { GraphBuilder } from '../../src/workload/builder.ts';
import { buildGraph, type Graph } from '../../src/workload/graph.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { square } from '../../src/workload/size.ts';
import { chip, network, tinyVit } from '../helpers/chips.ts';

const at = (id: string) => ({ id, stage: 'conv', encoder: null }) as const;
const graphOf = (b: GraphBuilder): Graph => ({
  model: tinyVit(),
  ops: b.ops,
  reuse: noReuse,
  idleParameters: 0,
});
const norm = (b: GraphBuilder, id: string, input: string): string =>
  b.vector(at(id), 'batchnorm', [input], { rows: 4, rowLength: 8, parameters: 16 });

function stem(b: GraphBuilder): string {
  const window = {
    kernel: square(16),
    stride: square(16),
    padding: square(0),
    inChannels: 3,
    input: square(32),
    output: square(2),
  };
  return b.conv(at('stem'), null, window, 8, true);
}

test('a batch norm right behind known weights is part of them, unless somebody else reads their output', t => {
  const b = new GraphBuilder();
  const folded = norm(b, 'behind', stem(b));
  const depthwise = b.grouped(at('dw'), folded, { rows: 4, groups: 8, in: 1, out: 1 });
  const behind = norm(b, 'behindGrouped', depthwise);
  const again = norm(b, 'behindNorm', behind);
  const linear = b.linear(at('linear'), again, { rows: 4, in: 8, out: 8 });
  const read = norm(b, 'readTwice', linear);
  b.vector(at('sum'), 'add', [linear, read], { rows: 4, rowLength: 8 });
  t.deepEqual([...foldedOps(b.ops)], ['behind', 'behindGrouped']);
  t.deepEqual(
    countedOps(graphOf(b), chip('trex-full')).map(op => op.id),
    ['stem', 'dw', 'behindNorm', 'linear', 'readTwice', 'sum'],
  );
});

test('the stem of LV-ViT is three convolutions, and its batch norms are in their factors', t => {
  const counted = countedOps(buildGraph(network('lv-vit-s')), chip('trex-full'));
  t.false(counted.some(op => op.kind === 'vector' && op.fn === 'batchnorm'));
  t.is(counted.filter(op => op.stage === 'stem' && op.kind === 'vector').length, 3);
});

/** Of the buffer that the network needs, in bytes. */
function needs(graph: Graph, bytes: number): boolean {
  const arch = chip('trex-full', { set: [`globalBuffer.capacity=${bytes} B`] });
  try {
    checkGlobalBuffer(graph, arch);
    return true;
  } catch {
    return false;
  }
}

test('an operand stays in the buffer as long as somebody reads it in another order, or as part of the layer', t => {
  for (const handOn of ['layout', 'batchnorm', 'nothing'] as const) {
    const b = new GraphBuilder();
    const x = stem(b);
    const part = { rows: 4, columns: 8 };
    const held =
      handOn === 'layout'
        ? b.layout(at('turned'), [x], { parts: [part], join: 'rows', dims: [4, 8], axes: [0, 1], ...part })
        : handOn === 'batchnorm'
          ? norm(b, 'norm', x)
          : x;
    const first = b.linear(at('first'), held, { rows: 4, in: 8, out: 16 });
    const second = b.linear(at('second'), first, { rows: 4, in: 16, out: 8 });
    b.vector(at('sum'), 'add', [second, held], { rows: 4, rowLength: 8 });
    // At `second`: the stem's 32 bytes are read again by the sum, beside 64 of its own operand and 32 of its result.
    t.true(needs(graphOf(b), 128), handOn);
    t.false(needs(graphOf(b), 127), handOn);
  }
});

test('a pool fetches each window, a softmax over columns each column of a head, a row for all rows is fetched once', t => {
  const b = new GraphBuilder();
  const x = stem(b);
  const window = {
    kernel: square(2),
    stride: square(1),
    padding: square(0),
    inChannels: 8,
    input: square(2),
    output: square(1),
  };
  const pooled = b.vector(at('pool'), 'avgpool', [x], { rows: 4, rowLength: 8, window });
  b.vector(at('row'), 'multiply', [x, pooled], { rows: 4, rowLength: 8, second: 'row' });
  const sums = b.linear(at('sums'), x, { rows: 4, in: 8, out: 2 });
  const quotient = b.vector(at('segment'), 'divide', [x, sums], {
    rows: 4,
    rowLength: 4,
    batch: 2,
    second: 'segment',
  });
  const columns = b.vector(at('columns'), 'columnsoftmax', [quotient], { rows: 4, rowLength: 4, batch: 2 });
  b.vector(at('rownorm'), 'rownorm', [columns], { rows: 4, rowLength: 4, batch: 2 });
  b.vector(at('longer'), 'monomials', [x], { rows: 4, rowLength: 4, batch: 2, order: 1 });
  const arch = chip('trex-full', { set: ['schedule.encoder=token-pipelined'] });
  const graph = graphOf(b);
  const steps = buildSteps(graph, place(countedOps(graph, arch), arch), arch);
  const step = (id: string) => steps.find(s => s.id === id)!;
  const shape = (id: string) => {
    const { jobs, inputBits, outputBits, vector } = step(id);
    return [jobs, inputBits / 8, outputBits / 8, vector!.rowLength * vector!.rows];
  };
  t.deepEqual(shape('pool'), [1, 4 * 8, 8, 4 * 8]);
  t.deepEqual(shape('row'), [4, 8 + 2, 8, 8]);
  t.deepEqual(shape('segment'), [4, 8 + 2, 8, 8]);
  // One column of both segments, four queries long.
  t.deepEqual(shape('columns'), [4, 2 * 4, 2 * 4, 8]);
  t.deepEqual(step('columns').vector, { fn: 'softmax', rowLength: 4, rows: 2 });
  // One more value in each segment comes out than goes in.
  t.deepEqual(shape('longer'), [4, 8, 10, 10]);
  // No query's row is there before the last column.
  t.deepEqual(step('rownorm').after, [{ step: step('columns').index, mode: 'all' }]);
  t.deepEqual(
    step('segment').after.map(({ mode }) => mode),
    ['row', 'row'],
  );
});
