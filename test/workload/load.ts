/** Reads the shipped model files, for tests. */
import { readdirSync, readFileSync } from 'node:fs';
import type { ModelConfig } from '../../src/workload/model.ts';
import { parseModel } from '../../src/workload/model-file.ts';

export const modelFolder = new URL('../../../models/', import.meta.url);

/** Names of all shipped models. */
export const modelNames = readdirSync(modelFolder)
  .filter(f => f.endsWith('.yaml'))
  .map(f => f.replace('.yaml', ''))
  .sort();

export const modelText = (name: string): string => readFileSync(new URL(`${name}.yaml`, modelFolder), 'utf8');

export const loadModel = (name: string): ModelConfig => parseModel(modelText(name), `models/${name}.yaml`);
