/** From 8-bit samples to the numbers of an input: times a factor, less the mean, over the deviation. */
import { unknownName, usageError } from '../base/errors.ts';
import { type OpaquePixels, toGrey } from './pixels.ts';

/** Mean and standard deviation per channel of rescaled samples. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** `imagenet`: DeiT and most of timm; `half`: to -1..1, ViT from Google and its fine-tuned versions; `none`: as rescaled. */
export type NormalizationName = 'imagenet' | 'half' | 'none';

const NORMALIZATIONS: Readonly<Record<NormalizationName, Normalization>> = {
  imagenet: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  half: { mean: [0.5], std: [0.5] },
  none: { mean: [0], std: [1] },
};

/** Samples of 0..255 become 0..1. */
const TO_UNIT = 1 / 255;

/** [channels, height, width], row-major. */
export interface ImageInput {
  readonly input: Float32Array;
  readonly shape: readonly [number, number, number];
}

export interface SampleOptions {
  /** 1 or 3 (default): grey is repeated, colour becomes luma. */
  readonly channels?: number;
  /** Factor before the normalisation; default 1/255. */
  readonly rescale?: number;
  /** A name or figures; a list of one holds for every channel. Default `imagenet`, with one channel `half`. */
  readonly normalization?: NormalizationName | Normalization;
}

/** The figures of a normalisation. @throws TrexError (usage) for an unknown name, or figures that fit no channels. */
export function normalizationOf({ channels = 3, normalization }: SampleOptions): Normalization {
  if (channels !== 1 && channels !== 3) throw usageError(`channels: images have 1 or 3, got ${channels}`);
  const choice = normalization ?? (channels === 3 ? 'imagenet' : 'half');
  if (typeof choice === 'string' && !Object.hasOwn(NORMALIZATIONS, choice))
    throw unknownName('normalization', choice, Object.keys(NORMALIZATIONS));
  const { mean, std } = typeof choice === 'string' ? NORMALIZATIONS[choice] : choice;
  for (const [what, list] of [
    ['mean', mean],
    ['std', std],
  ] as const)
    if ((list.length !== 1 && list.length !== channels) || !list.every(Number.isFinite))
      throw usageError(`normalization: expected 1 or ${channels} finite numbers for ${what}, got [${list}]`);
  const bad = std.find(value => value <= 0);
  if (bad !== undefined) throw usageError(`normalization: std must be positive, got ${bad}`);
  return { mean, std };
}

/** Interleaved bytes to planes of float32, through a table of 256 values per channel. @throws TrexError (usage) */
export function normalizer(options: SampleOptions): (pixels: OpaquePixels) => ImageInput {
  const { channels = 3, rescale = TO_UNIT } = options;
  const { mean, std } = normalizationOf(options);
  if (!(rescale > 0) || rescale === Number.POSITIVE_INFINITY)
    throw usageError(`rescale: expected a number above 0, got ${rescale}`);
  const of = (list: readonly number[], c: number): number => (list.length === 1 ? list[0] : list[c]);
  const tables = Array.from({ length: channels }, (_, c) => table(rescale, of(mean, c), of(std, c)));
  return pixels => {
    const { width, height, channels: stored, data } = channels === 1 ? toGrey(pixels) : pixels;
    const plane = width * height;
    const input = new Float32Array(channels * plane);
    for (let c = 0; c < channels; c++) {
      const from = stored === 1 ? 0 : c;
      for (let i = 0; i < plane; i++) input[c * plane + i] = tables[c][data[i * stored + from]];
    }
    return { input, shape: [channels, height, width] };
  };
}

/** Each step rounded to float32, as tensors are; v * (1/255) rounds to what v / 255 does for every byte. */
function table(rescale: number, mean: number, std: number): Float32Array {
  const f = Math.fround;
  return Float32Array.from({ length: 256 }, (_, v) => f(f(f(v * rescale) - f(mean)) / f(std)));
}

/** A name, or MEAN:STD with a number for all channels or one for each. @throws TrexError (usage) */
export function parseNormalization(text: string): NormalizationName | Normalization {
  const [mean, std] = text.split(':');
  if (std === undefined) {
    normalizationOf({ normalization: text as NormalizationName });
    return text as NormalizationName;
  }
  const numbers = (list: string): number[] =>
    list.split(',').map(item => (item.trim() === '' ? Number.NaN : Number(item)));
  const found = { mean: numbers(mean), std: numbers(std) };
  if (text.split(':').length !== 2 || ![...found.mean, ...found.std].every(Number.isFinite))
    throw usageError(
      `--normalization ${text}: expected imagenet, half, none or MEAN:STD, e.g. 0.5:0.5 or 0.485,0.456,0.406:0.229,0.224,0.225`,
    );
  return found;
}

/** `none`, `1/255` or a number. @throws TrexError (usage) */
export function parseRescale(text: string): number {
  if (text === 'none') return 1;
  const [over, under = '1', more] = text.split('/');
  const value = Number(over) / Number(under);
  if (
    over.trim() === '' ||
    under.trim() === '' ||
    more !== undefined ||
    !(value > 0 && Number.isFinite(value))
  )
    throw usageError(`--rescale ${text}: expected none, 1/255 or a number above 0`);
  return value;
}

/** "x 1/255, mean 0.5, std 0.5". */
export function samplesText(options: SampleOptions): string {
  const { rescale = TO_UNIT } = options;
  const { mean, std } = normalizationOf(options);
  const factor = rescale === 1 ? 'not rescaled' : rescale === TO_UNIT ? 'x 1/255' : `x ${rescale}`;
  const plain = mean.every(m => m === 0) && std.every(s => s === 1);
  const list = (values: readonly number[]): string =>
    values.every(value => value === values[0]) ? String(values[0]) : values.join(',');
  return `${factor}, ${plain ? 'not normalised' : `mean ${list(mean)}, std ${list(std)}`}`;
}
