/** Chips and networks for tests of whole runs: the shipped files, and small transformers made on the spot. */

import type { ArchConfig } from '../../src/arch/config.ts';
import { type LoadArchOptions, loadArchFrom } from '../../src/arch/load.ts';
import type { RunOutput } from '../../src/report/result.ts';
import type { SetOptions } from '../../src/run/load.ts';
import type { Machine, RunSpec } from '../../src/run/machine.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadModel } from '../../src/run/node/load.ts';
import { simulate } from '../../src/run/simulate.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { parseReuse } from '../../src/workload/reuse.ts';
import { parseModel } from '../workload/load.ts';

/** A chip by its name in arch/. */
export const chip = (name: string, options: LoadArchOptions = {}): ArchConfig =>
  loadArchFrom(nodeFiles, name, options).arch;

/** A network by its name in models/. */
export const network = (name: string, options: SetOptions = {}): ModelConfig =>
  loadModel(name, options).model;

/** A network of a few hundred jobs: 4 patches and a class token, 2 encoders. */
export const tinyVit = (overrides: Record<string, number | string | boolean> = {}): ModelConfig => {
  const fields = {
    name: 'tiny',
    family: 'vit',
    source: 'made for tests',
    imageSize: 32,
    patchSize: 16,
    inChannels: 3,
    classes: 10,
    encoders: 2,
    dim: 128,
    heads: 2,
    mlpRatio: 2,
    ...overrides,
  };
  const text = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
  return parseModel(text.join('\n'), 'tiny');
};

export type Options = Partial<Omit<RunSpec, 'arch' | 'model' | 'reuse'>> & { readonly reuse?: string };

/** Runs `model` on `arch`; `reuse` is as on the command line. */
export async function run(
  arch: ArchConfig,
  model: ModelConfig,
  { reuse = 'none', ...rest }: Options = {},
): Promise<RunOutput & { machine: Machine }> {
  const built: Machine[] = [];
  const spec = { arch, model, reuse: parseReuse(reuse, model.encoders), ...rest };
  const output = await simulate(spec, { onBuilt: machine => built.push(machine) });
  return { ...output, machine: built[0] };
}

/** Relative difference. */
export const apart = (a: number, b: number): number =>
  a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
