/** `accuracy`: a trained network on labelled data, exact and on noisy crossbars, as `trex accuracy --json` has it. */
import * as z from 'zod';
import { accuracy } from '../../../accuracy/accuracy.ts';
import type { AccuracyRequest } from '../../../accuracy/accuracy-options.ts';
import { CROSSBAR_DEFAULTS } from '../../../accuracy/defaults.ts';
import { usageError } from '../../../base/errors.ts';
import { loadModelFrom, loadTechFrom } from '../../../run/load.ts';
import { type Metric, type MetricInput, textOf } from '../metric.ts';
import { backendOf, camelCased, DEVICE_OPTIONS, deviceOf, WHOLE } from '../numeric-options.ts';

const text = { schema: z.string() };
const path = { schema: z.string(), isPath: true };
const count = { schema: z.int({ error: WHOLE }).min(1, { error: WHOLE }) };
const choice = { schema: z.boolean() };

/** The words of `trex accuracy`; what prepares inputs among them. */
const REQUEST = {
  model: path,
  config: path,
  'model-name': text,
  heads: count,
  'ignore-tensors': text,
  'image-size': text,
  data: path,
  split: { schema: z.enum(['test', 'train']) },
  classes: text,
  vocabulary: path,
  preprocessing: path,
  resize: text,
  crop: text,
  filter: text,
  rescale: text,
  normalization: text,
  'lower-case': choice,
  'strip-accents': choice,
  'tokenize-chinese-chars': choice,
  'never-split': text,
  images: count,
  'skip-bad': choice,
  calibration: count,
  calibrator: text,
  draws: count,
} as const;

const scores = z.looseObject({
  top1: z.number(),
  top5: z.number().nullable(),
  loss: z.number(),
  matthews: z.number().nullable(),
});
const spread = z.strictObject({ mean: z.number(), interval95: z.number().nullable() });
const spreads = z.looseObject({
  top1: spread,
  top5: spread.nullable(),
  loss: spread,
  matthews: spread.nullable(),
});

function requestOf({ words, set, options, seed }: MetricInput): AccuracyRequest {
  const [model, data] = [textOf(options.model), textOf(options.data)];
  if (model === undefined || data === undefined)
    throw usageError('accuracy needs accuracy.model (weights) and accuracy.data');
  return {
    ...camelCased(options, [...Object.keys(REQUEST), 'weight-bits', 'input-bits']),
    model,
    data,
    reuse: textOf(words.reuse) ?? 'none',
    tech: textOf(words.tech) ?? CROSSBAR_DEFAULTS.tech,
    set,
    device: {
      ...deviceOf(options),
      ...(options.adc !== undefined && { adcBits: Number(options.adc) }),
    },
    snrImages: 0,
    seed,
  };
}

export const metric: Metric = {
  name: 'accuracy',
  describe: 'a trained network on labelled data: float32, integers and noisy crossbars',
  words: ['tech', 'reuse'],
  needs: [],
  roots: ['tech'],
  options: { ...DEVICE_OPTIONS, ...REQUEST, adc: count },
  lacks: options =>
    options.includes('model') && options.includes('data')
      ? undefined
      : 'accuracy.model (weights) and accuracy.data',
  isCheap: () => false,
  output: z.looseObject({ float32: scores, int8: scores, analog: spreads }),
  read({ words, set, options }, files) {
    const name = textOf(options['model-name']);
    if (name !== undefined) loadModelFrom(files, name);
    loadTechFrom(files, textOf(words.tech) ?? CROSSBAR_DEFAULTS.tech, { set });
  },
  async measure(input, host) {
    const { files, disk, pause } = host;
    if (disk === undefined) throw usageError('accuracy: there is no disk to read weights and data from');
    const backend = await backendOf(host, 'accuracy');
    try {
      const result = await accuracy(requestOf(input), { files, disk, backend, ...(pause && { pause }) });
      const { model, reuse, tech, assumed, data, float32, int8, points, warnings } = result;
      const { value: _, draws, snr_dB, ...analog } = points[0];
      return { model, reuse, tech, assumed, data, float32, int8, analog, backend: result.backend, warnings };
    } finally {
      await backend.dispose();
    }
  },
};
