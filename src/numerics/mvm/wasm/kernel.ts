/** What a kernel module exports: each module has some of these. */
export interface Kernel {
  readonly build: (rows: number, table: number, groups: number) => void;
  readonly buildSquares: (rows: number, table: number, groups: number) => void;
  readonly sums: (...args: number[]) => void;
  readonly program: (...args: number[]) => void;
  readonly squareSums: (cells: number, rows: number, out: number) => void;
  readonly finish: (...args: number[]) => void;
  /** Of the float product and of the sums, each with its own arguments. */
  readonly pack: (...args: number[]) => void;
  readonly block: (...args: number[]) => void;
  readonly combine: (sums: number, stride: number, out: number, vectors: number) => void;
  readonly scale: (...args: number[]) => void;
  readonly product: (...args: number[]) => void;
}
