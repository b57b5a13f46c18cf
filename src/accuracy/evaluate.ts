/** Runs the jobs of an accuracy run one after another; whatever stops it, the jobs that are done are done. */
import { fromDecibels } from '../base/math.ts';
import type { AnalogOptions } from '../numerics/execute/crossbar-device.ts';
import type { LayerSnr } from '../numerics/execute/network.ts';
import type { NetworkOptions } from '../numerics/execute/prepare.ts';
import type { Quantisation } from '../numerics/quantize/quantisation.ts';
import type { Job, JobRecord, NoiseSum, Variant } from './jobs.ts';
import { addToTally, emptyTally } from './metrics.ts';
import { type NetworkSource, Runner, tokensOf } from './runner.ts';
import type { Sample, Samples } from './samples.ts';

/** What all jobs of a run have in common. */
export interface Evaluation {
  readonly source: NetworkSource;
  readonly samples: Samples;
  readonly classes: number;
  readonly quantisation: Quantisation;
  /** Ops that no crossbar multiplies in an analog run, by id; absent: none. */
  readonly layers?: Readonly<Record<string, 'int8'>>;
  /** The crossbars of a point and chip. */
  analog(point: number, draw: number): AnalogOptions;
  /** The first so many inputs of each chip are compared layer by layer with exact integers. */
  readonly snrImages: number;
}

/** What `evaluate` tells its caller. */
export interface EvaluationHooks {
  /** After each job; awaited. */
  readonly onRecord: (record: JobRecord) => void | Promise<void>;
  /** Before each input, with the inputs that are done so far; may throw. */
  readonly pause?: (done: number) => Promise<void>;
}

/** Runs every job whose key is not in `done`. */
export async function evaluate(
  jobs: readonly Job[],
  done: ReadonlySet<string>,
  evaluation: Evaluation,
  { onRecord, pause }: EvaluationHooks,
): Promise<void> {
  let finished = 0;
  let runner: Runner | undefined;
  let current = '';
  try {
    for (const job of jobs) {
      if (!done.has(job.key)) {
        // One network at a time: layers of one chip share its cells.
        const network = networkKey(job.variant);
        if (network !== current) {
          runner?.dispose();
          runner = new Runner(evaluation.source, networkOptions(job.variant, evaluation));
          current = network;
        }
        const at = finished;
        await onRecord(await runJob(job, runner!, evaluation, async n => await pause?.(at + n)));
      }
      finished += job.to - job.from;
    }
  } finally {
    runner?.dispose();
  }
}

const networkKey = ({ compute, point, draw }: Variant): string => [compute, point, draw].join('/');

function networkOptions({ compute, point, draw }: Variant, evaluation: Evaluation): NetworkOptions {
  const { quantisation } = evaluation;
  if (compute === 'float32') return {};
  if (compute === 'int8') return { compute, quantisation };
  const { layers = {} } = evaluation;
  return { compute, quantisation, layers, analog: evaluation.analog(point, draw) };
}

async function runJob(
  job: Job,
  runner: Runner,
  { samples, classes, snrImages }: Evaluation,
  pause: (done: number) => Promise<void>,
): Promise<JobRecord> {
  const { compute, layer } = job.variant;
  const block: Sample[] = [];
  for (let index = job.from; index < job.to; index++) {
    const sample = await samples.sample(index);
    if (sample !== undefined) block.push(sample);
  }
  // Texts of one length share a network. The sums do not depend on it: they are taken in the order of the set.
  const order = [...block.keys()].sort((a, b) => length(block[a]) - length(block[b]) || a - b);
  const outputs: Float32Array[] = [];
  const noise = new Map<string, NoiseSum>();
  for (const [n, place] of order.entries()) {
    const { index, input } = block[place];
    await pause(n);
    const compared = compute === 'analog' && layer === undefined && index < snrImages;
    const { logits, snr } = await runner.run(input, {
      image: index,
      ...(layer !== undefined && { crossbars: [layer] }),
      ...(compared && { snrAgainst: 'int8' as const }),
    });
    outputs[place] = logits.data;
    for (const one of snr) addNoise(noise, one);
  }
  let tally = emptyTally(classes);
  for (const [i, { label, name }] of block.entries()) tally = addToTally(tally, outputs[i], label, name);
  return { key: job.key, tally, ...(noise.size > 0 && { noise: Object.fromEntries(noise) }) };
}

const length = ({ input }: Sample): number => tokensOf(input) ?? 0;

function addNoise(noise: Map<string, NoiseSum>, { op, snr_dB }: LayerSnr): void {
  const { count, ratio } = noise.get(op) ?? { count: 0, ratio: 0 };
  noise.set(op, { count: count + 1, ratio: ratio + fromDecibels(-snr_dB) });
}
