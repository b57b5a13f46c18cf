/** One transformer encoder, and the stack of them: attention, projection, MLP, norms and residuals (ViT, arXiv 2010.11929, Fig. 1; BERT, arXiv 1810.04805). */

import { usageError } from '../base/errors.ts';
import type { GraphBuilder, Place } from './builder.ts';
import { addMlp } from './encoder-mlp.ts';
import { addNorm } from './encoder-norm.ts';
import { type AttentionInput, type EncoderShape, type Mixed, matrixAt, opAt } from './encoder-shape.ts';
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
    const left = rule?.before?.(b, s, i, x, chain.attending);
    if (left !== undefined) {
      x = left.id;
      s = fewer(s, left);
    }
    const y = chain.add(s, i, x, rule);
    x = y.id;
    if (y.tokens !== s.tokens) s = fewer(s, y);
  }
  return { id: x, tokens: s.tokens };
}

/** The encoder on the tokens that are left, which are no whole image any more. */
const fewer = (s: EncoderShape, { tokens }: Tokens): EncoderShape => ({ ...s, tokens, grid: undefined });

/** The attention of encoders that have none. */
const NONE = 'none';

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
  get attending(): Attending | undefined {
    return this.#attending;
  }

  /**
   * Adds encoder `i` on the tokens `x`; gives its output, on which `rule` may leave fewer tokens. @throws TrexError (usage) for
   * one that cannot reuse.
   */
  add(s: EncoderShape, i: number, x: string, rule?: TokenRule): Tokens {
    const b = this.#b;
    if (s.attention(i).kind !== NONE && this.#source(s) !== undefined) b.able.push(i);
    const mixed = this.#reused.has(i) ? this.#reuse(s, i) : this.#attend(s, i, x);
    const middle = addMiddle(b, s, i, x, mixed && this.#project(s, i, mixed));
    const left = rule?.within?.(b, s, i, middle, this.#attending);
    const { id, tokens } = left ?? { id: middle, tokens: s.tokens };
    return { id: addMlpBranch(b, left === undefined ? s : fewer(s, left), i, id), tokens };
  }

  /** Attention as it is added: tokens x dim. */
  #project(s: EncoderShape, i: number, mixed: Mixed): string {
    const id = mixed.projected ? mixed.output : addProjection(this.#b, s, i, mixed);
    this.#branch = { id, tokens: s.tokens, dim: s.dim };
    return id;
  }

  /** What an encoder of shape `s` can take over: as many tokens, as wide. */
  #source(s: EncoderShape): string | undefined {
    const { tokens, dim, output, width = dim } = this.#attending ?? {};
    return tokens === s.tokens && dim === s.dim && width === dim ? output : undefined;
  }

  #reuse(s: EncoderShape, i: number): Mixed {
    if (s.attention(i).kind === NONE)
      throw usageError(`encoder ${i} has no attention, so it can reuse none: leave it out`);
    const output = this.#source(s);
    if (output === undefined) {
      const tokens = this.#attending?.tokens ?? 0;
      throw usageError(
        tokens === s.tokens
          ? `encoder ${i} cannot reuse the attention output of the encoders before it: let it keep its own`
          : `encoder ${i} has ${s.tokens} tokens and cannot reuse an attention output of ${tokens}: let it keep its own`,
      );
    }
    return { output: transformationBlock(this.#b, s, i, output) };
  }

  #attend(s: EncoderShape, i: number, x: string): Mixed | undefined {
    const b = this.#b;
    const branch = this.#branch;
    let normed: string | undefined;
    const input: AttentionInput = {
      tokens: () => (normed ??= s.norm === 'pre' || s.norm === 'pre-sum' ? norm(b, s, i, 'norm1', x) : x),
      previous: branch?.tokens === s.tokens && branch.dim === s.dim ? branch.id : undefined,
    };
    const mixed = addAttention(b, s, i, input);
    if (mixed !== undefined && mixed.projected === undefined)
      this.#attending = { ...mixed, tokens: s.tokens, dim: s.dim };
    return mixed;
  }
}

/** An encoder's attention, held to the learned matrices that it declares: importers go by them. */
export function addAttention(
  b: GraphBuilder,
  s: EncoderShape,
  i: number,
  input: AttentionInput,
): Mixed | undefined {
  const before = b.ops.length;
  const attention = s.attention(i);
  const problem = attention.check(s, i);
  if (problem !== undefined) throw usageError(`encoder ${i}: ${problem}`);
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
  // Encoders on shared weights may have matrices of their own beside them; experts have parts of a matrix's name.
  const declared = attention.weights.flatMap(name => [
    matrixAt(s, i, name, 'qkv').weightId,
    opAt(i, name, 'qkv').id,
  ]);
  for (const id of learned)
    if (!declared.some(name => id === name || id.startsWith(`${name}.`)))
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
  b.linear(matrixAt(s, i, 'projection', 'projection'), output, {
    rows: s.tokens,
    in: width,
    out: s.dim,
    bias: s.projectionBias ?? true,
  });

/** From the encoder's input to what its MLP branch starts from. `branch`: attention after its projection; absent: none. */
function addMiddle(b: GraphBuilder, s: EncoderShape, i: number, input: string, branch?: string): string {
  if (branch === undefined) return behindSum(b, s, i, input);
  const projected = s.norm === 'res-post' ? norm(b, s, i, 'norm1', branch) : branch;
  const sum = residual(b, s, opAt(i, 'residual1', 'residual'), input, projected);
  return behindSum(b, s, i, sum);
}

function behindSum(b: GraphBuilder, s: EncoderShape, i: number, sum: string): string {
  if (s.norm === 'pre-sum') return norm(b, s, i, 'norm2', sum);
  return s.norm === 'post' ? norm(b, s, i, 'norm1', sum) : sum;
}

/** MLP and residual: what every encoder keeps. */
function addMlpBranch(b: GraphBuilder, s: EncoderShape, i: number, middle: string): string {
  const mlpInput = s.norm === 'pre' ? norm(b, s, i, 'norm2', middle) : middle;
  const fc2 = addMlp(b, s, i, mlpInput);
  const added = s.norm === 'res-post' ? norm(b, s, i, 'norm2', fc2) : fc2;
  const output = residual(b, s, opAt(i, 'residual2', 'residual'), middle, added);
  return s.norm === 'post' ? norm(b, s, i, 'norm2', output) : output;
}

const norm = (b: GraphBuilder, s: EncoderShape, i: number, stage: 'norm1' | 'norm2', input: string): string =>
  addNorm(b, opAt(i, stage, stage), input, s);

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
