/** Weights of grouped layers go into a file under our own names, and come back. */
import test from 'ava';
import { randomWeights } from '../../../src/numerics/execute/random-weights.ts';
import { weightTensors } from '../../../src/workload/import/save-weights.ts';
import { isKnown } from '../../../src/workload/matmul.ts';
import { parameters } from '../../../src/workload/parameters.ts';
import { randomGraph } from '../random-graph.ts';

test('a grouped weight has the shape of PyTorch, [filters out, in of a group / taps, height, width]', t => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const graph = randomGraph(seed);
    const weights = randomWeights(graph, seed);
    const tensors = weightTensors(graph, weights);
    for (const op of graph.ops.filter(isKnown)) {
      const tensor = tensors.get(`${op.weightId}.weight`)!;
      if (!('data' in tensor)) throw new Error('expected values');
      const { shape, data } = tensor;
      const own = weights.linear(op.weightId);
      t.is(
        shape.reduce((all, d) => all * d, 1),
        own.weight.length,
      );
      t.is(shape[0], own.out);
      if (op.kind === 'grouped' && op.conv !== undefined)
        t.deepEqual(shape.slice(1), [op.conv.inChannels / op.groups, 3, 3]);
      // Row o of the file is column o of the layer.
      for (let i = 0; i < own.in; i++)
        for (let o = 0; o < own.out; o++) t.is(data[o * own.in + i], own.weight[i * own.out + o]);
    }
    t.deepEqual(
      [...tensors.keys()].length,
      parameters(graph).filter(({ role }) => !role.startsWith('running')).length,
    );
  }
});
