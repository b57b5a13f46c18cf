/** What this machine brings to evaluate points: shipped names, a disk, and crossbars on the one thread that it is called on. */
import { diskFiles } from '../../../data/node/disk-files.ts';
import { wasmBackend } from '../../../numerics/mvm/wasm/backend.ts';
import { nodeFiles } from '../../../run/node/files.ts';
import type { EvaluationHost } from '../evaluate.ts';

/** Points are what runs at once: threads below them would be one too many for every core. */
export const evaluationHost: EvaluationHost = {
  files: nodeFiles,
  disk: diskFiles,
  backend: () => wasmBackend({ threads: 1 }),
  caches: new Map(),
};
