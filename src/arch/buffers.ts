/** The buffers of a chip, level by level, and where the file says what they are. */
import type { BufferLevel, PerBlock, PerLevel } from '../hw/buffer-levels.ts';
import type { ArchFile, BufferConfig } from './schema.ts';

/** One level: a buffer in every block of one kind. */
export interface BufferPlace {
  readonly level: BufferLevel;
  readonly per: PerBlock;
  /** Keys that lead to it, for messages. */
  readonly path: readonly (string | number)[];
  readonly config: BufferConfig;
}

/** What of an architecture file says what the buffers are. */
export type WithBuffers = Pick<ArchFile, 'pe' | 'tile' | 'globalBuffer' | 'buffers'>;

/** From the crossbars outward, then those that the file lists, in its order. */
export const bufferPlaces = ({ pe, tile, globalBuffer, buffers = [] }: WithBuffers): BufferPlace[] => [
  { level: 'pe', per: 'pe', path: ['pe', 'buffer'], config: pe.buffer },
  { level: 'tile', per: 'tile', path: ['tile', 'buffer'], config: tile.buffer },
  { level: 'global', per: 'chip', path: ['globalBuffer'], config: globalBuffer },
  ...buffers.map(({ name, per, ...config }, i) => ({
    level: `level.${name}` as const,
    per,
    path: ['buffers', i],
    config,
  })),
];

/** Those that the file lists for blocks of one kind, in its order. */
export const furtherBuffers = (arch: WithBuffers, per: PerBlock): BufferPlace[] =>
  bufferPlaces(arch).filter(place => place.path[0] === 'buffers' && place.per === per);

/** `of` of every level of a chip. */
export const perLevel = <T>(arch: WithBuffers, of: (place: BufferPlace) => T): PerLevel<T> =>
  Object.fromEntries(bufferPlaces(arch).map(place => [place.level, of(place)])) as PerLevel<T>;
