/** Angles of rotary positions (Su et al., arXiv 2104.09864), with the scalings of their frequencies for longer texts. */
import * as z from 'zod';
import { cos, log2, pow, sin } from '../base/math.ts';

const scalingField = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('linear').describe('Positions are divided by the factor (arXiv 2306.15595)'),
      factor: z.number().positive().describe('How many times longer texts are'),
    }),
    z.strictObject({
      kind: z
        .literal('llama3')
        .describe('Slow frequencies are divided by the factor, fast ones stay (Llama 3.1, arXiv 2407.21783)'),
      factor: z.number().positive().describe('How many times longer texts are'),
      lowFactor: z
        .number()
        .positive()
        .describe('Turns within the original text below which a frequency is slow'),
      highFactor: z.number().positive().describe('Turns above which it is fast'),
      original: z.int().positive().describe('Longest text before, tokens'),
    }),
    z.strictObject({
      kind: z
        .literal('yarn')
        .describe('As llama3, but by the place of a frequency between two others (YaRN, arXiv 2309.00071)'),
      factor: z.number().positive().describe('How many times longer texts are'),
      betaFast: z
        .number()
        .positive()
        .default(32)
        .describe('Turns within the original text above which a frequency stays'),
      betaSlow: z.number().positive().default(1).describe('Turns below which it is divided by the factor'),
      truncate: z.boolean().default(true).describe('Both places are rounded outwards'),
      gain: z.number().positive().default(1).describe('How many times Q and K count, each'),
      original: z.int().positive().describe('Longest text before, tokens'),
    }),
  ])
  .optional();

export const rotaryField = z
  .strictObject({
    theta: z.number().gt(1).default(10_000).describe('Base of the frequencies'),
    scaling: scalingField.describe('What becomes of the frequencies for longer texts; absent: nothing'),
  })
  .optional()
  .describe(
    'Q and K of each head are turned by their position, first half with second half; absent: they are not',
  );

/** As a model file says it. */
export type RotaryOptions = Readonly<NonNullable<z.output<typeof rotaryField>>>;

/** Rotary positions of the rows of an op. */
export interface Rotary extends RotaryOptions {
  /** Position of the first row, from 0. */
  readonly first: number;
}

/** Radians a token of each of `half` pairs of values, in float32 as the reference implementations have them. */
export function frequencies({ theta, scaling }: RotaryOptions, half: number): Float32Array {
  if (scaling?.kind === 'yarn') return yarnFrequencies(theta, scaling, half);
  return Float32Array.from({ length: half }, (_, i) => {
    const power = Math.fround(pow(theta, Math.fround(i / half)));
    return scaled(Math.fround(1 / power), scaling);
  });
}

/** huggingface/transformers modeling_rope_utils.py, _compute_linear_scaling_rope_parameters and _compute_llama3_parameters. */
function scaled(frequency: number, scaling: RotaryOptions['scaling']): number {
  if (scaling === undefined || scaling.kind === 'yarn') return frequency;
  if (scaling.kind === 'linear') return frequency / scaling.factor;
  const { factor, lowFactor, highFactor, original } = scaling;
  const turns = (original * frequency) / (2 * Math.PI);
  if (turns < lowFactor) return frequency / factor;
  if (turns > highFactor) return frequency;
  const smooth = (turns - lowFactor) / (highFactor - lowFactor);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}

type Yarn = Extract<NonNullable<RotaryOptions['scaling']>, { readonly kind: 'yarn' }>;

/** The same file, _compute_yarn_parameters. */
function yarnFrequencies(
  theta: number,
  { factor, betaFast, betaSlow, truncate, original }: Yarn,
  half: number,
): Float32Array {
  const place = (turns: number): number => (half * log2(original / (turns * 2 * Math.PI))) / log2(theta);
  const ends = [place(betaFast), place(betaSlow)];
  const low = Math.max(0, truncate ? Math.floor(ends[0]) : ends[0]);
  const high = Math.min(2 * half - 1, truncate ? Math.ceil(ends[1]) : ends[1]);
  const width = low === high ? 0.001 : high - low;
  return Float32Array.from({ length: half }, (_, i) => {
    const frequency = 1 / pow(theta, i / half);
    const slow = Math.min(1, Math.max(0, (i - low) / width));
    return (slow * frequency) / factor + (1 - slow) * frequency;
  });
}

/** Cosines and sines of `rows` rows by `half` pairs, row-major. */
export interface Angles {
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** Of rows from position `first` on. */
export function anglesOf(rotary: Rotary, rows: number, half: number): Angles {
  const each = frequencies(rotary, half);
  const angles = Float32Array.from(
    { length: rows * half },
    (_, at) => (rotary.first + Math.floor(at / half)) * each[at % half],
  );
  const gain = rotary.scaling?.kind === 'yarn' ? rotary.scaling.gain : 1;
  return { cos: angles.map(angle => gain * cos(angle)), sin: angles.map(angle => gain * sin(angle)) };
}
