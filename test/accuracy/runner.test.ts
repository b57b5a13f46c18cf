import test from 'ava';
import { calibrateOn, calibratorOf } from '../../src/accuracy/calibration.ts';
import { crossbarDevices } from '../../src/accuracy/device.ts';
import { Runner } from '../../src/accuracy/runner.ts';
import { prepare } from '../../src/numerics/execute/prepare.ts';
import { randomWeights } from '../../src/numerics/execute/random-weights.ts';
import type { MvmBackend } from '../../src/numerics/mvm/backend.ts';
import { referenceBackend } from '../../src/numerics/mvm/reference.ts';
import { loadTech } from '../../src/run/node/load.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { anyIds, tinyBert } from '../numerics/execute/tiny.ts';

const bert = tinyBert({ pooler: 'run', classes: 2 });
const source = {
  graph: (tokens?: number) => buildGraph(bert, { tokens }),
  weights: (graph: ReturnType<typeof buildGraph>) => randomWeights(graph, 2),
};
const texts = [5, 7, 5, 6].map((length, i) => ({ words: anyIds(length, 20, i) }));

/** Counts matrices that are loaded and not freed. */
function counting(): { backend: MvmBackend; loads: () => number; held: () => number } {
  const inner = referenceBackend();
  let [loads, held] = [0, 0];
  const backend: MvmBackend = {
    name: inner.name,
    info: inner.info,
    load: async matrix => {
      const handle = await inner.load(matrix);
      [loads, held] = [loads + 1, held + 1];
      return {
        ...handle,
        dispose: () => {
          held--;
          handle.dispose();
        },
      };
    },
    run: inner.run.bind(inner),
    dispose: inner.dispose.bind(inner),
  };
  return { backend, loads: () => loads, held: () => held };
}

test('texts of other lengths find known layers programmed, and get what they would get alone', async t => {
  const widths = { weightBits: 8, inputBits: 8 };
  const calibration = await calibrateOn(source, texts, calibratorOf('min-max'), widths);
  const quantisation = { calibration, ...widths };
  const crossbars = crossbarDevices(loadTech('trex-fefet-32nm').devices!);
  const { backend, loads, held } = counting();
  const options = { compute: 'analog', quantisation, analog: { backend, seed: 1, ...crossbars } } as const;
  const runner = new Runner(source, options);
  const found: number[][] = [];
  for (const [image, text] of texts.entries())
    found.push([...(await runner.run(text, { image })).logits.data]);
  const { ops } = source.graph(5);
  const known = ops.filter(op => op.kind === 'static').length;
  const written = ops.reduce((sum, op) => sum + (op.kind === 'dynamic' ? op.batch : 0), 0);
  t.is(loads(), known + texts.length * written);
  t.is(held(), known);
  runner.dispose();
  await new Promise(resolve => setImmediate(resolve));
  t.is(held(), 0);

  for (const [image, text] of texts.entries()) {
    const graph = source.graph(text.words.length);
    const alone = prepare(graph, source.weights(graph), options);
    t.deepEqual([...(await alone.run(text, { image })).logits.data], found[image]);
    alone.dispose();
  }
});
