/** All chips brought to one error: measured as `trex mvm` and `trex accuracy` measure it, on the devices that are then compared. */
import type { AccuracyRequest } from '../../accuracy/accuracy-options.ts';
import { chipAccuracy } from '../../accuracy/chip-accuracy.ts';
import type { AdcRange } from '../../accuracy/device.ts';
import type { LoadedArch } from '../../arch/load.ts';
import type { Files } from '../../arch/source-files.ts';
import { TrexError, usageError } from '../../base/errors.ts';
import type { DataFiles } from '../../data/data-files.ts';
import type { MvmBackend } from '../../numerics/mvm/backend.ts';
import type { AccuracyResult } from '../../report/accuracy-result.ts';
import type { IsoRow, IsoTarget } from '../../report/comparison.ts';
import type { LoadedModel } from '../../run/load.ts';
import { withEncoding } from '../../tech/device-encoding.ts';
import type { EncodingName } from '../../tech/encodings.ts';
import type { Graph } from '../../workload/graph.ts';
import { type Shortfall, type Tuning, targetText, tune } from './equal-error.ts';
import { productSnr } from './products.ts';
import type { Reloadable, Subject, Subjects } from './subjects.ts';

/** Weights and labelled data of the compared network, and how many of them are looked at: options of `accuracy()`. */
export type TrainedNetwork = Pick<AccuracyRequest, 'model' | 'data'> &
  Partial<
    Pick<
      AccuracyRequest,
      | ('split' | 'classes' | 'vocabulary' | 'images' | 'calibration' | 'calibrator' | 'draws')
      | ('preprocessing' | 'resize' | 'crop' | 'filter' | 'rescale' | 'normalization')
      | ('lowerCase' | 'stripAccents' | 'tokenizeChineseChars' | 'neverSplit')
    >
  >;

/** The options of a comparison that an error depends on. */
export interface TargetOptions {
  readonly target: IsoTarget;
  readonly trained: TrainedNetwork | null;
  readonly model: string;
  readonly reuse: string;
  readonly set: readonly string[];
  readonly trials: number;
  readonly encoding: EncodingName | null;
  readonly adcRange: AdcRange;
  readonly seed: number;
}

/** What is needed to measure an error. */
export interface TargetHooks {
  readonly files: Files;
  readonly disk?: DataFiles;
  readonly backend?: () => Promise<MvmBackend>;
  readonly onSubject?: (name: string) => void;
  /** What is done to the inputs of an accuracy, in a line. */
  readonly onInputs?: (text: string) => void;
  /** As in a comparison. */
  pause?(done: number, total: number): Promise<void> | void;
}

/** The chips with their settings, and of an accuracy what was measured on each. */
interface AtTarget {
  readonly subjects: readonly Subject[];
  readonly row: IsoRow;
  readonly accuracies: readonly AccuracyResult[] | undefined;
}

/** The chips with the settings that reach the target. @throws TrexError: no way to measure it (2), chips that do not reach it (1). */
export async function atTarget(
  { subjects }: Subjects,
  options: TargetOptions,
  { graph, network }: { readonly graph: Graph; readonly network: LoadedModel },
  hooks: TargetHooks,
): Promise<AtTarget> {
  checkOptions(options, hooks);
  const { target } = options;
  const backend = await hooks.backend!();
  try {
    const found: (Tuning | Shortfall)[] = [];
    const limits = new WeakMap<LoadedArch, string>();
    const measured = new WeakMap<LoadedArch, AccuracyResult>();
    for (const [i, subject] of subjects.entries()) {
      const pause = async (): Promise<void> => hooks.pause?.(i, subjects.length);
      hooks.onSubject?.(`${subject.name}, ${target.name}`);
      const measure =
        target.name === 'snr'
          ? async (loaded: LoadedArch) => {
              const { value, worse } = await snrOf(loaded, options, graph, { backend, pause });
              limits.set(loaded, worse);
              return value;
            }
          : async (loaded: LoadedArch) => {
              const result = await accuracyOf({ loaded, network }, options, { ...hooks, pause });
              measured.set(loaded, result);
              return result.points[0].top1.mean;
            };
      found.push(await tune({ load: set => subject.load(set), measure }, target.value));
    }
    const short = found.flatMap((f, i) =>
      'best' in f ? [shortText(subjects[i], f, target, limits.get(f.best.loaded))] : [],
    );
    if (short.length > 0) throw new TrexError(short.join('\n'));
    const tuned = found as Tuning[];
    const each = tuned.map(
      (tuning, i) => `${subjects[i].name} ${targetText(target, tuning.value)} with ${settingsText(tuning)}`,
    );
    return {
      subjects: subjects.map(({ name }, i) => ({ name, loaded: tuned[i].loaded })),
      accuracies: target.name === 'snr' ? undefined : tuned.map(({ loaded }) => measured.get(loaded)!),
      row: {
        name: target.name,
        equal: true,
        allowed: false,
        text: `at least ${targetText(target, target.value)}: ${each.join('; ')}`,
      },
    };
  } finally {
    await backend.dispose();
  }
}

