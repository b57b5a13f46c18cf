/** What the parts of an encoder know of it: its sizes, its attention, and the names of its matrices. */
import type { GraphBuilder, Place } from './builder.ts';
import type { Stage } from './op.ts';
import type { RouteOptions } from './routes.ts';
import type { Size } from './size.ts';
import type { FunctionName } from './vector-functions.ts';

/** The MLP's activations that a model file can name, as functions of the graph. */
export const ACTIVATIONS = {
  gelu: { fn: 'gelu', options: {} },
  'gelu-tanh': { fn: 'gelu', options: { approximate: 'tanh' } },
  relu: { fn: 'relu', options: {} },
  'quick-gelu': { fn: 'swish', options: { scale: 1.702 } },
  silu: { fn: 'swish', options: {} },
} as const satisfies Record<string, { fn: FunctionName; options: { approximate?: 'tanh'; scale?: number } }>;

export type Activation = keyof typeof ACTIVATIONS;

/** Where the LayerNorms of an encoder stand. */
export type NormPlace = 'pre' | 'post' | 'res-post' | 'pre-sum';

/** What all encoders of an isotropic network have in common. */
export interface EncoderShape {
  readonly tokens: number;
  /** Rows and columns of patches among the tokens, behind `learned` others; absent where some of them went. */
  readonly grid?: Size | undefined;
  /** Tokens in front of the patches. */
  readonly learned: number;
  readonly dim: number;
  readonly heads: number;
  /** Width of the MLP's hidden layer. */
  readonly hidden: number;
  readonly qkvBias: boolean;
  readonly activation: Activation;
  readonly normEps: number;
  /**
   * `pre-sum`: before attention, and on its sum with what came in, which goes on so (CCT, arXiv 2104.05704); `pre`: LayerNorm before attention and MLP (ViT); `post`: after their residual adds (BERT); `res-post`: after
   * attention and MLP, before they are added (Swin V2, arXiv 2111.09883; timm's ResPostBlock).
   */
  readonly norm: NormPlace;
  /** The MLP's hidden layer is gated: activation(fc1 x) times fc1Value x (SwiGLU, arXiv 2002.05202). */
  readonly gatedMlp: boolean;
  /** Factor on the attention and MLP branches before they are added (LV-ViT: 1 / skip_lam). */
  readonly branchScale: number;
  /** So many consecutive encoders share their crossbars: weights, and arrays for K^T and V (1: none do). */
  readonly share: number;
  /** What the norms are; absent: LayerNorm. */
  readonly normBy?: NormBy | undefined;
  /** The layer behind attention and those of the MLP have a bias; absent: they do. */
  readonly projectionBias?: boolean | undefined;
  readonly mlpBias?: boolean | undefined;
  /** Tokens before these, whose keys and values stand in a cache (decoders); absent: none do. */
  readonly past?: number | undefined;
  /** The MLP is so many experts; absent: it is one. */
  readonly experts?: MlpExperts | undefined;
  /** Of encoder `i`. */
  attention(i: number): Attention;
}

/** LayerNorm, with mean, gain and shift (arXiv 1607.06450), or RMSNorm, with a gain alone (arXiv 1910.07467). */
export type NormBy = 'layernorm' | 'rmsnorm';

/** Experts instead of one MLP, each an MLP of the same sizes (Mixtral, arXiv 2401.04088). */
export interface MlpExperts extends RouteOptions {
  readonly count: number;
  readonly routerBias: boolean;
}

/** The tokens that attention mixes. */
export type AttentionPlace = Pick<EncoderShape, 'tokens' | 'grid' | 'learned' | 'dim' | 'heads'> &
  Partial<Pick<EncoderShape, 'past'>>;

/** What attention starts from. */
export interface AttentionInput {
  /** The encoder's tokens, normed first where it norms them before attention: the first call adds that LayerNorm. */
  tokens(): string;
  /** The last earlier encoder's attention after its projection, tokens x dim; undefined before the first, and where tokens went. */
  readonly previous: string | undefined;
}

/** How the tokens of an encoder are mixed. */
export interface Attention {
  readonly kind: string;
  /** Its learned matrices, by their names within an encoder. */
  readonly weights: readonly string[];
  /** Why encoder `i` cannot have it; undefined where it can. */
  check(place: AttentionPlace, i: number): string | undefined;
  /** Adds its ops to encoder `i`; undefined: that encoder has no attention branch. */
  add(b: GraphBuilder, shape: EncoderShape, i: number, input: AttentionInput): Mixed | undefined;
}

/** What attention gives. */
export interface Mixed {
  /** tokens x width: the heads side by side. */
  readonly output: string;
  /** Absent: the encoder's dim. */
  readonly width?: number;
  /** Nothing stands between it and the residual addition: no projection. */
  readonly projected?: true;
  /** tokens x (heads x tokens): how much each token attends to each other one; absent where no such map exists. */
  readonly map?: string;
}

/** A matrix of encoder `i`: on the crossbars of the first encoder of its group. */
export const matrixAt = (s: EncoderShape, i: number, name: string, stage: Stage): Place => ({
  ...opAt(i, name, stage),
  weightId: `e${i - (i % s.share)}.${name}`,
});

/** Another op of encoder `encoder`. */
export const opAt = (encoder: number, name: string, stage: Stage): Place => ({
  id: `e${encoder}.${name}`,
  stage,
  encoder,
});
