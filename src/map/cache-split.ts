/** Where the keys and values of a sequence are kept: on crossbars, in the global buffer, in DRAM, and which ops read them there. */
import type { DynamicOp, Op } from '../workload/op.ts';

/** Positions of one sequence by the place that keeps them, the first ones on crossbars. */
export interface CacheSplit {
  readonly crossbars: number;
  readonly buffers: number;
  readonly dram: number;
}

/** Caches of a chip: of so many sequences at a time, each split alike. */
export interface CacheUse {
  readonly batch: number;
  readonly split: CacheSplit;
}

/** A product with a cache of keys or values. */
export type CacheOp = DynamicOp & { readonly cached: number };

/** Whether the op multiplies with a cache that stays for the runs to come. */
export const isCacheOp = (op: Op): op is CacheOp => op.kind === 'dynamic' && op.cached !== undefined;

/** Positions that the op reads, those that its run adds included. */
export const positionsOf = ({ transposed, n, k }: CacheOp): number => (transposed ? n : k);

/** Values of one position: of all heads of keys or values. */
export const valuesOf = ({ transposed, n, k, batch }: CacheOp): number => batch * (transposed ? k : n);

/** The same op on so many positions. */
export const onPositions = (op: CacheOp, positions: number): CacheOp =>
  op.transposed ? { ...op, n: positions } : { ...op, k: positions };

/** Names of the layers that keep the op's operand, one for each sequence. */
export const cacheLayers = ({ weightId }: CacheOp, batch: number): string[] =>
  Array.from({ length: batch }, (_, i) => (i === 0 ? weightId : `${weightId}#${i + 1}`));

/** The ops of a chip for a cache: each of its products with `crossbars` positions, once for each sequence; none where it has no arrays. */
export const placedOps = (ops: readonly Op[], { batch, split: { crossbars } }: CacheUse): Op[] =>
  ops.flatMap(op => {
    if (!isCacheOp(op)) return [op];
    if (crossbars === 0) return [];
    const whole = onPositions(op, crossbars);
    return cacheLayers(op, batch).map(weightId => ({ ...whole, weightId }));
  });
