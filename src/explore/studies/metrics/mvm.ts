/** `mvm`: one matrix on noisy crossbars, and how far its products are off, as `trex mvm --json` has it. */
import * as z from 'zod';
import { CROSSBAR_DEFAULTS } from '../../../accuracy/defaults.ts';
import { type MvmRequest, mvm } from '../../../accuracy/mvm.ts';
import { loadTechFrom } from '../../../run/load.ts';
import { type Metric, type MetricInput, textOf } from '../metric.ts';
import { backendOf, camelCased, DEVICE_OPTIONS, deviceOf, WHOLE } from '../numeric-options.ts';

const count = z.int({ error: WHOLE }).min(1, { error: WHOLE });
const MATRIX = [
  'rows',
  'cols',
  'weights',
  'tokens',
  'weight-bits',
  'input-bits',
  'signed',
  'written',
  'density',
  'trials',
];
const ARRAYS = ['cell-bits', 'array-rows', 'array-cols', 'sigma-read', 'sigma-write', 'strip'];

const spread = z.strictObject({ mean: z.number(), interval95: z.number().nullable() });

function requestOf({ words, set, options, seed }: MetricInput): MvmRequest {
  const adcBits = options.adc === undefined ? {} : { adcBits: Number(options.adc) };
  return {
    tech: textOf(words.tech) ?? CROSSBAR_DEFAULTS.tech,
    set,
    device: { ...deviceOf(options), ...camelCased(options, ARRAYS), ...adcBits },
    ...camelCased(options, MATRIX),
    seed,
  };
}

export const metric: Metric = {
  name: 'mvm',
  describe: 'the error of one matrix on noisy crossbars',
  words: ['tech'],
  needs: [],
  roots: ['tech'],
  options: {
    ...DEVICE_OPTIONS,
    rows: { schema: count },
    cols: { schema: count },
    weights: { schema: z.string(), isPath: true },
    tokens: { schema: count },
    signed: { schema: z.boolean() },
    written: { schema: z.boolean() },
    density: { schema: z.number() },
    trials: { schema: count },
    adc: { schema: count },
    'cell-bits': { schema: count },
    'array-rows': { schema: count },
    'array-cols': { schema: count },
    'sigma-read': { schema: z.number() },
    'sigma-write': { schema: z.number() },
    strip: { schema: z.union([z.literal(1), z.literal(16), z.literal(32)]) },
  },
  lacks: options =>
    options.includes('weights') || (options.includes('rows') && options.includes('cols'))
      ? undefined
      : 'mvm.rows and mvm.cols, or mvm.weights',
  isCheap: () => false,
  output: z.looseObject({
    rmse: spread,
    bias: spread,
    snr_dB: spread.nullable(),
    effectiveBits: spread.nullable(),
    signal: z.number(),
    clipped: z.strictObject({ above: z.number(), below: z.number() }),
    backend: z.unknown(),
  }),
  read({ words, set }, files) {
    loadTechFrom(files, textOf(words.tech) ?? CROSSBAR_DEFAULTS.tech, { set });
  },
  async measure(input, host) {
    const { files, disk, pause } = host;
    const result = await mvm(requestOf(input), {
      files,
      disk,
      backend: () => backendOf(host, 'mvm'),
      ...(pause !== undefined && { pause }),
    });
    const { schemaVersion: _, version, spec, noise, seed, ...figures } = result;
    return { ...figures };
  },
};
