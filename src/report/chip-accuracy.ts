/** Accuracy as a part of a run: what is asked for beside the chip and the network, which the run has already. */
import * as z from 'zod';
import type { AccuracyResult } from './accuracy-result.ts';

const name = z.string().min(1);
const text = z.exactOptional(name.nullable());
const choice = z.exactOptional(z.boolean().nullable());

/** Options of `accuracy()` that no chip says; `weights` is its `model`. What it holds otherwise, a measurement judges. */
export const chipAccuracySchema = z.strictObject({
  weights: name,
  data: name,
  ignoreTensors: text,
  split: z.exactOptional(z.enum(['test', 'train'])),
  classes: text,
  vocabulary: text,
  preprocessing: text,
  resize: text,
  crop: text,
  filter: text,
  rescale: text,
  normalization: text,
  lowerCase: choice,
  stripAccents: choice,
  tokenizeChineseChars: choice,
  neverSplit: text,
  images: z.exactOptional(z.number()),
  skipBad: z.exactOptional(z.boolean()),
  calibration: z.exactOptional(z.number()),
  calibrator: z.exactOptional(name),
  layers: z.exactOptional(z.boolean()),
  snrImages: z.exactOptional(z.number()),
  draws: z.exactOptional(z.number()),
  adcRange: z.exactOptional(z.union([z.literal('layer'), z.number()])),
  /** Weights, their configurations and data as an earlier run read them: what has changed since is said. */
  read: z.exactOptional(z.array(z.strictObject({ path: name, sha256: name }))),
});

/** What a run is asked for beside its figures: weights and labelled data, and how they are looked at. */
export type ChipAccuracyRequest = z.infer<typeof chipAccuracySchema>;

/** What was measured, with every default of the request. */
export interface ChipAccuracy {
  readonly asked: ChipAccuracyRequest;
  readonly result: AccuracyResult;
}

/** The measurement without what the run's own files hold, and the request with what was read. */
export function asRun(
  { asked, result }: ChipAccuracy,
  files: readonly { readonly path: string }[],
): ChipAccuracy {
  const isOfRun = new Set(files.map(({ path }) => path));
  const own = result.files.filter(({ path }) => !isOfRun.has(path));
  const read = [
    ...own.map(({ path, sha256 }) => ({ path, sha256 })),
    { path: asked.data, sha256: result.data.sha256 },
  ];
  return { asked: { ...asked, read }, result: { ...result, files: own } };
}

/** A line for each file that is not what an earlier run read. */
export function changedSince(
  before: ChipAccuracyRequest['read'],
  now: ChipAccuracyRequest['read'] = [],
): string[] {
  const known = new Map(now.map(({ path, sha256 }) => [path, sha256]));
  return (before ?? [])
    .filter(({ path, sha256 }) => known.get(path) !== sha256)
    .map(({ path }) => `${path}: not what the earlier run read, and the accuracy is of what is here now`);
}
