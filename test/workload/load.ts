/** Reads the shipped model files, for tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { loadYaml } from '../../src/arch/load-yaml.ts';
import type { Files } from '../../src/arch/source-files.ts';
import { type ModelConfig, modelSchema } from '../../src/workload/model.ts';

export const modelFolder = new URL('../../../models/', import.meta.url);

/** Names of all shipped models. */
export const modelNames = readdirSync(modelFolder)
  .filter(f => f.endsWith('.yaml'))
  .map(f => f.replace('.yaml', ''))
  .sort();

export const modelText = (name: string): string => readFileSync(new URL(`${name}.yaml`, modelFolder), 'utf8');

/** A model from text, as if it stood in the file `name`. */
export function parseModel(text: string, name: string): ModelConfig {
  const files: Files = {
    resolve: (_, word) => ({ path: word, name: word }),
    read: () => ({ text, sha256: '' }),
    list: () => [],
  };
  return loadYaml(files, 'models', name, modelSchema).value;
}

export const loadModel = (name: string): ModelConfig => parseModel(modelText(name), `models/${name}.yaml`);
