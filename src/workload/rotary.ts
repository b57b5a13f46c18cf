/** Angles of rotary positions (Su et al., arXiv 2104.09864), with the scalings of their frequencies for longer texts. */
import * as z from 'zod';
import { cos, pow, sin } from '../base/math.ts';

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
  return Float32Array.from({ length: half }, (_, i) => {
    const power = Math.fround(pow(theta, Math.fround(i / half)));
    return scaled(Math.fround(1 / power), scaling);
  });
}

/** huggingface/transformers modeling_rope_utils.py, _compute_linear_scaling_rope_parameters and _compute_llama3_parameters. */
function scaled(frequency: number, scaling: RotaryOptions['scaling']): number {
  if (scaling === undefined) return frequency;
  if (scaling.kind === 'linear') return frequency / scaling.factor;
  const { factor, lowFactor, highFactor, original } = scaling;
  const turns = (original * frequency) / (2 * Math.PI);
  if (turns < lowFactor) return frequency / factor;
  if (turns > highFactor) return frequency;
  const smooth = (turns - lowFactor) / (highFactor - lowFactor);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
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
  return { cos: angles.map(cos), sin: angles.map(sin) };
}