function checkOptions({ target, trained, trials }: TargetOptions, { backend, disk }: TargetHooks): void {
  if (backend === undefined) throw usageError(`--iso ${target.name}: no back end measures it`);
  if (target.name === 'snr') {
    if (trials === 0) throw usageError('--iso snr: --trials 0 measures none');
    return;
  }
  if (trained === null || disk === undefined)
    throw usageError(
      '--iso accuracy: needs a trained network and data: --weights w.safetensors --data d (as trex accuracy)',
    );
}

/** The worse of both kinds of products, in dB, and which it is; exact ones are without limit. */
async function snrOf(
  { arch }: LoadedArch,
  { trials, seed, adcRange, encoding }: TargetOptions,
  graph: Graph,
  { backend, pause }: { readonly backend: MvmBackend; readonly pause: () => Promise<void> },
): Promise<{ readonly value: number; readonly worse: string }> {
  const { precision } = arch;
  const devices = withEncoding(arch.devices, encoding ?? undefined);
  const product = { trials, seed, adcRange, pause };
  const snr = await productSnr({ devices, precision }, graph, backend, product);
  if (snr === undefined) throw usageError('--iso snr: operands of more than 8 bits are not measured');
  const known = snr.static_dB ?? Number.POSITIVE_INFINITY;
  const written = snr.dynamic_dB ?? Number.POSITIVE_INFINITY;
  return known <= written ? { value: known, worse: 'known weights' } : { value: written, worse: 'K^T and V' };
}

/** Of the trained network on the crossbars of a chip. */
export async function accuracyOf(
  { loaded, network }: { readonly loaded: LoadedArch; readonly network: LoadedModel },
  { trained, model, reuse, set, encoding, adcRange, seed }: Omit<TargetOptions, 'target'>,
  { files, disk, backend, onInputs, pause }: TargetHooks,
): Promise<AccuracyResult> {
  if (trained === null || disk === undefined || backend === undefined)
    throw usageError('an accuracy needs a trained network, its data and a back end');
  const devices = withEncoding(loaded.arch.devices, encoding ?? undefined);
  const arch: LoadedArch = { ...loaded, arch: { ...loaded.arch, devices } };
  const { model: weights, ...inputs } = trained;
  const measure = chipAccuracy({
    files,
    disk,
    backend,
    onInputs,
    pause: async (_part, done, total) => pause?.(done, total),
  });
  const chip = { options: { model, reuse, seed, set }, arch, network };
  return (await measure({ weights, ...inputs, adcRange, snrImages: 0 }, chip)).result;
}

const settingsText = ({ set }: Tuning): string =>
  set.length === 0 ? 'its own settings' : set.map(text => text.replace(/^tech\./, '')).join(', ');

function shortText(
  { name }: Reloadable,
  { best, reason }: Shortfall,
  target: IsoTarget,
  worse: string | undefined,
): string {
  const missing = targetText(target, target.value - best.value).replace(' %', ' points');
  const why = reason === undefined ? '' : ` (${reason})`;
  const of = worse === undefined ? '' : ` for ${worse}`;
  return `${name} reaches ${targetText(target, best.value)}${of} at most, with ${settingsText(best)}: ${missing} short of ${targetText(target, target.value)}${why}`;
}
