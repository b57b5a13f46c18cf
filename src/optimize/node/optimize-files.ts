/** An optimisation of files: network, chip and data by their names, and a folder that a killed run goes on from. */

import { resolve } from 'node:path';
import { deviceOptions } from '../../accuracy/device-options.ts';
import { jsonText } from '../../base/json-text.ts';
import type { ProgressHooks } from '../../base/progress.ts';
import { VERSION } from '../../base/version.ts';
import { folderOf } from '../../data/data-files.ts';
import type { OptimizeResult } from '../../report/optimize-result.ts';
import { patternsCsv } from '../../report/optimize-table.ts';
import { loadArchFrom, loadModelFrom } from '../../run/load.ts';
import { nodeFiles } from '../../run/node/files.ts';
import { hashOf, readBytes } from '../../run/node/read-file.ts';
import { recorded, withTexts } from '../../run/stored-files.ts';
import { withEncoding } from '../../tech/device-encoding.ts';
import { withTokens } from '../../workload/graph.ts';
import type { ModelConfig } from '../../workload/model.ts';
import { noReuse, type ReusePlan } from '../../workload/reuse.ts';
import type { HardwarePlan } from '../hardware.ts';
import { networkYaml } from '../network-file.ts';
import { type CandidateTraining, optimize } from '../optimize.ts';
import {
  budgetOf,
  checkOptimizeOptions,
  isTraining,
  type OptimizeFileOptions,
  optionsRecord,
} from '../options.ts';
import type { Measured } from '../row.ts';
import { parseTarget } from '../target.ts';
import { openProgram, openTrainer } from './evaluators.ts';
import { checkStore, type FolderStore, NETWORK, openStore, WEIGHTS, withResumeHint } from './folder-store.ts';
import { measure, techOption } from './measure.ts';
import { openTrainingData, type TrainingData } from './training-data.ts';

export interface OptimizeFileHooks extends ProgressHooks {
  /** Lines for people: what an evaluator prints beside its answers, and what is damaged in the folder and done again. */
  readonly say?: ((line: string) => void) | undefined;
}

/** The result of an optimisation, and the texts of its files. */
export interface OptimizedFiles {
  readonly result: OptimizeResult;
  /** Contents by name, for a folder; after training they stand in `out` already. */
  readonly files: Readonly<Record<string, string>>;
}

const RESULTS = ['result.json', 'patterns.csv', NETWORK, WEIGHTS.base, WEIGHTS.final];

/**
 * With `data` or `evaluator` candidates are trained in the folder `out`: the same options go on there, to the same bytes.
 * @example const { result } = await optimizeFiles({ ...optimizeDefaults, model: 'deit-s', targetDelay: '7ms' });
 * @throws TrexError for files and options that do not go together, a target out of reach, a folder of another run.
 */
export async function optimizeFiles(
  options: OptimizeFileOptions,
  hooks: OptimizeFileHooks = {},
): Promise<OptimizedFiles> {
  checkOptimizeOptions(options);
  const dir = options.out;
  if (dir !== undefined && isTraining(options)) checkStore(dir);
  const target = parseTarget(options);
  const disk = recorded(nodeFiles);
  const loaded = loadArchFrom(disk, options.arch, { tech: options.tech, set: options.set });
  const network = loadModelFrom(disk, options.model, { set: options.set });
  // Arrays, energy and area are those of the encoding that the network is trained for.
  const devices = withEncoding(loaded.arch.devices, options.encoding);
  const arch = { ...loaded.arch, devices };
  const model = options.tokens === undefined ? network.model : withTokens(network.model, options.tokens);
  const origin = {
    run: optionsRecord(options),
    files: [...loaded.files, ...network.files],
    warnings: [...loaded.warnings, ...network.warnings],
  };
  let store: FolderStore | undefined;
  const openTraining = async (hardware: HardwarePlan): Promise<CandidateTraining> => {
    const data = await dataOf(options, model);
    const begin = {
      schemaVersion: 1,
      version: VERSION,
      ...origin.run,
      files: origin.files,
      trainingData: data?.sha256 ?? null,
      weightsFile: options.weights && hashOf(options.weights, readBytes(options.weights)).sha256,
    };
    store = await openStore({
      dir: dir!,
      command: 'trex optimize',
      begin,
      force: options.force,
      results: RESULTS,
      onDamage: message => hooks.say?.(`warning: ${message}`),
    });
    // Without a comment on reuse that would be wrong for most candidates.
    store.write(NETWORK, networkYaml(model, noReuse));
    const evaluator =
      options.evaluator === undefined
        ? await openTrainer(options, hardware, store, data!)
        : openProgram(options, hardware, hooks.say ?? (() => {}));
    const tech = options.tech ?? techOption(arch.techName, origin.files);
    return {
      budget: budgetOf(options),
      evaluator,
      store,
      measure: measuring({ options, data, tech, store }),
    };
  };
  try {
    const training = isTraining(options) ? openTraining : undefined;
    const held = { ...origin, files: withTexts(origin.files, disk) };
    const result = await optimize({ arch, model, target, openTraining: training, origin: held }, hooks);
    const files = filesOf(result, model);
    for (const [name, text] of Object.entries(files)) store?.write(name, text);
    return { result, files };
  } catch (error) {
    throw store === undefined ? error : withResumeHint(error, dir!);
  } finally {
    store?.close();
  }
}

/** What our trainer learns from; a program of the user knows its own data. */
const dataOf = async (
  { data, evaluator, vocabulary, weights, seed }: OptimizeFileOptions,
  model: ModelConfig,
): Promise<TrainingData | undefined> =>
  data === undefined || evaluator !== undefined
    ? undefined
    : openTrainingData(data.replaceAll('\\', '/'), model, vocabulary, seed, weights);

function filesOf(result: OptimizeResult, model: ModelConfig): Record<string, string> {
  const { encoders, pattern } = result.row.reuse;
  return {
    'result.json': jsonText(result),
    'patterns.csv': patternsCsv(result.patterns),
    [NETWORK]: networkYaml(model, { encoders, pattern }),
  };
}

interface Measuring {
  readonly options: OptimizeFileOptions;
  readonly data: TrainingData | undefined;
  readonly tech: string;
  readonly store: FolderStore;
}

/** On data that nothing was trained on; null without such data, and without weights. */
function measuring({ options, data, tech, store }: Measuring): NonNullable<CandidateTraining['measure']> {
  const { out, weights, images, draws, seed } = options;
  const written = (name: string): string | undefined =>
    store.read(name) === undefined ? undefined : resolve(out!, name);
  const weightsOf = (stage: 'base' | 'final'): string | undefined =>
    stage === 'base' && weights !== undefined ? weights : written(WEIGHTS[stage]);
  return async (stage, { pattern }: ReusePlan, { onProgress, pause }): Promise<Measured> => {
    const file = weightsOf(stage);
    const test = data?.test ?? options.data;
    if (file === undefined || test === undefined) return null;
    const measurement = {
      weights: file,
      network: resolve(out!, NETWORK),
      reuse: pattern,
      data: test,
      vocabulary: data?.vocabulary ?? options.vocabulary,
      // What the network was trained on first, and has gone on with.
      preprocessing: weights === undefined ? null : folderOf(weights.replaceAll('\\', '/')),
      set: options.set.filter(text => text.startsWith('tech.')),
      tech,
      inputs: images,
      draws,
      seed,
      device: deviceOptions(options),
    };
    return measure(measurement, async (what, done, total) => {
      onProgress?.({ label: `${pattern}: ${what}`, unit: 'inputs', done, total });
      await pause?.();
    });
  };
}
