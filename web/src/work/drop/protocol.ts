/** Files that are dropped on the page, and what they turn out to be. */
import type { Asked, UserFiles } from '../asked.ts';

export interface OpenQuestion {
  /** By name: what belongs together is dropped together. */
  readonly dropped: Readonly<Record<string, Uint8Array>>;
  /** A network of the lists that a file of weights is said to be of. */
  readonly as: string | null;
  /** Files that the page has already. */
  readonly files: UserFiles;
}

export interface TensorRow {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

export interface OpRow {
  readonly id: string;
  readonly kind: string;
  readonly stage: string;
  readonly from: readonly string[];
  readonly size: string;
}

export type OpenAnswer =
  | {
      readonly kind: 'chip';
      /** What of the question changes. */
      readonly asked: Partial<Asked>;
      /** Those of the page and the dropped ones. */
      readonly files: UserFiles;
      readonly notices: readonly string[];
    }
  | {
      readonly kind: 'network';
      readonly name: string;
      readonly bytes: number;
      /** Of weights alone; an .onnx file keeps them in its nodes. */
      readonly tensors: readonly TensorRow[];
      /** In words; empty: it is not told which network it is. */
      readonly summary: readonly (readonly [string, string])[];
      readonly ops: readonly OpRow[];
      /** Why the network is not known, as the command line says it. */
      readonly problem: string;
      readonly notices: readonly string[];
      /** Networks that it may be said to be. */
      readonly names: readonly string[];
    };

export interface DropLanes {
  open: { question: OpenQuestion; answer: OpenAnswer };
}
