/** The accuracy of a checkpoint on the chip that a run is of: crossbars, precision, network and reuse are the chip's, and said once. */
import { usageError } from '../base/errors.ts';
import type { ChipAccuracyRequest } from '../report/chip-accuracy.ts';
import type { MeasureAccuracy } from '../run/run.ts';
import { type AccuracyHooks, accuracy } from './accuracy.ts';
import { ACCURACY_DEFAULTS, type AccuracyOptions, accuracyOptions } from './accuracy-options.ts';
import { checkedAdcRange } from './device-options.ts';

/** Where weights and data are, and what multiplies; the files of the chip are those of the run. */
export type ChipAccuracyHooks = Omit<AccuracyHooks, 'chip' | 'backend'> & {
  /** Opened for the accuracy, and disposed of. */
  readonly backend: () => Promise<AccuracyHooks['backend']>;
};

/**
 * The hook `accuracy` of `run()`: `accuracy()` for weights of the run's network on its chip.
 * @example await run({ arch: 'trex', model, accuracy: { weights, data } }, { files, accuracy: chipAccuracy({ files, disk, backend }) });
 * @throws TrexError when it is called: operands that are not computed here (2), weights that are not those of the network (3), else as `accuracy()`.
 */
export function chipAccuracy(hooks: ChipAccuracyHooks): MeasureAccuracy {
  return async (request, { options, arch, network }) => {
    const { reuse, seed, set } = options;
    const { name, precision, techName: tech } = arch.arch;
    const { weights: weightBits, inputs: inputBits } = precision;
    for (const [key, bits] of Object.entries({ weights: weightBits, inputs: inputBits }))
      if (bits < 2 || bits > 8)
        throw usageError(
          `accuracy on ${name}: precision.${key} is ${bits} bit; networks are computed in 2 to 8, e.g. --set precision.${key}=8`,
        );
    const { weights, adcRange = 'layer', read: _read, ...rest } = request;
    const device = { adcRange: checkedAdcRange(adcRange) };
    const ofTech = set.filter(text => /^\s*tech\./.test(text));
    const chip = { modelName: options.model, reuse, seed, weightBits, inputBits, tech, set: ofTech, device };
    const asked = accuracyOptions({ ...ACCURACY_DEFAULTS, ...rest, model: weights, ...chip });
    const backend = await hooks.backend();
    try {
      const result = await accuracy(asked, { ...hooks, backend, chip: { arch, network } });
      return { asked: ownOf(asked), result };
    } finally {
      await backend.dispose();
    }
  };
}

/** What no chip says, with every default. */
function ownOf(options: AccuracyOptions): ChipAccuracyRequest {
  const { model: weights, data, ignoreTensors, split, classes, vocabulary, preprocessing } = options;
  const { resize, crop, filter, rescale, normalization } = options;
  const { lowerCase, stripAccents, tokenizeChineseChars, neverSplit } = options;
  const { images, skipBad, calibration, calibrator, layers, snrImages, draws, device } = options;
  const pixels = { resize, crop, filter, rescale, normalization };
  const letters = { lowerCase, stripAccents, tokenizeChineseChars, neverSplit };
  const inputs = { data, split, classes, vocabulary, preprocessing, ...pixels, ...letters, images, skipBad };
  const { adcRange = 'layer' } = device;
  return { weights, ignoreTensors, ...inputs, calibration, calibrator, layers, snrImages, draws, adcRange };
}
