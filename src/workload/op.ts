/** The vocabulary of a workload: six kinds of operation carry every network (Vaswani et al. 2017; TReX, arXiv 2408.12742, Fig. 8b). */
import type { ConvWindow } from './conv-window.ts';
import type { FunctionShape, Reduction, Routes } from './vector-function.ts';
import type { FunctionName } from './vector-functions.ts';
import type { WeightCodec } from './weight-codec.ts';

/**
 * What part of the network an op belongs to. An encoder runs qkv, write, qk, softmax, sv, projection, mlp (TReX
 * Fig. 8b). No op has stage `write`: the mapper makes that job from a dynamic op's stationary operand.
 */
export type Stage =
  | 'stem'
  | 'embedding'
  | 'norm1'
  | 'predictor'
  | 'qkv'
  | 'write'
  | 'qk'
  | 'softmax'
  | 'sv'
  | 'transform'
  | 'projection'
  | 'residual'
  | 'norm2'
  | 'mlp'
  | 'gelu'
  | 'norm'
  | 'conv'
  | 'pool'
  | 'head';

/** `row`: needs only the same token's row of the producer. `all`: needs the whole matrix first. */
export interface Dep {
  readonly op: string;
  readonly mode: 'row' | 'all';
}

interface OpBase {
  readonly id: string;
  readonly stage: Stage;
  /** 0-based encoder, or null outside the encoders. */
  readonly encoder: number | null;
  /** Its stored values are collected from images and never trained: no parameters. */
  readonly buffer?: true;
  /** In operand order; empty: reads the network's input. */
  readonly deps: readonly Dep[];
}

/** (rows x in) times (in x out), the weights known before inference. A dense convolution is this op after im2col. */
export interface StaticOp extends OpBase {
  readonly kind: 'static';
  /** Input vectors: tokens, or output pixels of a convolution. */
  readonly rows: number;
  readonly in: number;
  readonly out: number;
  /** Ops with equal weightId share their crossbars. */
  readonly weightId: string;
  readonly bias: boolean;
  readonly conv?: ConvWindow;
  /** What its weights can be, where they are no numbers of any value. Absent: any. */
  readonly codec?: WeightCodec;
}

/** Filters of one matrix that several groups have in common, as FLatten's heads do. */
export interface FilterCopies {
  /** Filters that are learned; divides the groups. */
  readonly filters: number;
  /** Group g has filter g mod `filters` (tiled), or so many groups in a row have one (runs). */
  readonly order: 'tiled' | 'runs';
}

/**
 * `groups` matrices of in x out, each on columns of its own: depthwise convolutions (in = taps, out = 1), grouped ones. Known
 * weights that stand on the diagonal of a crossbar, or are multiplied by the vector unit. After im2col, a convolution's
 * columns go channel, row, column.
 */
export interface GroupedOp extends OpBase {
  readonly kind: 'grouped';
  /** Input vectors: tokens, or output pixels of a convolution. */
  readonly rows: number;
  readonly groups: number;
  /** Of one group. */
  readonly in: number;
  readonly out: number;
  readonly weightId: string;
  readonly bias: boolean;
  /** Its `inChannels` are those of all groups. */
  readonly conv?: ConvWindow;
  /** Absent: every group has a filter of its own. */
  readonly copies?: FilterCopies;
}

/** batch times (m x k)(k x n), both operands activations: one is written into the arrays, the rows of the other stream in. */
export interface DynamicOp extends OpBase {
  readonly kind: 'dynamic';
  /** Attention heads. */
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  /** Ops with equal weightId take turns on the same arrays. */
  readonly weightId: string;
  /** The op whose output is written into the arrays. */
  readonly stationary: string;
  /** The op whose rows stream in. */
  readonly streamed: string;
  /** The stationary operand is used transposed: K^T. */
  readonly transposed: boolean;
  /** The streamed operand is used transposed: its columns stream in, once every row is there (K^T V). */
  readonly streamedTransposed?: true;
  /**
   * The stationary operand is a cache of keys or values that stays for the runs to come (a decoder's): its first so many rows are there from
   * earlier runs, and only the others, which `stationary` gives, are written. Absent: all of it is written, for this run alone.
   */
  readonly cached?: number;
  /** Of the map of attention, so many values are computed (m x n of a transposed product, m x k of another). Absent: all. */
  readonly entries?: number;
  /** Bits of a value that streams in, where it is a code and takes fewer than others do. Absent: as many as all activations. */
  readonly streamedBits?: number;
}

