/** The optimiser of TReX (arXiv 2408.12742, Algorithm 1): how many encoders must reuse attention to meet a target, which ones, and what accuracy is left. */
import type { ProgressHooks } from '../base/progress.ts';
import { VERSION } from '../base/version.ts';
import type { OptimizeResult, PatternRow } from '../report/optimize-result.ts';
import { noReuse, type ReusePlan } from '../workload/reuse.ts';
import type { Evaluator } from './evaluator.ts';
import { type HardwareOptions, type HardwarePlan, planHardware } from './hardware.ts';
import { patternRow } from './plan.ts';
import type { Measured } from './row.ts';
import { failedOf, type OutcomeStore } from './store.ts';
import { type Budget, type TrainedCandidates, trainCandidates } from './train-candidates.ts';
import { trainingProgress } from './training-progress.ts';

/** Steps 3 and 4: who trains, for how long, and what is kept. */
export interface CandidateTraining {
  readonly budget: Budget;
  /** Closed when the last training has ended. */
  readonly evaluator: Evaluator;
  readonly store: OutcomeStore;
  /** The accuracy of the network without reuse (`base`) or of the chosen one, whose weights the store has got. */
  measure?(stage: 'base' | 'final', plan: ReusePlan, hooks: ProgressHooks): Promise<Measured>;
}

/** Where the chip and the network are from, for the result. */
export interface ResultOrigin {
  readonly run?: OptimizeResult['run'] | undefined;
  readonly files?: OptimizeResult['files'] | undefined;
  readonly warnings?: readonly string[] | undefined;
}

/** Chip, network and target as values, and who trains. */
export interface OptimizeOptions extends HardwareOptions {
  /** Opened once it is known which patterns meet the target; without it the first of them is taken. */
  readonly openTraining?: ((hardware: HardwarePlan) => Promise<CandidateTraining>) | undefined;
  readonly origin?: ResultOrigin | undefined;
}

/**
 * Plain data. The same options give the same result, whether or not a store was cut off and resumed.
 * @example const { row } = await optimize({ arch, model, target: parseTarget({ targetDelay: '7ms' }) });
 * @throws TrexError (1) for a target out of reach, or if no candidate could be trained.
 */
export async function optimize(
  { openTraining, origin = {}, ...options }: OptimizeOptions,
  hooks: ProgressHooks = {},
): Promise<OptimizeResult> {
  const hardware = await planHardware(options, hooks);
  const { plan, target, arch, model, method, methodReason } = hardware;
  const training = await openTraining?.(hardware);
  const trained = training && (await trainedBy(training, hardware, hooks));
  await hooks.pause?.();
  const chosen = trained?.winner ?? hardware.plans[0];
  const { run = {}, files = [], warnings = [] } = origin;
  return {
    schemaVersion: 1,
    version: VERSION,
    run,
    model: model.name,
    arch: arch.name,
    tech: arch.techName,
    method,
    methodReason,
    target,
    tried: plan.tried,
    baseline: await hardware.row(noReuse, null, trained?.measuredBase ?? null),
    patterns: trained?.patterns ?? plan.candidates.map(patternRow),
    row: await hardware.row(chosen, target, trained?.measured ?? null),
    lossHistory: trained?.lossHistory ?? [],
    files,
    warnings: [...warnings, ...(trained?.warnings ?? [])],
  };
}

/** What training gave: the pattern, its losses, and what was measured. */
interface Trained {
  readonly winner: ReusePlan;
  readonly patterns: readonly PatternRow[];
  readonly lossHistory: readonly number[];
  readonly measured: Measured;
  readonly measuredBase: Measured;
  readonly warnings: readonly string[];
}

async function trainedBy(
  { budget, evaluator, store, measure }: CandidateTraining,
  { plan, plans }: HardwarePlan,
  hooks: ProgressHooks,
): Promise<Trained> {
  const progressOf = trainingProgress(plans.length, budget);
  let result: TrainedCandidates;
  try {
    result = await trainCandidates(plans, budget, evaluator, store, {
      pause: async () => hooks.pause?.(),
      onStep: (job, jobs, steps) => hooks.onProgress?.(progressOf(job, jobs, steps)),
    });
  } finally {
    await evaluator.close();
  }
  const { winner, final } = result;
  return {
    winner,
    patterns: withOutcomes(plan.candidates.map(patternRow), result),
    lossHistory: final.lossHistory,
    warnings: [...baseWarnings(result), ...final.warnings],
    measuredBase: (await measure?.('base', noReuse, hooks)) ?? null,
    measured: (await measure?.('final', winner, hooks)) ?? null,
  };
}

/** The rows of the patterns with what training said of them. */
const withOutcomes = (rows: readonly PatternRow[], { partial }: TrainedCandidates): PatternRow[] =>
  rows.map(row => {
    const outcome = partial.find(({ plan }) => plan.pattern === row.pattern)?.outcome;
    if (outcome === undefined) return row;
    if ('failed' in outcome) return { ...row, failed: failedOf(outcome) };
    return { ...row, loss: outcome.loss, accuracy: outcome.accuracy };
  });

const baseWarnings = ({ base }: TrainedCandidates): string[] =>
  base === null || 'failed' in base ? [] : base.warnings.map(text => `the network without reuse: ${text}`);
