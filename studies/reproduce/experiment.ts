/** One task with all that can be done to its networks: train them, and measure them. Every step is a job whose result is kept. */

import { crossbarDevices, type DeviceOptions } from '../../src/accuracy/device.ts';
import type { ArchConfig } from '../../src/arch/config.ts';
import type { DataSet } from '../../src/data/data-set.ts';
import type { MvmBackend } from '../../src/numerics/mvm/backend.ts';
import { EvaluationFailed, type EvaluationJob, type Evaluator } from '../../src/optimize/evaluator.ts';
import { trainingEvaluator } from '../../src/optimize/training-evaluator.ts';
import type { Scores } from '../../src/report/accuracy-result.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { withEncoding } from '../../src/tech/device-encoding.ts';
import type { Devices } from '../../src/tech/devices.ts';
import type { TrainData } from '../../src/train/data.ts';
import type { Threads } from '../../src/train/predict.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import type { Pruning } from '../../src/workload/pruning.ts';
import { noReuse, type ReusePlan } from '../../src/workload/reuse.ts';
import { type TaskData, taskData } from './data.ts';
import type { JobResult, Jobs } from './jobs.ts';
import { type CrossbarScores, crossbarScores, idealScores, type TrainedNetwork } from './measure.ts';
import type { Study, Task } from './tasks.ts';

/** Seconds of 1000 inputs in float32, two idle cores; and what noise in training adds. */
const COST = { thousandInputs: 1, variation: 2 } as const;

/** What a study runs on. */
export interface StudyContext extends Threads {
  readonly study: Study;
  readonly jobs: Jobs;
  /** Opened when the first job needs it. */
  backend(): Promise<MvmBackend>;
}

export interface Training {
  readonly loss: number;
  /** On the validation inputs. */
  readonly accuracy: number;
  readonly failed: string | null;
}

export interface Experiment {
  readonly context: StudyContext;
  readonly task: Task;
  readonly model: ModelConfig;
  /** The network without reuse, which all others start from. */
  base(): Promise<JobResult<Training>>;
  /** `device`: the crossbars in the forward pass of jobs with variation. */
  train(
    job: Omit<EvaluationJob, 'seed'> & { seed?: number },
    device?: DeviceOptions,
  ): Promise<JobResult<Training>>;
  /** `train`, as the optimiser asks for it. */
  readonly evaluator: Evaluator;
  /** Scores in float32 on the whole test part. */
  ideal(plan: ReusePlan, trained: JobResult<unknown>, pruning?: Pruning): Promise<Scores>;
  /** On crossbars, with cells and converters as `trex accuracy` takes them. */
  onCrossbars(
    plan: ReusePlan,
    trained: JobResult<unknown>,
    devices: Devices,
    device?: DeviceOptions,
  ): Promise<CrossbarScores>;
  /** A job of another kind that needs the test part or a network of this task. */
  job<T>(spec: {
    label: string;
    inputs: unknown;
    cost: number;
    blank: T;
    run(
      test: DataSet,
      pause: (done: number, total: number) => Promise<void>,
      validation: TrainData,
    ): Promise<T>;
  }): Promise<T>;
  close(): Promise<void>;
}

/** Cells and converters where the page does not say otherwise: signed weights in pairs of arrays, and a code per level up to a third of a column. The paper prints neither; the page's section on devices measures them against others. */
export const DEVICE: DeviceOptions = { encoding: 'differential', adcRange: 0.33 };

/** The chip with weights in pairs of arrays, which it counts. */
export const inPairs = (arch: ArchConfig): ArchConfig => ({
  ...arch,
  devices: withEncoding(arch.devices, 'differential'),
});

