/** A rule of an ONNX operator on constant arrays. */
import type { Nd } from './nd.ts';
import type { Attributes } from './node.ts';

/** The operands; undefined for one that is left out. */
export type Operands = readonly (Nd | undefined)[];
export type Evaluate = (operands: Operands, at: Attributes, opset: number) => Nd[];
