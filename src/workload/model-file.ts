/** Reads a model file given as text (YAML 1.2); where the text comes from is the caller's business. */
import { parse } from 'yaml';
import { z } from 'zod';
import { EXIT, TrexError, unknownName } from '../errors.ts';
import { familyNames, type ModelConfig, modelSchema } from './model.ts';

/**
 * The configuration in a model file. `name` is what messages call the file.
 * @throws TrexError (invalid file) for bad YAML, an unknown family or a field that does not fit.
 */
export function parseModel(text: string, name: string): ModelConfig {
  const raw = readYaml(text, name);
  const family = familyIn(raw);
  if (family !== undefined && !familyNames.some(f => f === family))
    throw invalid(name, unknownName('model family', family, familyNames).message);
  const result = modelSchema.safeParse(raw);
  if (!result.success) throw invalid(name, z.prettifyError(result.error));
  return result.data;
}

/** The family that a file names; the schema's own message for an unknown one does not say the nearest. */
function familyIn(raw: unknown): string | undefined {
  if (typeof raw !== 'object' || raw === null || !('family' in raw)) return undefined;
  return typeof raw.family === 'string' ? raw.family : undefined;
}

function readYaml(text: string, name: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw invalid(name, (error as Error).message);
  }
}

const invalid = (name: string, message: string): TrexError =>
  new TrexError(`${name}: ${message}`, EXIT.invalidFile);
