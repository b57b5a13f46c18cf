/** What computes one op, and what every arithmetic (float32, integer, crossbar) offers a network. */
import type { DynamicOp, GroupedOp, StaticOp } from '../../workload/op.ts';
import type { ModelInput } from './input.ts';
import type { Matrix } from './matrix.ts';

/** How the matmuls of an op are computed. */
export type Compute = 'float32' | 'int8' | 'analog';

/** What an op may need beside its operands. */
export interface RunContext {
  readonly input: ModelInput;
  /** Number of the image: its own stream of noise. */
  readonly image: number;
  /** Tokens of a decoder before those of this run; absent: none. */
  readonly past?: number;
}

/** What a step of a decoder puts behind the name of a stream: reads of another step are others. */
export const behind = (past = 0): readonly (string | number)[] => (past === 0 ? [] : ['past', past]);

/**
 * From the operands, in the order of the op's deps, to the op's output. A convolution gets its windows (rows x in, or rows x groups in);
 * a dynamic op gets streamed (m x batch k) and stationary (k x batch n, or n x batch k if transposed).
 */
export type Unit = (operands: readonly Matrix[], context: RunContext) => Matrix | Promise<Matrix>;

/** One way to compute the matmuls of a network. */
export interface Arithmetic {
  /** rows x in to rows x out, bias added. */
  static(op: StaticOp): Unit;
  /** rows x (groups in) to rows x (groups out), bias added. */
  grouped(op: GroupedOp): Unit;
  /** To m x batch n. */
  dynamic(op: DynamicOp): Unit;
  /** Frees what a back end holds. */
  dispose?(): void;
}
