/** Where the file says what the buffers of each level are. */
import type { PerLevel } from '../hw/buffer-levels.ts';
import type { ArchFile, BufferConfig } from './schema.ts';

/** Keys that lead to a level's buffer, for messages, and its values. */
export interface BufferPlace {
  readonly path: readonly string[];
  readonly of: (arch: Pick<ArchFile, 'pe' | 'tile' | 'globalBuffer'>) => BufferConfig;
}

export const BUFFER_PLACES: PerLevel<BufferPlace> = {
  pe: { path: ['pe', 'buffer'], of: arch => arch.pe.buffer },
  tile: { path: ['tile', 'buffer'], of: arch => arch.tile.buffer },
  global: { path: ['globalBuffer'], of: arch => arch.globalBuffer },
};
