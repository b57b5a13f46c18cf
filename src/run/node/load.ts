/** Loads chips, technologies and networks from disk, by name or path. */
import {
  type LoadArchOptions,
  type LoadedArch,
  type LoadedTech,
  loadArchFrom,
  loadTechFrom,
} from '../../arch/load.ts';
import { loadYaml } from '../../arch/load-yaml.ts';
import type { Origin } from '../../arch/origins.ts';
import { parseOverride, routeOverrides } from '../../arch/set.ts';
import type { FileHash } from '../../arch/source-files.ts';
import { type ModelConfig, modelSchema } from '../../workload/model.ts';
import { nodeFiles } from './files.ts';

export interface SetOptions {
  /** `path=value` words on top of the file; each kind of file takes those that begin with its word. */
  readonly set?: readonly string[] | undefined;
}

export interface LoadedModel {
  readonly model: ModelConfig;
  readonly origins: readonly Origin[];
  readonly files: readonly FileHash[];
  readonly warnings: readonly string[];
}

/** A chip with its technologies. @throws TrexError: missing file (4), invalid file (3), bad words (2). */
export const loadArch = (word: string, options: LoadArchOptions = {}): LoadedArch =>
  loadArchFrom(nodeFiles, word, options);

/** A technology; its words begin with `tech.`. @throws TrexError as `loadArch`. */
export const loadTech = (word: string, options: SetOptions = {}): LoadedTech =>
  loadTechFrom(nodeFiles, word, options);

/** A network; its words begin with `model.`. @throws TrexError as `loadArch`. */
export function loadModel(word: string, options: SetOptions = {}): LoadedModel {
  const { model: set } = routeOverrides((options.set ?? []).map(w => parseOverride(w)));
  const { value, origins, files, warnings } = loadYaml(nodeFiles, 'models', word, modelSchema, {
    set,
    prefix: ['model'],
  });
  return { model: value, origins, files, warnings };
}
