/** What an attention variant declares: its field of the model file, its learned matrices, its ops. One file each in attention/. */
import type * as z from 'zod';
import type { GraphBuilder } from './builder.ts';
import type { AttentionInput, AttentionPlace, EncoderShape, Mixed } from './encoder-shape.ts';

export interface AttentionVariant<Kind extends string = string, Schema extends z.ZodType = z.ZodType> {
  /** `attention.kind` in a model file. */
  readonly kind: Kind;
  /** The model file's field, `kind` included. */
  readonly schema: Schema;
  /** Learned matrices, by their names within an encoder: what importers look for. */
  readonly weights: readonly string[];
  /** TReX's closed form, which knows Q, K, V, QK^T, the softmax units and SV, describes it. */
  readonly closedForm: boolean;
  /** Why encoder `i` cannot have it, in words; undefined where it can. Absent: every encoder can. */
  check?(place: AttentionPlace, i: number, options: z.output<Schema>): string | undefined;
  /** Adds its ops to encoder `i`; undefined: that encoder has no attention branch. */
  add(
    b: GraphBuilder,
    shape: EncoderShape,
    i: number,
    input: AttentionInput,
    options: z.output<Schema>,
  ): Mixed | undefined;
}
