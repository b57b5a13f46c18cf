/** What this machine brings to evaluate points: shipped names, a disk, and crossbars on the one thread that it is called on. */
import type { DataFiles } from '../../../data/data-files.ts';
import { diskFiles } from '../../../data/node/disk-files.ts';
import { wasmBackend } from '../../../numerics/mvm/wasm/backend.ts';
import { nodeFiles } from '../../../run/node/files.ts';
import type { EvaluationHost } from '../evaluate.ts';
import { filesBelow } from './files-below.ts';

/** Points are what runs at once: threads below them would be one too many for every core. */
export const evaluationHost: EvaluationHost = {
  files: nodeFiles,
  disk: diskFiles,
  backend: () => wasmBackend({ threads: 1 }),
  caches: new Map(),
};

/** Where weights and data are read: anywhere, below a folder alone, or (null) nowhere. */
export type DataPlace = { readonly below: string | null } | 'anywhere';

/** The host with no other data than those. */
export function hostWith(data: DataPlace): EvaluationHost {
  if (data === 'anywhere') return evaluationHost;
  const disk: DataFiles | undefined = data.below === null ? undefined : filesBelow(data.below);
  return { ...evaluationHost, disk };
}
