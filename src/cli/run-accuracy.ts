/** What `trex run --accuracy` asks for, and how it is measured; loaded with such a run alone. */
import { chipAccuracy } from '../accuracy/chip-accuracy.ts';
import { parseAdcRange } from '../accuracy/device-options.ts';
import { usageError } from '../base/errors.ts';
import { openBackend } from '../numerics/mvm/node/open-backend.ts';
import type { ChipAccuracyRequest } from '../report/chip-accuracy.ts';
import type { MeasureAccuracy } from '../run/run.ts';
import { type DataArguments, dataOf } from './io/data-flags.ts';
import type { BackendArguments } from './io/flags.ts';
import type { ProgressBars } from './io/progress-bars.ts';
import type { Sources } from './io/watch.ts';

export interface RunAccuracyArguments extends DataArguments, BackendArguments {
  readonly weights: string | undefined;
  readonly ignoreTensors: string | undefined;
  readonly accuracyImages: number;
  readonly draws: number;
  readonly calibration: number;
  readonly calibrator: string;
  readonly adcRange: string;
}

/** @throws TrexError (usage) without weights or data. */
export function accuracyRequest(args: RunAccuracyArguments): ChipAccuracyRequest {
  const {
    weights,
    data,
    ignoreTensors = null,
    accuracyImages: images,
    draws,
    calibration,
    calibrator,
  } = args;
  if (weights === undefined || data === undefined)
    throw usageError('--accuracy needs --weights and --data, e.g. --weights w.safetensors --data val');
  const adcRange = parseAdcRange(args.adcRange);
  return { weights, data, ignoreTensors, ...dataOf(args), images, draws, calibration, calibrator, adcRange };
}

export const measured = (
  args: BackendArguments,
  bars: ProgressBars,
  { files, disk }: Sources,
): MeasureAccuracy =>
  chipAccuracy({
    files,
    disk,
    backend: () => openBackend(args),
    onInputs: text => bars.say(`inputs  ${text}`),
    pause: (part, done, total) => bars.counting(part, 'inputs')(done, total),
  });
