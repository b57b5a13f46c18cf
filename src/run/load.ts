/** Loads chips, technologies and networks by name or path, from whatever files there are. */
import type { LoadedArch } from '../arch/load.ts';
import { loadYaml } from '../arch/load-yaml.ts';
import { parseOverride, routeOverrides } from '../arch/set.ts';
import type { Files } from '../arch/source-files.ts';
import { type ModelConfig, modelSchema } from '../workload/model.ts';

export { type LoadTechOptions, loadArchFrom, loadTechFrom } from '../arch/load.ts';
export type { LoadedFor } from '../arch/published.ts';

/** What stands on top of a file. */
export interface SetOptions {
  /** `path=value` on top of the file; each kind of file takes those that begin with its name. */
  readonly set?: readonly string[] | undefined;
}

/** A network, with the origin of every value. */
export interface LoadedModel extends Pick<LoadedArch, 'origins' | 'files' | 'warnings'> {
  readonly model: ModelConfig;
}

/** A network; values on top of it begin with `model.`. @throws TrexError: missing file (4), invalid file (3), bad options (2). */
export function loadModelFrom(files: Files, name: string, options: SetOptions = {}): LoadedModel {
  const { model: set } = routeOverrides((options.set ?? []).map(text => parseOverride(text)));
  const loaded = loadYaml(files, 'models', name, modelSchema, { set, prefix: ['model'] });
  const { value: model, warnings } = loaded;
  return { model, origins: loaded.origins(), files: loaded.files, warnings };
}
