/** The optimiser as one call of the library: without files, with any evaluator and store. */
import test from 'ava';
import type { PartProgress } from '../../src/base/progress.ts';
import { type Evaluator, memoryStore, optimize, parseTarget } from '../../src/index.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { failed } from '../data/memory-files.ts';

const { arch } = loadArch('trex');
const { model } = loadModel('glyph-vit', { set: ['model.encoders=4'] });
const budget = { fraction: 0.5, partialEpochs: 2, finalEpochs: 3, baseEpochs: 1, variation: true, seed: 1 };
let target: { metric: 'latency_s'; limit: number };
test.before(async () => {
  const { baseline } = await optimize({ arch, model, target: { metric: 'latency_s', limit: 1 } });
  target = { metric: 'latency_s', limit: 0.8 * baseline.latency_s };
});

/** The later reuse begins, the lower its loss. */
function evaluator(events: string[] = []): Evaluator {
  return {
    async evaluate({ id, plan, epochs }, { onStep }) {
      events.push(id);
      onStep(1, 1);
      const loss = 1 / (1 + (plan.encoders[0] ?? 0));
      return {
        loss,
        accuracy: 0.5,
        lossHistory: new Array<number>(epochs).fill(loss),
        weights: null,
        warnings: [`${id}!`],
      };
    },
    close: async () => {
      events.push('closed');
    },
  };
}

test('without training the first pattern that meets the target is the result, as plain data', async t => {
  const result = await optimize({ arch, model, target });
  t.true(result.row.latency_s <= target.limit && result.baseline.latency_s > target.limit);
  t.is(result.row.reuse.pattern, result.patterns.find(p => p.meets)!.pattern);
  t.deepEqual(JSON.parse(JSON.stringify(result)) as typeof result, result);
  t.deepEqual([result.run, result.files, result.warnings, result.lossHistory], [{}, [], [], []]);
});

test('with training the least loss wins; the evaluator is closed before anything is measured', async t => {
  const events: string[] = [];
  const parts: PartProgress[] = [];
  const result = await optimize(
    {
      arch,
      model,
      target,
      origin: { warnings: ['of the chip'] },
      openTraining: async ({ plans }) => {
        t.true(plans.length > 1);
        const measure = async (stage: 'base' | 'final') => {
          events.push(`measured ${stage}`);
          return { score: 'top1', ideal: stage === 'base' ? 0.9 : 0.8, nonIdeal: null } as const;
        };
        return { budget, evaluator: evaluator(events), store: memoryStore(), measure };
      },
    },
    { onProgress: part => parts.push(part) },
  );
  const met = result.patterns.filter(p => p.meets);
  t.is(result.row.reuse.encoders[0], Math.max(...met.map(p => p.encoders[0])));
  t.true(met.every(p => p.loss === 1 / (1 + p.encoders[0])));
  t.is(events[0], 'base');
  t.deepEqual(events.slice(-4), [
    `final ${result.row.reuse.pattern}`,
    'closed',
    'measured base',
    'measured final',
  ]);
  t.deepEqual([result.baseline.accuracy?.ideal, result.row.accuracy?.ideal], [0.9, 0.8]);
  t.is(result.lossHistory.length, budget.finalEpochs);
  t.deepEqual(result.warnings, [
    'of the chip',
    'the network without reuse: base!',
    `final ${result.row.reuse.pattern}!`,
  ]);
  const last = parts.at(-1)!;
  t.is(last.unit, 'epochs');
  t.is(last.done, last.total);
});

test('a pause that throws stops the call, and the evaluator is closed', async t => {
  const events: string[] = [];
  const training = { budget, evaluator: evaluator(events), store: memoryStore() };
  const stop = async (): Promise<void> => {
    if (events.length === 2) throw new Error('enough');
  };
  await t.throwsAsync(
    optimize({ arch, model, target, openTraining: async () => training }, { pause: stop }),
    { message: 'enough' },
  );
  t.deepEqual([events.length, events.at(-1)], [3, 'closed']);
});

test('a target out of reach is refused before any training is opened', async t => {
  const { message } = await failed(
    optimize({
      arch,
      model,
      target: parseTarget({ targetDelay: '1ns' }),
      openTraining: async () => t.fail() as never,
    }),
  );
  t.regex(message, /^the target 1\.0000 ns cannot be reached/);
});
