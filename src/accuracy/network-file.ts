/** Opens a network with its weights: a safetensors file, its shards, a folder of Hugging Face, or an .npz; with the configuration beside it. */
import type { FileHash, Files } from '../arch/source-files.ts';
import { usageError } from '../base/errors.ts';
import { type DataFiles, folderOf, MAX_FILE_BYTES } from '../data/data-files.ts';
import { loadModelFrom } from '../run/load.ts';
import { buildGraph, type Graph } from '../workload/graph.ts';
import { modelFromConfigJson } from '../workload/import/config-json.ts';
import { loadWeights } from '../workload/import/load-weights.ts';
import { modelFromShapes } from '../workload/import/model-from-shapes.ts';
import type { LinearWeights, ModelWeights } from '../workload/import/model-weights.ts';
import { shown, type Tensors } from '../workload/import/tensor.ts';
import { checkTimmConfig, isTimmConfig, timmHeads } from '../workload/import/timm-config.ts';
import type { ModelConfig } from '../workload/model.ts';
import { parseReuse } from '../workload/reuse.ts';
import { hashesOf, isFile, type ReadFile, readJson, siblingPath } from './read-files.ts';
import type { NetworkSource } from './runner.ts';
import { readTensors, weightsPath } from './weight-files.ts';

const CONFIG = 'config.json';

/** Where the weights lie, and which network they are of. */
export interface NetworkFileOptions {
  /** Path of the weights. */
  readonly model: string;
  /** Path of a Hugging Face config.json. */
  readonly config?: string | undefined;
  /** A name of `trex list models`, or a YAML file. */
  readonly modelName?: string | undefined;
  /** Attention heads of a timm ViT whose other sizes are seen from its tensors. */
  readonly heads?: number | undefined;
  /** Encoders that reuse attention. */
  readonly reuse: string;
}

/** Where a network comes from. */
export interface NetworkFiles {
  /** Networks by name. */
  readonly files: Files;
  /** Weights, configurations and data by path. */
  readonly disk: DataFiles;
}

export interface NetworkFile extends NetworkSource {
  readonly model: ModelConfig;
  /** Where the weights lie: vocabularies and preprocessors may lie beside them. */
  readonly folder: string;
  /** What was read, with hashes. */
  hashes(): Promise<readonly FileHash[]>;
  readonly warnings: readonly string[];
  /** From here on converted matrices stay, to be asked for again, until the function that is given back is called. */
  keepMatrices(): () => void;
}

/** @throws TrexError: options that exclude each other (2), a missing file (4), weights that do not fit (3). */
export async function openNetwork(options: NetworkFileOptions, from: NetworkFiles): Promise<NetworkFile> {
  const file = await weightsPath(from.disk, options.model, from.files);
  const { tensors, files } = await readTensors(from.disk, file);
  const config = await readModel(options, file, tensors, from);
  const reuse = parseReuse(options.reuse, config.model.encoders);
  const graphOf = (tokens?: number): Graph => buildGraph(config.model, { reuse, tokens });
  // Weights that do not fit are refused before anything runs; a graph of other texts has the same.
  const { warnings } = loadWeights(tensors, graphOf(), file);
  const linears: KnownLinears = { all: new Map(), kept: undefined };
  return {
    model: config.model,
    graph: graphOf,
    weights: graph => remembering(loadWeights(tensors, graph, file).weights, linears),
    folder: folderOf(file),
    hashes: () => hashesOf([...files, ...config.files]),
    warnings: [...warnings, ...config.warnings],
    keepMatrices() {
      linears.kept = new Set();
      return () => {
        linears.kept = undefined;
      };
    },
  };
}

interface KnownLinears {
  readonly all: Map<string, WeakRef<LinearWeights>>;
  /** Those that stay although nobody uses them just now. */
  kept: Set<LinearWeights> | undefined;
}

/** Matrices that are still in use are not converted again: a calibration and the run behind it read the same ones. */
function remembering(weights: ModelWeights, known: KnownLinears): ModelWeights {
  return {
    linear(weightId) {
      const one = known.all.get(weightId)?.deref() ?? weights.linear(weightId);
      known.all.set(weightId, new WeakRef(one));
      known.kept?.add(one);
      return one;
    },
    norm: id => weights.norm(id),
    rows: id => weights.rows(id),
    embedding: id => weights.embedding(id),
  };
}

interface ReadModel {
  readonly model: ModelConfig;
  readonly files: readonly ReadFile[];
  readonly warnings: readonly string[];
}

async function readModel(
  { config, modelName, heads }: NetworkFileOptions,
  weights: string,
  tensors: Tensors,
  { files, disk }: NetworkFiles,
): Promise<ReadModel> {
  if ([config, modelName, heads].filter(option => option !== undefined).length > 1)
    throw usageError('--config, --model-name and --heads each describe the network: give one');
  if (heads !== undefined && (!Number.isInteger(heads) || heads < 1))
    throw usageError(`--heads ${heads}: expected a whole number of at least 1`);
  const path = config ?? siblingPath(weights, CONFIG);
  const isThere = config !== undefined || (await isFile(disk, path));
  const bytes = isThere ? await disk.read(path, MAX_FILE_BYTES) : undefined;
  const json = bytes === undefined ? undefined : readJson(path, bytes);
  const ofTimm = json !== undefined && isTimmConfig(json);
  if (ofTimm) checkTimmConfig(json, path);
  if (modelName !== undefined) return loadModelFrom(files, modelName);
  if (bytes === undefined && heads === undefined)
    throw usageError(
      `${weights}: no ${CONFIG} beside it: describe the network with --config, --model-name (e.g. deit-s), or --heads for a timm ViT`,
    );
  if (heads === undefined && !ofTimm)
    return {
      model: modelFromConfigJson(json, { file: path }),
      files: [{ path, bytes: bytes! }],
      warnings: [],
    };
  const known = ofTimm ? timmHeads(json) : undefined;
  if (heads === undefined && known === undefined)
    throw usageError(
      `${path}: timm's ${shown(String((json as { architecture: unknown }).architecture))} is not known here: add --model-name or --heads`,
    );
  if (heads !== undefined && known !== undefined && heads !== known)
    throw usageError(`--heads ${heads}: ${path} names a network of ${known} heads`);
  const named = ofTimm ? { name: json.architecture.toLowerCase().replace(/[^a-z0-9.-]+/g, '-') } : {};
  const model = modelFromShapes(tensors, { heads: heads ?? known!, file: weights, ...named });
  return { model, files: ofTimm ? [{ path, bytes: bytes! }] : [], warnings: [] };
}
