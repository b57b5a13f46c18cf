/** `trex accuracy --profile`: what each input of a data set makes a network do, as a profile that `trex run --profile` reads, and how often the network is then right. */
import { usageError } from '../base/errors.ts';
import { sum } from '../base/sum.ts';
import { VERSION } from '../base/version.ts';
import { csv } from '../report/csv.ts';
import type { MeasuredProfile } from '../report/measured-profile.ts';
import { inputSpace } from '../workload/input-dependent.ts';
import { parseReuse } from '../workload/reuse.ts';
import { reuseSpace } from '../workload/reuse-space.ts';
import { openAccuracyData } from './accuracy-data.ts';
import { type AccuracyRequest, accuracyOptions, networkOf } from './accuracy-options.ts';
import { type DecidedInput, DecidingRunner, type Decision } from './input-work.ts';
import { addToTally, emptyTally, scoresOf } from './metrics.ts';
import { type NetworkFiles, openNetwork } from './network-file.ts';
import { classesOf, readSamples } from './samples.ts';

/** A network, its data, and what decides. */
export interface ProfileRequest extends AccuracyRequest {
  /** Absent: as its method has published it. */
  readonly threshold?: number | undefined;
  /** `1 3 5 7/1 5/none`: encoders that each effort skips. */
  readonly efforts?: string | undefined;
  /** Nats. */
  readonly entropy?: number | undefined;
}

export interface MeasuredProfileHooks extends NetworkFiles {
  /** What was done to the inputs, in one line. */
  readonly onInputs?: ((text: string) => void) | undefined;
  /** May throw. */
  readonly pause?: ((what: 'read' | 'decide', done: number, total: number) => Promise<void>) | undefined;
}

/**
 * Runs every input in float32 and counts what it made the network do; crossbars have no part in it.
 * @example await accuracyProfile({ model: 'w.safetensors', modelName: 'dynamic-deit-s', data: 'val' }, { files: nodeFiles, disk: diskFiles });
 * @throws TrexError: bad options (2), a missing file (4), files and networks that do not go together (2, 3).
 */
export async function accuracyProfile(
  request: ProfileRequest,
  { files, disk, onInputs, pause }: MeasuredProfileHooks,
): Promise<MeasuredProfile> {
  const { threshold, efforts, entropy, ...asked } = request;
  const options = accuracyOptions(asked);
  const network = await openNetwork(networkOf(options), { files, disk });
  const { model } = network;
  const space = inputSpace(model);
  const routed = network.graph().ops.some(op => op.kind === 'tokens' && op.expert !== undefined);
  const alone = routed && space.threshold === undefined;
  const decision = decisionOf(space.threshold?.usual, { threshold, efforts, entropy }, alone);
  const reuse = parseReuse(options.reuse, reuseSpace(model));
  const runner = new DecidingRunner({ space, reuse, weights: network.weights(network.graph()) }, decision);
  const classes = classesOf(model);
  const { set, inputs, warnings } = await openAccuracyData(options, network, classes, disk);
  onInputs?.(inputs);
  const samples = await readSamples(set, model, {
    skipBad: options.skipBad,
    pause: async (done, total) => await pause?.('read', done, total),
  });
  const rows: DecidedInput['passes'][] = [];
  const experts = new Map<string, number[]>();
  let tally = emptyTally(classes);
  for (let i = 0; i < samples.size; i++) {
    await pause?.('decide', i, samples.size);
    const sample = await samples.sample(i);
    if (sample === undefined) continue;
    const { passes, logits, experts: own } = await runner.run(sample.input, sample.index);
    for (const [layer, counts] of own)
      experts.set(
        layer,
        counts.map((rows, e) => rows + (experts.get(layer)?.[e] ?? 0)),
      );
    rows.push(passes);
    tally = addToTally(tally, logits.data, sample.label, sample.name);
  }
  runner.dispose();
  const places = decision.by === 'threshold' ? space.places : [];
  return {
    schemaVersion: 1,
    version: VERSION,
    model: model.name,
    reuse: reuse.pattern,
    decision: decision.by === 'threshold' ? { ...decision, of: space.threshold?.describe ?? '' } : decision,
    data: {
      name: set.name,
      inputs,
      images: rows.length,
      skipped: samples.skipped.length,
      sha256: samples.sha256,
    },
    ...scoresOf(tally, classes),
    experts: Object.fromEntries([...experts].map(([layer, counts]) => [layer, sharesOf(counts)])),
    rows: rows.map(passes => ({
      patches: Object.fromEntries(passes[0].patches.map((left, i) => [String(places[i]), left])),
      passes: passes.map(({ skip }) => skip),
    })),
    files: await network.hashes(),
    warnings: [...network.warnings, ...warnings],
  };
}

/** Of all choices. */
function sharesOf(counts: readonly number[]): number[] {
  const all = sum(counts, count => count);
  return counts.map(count => count / all);
}

/** `routed`: rows go to experts, and nothing else depends on the input. @throws TrexError (usage) for options that exclude each other, or say nothing. */
function decisionOf(
  usual: number | undefined,
  { threshold, efforts, entropy }: Pick<ProfileRequest, 'threshold' | 'efforts' | 'entropy'>,
  routed: boolean,
): Decision {
  if (efforts !== undefined) {
    if (threshold !== undefined)
      throw usageError('--threshold has no effect beside --efforts: patches or efforts, one of the two');
    if (entropy === undefined)
      throw usageError('--efforts needs --entropy, nats above which the next effort runs, e.g. 0.5');
    return { by: 'entropy', entropy, efforts: efforts.split('/').map(effortOf) };
  }
  if (entropy !== undefined) throw usageError('--entropy has no effect without --efforts');
  const given = threshold ?? usual;
  if (given === undefined && routed) return { by: 'router' };
  if (given === undefined)
    throw usageError(
      '--profile needs --threshold (no usual one is published), or --efforts and --entropy where attention is skipped',
    );
  return { by: 'threshold', threshold: given };
}

/** Encoders with blanks between them, or none. */
function effortOf(text: string): number[] {
  const words = text.trim().split(/\s+/);
  if (words.join() === 'none') return [];
  if (!words.every(word => /^\d+$/.test(word)))
    throw usageError(`--efforts: expected encoders with blanks between them, or none, got '${text.trim()}'`);
  return [...new Set(words.map(Number))].sort((a, b) => a - b);
}

/** A row an input, in the order of the data, as `trex run --profile` reads it. */
export function measuredProfileCsv({ rows }: Pick<MeasuredProfile, 'rows'>): string {
  const places = Object.keys(rows[0].patches);
  if (places.length > 0)
    return csv([
      places.map(at => `patches.${at}`),
      ...rows.map(({ patches }) => places.map(at => patches[at])),
    ]);
  return csv([
    ['skip', 'count'],
    ...rows.map(({ passes }) => [passes.map(skip => skip.join(' ')).join('/'), 1]),
  ]);
}
