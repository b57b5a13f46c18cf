/** What a digital function declares: everything that the timing run, the functional run, training and the import of weights must know of it. One file each in functions/. */

import type { Causal } from './causal.ts';
import type { ConvWindow } from './conv-window.ts';
import type { Matrix } from './matrix.ts';
import type { Rotary } from './rotary.ts';
import type { Size } from './size.ts';

/** An answer, where silence is none: the function does not have this. */
type Refused = 'refused';

/** What one output needs: its own place, its whole row, or a column of every token. */
export type Reduction = 'none' | 'row' | 'column';

/** Learned values that a function may hold; every consumer of weights answers for each of them. */
export type Learning =
  | 'nothing'
  /** One gain and one shift per column. */
  | 'gain-shift'
  /** The same, with a running mean and variance in the checkpoint. */
  | 'running-norm'
  /** Values in place of a second operand, where the op has parameters: rows x rowLength, one row where that is one, or one for each head and distance. */
  | 'rows'
  /** The same, of a function that multiplies or divides by them: ones at the start. */
  | 'factors'
  /** Tables of words, positions and segment types. */
  | 'tables';

/** Figures of an op that only some functions read; each declares which. */
export type FunctionOption =
  | 'scale'
  | 'offset'
  | 'eps'
  | 'approximate'
  | 'second'
  | 'window'
  | 'order'
  | 'grid'
  | 'entries'
  | 'distances'
  | 'shift'
  | 'formula'
  | 'numbers'
  | 'macs'
  | 'routes'
  | 'causal'
  | 'rotary'
  | 'first';

/** An op's figures that its function may use. */
export interface FunctionShape {
  readonly id: string;
  readonly rows: number;
  readonly rowLength: number;
  /** Segments of a row that are functions of their own: heads for softmax, else 1. */
  readonly batch: number;
  /** Learned values that the function itself holds. */
  readonly parameters: number;
  /** Factor on the input, or on the second of two operands. Absent: 1. */
  readonly scale?: number;
  /** Added to the scaled input. Absent: 0. */
  readonly offset?: number;
  readonly eps?: number;
  /** gelu by its tanh formula instead of the error function. */
  readonly approximate?: 'tanh';
  /** The second operand is one row for all rows, or one value for each row and segment. Absent: as large as the first. */
  readonly second?: 'row' | 'segment';
  /** What each row that comes out is made of. */
  readonly window?: ConvWindow;
  /** Monomials up to this degree. */
  readonly order?: 1 | 2;
  /** The grid that the tokens are. */
  readonly grid?: Size;
  /** Values that are computed, of all rows and segments together; the others count for nothing. Absent: all. */
  readonly entries?: number;
  /** A learned value for each distance between the pixels of a window, by head. */
  readonly distances?: Distances;
  /** Pixels by which `grid` was rolled up and left before its windows were cut. Absent: none. */
  readonly shift?: number;
  /** Which of the functions that the one of this name stands for. */
  readonly formula?: string;
  /** What belongs to the formula: bounds, slopes, exponents. */
  readonly numbers?: readonly number[];
  /** Multiply-accumulates that the digital unit does for it. Absent: none. */
  readonly macs?: number;
  /** Rows are those that experts made of rows which chose them. */
  readonly routes?: Routes;
  /** Which keys the tokens of a map see. */
  readonly causal?: Causal;
  /** Angles by which rows are turned. */
  readonly rotary?: Rotary;
  /** Row of the position table that the first token takes. Absent: 0. */
  readonly first?: number;
}

/** How rows go to experts (Shazeer et al., arXiv 1701.06538): each to so many of them, those of its best scores. */
export interface Routes {
  readonly experts: number;
  readonly top: number;
}

/** Distances between the pixels of a window: which of them share a learned value. */
export interface Distances {
  readonly window: Size;
  /** Tables: segment s of a row has table s mod `heads`. */
  readonly heads: number;
  /** `signed`: one value for each way and back (Swin); `absolute`: one for both (LeViT, EfficientViT-M). */
  readonly signs: 'signed' | 'absolute';
}

/**
 * LayerNorm: y = (x - mean) / sqrt(variance + eps) * gain + shift, with mean and variance of the row and the op's eps.
 * BatchNorm: y = x * gain + shift, its running mean, variance and eps already folded in. One value per column each.
 */
