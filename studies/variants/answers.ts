/** What a trained network answers: in float32, and on chips with cells of their own. Whether an answer is right and how sure it is, input by input, so that efforts can be put together afterwards. */
import { calibrateLayers, calibrateOn } from '../../src/accuracy/calibration.ts';
import { OPERAND_BITS } from '../../src/accuracy/defaults.ts';
import type { CrossbarDevices } from '../../src/accuracy/device.ts';
import { DecidingRunner, entropyOf } from '../../src/accuracy/input-work.ts';
import type { Sample } from '../../src/accuracy/samples.ts';
import { largest } from '../../src/base/extremes.ts';
import type { ModelInput } from '../../src/numerics/execute/input.ts';
import { type NetworkOptions, prepare } from '../../src/numerics/execute/prepare.ts';
import type { MvmBackend } from '../../src/numerics/mvm/backend.ts';
import { percentile } from '../../src/numerics/quantize/percentile.ts';
import type { TrainData } from '../../src/train/data.ts';
import { predict, type Threads } from '../../src/train/predict.ts';
import { inputSpace } from '../../src/workload/input-dependent.ts';
import { sourceOf, type TrainedNetwork } from '../reproduce/measure.ts';

/** By input. */
export interface Answers {
  readonly right: readonly boolean[];
  /** Of the classes, nats. */
  readonly entropy: readonly number[];
  /** Patches that went on, place by place, where a threshold decided. */
  readonly patches?: readonly (readonly number[])[];
}

export const share = ({ right }: Answers): number => right.filter(yes => yes).length / right.length;

/** On all of `data`, in float32. */
export async function floatAnswers(
  network: TrainedNetwork,
  data: TrainData,
  threads: Threads,
): Promise<Answers> {
  const source = sourceOf(network);
  const graph = source.graph();
  const { logits } = await predict(graph, source.weights(graph), data, threads);
  const classes = logits.length / data.labels.length;
  return answersOf(
    Array.from(data.labels, (label, i) => ({
      label,
      logits: logits.subarray(i * classes, (i + 1) * classes),
    })),
  );
}

interface Output {
  readonly label: number;
  readonly logits: Float32Array;
  readonly patches?: readonly number[];
}

function answersOf(outputs: readonly Output[]): Answers {
  const patches = outputs.flatMap(output => (output.patches === undefined ? [] : [output.patches]));
  return {
    right: outputs.map(({ label, logits }) => logits.indexOf(largest([...logits])) === label),
    entropy: outputs.map(({ logits }) => entropyOf(logits)),
    ...(patches.length > 0 && { patches }),
  };
}

export interface Chips {
  readonly devices: CrossbarDevices;
  readonly backend: MvmBackend;
  readonly seed: number;
  readonly draws: number;
}

/** Each network of a chip is calibrated as `trex accuracy` does, and decides by its own noisy scores where there is a threshold. */
export async function chipAnswers(
  network: TrainedNetwork,
  samples: readonly Sample[],
  calibration: readonly ModelInput[],
  { devices, backend, seed, draws }: Chips,
  { threshold, onStep }: { threshold?: number | undefined; onStep: (share: number) => Promise<void> },
): Promise<Answers[]> {
  const source = sourceOf(network);
  const ranges = await calibrateOn(source, calibration, percentile(), OPERAND_BITS);
  const quantisation = { calibration: ranges, ...OPERAND_BITS };
  const settings = await calibrateLayers(source, calibration, quantisation, devices);
  const all: Answers[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const analog = { backend, seed, draw, ...devices, ...settings };
    all.push(
      await run(network, samples, { compute: 'analog', quantisation, analog }, threshold, done =>
        onStep((draw + done) / draws),
      ),
    );
  }
  return all;
}

/** In float32, patches by their scores. */
export const thresholdAnswers = (
  network: TrainedNetwork,
  samples: readonly Sample[],
  threshold: number,
  onStep: (share: number) => Promise<void>,
): Promise<Answers> => run(network, samples, {}, threshold, onStep);

async function run(
  network: TrainedNetwork,
  samples: readonly Sample[],
  options: NetworkOptions,
  threshold: number | undefined,
  onStep: (share: number) => Promise<void>,
): Promise<Answers> {
  const source = sourceOf(network);
  const graph = source.graph();
  const weights = source.weights(graph);
  const fixed = threshold === undefined ? prepare(graph, weights, options) : undefined;
  const space = inputSpace(network.model);
  const deciding =
    threshold === undefined
      ? undefined
      : new DecidingRunner({ space, reuse: network.plan, weights }, { by: 'threshold', threshold }, options);
  const outputs: Output[] = [];
  try {
    for (const [i, { input, label, index }] of samples.entries()) {
      await onStep(i / samples.length);
      if (deciding === undefined) {
        const { logits } = await fixed!.run(input, { image: index });
        outputs.push({ label, logits: logits.data });
      } else {
        const { passes, logits } = await deciding.run(input, index);
        outputs.push({ label, logits: logits.data, patches: passes[0].patches });
      }
    }
  } finally {
    fixed?.dispose();
    deciding?.dispose();
  }
  return answersOf(outputs);
}

/** The threshold by which `kept` of all patches of `inputs` go on at the first place. */
export async function thresholdFor(
  network: TrainedNetwork,
  inputs: readonly ModelInput[],
  kept: number,
): Promise<number> {
  const source = sourceOf(network);
  const graph = source.graph();
  const ready = prepare(graph, source.weights(graph));
  const scores = graph.ops.find(op => op.kind === 'tokens' && op.scores !== undefined);
  if (scores?.kind !== 'tokens' || scores.scores === undefined) throw new Error('a network that keeps all');
  const shares: number[] = [];
  for (const input of inputs) {
    const { logits } = await ready.run(input, { until: scores.scores });
    for (let row = 0; row < logits.rows; row++)
      shares.push(1 / (1 + Math.exp(logits.data[2 * row + 1] - logits.data[2 * row])));
  }
  ready.dispose();
  shares.sort((a, b) => a - b);
  return shares[Math.round((1 - kept) * shares.length)];
}

/** The entropy above which `share` of these answers are. */
export function entropyFor({ entropy }: Answers, share: number): number {
  const sorted = entropy.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.round((1 - share) * sorted.length))];
}

/** The second network's answer where the first one is not sure. */
export function cascade(
  first: Answers,
  second: Answers,
  entropy: number,
): Answers & { readonly again: number } {
  const next = first.entropy.map(value => value > entropy);
  return {
    right: first.right.map((yes, i) => (next[i] ? second.right[i] : yes)),
    entropy: first.entropy.map((value, i) => (next[i] ? second.entropy[i] : value)),
    again: next.filter(yes => yes).length / next.length,
  };
}
