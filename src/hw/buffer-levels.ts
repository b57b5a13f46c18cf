/** The levels of buffers, from the crossbars outward: which block has one. A level that no file, cost or datapath answers for does not compile. */

/** Blocks of which a chip has one, or as many as tiles or PEs. */
export type PerBlock = 'pe' | 'tile' | 'chip';

export const BUFFER_LEVELS = {
  /** Inputs of the crossbars of one PE. */
  pe: { per: 'pe' },
  /** Inputs and results of a tile, and weights on their way to its crossbars. */
  tile: { per: 'tile' },
  /** Activations between the ops of a network. */
  global: { per: 'chip' },
} as const satisfies Record<string, { readonly per: PerBlock }>;

/** A level of buffers: of a PE, of a tile, or the global one. */
export type BufferLevel = keyof typeof BUFFER_LEVELS;

/** In the order of the declaration. */
export const bufferLevels = Object.keys(BUFFER_LEVELS) as readonly BufferLevel[];

/** One value of each level. */
export type PerLevel<T> = Readonly<Record<BufferLevel, T>>;

/** `of` of every level. */
export const perLevel = <T>(of: (level: BufferLevel) => T): PerLevel<T> =>
  Object.fromEntries(bufferLevels.map(level => [level, of(level)])) as PerLevel<T>;
