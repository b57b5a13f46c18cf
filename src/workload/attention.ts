/** Which attention a model file chooses, among the variants of attention/. */
import * as z from 'zod';
import { unknownName } from '../base/errors.ts';
import { ATTENTION } from './attention/all.ts';
import type { AttentionVariant } from './attention-variant.ts';
import type { Attention, AttentionPlace } from './encoder-shape.ts';

const [first, ...others] = ATTENTION;

/** The model file's field; without it, attention is softmax attention. */
export const attentionField = z
  .discriminatedUnion('kind', [first.schema, ...others.map(variant => variant.schema)])
  .optional()
  .describe('How tokens are mixed; absent: { kind: softmax }');

/** Exceptions: other attention in some encoders. */
export const attentionExceptionsField = z
  .array(
    z.strictObject({
      encoders: z.array(z.int().nonnegative()).min(1).describe('Encoders, 0-based'),
      attention: z.discriminatedUnion('kind', [first.schema, ...others.map(variant => variant.schema)]),
    }),
  )
  .optional()
  .describe('Encoders whose tokens are mixed in another way than `attention` says');

/** How tokens are mixed, as a model file says it. */
export type AttentionOptions = NonNullable<z.output<typeof attentionField>>;

const DEFAULT: AttentionOptions = { kind: 'softmax' };

const variants: readonly AttentionVariant[] = ATTENTION;

function variantOf({ kind }: AttentionOptions): AttentionVariant {
  const variant = variants.find(v => v.kind === kind);
  if (variant === undefined)
    throw unknownName(
      'attention',
      kind,
      variants.map(v => v.kind),
    );
  return variant;
}

/** A variant with its options, ready for encoders. */
export const attentionOf = (options: AttentionOptions = DEFAULT): Attention =>
  bind(variantOf(options), options);

/** The same for a variant that stands in no model file. */
export const bind = (variant: AttentionVariant, options: unknown): Attention => ({
  kind: variant.kind,
  weights: variant.weights,
  check: (place, i) => variant.check?.(place, i, options),
  add: (b, shape, i, input) => variant.add(b, shape, i, input, options),
});

/** TReX's closed form describes it. */
export const hasClosedForm = (options: AttentionOptions = DEFAULT): boolean => variantOf(options).closedForm;

export type AttentionExceptions = NonNullable<z.output<typeof attentionExceptionsField>>;

/** The attention of each encoder: the exceptions first. */
export function attentionOfEncoders(
  options: AttentionOptions | undefined,
  exceptions: AttentionExceptions = [],
): (i: number) => Attention {
  const usual = attentionOf(options);
  const other = new Map(
    exceptions.flatMap(({ encoders, attention }) => {
      const own = attentionOf(attention);
      return encoders.map(encoder => [encoder, own] as const);
    }),
  );
  return i => other.get(i) ?? usual;
}

/** An issue for each encoder that cannot have the attention that the model file gives it. */
export function checkAttention(
  m: {
    readonly encoders: number;
    readonly attention?: AttentionOptions | undefined;
    readonly attentionExceptions?: AttentionExceptions | undefined;
  },
  place: AttentionPlace,
  ctx: z.RefinementCtx,
): void {
  const of = attentionOfEncoders(m.attention, m.attentionExceptions);
  for (let i = 0; i < m.encoders; i++) {
    const message = of(i).check(place, i);
    if (message === undefined) continue;
    const exception = m.attentionExceptions?.findIndex(({ encoders }) => encoders.includes(i)) ?? -1;
    const path = exception < 0 ? ['attention'] : ['attentionExceptions', exception, 'attention'];
    ctx.addIssue({ code: 'custom', path, message: `encoder ${i}: ${message}` });
    return;
  }
}

/** Learned matrices of attention by all variants, by their names within an encoder. */
export const attentionWeights: readonly string[] = [...new Set(variants.flatMap(v => v.weights))];
