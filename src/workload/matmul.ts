/** Ops that multiply by a matrix: known weights, known weights on a diagonal, or a matrix that is made at run time. */
import type { DynamicOp, GroupedOp, Op, StaticOp } from './op.ts';

/** Weights known before inference. */
export type KnownOp = StaticOp | GroupedOp;
/** What multiplies by a matrix, and so has MACs. */
export type MatmulOp = KnownOp | DynamicOp;

/** Its weights are known. */
export const isKnown = (op: Op): op is KnownOp => op.kind === 'static' || op.kind === 'grouped';
/** It has MACs. */
export const isMatmul = (op: Op): op is MatmulOp => isKnown(op) || op.kind === 'dynamic';
