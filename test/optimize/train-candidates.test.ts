import test from 'ava';
import fc from 'fast-check';
import { EXIT, TrexError } from '../../src/base/errors.ts';
import {
  type Checkpoint,
  EvaluationFailed,
  type EvaluationJob,
  type Evaluator,
} from '../../src/optimize/evaluator.ts';
import type { Outcome, OutcomeStore } from '../../src/optimize/store.ts';
import { type Budget, type TrainedCandidates, trainCandidates } from '../../src/optimize/train-candidates.ts';
import { uniformPatterns } from '../../src/workload/patterns.ts';
import { planOf } from '../../src/workload/reuse.ts';
import { failed } from '../data/memory-files.ts';

const PLANS = uniformPatterns(5, 2).map(planOf);
const BUDGET: Budget = {
  fraction: 0.2,
  partialEpochs: 3,
  finalEpochs: 4,
  baseEpochs: 2,
  variation: true,
  seed: 1,
};

/** What a folder keeps, in memory. */
class Kept implements OutcomeStore {
  readonly outcomes = new Map<string, Outcome>();
  readonly weights = new Map<string, string>();
  state: { id: string; bytes: Uint8Array } | undefined;

  finish(id: string, stage: string, outcome: Outcome, weights: Uint8Array | null): void {
    if (weights !== null) this.weights.set(stage, weights.join());
    this.outcomes.set(id, outcome);
    this.state = undefined;
  }

  checkpoint(id: string): Checkpoint {
    return {
      load: () => (this.state?.id === id ? this.state.bytes : undefined),
      save: bytes => {
        this.state = { id, bytes: bytes.slice() };
      },
    };
  }
}

const lossOf = ({ plan }: EvaluationJob): number =>
  1 + ((plan.encoders.reduce((a, b) => 7 * a + b, 3) * 5) % 11) / 10;

/** A trainer whose weights are the list of its epochs; it saves after each. */
function counting(events: string[] = []): Evaluator {
  return {
    async evaluate(job, { checkpoint, onStep, pause }) {
      const state = [...(checkpoint.load() ?? [])];
      for (let epoch = state.length; epoch < job.epochs; epoch++) {
        await pause();
        events.push(`${job.id} ${epoch}`);
        state.push((job.id.length * (epoch + 1)) % 256);
        checkpoint.save(Uint8Array.from(state));
        onStep(epoch + 1, job.epochs);
      }
      const loss = lossOf(job);
      return { loss, accuracy: 1 / loss, lossHistory: state, weights: Uint8Array.from(state), warnings: [] };
    },
    close: async () => {},
  };
}

const quiet = { onStep: () => {}, pause: async () => {} };

const best = PLANS.reduce((a, b) => {
  const loss = (plan: typeof a) => lossOf({ plan } as EvaluationJob);
  return loss(b) < loss(a) ? b : a;
});

test('the base, every candidate in part, and the one with the least loss in full, in this order', async t => {
  const events: string[] = [];
  const { winner, partial, final } = await trainCandidates(
    PLANS,
    BUDGET,
    counting(events),
    new Kept(),
    quiet,
  );
  t.is(winner.pattern, best.pattern);
  t.is(partial.length, PLANS.length);
  t.deepEqual(events.slice(0, 3), ['base 0', 'base 1', `partial ${PLANS[0].pattern} 0`]);
  t.is(events.length, 2 + 3 * PLANS.length + 4);
  t.is(events.at(-1), `final ${best.pattern} 3`);
  t.is(final.lossHistory.length, 4);
});

test('jobs have the budget, the noise and the seed that they should have', async t => {
  const jobs: EvaluationJob[] = [];
  const inner = counting();
  const evaluator: Evaluator = {
    ...inner,
    evaluate: (job, hooks) => {
      jobs.push(job);
      return inner.evaluate(job, hooks);
    },
  };
  await trainCandidates(PLANS, BUDGET, evaluator, new Kept(), quiet);
  t.like(jobs[0], { stage: 'base', fraction: 1, epochs: 2, variation: false, seed: 1 });
  t.like(jobs[1], { stage: 'partial', fraction: 0.2, epochs: 3, variation: false, seed: 1 });
  t.like(jobs.at(-1)!, { stage: 'final', fraction: 1, epochs: 4, variation: true, seed: 1 });
});

test('one candidate needs no partial training', async t => {
  const events: string[] = [];
  await trainCandidates([PLANS[2]], { ...BUDGET, baseEpochs: 0 }, counting(events), new Kept(), quiet);
  t.deepEqual(
    events,
    [0, 1, 2, 3].map(epoch => `final ${PLANS[2].pattern} ${epoch}`),
  );
});

test('of equal losses the first pattern wins', async t => {
  const inner = counting();
  const same: Evaluator = {
    ...inner,
    evaluate: async (job, hooks) => ({ ...(await inner.evaluate(job, hooks)), loss: 2 }),
  };
  t.is((await trainCandidates(PLANS, BUDGET, same, new Kept(), quiet)).winner, PLANS[0]);
});

/** Runs until it ends, stopped at the given pauses. */
async function stoppedAt(stops: readonly number[], store: Kept): Promise<TrainedCandidates> {
  const left = [...stops];
  for (;;) {
    const stop = left.shift();
    let pauses = 0;
    try {
      return await trainCandidates(PLANS, BUDGET, counting(), store, {
        onStep: () => {},
        pause: async () => {
          if (pauses++ === stop) throw new TrexError('interrupted', EXIT.interrupted);
        },
      });
    } catch (error) {
      if (!(error instanceof TrexError) || error.exitCode !== EXIT.interrupted) throw error;
    }
  }
}

