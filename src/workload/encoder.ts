/** One transformer encoder, and the stack of them: attention, projection, MLP, norms and residuals (ViT, arXiv 2010.11929, Fig. 1; BERT, arXiv 1810.04805). */

import { usageError } from '../base/errors.ts';
import type { GraphBuilder, Place } from './builder.ts';
import { ACTIVATIONS, type EncoderShape, type Mixed, matrixAt, opAt } from './encoder-shape.ts';
import type { ReusePlan } from './reuse.ts';
import type { TokenRule, Tokens } from './token-rule.ts';
import { transformationBlock } from './transformation-block.ts';

/** A stack of encoders: how many, after which op, which of them reuse, and who takes tokens out (absent: nobody). */
export interface EncoderStack {
  readonly count: number;
  readonly input: string;
  readonly reuse: ReusePlan;
  readonly rule?: TokenRule | undefined;
}

/**
 * Adds `count` encoders after `input`; gives the last one's output (tokens x dim). A reuse encoder takes the attention
 * output of the last earlier encoder that still has attention.
 * @throws TrexError (usage) where `rule` takes tokens out between the two.
 */
export function addEncoders(
  b: GraphBuilder,
  shape: EncoderShape,
  { count, input, reuse, rule }: EncoderStack,
): Tokens {
  const reused = new Set(reuse.encoders);
  let s = shape;
  let x = input;
  let attending: (Mixed & { tokens: number }) | undefined;
  for (let i = 0; i < count; i++) {
    const left = rule?.before(b, s, i, x, attending);
    if (left !== undefined) {
      x = left.id;
      s = { ...s, tokens: left.tokens };
    }
    let mixed: string;
    if (reused.has(i)) {
      if (attending?.tokens !== s.tokens)
        throw usageError(
          `encoder ${i} has ${s.tokens} tokens and cannot reuse an attention output of ${attending?.tokens ?? 0}: let it keep its own`,
        );
      mixed = transformationBlock(b, s, i, attending.output);
    } else {
      const normed = s.norm === 'pre' ? norm(b, s, i, 'norm1', x) : x;
      attending = { ...addAttention(b, s, i, normed), tokens: s.tokens };
      mixed = attending.output;
    }
    x = addRest(b, s, i, x, mixed);
  }
  return { id: x, tokens: s.tokens };
}

/** The encoder's attention, held to the learned matrices that it declares: importers go by them. */
function addAttention(b: GraphBuilder, s: EncoderShape, i: number, input: string): Mixed {
  const before = b.ops.length;
  const mixed = s.attention.add(b, s, i, input);
  const learned = b.ops
    .slice(before)
    .flatMap(op =>
      op.kind === 'static' ? op.weightId : 'parameters' in op && op.parameters > 0 ? op.id : [],
    );
  const declared = s.attention.weights.map(name => matrixAt(s, i, name, 'qkv').weightId);
  for (const id of learned)
    if (!declared.includes(id))
      throw new Error(`attention ${s.attention.kind} learns ${id}, which it does not declare`);
  return mixed;
}

/** Projection, residual, MLP, residual: what every encoder keeps. */
function addRest(b: GraphBuilder, s: EncoderShape, i: number, input: string, mixed: string): string {
  const { tokens, dim } = s;
  const projection = b.linear(matrixAt(s, i, 'projection', 'projection'), mixed, {
    rows: tokens,
    in: dim,
    out: dim,
  });
  const projected = s.norm === 'res-post' ? norm(b, s, i, 'norm1', projection) : projection;
  const sum = residual(b, s, opAt(i, 'residual1', 'residual'), input, projected);
  const middle = s.norm === 'post' ? norm(b, s, i, 'norm1', sum) : sum;

  const mlpInput = s.norm === 'pre' ? norm(b, s, i, 'norm2', middle) : middle;
  const fc2 = addMlp(b, s, i, mlpInput);
  const branch = s.norm === 'res-post' ? norm(b, s, i, 'norm2', fc2) : fc2;
  const output = residual(b, s, opAt(i, 'residual2', 'residual'), middle, branch);
  return s.norm === 'post' ? norm(b, s, i, 'norm2', output) : output;
}

/** Two layers with the activation between them, and the gate where there is one. */
function addMlp(b: GraphBuilder, s: EncoderShape, i: number, input: string): string {
  const { tokens, dim, hidden } = s;
  const fc1 = b.linear(matrixAt(s, i, 'fc1', 'mlp'), input, { rows: tokens, in: dim, out: hidden });
  const { fn, options } = ACTIVATIONS[s.activation];
  const shape = { rows: tokens, rowLength: hidden };
  let active = b.vector(opAt(i, fn, 'gelu'), fn, [fc1], { ...shape, ...options });
  if (s.gatedMlp) {
    const value = b.linear(matrixAt(s, i, 'fc1Value', 'mlp'), input, { rows: tokens, in: dim, out: hidden });
    active = b.vector(opAt(i, 'gate', 'gelu'), 'multiply', [active, value], shape);
  }
  return b.linear(matrixAt(s, i, 'fc2', 'mlp'), active, { rows: tokens, in: hidden, out: dim });
}

const norm = (b: GraphBuilder, s: EncoderShape, i: number, stage: 'norm1' | 'norm2', input: string): string =>
  b.layerNorm(opAt(i, stage, stage), input, s.tokens, s.dim, s.normEps);

/** x + the branch's output. */
const residual = (b: GraphBuilder, s: EncoderShape, place: Place, x: string, branch: string): string => {
  const shape = { rows: s.tokens, rowLength: s.dim };
  return b.vector(
    place,
    'add',
    [x, branch],
    s.branchScale === 1 ? shape : { ...shape, scale: s.branchScale },
  );
};