export interface Affine {
  readonly gain: Float32Array;
  readonly shift: Float32Array;
}

/** Tables of words and positions, row-major; a token's vector is the sum of one row of each. */
export interface EmbeddingTables {
  /** vocabulary x dim. */
  readonly words: Float32Array;
  /** One row per place: maxTokens x dim, or padding + 1 more in front; empty where there are none. */
  readonly positions: Float32Array;
  /** types x dim; empty where there are none. */
  readonly types: Float32Array;
  /** The token that has no position of its own: the others count from behind it. Absent: all tokens count, from 0. */
  readonly padding?: number | undefined;
}

/** Where a function gets what it has learned. @throws Error for an id that holds no such values. */
export interface Learned {
  /** By the id of an op that learns a gain and a shift. */
  norm(opId: string): Affine;
  /** Learned rows, row-major: (to - from) x width of a `prepend` op, rows x rowLength of an `add` op with parameters. */
  rows(opId: string): Float32Array;
  /** By the id of an op that learns tables. */
  embedding(opId: string): EmbeddingTables;
}

/** Ids of words, and of segments (absent: all 0). */
export interface Words {
  readonly words: Int32Array;
  readonly types?: Int32Array;
  /** Rows of the position table; absent: 0, 1, 2 ... */
  readonly positions?: Int32Array;
}

/** From the operands to the output; `words` reads the network's input, for functions that start a text network. */
export type Arithmetic = (operands: readonly Matrix[], words: () => Words) => Matrix;

/**
 * Which unit does the work. `entry`: whose energy and passes an element takes in the technology's `digital.vector`; `why`
 * says so where the function has no entry of its own. `omitted`: it is among what TReX's paper leaves out of its account
 * (LayerNorm, GELU, residual additions and the like), so `accounting.vectorUnit: omitted` drops it.
 */
export type FunctionCost =
  | { readonly unit: 'softmax' }
  | {
      readonly unit: 'vector';
      readonly entry: 'layernorm' | 'gelu' | 'add';
      readonly omitted: boolean;
      readonly why: string;
    };

/** A function of single values and its derivative, from input and output. */
export interface Derivative {
  readonly value: (op: FunctionShape) => (x: number) => number;
  readonly derivative: (op: FunctionShape) => (x: number, y: number) => number;
}

/** What a derivative of a whole matrix is made from. What is learned in place of a second operand stands there as one. */
export interface Given {
  readonly operands: readonly Matrix[];
  readonly output: Matrix;
  /** The derivative by the output. */
  readonly by: Matrix;
}

/** A function's derivative by whole matrices, in plain loops. */
export interface Backward {
  /** Adds what each operand gets to its values in `into`; undefined: nobody asks for it. */
  readonly backward: (
    op: FunctionShape,
  ) => (given: Given, into: readonly (Float32Array | undefined)[]) => void;
}

export interface VectorFunction<Name extends string = string> {
  readonly name: Name;
  readonly reduction: Reduction;
  /** As many rows as come in, one, one for each window, or one for each row that was routed. */
  readonly gives: 'rows' | 'one row' | 'windows' | 'routed';
  readonly learns: Learning;
  /** Length of a segment that comes out. Absent: as long as it came in. */
  readonly outLength?: (op: Pick<FunctionShape, 'rowLength' | 'order' | 'grid' | 'numbers'>) => number;
  /** The options that it reads; an op that gives it another one is refused. */
  readonly options: readonly FunctionOption[];
  readonly cost: FunctionCost;
  /** A gain and a shift by column: part of a layer of known weights that stands right before it, and then no work. */
  readonly folds?: true;
  /** The reference. Takes its learned values once, when a network is prepared. */
  readonly arithmetic: (op: FunctionShape, learned: Learned) => Arithmetic;
  /** `kernel`: training has a kernel for it, and does not compile without. */
  readonly gradient: Refused | 'kernel' | Derivative | Backward;
}

/** Arithmetic of a function of single values, computed in float64. */
export const elementwise =
  (value: (op: FunctionShape) => (x: number) => number) =>
  (op: FunctionShape): Arithmetic => {
    const f = value(op);
    return ([x]) => {
      const data = new Float32Array(x.data.length);
      for (let i = 0; i < data.length; i++) data[i] = f(x.data[i]);
      return { ...x, data };
    };
  };
