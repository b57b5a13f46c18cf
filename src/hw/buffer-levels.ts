/** The levels of buffers: which block has one. */

/** Blocks of which a chip has one, or as many as tiles or PEs. */
export type PerBlock = 'pe' | 'tile' | 'chip';

/** Levels that every chip has: of a PE, of a tile, the global one. */
export type OwnLevel = 'pe' | 'tile' | 'global';

/** Those and the ones that a file lists by names of its own. */
export type BufferLevel = OwnLevel | `level.${string}`;

/** One value of each level of a chip. */
export type PerLevel<T> = Readonly<Record<BufferLevel, T>>;