/** Element-wise and reducing functions of a digital unit; never a MAC. */
export interface VectorOp extends OpBase, FunctionShape {
  readonly kind: 'vector';
  readonly fn: FunctionName;
  /** As the function declares it. `row`: one token's row must be complete first; `column`: every token must be. */
  readonly reduce: Reduction;
  /** Rows that come out: as many as go in, one, or one for each window. */
  readonly outRows: number;
  /** Length of a segment that comes out. Absent: as long as it came in. */
  readonly outLength?: number;
}

/**
 * A change of the token count: `prepend` puts learned rows in front, `slice` keeps `to` rows from `start`, `keep` the
 * first row and the `to` - 1 others that have the best scores, in their order, `rest` the `to` rows that such a `keep` drops,
 * `route` the rows that choose an expert, in their order: `to` of them, more or fewer for one input.
 */
export interface TokensOp extends OpBase {
  readonly kind: 'tokens';
  readonly from: number;
  readonly to: number;
  readonly width: number;
  readonly change: 'prepend' | 'slice' | 'keep' | 'rest' | 'route';
  readonly start: number;
  readonly parameters: number;
  /** keep, rest: the op that scores all rows but the first: by its only column, or by how much the first is above the second; route: a column for each expert. */
  readonly scores?: string;
  /** keep, rest: that op gives no column but the first row's attention to all rows, in so many heads. */
  readonly heads?: number;
  /** keep, rest: columns of the scores where they are none of `heads`. Absent: 2, keep and drop. */
  readonly scoreColumns?: number;
  /** keep, rest: the first row, which stays, is not among these rows, but the scores are as if it were. */
  readonly firstAbsent?: true;
  /** route: which expert, and among how many each row chooses. */
  readonly expert?: ExpertChoice;
}

/** Rows that choose one of several experts. */
export interface ExpertChoice extends Routes {
  /** 0-based. */
  readonly index: number;
  /** Nobody has measured or published how many rows do. */
  readonly assumed: boolean;
}

/**
 * The same values in another order, and no arithmetic: windows of an image, chunks of channels, matrices side by side. The
 * operands are joined, cut into `dims`, shifted, cut out, transposed, and read as rows x columns.
 */
export interface LayoutOp extends OpBase {
  readonly kind: 'layout';
  /** Shapes of the operands, in their order. */
  readonly parts: readonly { readonly rows: number; readonly columns: number }[];
  /** How several operands are joined. */
  readonly join: 'rows' | 'columns';
  /** The one operand is an image, and each of these windows becomes a row, as im2col does it: overlapping, zeros beyond the edges. */
  readonly window?: ConvWindow;
  /** Sizes whose product is that of the joined operands (of all windows), slowest first. */
  readonly dims: readonly number[];
  /** Cyclic shifts along each of `dims`: value i comes from i + shift. Absent: none. */
  readonly shifts?: readonly number[];
  /** Of one of `dims`, `size` from `start` on. Absent: all. */
  readonly take?: { readonly dim: number; readonly start: number; readonly size: number };
  /** The dims of the output, slowest first, by their numbers. */
  readonly axes: readonly number[];
  readonly rows: number;
  readonly columns: number;
}

/** An operation of a network: one of six kinds. */
export type Op = StaticOp | GroupedOp | DynamicOp | VectorOp | TokensOp | LayoutOp;
