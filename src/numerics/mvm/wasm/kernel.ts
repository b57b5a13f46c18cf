import type { FloatKernels } from '../../kernels/float-product.ts';

/** What a kernel module exports: each module has some of these; `pack` is that of the float product or of the sums, each with its own arguments. */
export interface Kernel extends FloatKernels {
  readonly build: (rows: number, table: number, groups: number) => void;
  readonly buildSquares: (rows: number, table: number, groups: number) => void;
  readonly sums: (...args: number[]) => void;
  readonly program: (...args: number[]) => void;
  readonly squareSums: (cells: number, rows: number, out: number) => void;
  readonly finish: (...args: number[]) => void;
  readonly combine: (sums: number, stride: number, out: number, vectors: number) => void;
  readonly scale: (...args: number[]) => void;
  readonly product: (...args: number[]) => void;
}
