/** One transformer encoder, and the stack of them: attention, projection, MLP, norms and residuals (ViT, arXiv 2010.11929, Fig. 1; BERT, arXiv 1810.04805). */

import { usageError } from '../base/errors.ts';
import type { GraphBuilder, Place } from './builder.ts';
import {
  ACTIVATIONS,
  type AttentionInput,
  type EncoderShape,
  type Mixed,
  matrixAt,
  opAt,
} from './encoder-shape.ts';
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
  const chain = new EncoderChain(b, reuse);
  let s = shape;
  let x = input;
  for (let i = 0; i < count; i++) {
    const left = rule?.before(b, s, i, x, chain.attending);
    if (left !== undefined) {
      x = left.id;
      s = { ...s, tokens: left.tokens, grid: undefined };
    }
    x = chain.add(s, i, x);
  }
  return { id: x, tokens: s.tokens };
}

/** What an encoder's attention made of its tokens. */
type Attending = Mixed & Pick<EncoderShape, 'tokens' | 'dim'>;

/** Encoders one after another, with what a later one takes from an earlier one. */
export class EncoderChain {
  readonly #b: GraphBuilder;
  readonly #reused: ReadonlySet<number>;
  #attending: Attending | undefined;
  /** After the projection of the last encoder. */
  #branch: { readonly id: string; readonly tokens: number; readonly dim: number } | undefined;

  constructor(b: GraphBuilder, reuse: ReusePlan) {
    this.#b = b;
    this.#reused = new Set(reuse.encoders);
  }

  /** Of the last encoder that has attention; undefined before the first. */
  get attending(): Mixed | undefined {
    return this.#attending;
  }

  /** Adds encoder `i` on the tokens `x`; gives its output. @throws TrexError (usage) for one that cannot reuse. */
  add(s: EncoderShape, i: number, x: string): string {
    const b = this.#b;
    const mixed = this.#reused.has(i) ? this.#reuse(s, i) : this.#attend(s, i, x);
    const branch = mixed.projected ? mixed.output : addProjection(b, s, i, mixed);
    this.#branch = { id: branch, tokens: s.tokens, dim: s.dim };
    return addRest(b, s, i, x, branch);
  }

  #reuse(s: EncoderShape, i: number): Mixed {
    const { tokens = 0, dim, output, width = dim } = this.#attending ?? {};
    if (output === undefined || tokens !== s.tokens || dim !== s.dim || width !== dim)
      throw usageError(
        tokens === s.tokens
          ? `encoder ${i} cannot reuse the attention output of the encoders before it: let it keep its own`
          : `encoder ${i} has ${s.tokens} tokens and cannot reuse an attention output of ${tokens}: let it keep its own`,
      );
    return { output: transformationBlock(this.#b, s, i, output) };
  }

  #attend(s: EncoderShape, i: number, x: string): Mixed {
    const b = this.#b;
    const branch = this.#branch;
    let normed: string | undefined;
    const input: AttentionInput = {
      tokens: () => (normed ??= s.norm === 'pre' ? norm(b, s, i, 'norm1', x) : x),
      previous: branch?.tokens === s.tokens && branch.dim === s.dim ? branch.id : undefined,
    };
    const mixed = addAttention(b, s, i, input);
    if (mixed.projected === undefined) this.#attending = { ...mixed, tokens: s.tokens, dim: s.dim };
    return mixed;
  }
}

/** An encoder's attention, held to the learned matrices that it declares: importers go by them. */
export function addAttention(b: GraphBuilder, s: EncoderShape, i: number, input: AttentionInput): Mixed {
  const before = b.ops.length;
  const attention = s.attention(i);
  const mixed = attention.add(b, s, i, input);
  const learned = b.ops
    .slice(before)
    .flatMap(op =>
      op.kind === 'static' || op.kind === 'grouped'
        ? op.weightId
        : 'parameters' in op && op.parameters > 0 && op.id !== opAt(i, 'norm1', 'norm1').id
          ? op.id
          : [],
    );
  const declared = attention.weights.map(name => matrixAt(s, i, name, 'qkv').weightId);
  for (const id of learned)
    if (!declared.includes(id))
      throw new Error(`attention ${attention.kind} learns ${id}, which it does not declare`);
  return mixed;
}

/** From what attention gives to tokens x dim. */
const addProjection = (
  b: GraphBuilder,
  s: EncoderShape,
  i: number,
  { output, width = s.dim }: Mixed,
): string =>
  b.linear(matrixAt(s, i, 'projection', 'projection'), output, { rows: s.tokens, in: width, out: s.dim });

/** Residual, MLP, residual: what every encoder keeps. `branch`: attention after its projection. */
function addRest(b: GraphBuilder, s: EncoderShape, i: number, input: string, branch: string): string {
  const projected = s.norm === 'res-post' ? norm(b, s, i, 'norm1', branch) : branch;
  const sum = residual(b, s, opAt(i, 'residual1', 'residual'), input, projected);
  const middle = s.norm === 'post' ? norm(b, s, i, 'norm1', sum) : sum;

  const mlpInput = s.norm === 'pre' ? norm(b, s, i, 'norm2', middle) : middle;
  const fc2 = addMlp(b, s, i, mlpInput);
  const added = s.norm === 'res-post' ? norm(b, s, i, 'norm2', fc2) : fc2;
  const output = residual(b, s, opAt(i, 'residual2', 'residual'), middle, added);
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
