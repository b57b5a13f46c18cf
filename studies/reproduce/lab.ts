/** One task with all that can be done to its networks: train them, measure them, price them. Every step is a job whose result is kept. */
import { crossbarDevices, type DeviceOptions } from '../../src/accuracy/device.ts';
import type { ArchConfig } from '../../src/arch/config.ts';
import type { DataSet } from '../../src/data/data-set.ts';
import type { MvmBackend } from '../../src/numerics/mvm/backend.ts';
import { EvaluationFailed, type EvaluationJob, type Evaluator } from '../../src/optimize/evaluator.ts';
import { trainingEvaluator } from '../../src/optimize/training-evaluator.ts';
import type { Scores } from '../../src/report/accuracy-table.ts';
import type { Result } from '../../src/report/result.ts';
import { simulate } from '../../src/run/simulate.ts';
import type { Devices } from '../../src/tech/devices.ts';
import type { TrainData } from '../../src/train/data.ts';
import type { Threads } from '../../src/train/predict.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { noReuse, type ReusePlan } from '../../src/workload/reuse.ts';
import type { Pruning } from '../../src/workload/tokens/pruning.ts';
import { type TaskData, taskData } from './data.ts';
import type { Finished, Jobs } from './jobs.ts';
import { type CrossbarScores, crossbarScores, idealScores, type Trained } from './measure.ts';
import type { Study, Task } from './tasks.ts';

/** Seconds of 1000 inputs in float32, and of a run of a chip, two idle cores; and what noise in training adds. */
const COST = { thousandInputs: 1, chip: 0.1, variation: 2 } as const;

/** What a study runs on; opened when the first job needs it. */
export interface Workplace extends Threads {
  readonly study: Study;
  readonly jobs: Jobs;
  backend(): Promise<MvmBackend>;
  loadModel(name: string): ModelConfig;
  /** A chip of arch/ with a technology of its own or another one. */
  loadArch(name: string, tech?: string, set?: readonly string[]): ArchConfig;
}

export interface Training {
  readonly loss: number;
  /** On the validation inputs. */
  readonly accuracy: number;
  readonly failed: string | null;
}