export function openExperiment(task: Task, context: StudyContext): Experiment {
  const { study, jobs } = context;
  const { model } = loadModel(task.model);
  const { name, data: kind, sizes, recipe, secondsPerInput } = task;
  const source = { kind, sizes, seed: study.seed, model };
  const trainedOn = { ...source, recipe };
  let data: Promise<TaskData> | undefined;
  const readData = (): Promise<TaskData> => (data ??= taskData(task, model, study.seed));
  const chip = loadArch('trex').arch;
  let baseWeights: Uint8Array | undefined;
  let baseId = '';
  const trainers = new Map<DeviceOptions, Evaluator>();
  const openTrainer = async (device: DeviceOptions): Promise<Evaluator> => {
    const known = trainers.get(device);
    if (known !== undefined) return known;
    const { train, validation } = await readData();
    const { threads, startHelpers } = context;
    const backend = await context.backend();
    const trainer = trainingEvaluator({
      model,
      data: train,
      validation,
      recipe,
      threads,
      startHelpers,
      baseWeights: () => baseWeights,
      variation: graph => ({ ...crossbarDevices(chip.devices, device, graph), backend }),
    });
    trainers.set(device, trainer);
    return trainer;
  };
  const networkOf = (plan: ReusePlan, { bytes }: JobResult<unknown>, pruning?: Pruning): TrainedNetwork => ({
    model: pruning === undefined ? model : ({ ...model, pruning } as ModelConfig),
    plan,
    weights: bytes as Uint8Array,
  });

  async function train(
    unseeded: Parameters<Experiment['train']>[0],
    device: DeviceOptions = DEVICE,
  ): Promise<JobResult<Training>> {
    const job: EvaluationJob = { seed: study.seed, ...unseeded };
    const { stage, plan, pruning, epochs, fraction, variation } = job;
    if (stage !== 'base') await base();
    const inputs =
      sizes.train * fraction * epochs * (stage === 'base' ? 1 : 1.1) + sizes.validation * epochs * 0.3;
    return jobs.run<Training>({
      label: `${name}: ${job.id}`,
      inputs: {
        kind: 'train',
        trainedOn,
        job: { stage, reuse: plan.encoders, epochs, fraction, seed: job.seed },
        pruning,
        base: stage === 'base' ? undefined : baseId,
        devices: variation ? crossbarDevices(chip.devices, device) : undefined,
      },
      cost: inputs * secondsPerInput * (variation ? COST.variation : 1),
      blank: { loss: 1, accuracy: 0, failed: null },
      async run({ checkpoint, onStep, pause }) {
        const trainer = await openTrainer(device);
        try {
          const done = await trainer.evaluate(job, {
            checkpoint,
            pause,
            onStep: (step, steps) => onStep(step / steps),
          });
          const { loss, weights: bytes } = done;
          return { value: { loss, accuracy: done.accuracy ?? 0, failed: null }, bytes };
        } catch (error) {
          if (!(error instanceof EvaluationFailed) || stage !== 'partial') throw error;
          return { value: { loss: 0, accuracy: 0, failed: error.message } };
        }
      },
    });
  }

  async function base(): Promise<JobResult<Training>> {
    const finished = await train({
      id: 'base',
      stage: 'base',
      plan: noReuse,
      fraction: 1,
      epochs: task.baseEpochs,
      variation: false,
    });
    [baseWeights, baseId] = [finished.bytes, finished.id];
    return finished;
  }

  async function measured<T>(
    label: string,
    inputs: object,
    cost: number,
    blank: T,
    run: (onStep: (share: number) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const { value } = await jobs.run<T>({
      label: `${name}: ${label}`,
      inputs,
      cost,
      blank,
      run: async ({ onStep, pause }) => ({
        value: await run(async share => {
          onStep(share);
          await pause();
        }),
      }),
    });
    return value;
  }

  return {
    context,
    task,
    model,
    train,
    base,
    evaluator: evaluatorOf(train),
    ideal: (plan, trained, pruning) =>
      measured(
        `float32 ${plan.pattern}`,
        { kind: 'ideal', source, network: trained.id },
        (sizes.test / 1000) * COST.thousandInputs,
        noScores,
        async () => idealScores(networkOf(plan, trained, pruning), (await readData()).test, context),
      ),
    onCrossbars(plan, trained, own, device = DEVICE) {
      const { images, draws } = study.budget;
      const devices = crossbarDevices(own, device);
      const run = { images, draws, seed: study.seed, devices };
      return measured<CrossbarScores>(
        `crossbars ${plan.pattern}`,
        { kind: 'crossbars', source, network: trained.id, run },
        images * draws * task.secondsOnCrossbars,
        { float32: noScores, int8: noScores, draws: Array.from({ length: draws }, () => noScores) },
        async onStep => {
          const [{ test }, backend] = [await readData(), await context.backend()];
          return crossbarScores(networkOf(plan, trained), { ...run, test, backend }, onStep);
        },
      );
    },
    job: spec =>
      measured(spec.label, { source, inputs: spec.inputs }, spec.cost, spec.blank, async onStep => {
        const { test, validation } = await readData();
        return spec.run(test, (done, total) => onStep(done / total), validation);
      }),
    close: async () => {
      for (const trainer of trainers.values()) await trainer.close();
    },
  };
}

/** Trainings whose results are kept by the jobs themselves. */
const evaluatorOf = (train: Experiment['train']): Evaluator => ({
  async evaluate(job) {
    const { value, bytes = null } = await train(job);
    const { loss, accuracy, failed } = value;
    if (failed !== null) throw new EvaluationFailed(failed);
    return { loss, accuracy, lossHistory: [], weights: bytes, warnings: [] };
  },
  close: async () => {},
});

const noScores: Scores = { top1: 0, top5: 0, loss: 0, matthews: 0 };
