/** A search of files: network, chips and data by their names, and a folder that a killed search goes on from. */
import { availableParallelism } from 'node:os';
import { deviceOptions } from '../../accuracy/device-options.ts';
import { classesOf } from '../../accuracy/samples.ts';
import { type RecordedFile, uniqueFiles } from '../../arch/source-files.ts';
import { VERSION } from '../../base/version.ts';
import { openBackend } from '../../numerics/mvm/node/open-backend.ts';
import { checkStore, type FolderStore, openStore, withResumeHint } from '../../optimize/node/folder-store.ts';
import type { OptimizeFileHooks } from '../../optimize/node/optimize-files.ts';
import { openTrainingData } from '../../optimize/node/training-data.ts';
import { optionsRecord } from '../../optimize/options.ts';
import { csv } from '../../report/csv.ts';
import { loadArchFrom, loadModelFrom } from '../../run/load.ts';
import { nodeFiles } from '../../run/node/files.ts';
import { hashOf, readBytes } from '../../run/node/read-file.ts';
import { recorded, withTexts } from '../../run/stored-files.ts';
import { withEncoding } from '../../tech/device-encoding.ts';
import { startThreads } from '../../train/node/threads.ts';
import { reuseSpace } from '../../workload/reuse-space.ts';
import type { DesignSpace } from '../design.ts';
import { frontCsv, frontDesigns, frontFigure } from '../front.ts';
import { checkSearchOptions, parseAdcBits, parseKeep, type SearchFileOptions } from '../options.ts';
import { type SearchResult, search } from '../search.ts';
import { designSpace } from '../space.ts';

/** The result of a search, and the space of its designs. */
export interface SearchedFiles {
  readonly result: SearchResult;
  readonly space: DesignSpace;
  readonly warnings: readonly string[];
}

const RESULTS = ['result.json', 'pareto.csv', 'pareto.svg', 'samples.csv'] as const;

/**
 * With `out` the front, its samples and a figure are written there, and the same options go on there to the same bytes.
 * @example
 * const network = { model: 'glyph-vit', weights: 'best/base.safetensors', data: 'glyphs' };
 * const { result, space } = await searchFiles({ ...searchDefaults, ...network });
 * console.log(frontTable(result, space));
 * @throws TrexError for files and options that do not go together, and for a folder of another run.
 */
export async function searchFiles(
  options: SearchFileOptions,
  hooks: OptimizeFileHooks = {},
): Promise<SearchedFiles> {
  checkSearchOptions(options);
  const { out, seed, set, population, generations, batch, rate } = options;
  if (out !== undefined) checkStore(out);
  const adcBits = parseAdcBits(options.adcBits);
  const names = options.tech.split(',').map(name => name.trim());
  const disk = recorded(nodeFiles);
  const loaded = names.map(tech => loadArchFrom(disk, options.arch, { tech, set }));
  const technologies = loaded.map(({ arch }, i) => ({
    name: names[i],
    arch: { ...arch, devices: withEncoding(arch.devices, options.encoding) },
  }));
  const network = loadModelFrom(disk, options.model, { set });
  const { model } = network;
  classesOf(model);
  const [{ arch }] = technologies;
  const space = designSpace(technologies, {
    encoders: model.encoders,
    able: reuseSpace(model).able,
    adcBits,
    keep: parseKeep(options.keep, model),
  });
  const weights = { name: options.weights, bytes: readBytes(options.weights) };
  const data = await openTrainingData(
    options.data.replaceAll('\\', '/'),
    model,
    options.vocabulary,
    seed,
    options.weights,
  );
  const { train, validation } = data;
  const begin = {
    schemaVersion: 1,
    version: VERSION,
    ...optionsRecord(options),
    files: [...loaded.flatMap(one => one.files), ...network.files],
    trainingData: data.sha256,
    weightsFile: hashOf(weights.name, weights.bytes).sha256,
  };
  const store =
    out === undefined
      ? undefined
      : await openStore({
          dir: out,
          command: 'trex search',
          begin,
          force: options.force,
          results: RESULTS,
          onDamage: message => hooks.say?.(`warning: ${message}`),
        });
  const { samples, fraction, partialEpochs, images, keepImages } = options;
  try {
    const result = await search(
      {
        model,
        arch,
        space,
        weights,
        train,
        validation,
        samples,
        fraction,
        partialEpochs,
        recipe: { batch, rate },
        images,
        keepImages,
        device: deviceOptions(options),
        seed,
        population,
        generations,
        store,
        threads: availableParallelism(),
        startHelpers: startThreads,
        openBackend: () => openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined }),
      },
      hooks,
    );
    const files = withTexts(uniqueFiles([...begin.files, hashOf(weights.name, weights.bytes)]), disk);
    if (store !== undefined) writeResults(store, { run: optionsRecord(options), files }, result, space);
    return {
      result,
      space,
      warnings: [...new Set([...loaded.flatMap(one => one.warnings), ...network.warnings])],
    };
  } catch (error) {
    throw out === undefined ? error : withResumeHint(error, out);
  } finally {
    store?.close();
  }
}

function writeResults(
  store: FolderStore,
  { run, files: read }: { run: Readonly<Record<string, unknown>>; files: readonly RecordedFile[] },
  result: SearchResult,
  space: DesignSpace,
): void {
  const { samples, leftOut, quality } = result;
  const files: Record<(typeof RESULTS)[number], string> = {
    'pareto.csv': frontCsv(result, space),
    'pareto.svg': frontFigure(result, space),
    'samples.csv': csv([
      ['reuse', 'keep', 'loss', 'left_out', 'pruned_untrained'],
      ...samples.map(({ encoders, keep, keepLoss, loss }, i) => [
        ...[encoders.join(' '), keep.join(' '), loss, leftOut[i], keepLoss],
      ]),
    ]),
    'result.json': `${JSON.stringify(
      {
        schemaVersion: 1,
        version: VERSION,
        run,
        files: read,
        prediction: quality,
        front: frontDesigns(result, space),
      },
      null,
      2,
    )}\n`,
  };
  for (const [name, text] of Object.entries(files)) store.write(name, text);
}
