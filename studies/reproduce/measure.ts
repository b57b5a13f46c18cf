/** The accuracy of a trained network: in float32 on the whole test part, and on the crossbars of the functional core over draws of the device. */
import { calibrateLayers, calibrateOn } from '../../src/accuracy/calibration.ts';
import { CALIBRATION_INPUTS, OPERAND_BITS } from '../../src/accuracy/defaults.ts';
import type { CrossbarDevices } from '../../src/accuracy/device.ts';
import { evaluate } from '../../src/accuracy/evaluate.ts';
import { type JobRecord, jobsOf, variantKey } from '../../src/accuracy/jobs.ts';
import { addToTally, emptyTally, mergeTallies, scoresOf, type Tally } from '../../src/accuracy/metrics.ts';
import type { NetworkSource } from '../../src/accuracy/runner.ts';
import { classesOf, readSamples, type Sample } from '../../src/accuracy/samples.ts';
import type { DataSet } from '../../src/data/data-set.ts';
import type { ModelInput } from '../../src/numerics/execute/input.ts';
import type { MvmBackend } from '../../src/numerics/mvm/backend.ts';
import { percentile } from '../../src/numerics/quantize/percentile.ts';
import type { Scores } from '../../src/report/accuracy-result.ts';
import { readTrainData } from '../../src/train/data.ts';
import { predict, type Threads } from '../../src/train/predict.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { loadWeights } from '../../src/workload/import/load-weights.ts';
import { parseSafetensors } from '../../src/workload/import/safetensors.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import type { ReusePlan } from '../../src/workload/reuse.ts';
import { drawn } from './data.ts';

/** A network whose weights are known. */
export interface TrainedNetwork {
  readonly model: ModelConfig;
  readonly plan: ReusePlan;
  /** A safetensors file. */
  readonly weights: Uint8Array;
}

export interface CrossbarRun {
  readonly test: DataSet;
  readonly images: number;
  readonly draws: number;
  readonly seed: number;
  readonly backend: MvmBackend;
  readonly devices: CrossbarDevices;
}

export interface CrossbarScores {
  /** The same inputs without crossbars. */
  readonly float32: Scores;
  readonly int8: Scores;
  readonly draws: readonly Scores[];
}

/** Scores in float32 on every input of `test`. */
export async function idealScores(network: TrainedNetwork, test: DataSet, threads: Threads): Promise<Scores> {
  const { model } = network;
  const graph = buildGraph(model, { reuse: network.plan });
  const data = await readTrainData(test, model);
  const { logits } = await predict(graph, sourceOf(network).weights(graph), data, threads);
  const classes = classesOf(model);
  let tally = emptyTally(classes);
  for (const [i, label] of data.labels.entries())
    tally = addToTally(tally, logits.subarray(i * classes, (i + 1) * classes), label, `${test.name}#${i}`);
  return scoresOf(tally, classes);
}

/** As `trex accuracy` measures: float32, exact integers, and every draw of the crossbars on the same inputs. */
export async function crossbarScores(
  network: TrainedNetwork,
  { test, images, draws, seed, backend, devices }: CrossbarRun,
  onStep: (share: number) => Promise<void>,
): Promise<CrossbarScores> {
  const source = sourceOf(network);
  const classes = classesOf(network.model);
  const samples = await readSamples(drawn(test, images, `${seed}`), network.model);
  const inputs = await inputsOf(drawn(test, CALIBRATION_INPUTS, `${seed}/calibration`), network.model);
  const quantisation = {
    calibration: await calibrateOn(source, inputs, percentile(), OPERAND_BITS),
    ...OPERAND_BITS,
  };
  const settings = await calibrateLayers(source, inputs, quantisation, devices);
  const jobs = jobsOf({ images: samples.size, points: 1, draws, layers: [], layerPoint: 0 });
  const total = samples.size * (draws + 2);
  const records: JobRecord[] = [];
  await evaluate(
    jobs,
    new Set(),
    {
      source,
      samples,
      classes,
      snrImages: 0,
      quantisation,
      analog: (_, draw) => ({ backend, seed, draw, ...devices, ...settings }),
    },
    {
      onRecord: record => {
        records.push(record);
      },
      pause: done => onStep(done / total),
    },
  );
  const scores = (key: string): Scores => {
    const tally = jobs
      .map((job, i) => (variantKey(job.variant) === key ? records[i].tally : undefined))
      .filter(one => one !== undefined)
      .reduce<Tally>(mergeTallies, emptyTally(classes));
    return scoresOf(tally, classes);
  };
  return {
    float32: scores('float32'),
    int8: scores('int8'),
    draws: Array.from({ length: draws }, (_, draw) => scores(`analog/0/${draw}`)),
  };
}

/** Weights of a file, for graphs of any length. */
export function sourceOf({ model, plan, weights }: TrainedNetwork): NetworkSource {
  const file = `weights of ${model.name}`;
  const { tensors } = parseSafetensors(weights, file);
  return {
    graph: tokens => buildGraph(model, { reuse: plan, tokens }),
    weights: graph => loadWeights(tensors, graph, file).weights,
  };
}

/** All inputs of a set with their labels. */
export async function samplesOf(set: DataSet, model: ModelConfig): Promise<Sample[]> {
  const read = await readSamples(set, model);
  const samples = await Promise.all(Array.from({ length: read.size }, (_, i) => read.sample(i)));
  return samples.filter(sample => sample !== undefined);
}

/** As the executor takes them. */
export const inputsOf = async (set: DataSet, model: ModelConfig): Promise<ModelInput[]> =>
  (await samplesOf(set, model)).map(({ input }) => input);