test('a search that is stopped anywhere, any number of times, goes on to the same result', async t => {
  const whole = new Kept();
  const expected = await stoppedAt([], whole);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 30 }), { maxLength: 4 }), async stops => {
      const store = new Kept();
      t.deepEqual(await stoppedAt(stops, store), expected);
      t.deepEqual([...store.outcomes], [...whole.outcomes]);
      t.deepEqual(store.weights, whole.weights);
    }),
    { seed: 5, numRuns: 30 },
  );
});

test('a finished search is not run again', async t => {
  const store = new Kept();
  const first = await trainCandidates(PLANS, BUDGET, counting(), store, quiet);
  const events: string[] = [];
  t.deepEqual(await trainCandidates(PLANS, BUDGET, counting(events), store, quiet), first);
  t.deepEqual(events, []);
});

/** Fails for some jobs, so many times each. */
function failing(times: (job: EvaluationJob) => number): {
  evaluator: Evaluator;
  tries: Map<string, number>;
} {
  const tries = new Map<string, number>();
  const inner = counting();
  const evaluator: Evaluator = {
    ...inner,
    async evaluate(job, hooks) {
      const n = (tries.get(job.id) ?? 0) + 1;
      tries.set(job.id, n);
      if (n <= times(job)) throw new EvaluationFailed(`broken ${n}`);
      return inner.evaluate(job, hooks);
    },
  };
  return { evaluator, tries };
}

test('a candidate that fails once is tried again, one that fails twice is left out', async t => {
  const { evaluator, tries } = failing(({ plan, stage }) => {
    if (stage !== 'partial') return 0;
    return plan === best ? 2 : plan === PLANS[0] ? 1 : 0;
  });
  const { winner, partial } = await trainCandidates(PLANS, BUDGET, evaluator, new Kept(), quiet);
  t.not(winner, best);
  t.deepEqual(partial.find(p => p.plan === best)?.outcome, { failed: 'broken 2' });
  t.true('loss' in partial[0].outcome);
  t.deepEqual([tries.get(`partial ${best.pattern}`), tries.get(`partial ${PLANS[0].pattern}`)], [2, 2]);
});

test('a later run tries what failed again, and keeps what did not', async t => {
  const store = new Kept();
  const broken = failing(job => (job.id === `partial ${best.pattern}` ? 9 : 0));
  t.not((await trainCandidates(PLANS, BUDGET, broken.evaluator, store, quiet)).winner, best);
  const mended = failing(() => 0);
  t.is((await trainCandidates(PLANS, BUDGET, mended.evaluator, store, quiet)).winner, best);
  t.deepEqual([...mended.tries.keys()], [`partial ${best.pattern}`, `final ${best.pattern}`]);
});

test('a trainer that fails always in the same way is asked once', async t => {
  const store = new Kept();
  for (const tries of [1, undefined]) {
    const same = failing(job => (job.id === `partial ${best.pattern}` ? 9 : 0));
    const evaluator = { ...same.evaluator, deterministic: true };
    await trainCandidates(PLANS, BUDGET, evaluator, store, quiet);
    t.is(same.tries.get(`partial ${best.pattern}`), tries);
  }
});

test('a loss that is no number is a failure', async t => {
  const inner = counting();
  const nan: Evaluator = {
    ...inner,
    evaluate: async (job, hooks) => ({
      ...(await inner.evaluate(job, hooks)),
      ...(job.plan === best && job.stage === 'partial' && { loss: Number.NaN }),
    }),
  };
  const { partial } = await trainCandidates(PLANS, BUDGET, nan, new Kept(), quiet);
  t.deepEqual(partial.find(p => p.plan === best)?.outcome, { failed: 'its loss is NaN' });
});

test('a search without a candidate left, or whose last job fails, says why and loses no loss', async t => {
  const none = failing(({ stage }) => (stage === 'partial' ? 9 : 0));
  t.regex(
    (await failed(trainCandidates(PLANS, BUDGET, none.evaluator, new Kept(), quiet))).message,
    /^none of the \d+ patterns could be trained; strided:2,sl=3,start=1: broken 2$/,
  );
  const store = new Kept();
  const last = failing(({ stage }) => (stage === 'final' ? 2 : 0));
  const { message } = await failed(trainCandidates(PLANS, BUDGET, last.evaluator, store, quiet));
  t.regex(message, /^fine-tuning .* failed: broken 2; the losses of all patterns are kept$/);
  // The same options go on with the last job alone.
  const events: string[] = [];
  await trainCandidates(PLANS, BUDGET, counting(events), store, quiet);
  t.true(events.length > 0 && events.every(e => e.startsWith('final')));
});

test('a base that cannot be trained ends the search', async t => {
  const base = failing(({ stage }) => (stage === 'base' ? 9 : 0));
  const { message } = await failed(trainCandidates(PLANS, BUDGET, base.evaluator, new Kept(), quiet));
  t.is(message, 'the network without reuse could not be trained: broken 2');
});

test('an error that is not the candidate’s ends the search at once', async t => {
  const inner = counting();
  const full: Evaluator = {
    ...inner,
    evaluate: async () => {
      throw new TrexError('disk: cannot be written: no space left');
    },
  };
  t.regex(
    (await failed(trainCandidates(PLANS, BUDGET, full, new Kept(), quiet))).message,
    /^disk: cannot be written/,
  );
});