export interface Lab {
  readonly place: Workplace;
  readonly task: Task;
  readonly model: ModelConfig;
  /** The network without reuse, which all others start from. */
  base(): Promise<Finished<Training>>;
  /** `device`: the crossbars in the forward pass of jobs with variation. */
  train(
    job: Omit<EvaluationJob, 'seed'> & { seed?: number },
    device?: DeviceOptions,
  ): Promise<Finished<Training>>;
  /** Scores in float32 on the whole test part. */
  ideal(plan: ReusePlan, trained: Finished<unknown>, pruning?: Pruning): Promise<Scores>;
  /** On crossbars; `words` as `trex accuracy` takes them. */
  onCrossbars(
    plan: ReusePlan,
    trained: Finished<unknown>,
    devices: Devices,
    words?: DeviceOptions,
  ): Promise<CrossbarScores>;
  /** One run, event by event. */
  price(plan: ReusePlan, arch: ArchConfig): Promise<Result>;
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

/** Cells and converters where the page does not say otherwise: signed weights in pairs of arrays, and a code per level up to a third of a column. The paper prints neither. */
export const DEVICE: DeviceOptions = { encoding: 'differential', adcRange: 0.33 };

/** A pair holds 8 bits in twice the cells: costs are those of 16 bits. */
export const PAIRS: readonly string[] = ['precision.weights=16', 'precision.inputs=16'];

export function openLab(task: Task, place: Workplace): Lab {
  const { study, jobs } = place;
  const model = place.loadModel(task.model);
  const { name, data: kind, sizes, recipe, secondsPerInput } = task;
  const source = { kind, sizes, seed: study.seed, model };
  const trainedOn = { ...source, recipe };
  let data: Promise<TaskData> | undefined;
  const readData = (): Promise<TaskData> => (data ??= taskData(task, model, study.seed));
  const chip = place.loadArch('trex');
  let baseWeights: Uint8Array | undefined;
  let baseId = '';
  const evaluators = new Map<DeviceOptions, Evaluator>();
  const openEvaluator = async (device: DeviceOptions): Promise<Evaluator> => {
    const known = evaluators.get(device);
    if (known !== undefined) return known;
    const { train, validation } = await readData();
    const { threads, startHelpers } = place;
    const backend = await place.backend();
    const evaluator = trainingEvaluator({
      model,
      data: train,
      validation,
      recipe,
      threads,
      startHelpers,
      baseWeights: () => baseWeights,
      variation: graph => ({ ...crossbarDevices(chip.devices, device, graph), backend }),
    });
    evaluators.set(device, evaluator);
    return evaluator;
  };
  const networkOf = (plan: ReusePlan, { bytes }: Finished<unknown>): Trained => ({
    model,
    plan,
    weights: bytes as Uint8Array,
  });

  async function train(
    words: Parameters<Lab['train']>[0],
    device: DeviceOptions = DEVICE,
  ): Promise<Finished<Training>> {
    const job: EvaluationJob = { seed: study.seed, ...words };
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
        ...(pruning && { pruning }),
        ...(stage !== 'base' && { base: baseId }),
        ...(variation && { devices: crossbarDevices(chip.devices, device) }),
      },
      cost: inputs * secondsPerInput * (variation ? COST.variation : 1),
      blank: { loss: 1, accuracy: 0, failed: null },
      async run({ checkpoint, onStep, pause }) {
        const own = await openEvaluator(device);
        try {
          const done = await own.evaluate(job, {
            checkpoint,
            pause,
            onStep: (step, steps) => onStep(step / steps),
          });
          return {
            value: { loss: done.loss, accuracy: done.accuracy ?? 0, failed: null },
            bytes: done.weights,
          };
        } catch (error) {
          if (!(error instanceof EvaluationFailed) || stage !== 'partial') throw error;
          return { value: { loss: 0, accuracy: 0, failed: error.message } };
        }
      },
    });
  }

  async function base(): Promise<Finished<Training>> {
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
    place,
    task,
    model,
    train,
    base,
    ideal: (plan, trained, pruning) =>
      measured(
        `float32 ${plan.pattern}`,
        { kind: 'ideal', source, network: trained.id },
        (sizes.test / 1000) * COST.thousandInputs,
        noScores,
        async () => {
          const network = networkOf(plan, trained);
          const pruned = { ...network, model: { ...model, ...(pruning && { pruning }) } as ModelConfig };
          return idealScores(pruned, (await readData()).test, place);
        },
      ),
    onCrossbars(plan, trained, own, words = DEVICE) {
      const { images, draws } = study.budget;
      const devices = crossbarDevices(own, words);
      const run = { images, draws, seed: study.seed, devices };
      return measured<CrossbarScores>(
        `crossbars ${plan.pattern}`,
        { kind: 'crossbars', source, network: trained.id, run },
        images * draws * task.secondsOnCrossbars,
        { float32: noScores, int8: noScores, draws: Array.from({ length: draws }, () => noScores) },
        async onStep => {
          const [{ test }, backend] = [await readData(), await place.backend()];
          return crossbarScores(networkOf(plan, trained), { ...run, test, backend }, onStep);
        },
      );
    },
    price: (reuse, arch) =>
      measured<Result>(
        `${arch.name}, ${arch.techName} ${reuse.pattern}`,
        { kind: 'chip', model, arch, reuse },
        COST.chip,
        {
          latency_s: 1,
          energy_J: 1,
          area_m2: 1,
          edap_Jsm2: 1,
          topsPerWatt: 1,
          topsPerMm2: 1,
          reuse: { ...reuse, count: reuse.encoders.length },
        } as unknown as Result,
        async () => (await simulate({ arch, model, reuse })).result,
      ),
    job: spec =>
      measured(spec.label, { source, inputs: spec.inputs }, spec.cost, spec.blank, async onStep => {
        const { test, validation } = await readData();
        return spec.run(test, (done, total) => onStep(done / total), validation);
      }),
    close: async () => {
      for (const evaluator of evaluators.values()) await evaluator.close();
    },
  };
}

const noScores: Scores = { top1: 0, top5: 0, loss: 0, matthews: 0 };
