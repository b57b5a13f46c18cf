/** Loads chips, technologies and networks from disk, by name or path. */
import type { LoadArchOptions, LoadedArch, LoadedTech } from '../../arch/load.ts';
import {
  type LoadedModel,
  type LoadTechOptions,
  loadArchFrom,
  loadModelFrom,
  loadTechFrom,
  type SetOptions,
} from '../load.ts';
import { nodeFiles } from './files.ts';

/** A chip with its technologies. @throws TrexError: missing file (4), invalid file (3), bad options (2). */
export const loadArch = (name: string, options: LoadArchOptions = {}): LoadedArch =>
  loadArchFrom(nodeFiles, name, options);

/** A technology; values on top of it begin with `tech.`. @throws TrexError as `loadArch`. */
export const loadTech = (name: string, options: LoadTechOptions = {}): LoadedTech =>
  loadTechFrom(nodeFiles, name, options);

/** A network; values on top of it begin with `model.`. @throws TrexError as `loadArch`. */
export const loadModel = (name: string, options: SetOptions = {}): LoadedModel =>
  loadModelFrom(nodeFiles, name, options);
