/** What a technology file may say of cells, lines and converters that are not ideal: the block of each term of `noise/`. */
import type * as z from 'zod';
import { block } from '../base/fields.ts';
import { NOISE_TERMS } from './noise/all.ts';
import { TERMS } from './noise-model.ts';

type Terms = typeof NOISE_TERMS;
type Shape = { [B in keyof Terms]: z.ZodOptional<Terms[B]['schema']> };

/** Absent terms are ideal. In the order in which they act. */
export const noiseSchema = block(
  Object.fromEntries(TERMS.map(([name]) => [name, NOISE_TERMS[name].schema.optional()])) as Shape,
).meta({ description: 'what is not ideal, for functional runs; absent terms are ideal' });
