/** Opens a network with its weights: a safetensors file, its shards, a folder of Hugging Face, or an .npz; with the configuration beside it. */
import type { FileHash, Files } from '../arch/source-files.ts';
import { usageError } from '../base/errors.ts';
import { type DataFiles, folderOf, MAX_FILE_BYTES } from '../data/data-files.ts';
import { type LoadedModel, loadModelFrom } from '../run/load.ts';
import { buildGraph, type Graph } from '../workload/graph.ts';
import { withImageSize } from '../workload/image-size.ts';
import { modelFromConfigJson } from '../workload/import/config-json.ts';
import { loadWeights } from '../workload/import/load-weights.ts';
import { modelFromShapes } from '../workload/import/model-from-shapes.ts';
import type { LinearWeights, ModelWeights } from '../workload/import/model-weights.ts';
import { plainNames, withoutIgnored } from '../workload/import/plain-names.ts';
import { shown, type Tensors } from '../workload/import/tensor.ts';
import { isTimmConfig, type TimmConfig, timmTold } from '../workload/import/timm-config.ts';
import type { ModelConfig } from '../workload/model.ts';
import { parseReuse } from '../workload/reuse.ts';
import { reuseSpace } from '../workload/reuse-space.ts';
import type { Size } from '../workload/size.ts';
import type { EmbeddingTables } from '../workload/vector-function.ts';
import { isOnnx, openOnnx } from './onnx-network.ts';
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
  /** Attention heads, where no file tells them: they leave no trace in tensors. */
  readonly heads?: number | undefined;
  /** Tensors that are left out: names with `*` for any text, with commas between them. */
  readonly ignoreTensors?: string | undefined;
  /** Pixels of the image: `384`, or `224x448` (height, width); position embeddings are interpolated. */
  readonly imageSize?: string | undefined;
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

/**
 * `loaded` is the network that `modelName` names, where the caller has it with values of its own.
 * @throws TrexError: options that exclude each other (2), a missing file (4), weights that do not fit (3).
 */
export async function openNetwork(
  options: NetworkFileOptions,
  from: NetworkFiles,
  loaded?: LoadedModel,
): Promise<NetworkFile> {
  const file = await weightsPath(from.disk, options.model, from.files);
  if (isOnnx(file)) return onnxFile(file, options, from, loaded);
  const { tensors: stored, files } = await readTensors(from.disk, file);
  const allTensors = plainNames(stored, file);
  const tensors = withoutIgnored(allTensors, options.ignoreTensors, file);
  const config = await readModel(options, { file, tensors, allTensors, loaded }, from);
  const reuse = parseReuse(options.reuse, reuseSpace(config.model));
  // Of a decoder the words at each token: a prompt's last ones are among them.
  const all = config.model.family === 'decoder' ? ({ logits: 'all' } as const) : {};
  const graphOf = (tokens?: number, past?: number): Graph =>
    buildGraph(config.model, { reuse, tokens, past, ...all });
  // Weights that do not fit are refused before anything runs; a graph of other texts has the same.
  const fit = loadWeights(tensors, graphOf(), file);
  const { warnings } = fit;
  const linears: KnownLinears = { all: new Map(), tables: new Map(), kept: undefined };
  return {
    model: config.model,
    graph: graphOf,
    // A decoder asks for a graph a token: their weights are found once.
    weights: graph =>
      remembering(
        config.model.family === 'decoder' ? fit.weights : loadWeights(tensors, graph, file).weights,
        linears,
      ),
    folder: folderOf(file),
    hashes: () => hashesOf([...files, ...config.files]),
    warnings: [...warnings, ...config.warnings],
    keepMatrices: () => kept(linears),
  };
}

async function onnxFile(
  file: string,
  options: NetworkFileOptions,
  { disk }: NetworkFiles,
  loaded: LoadedModel | undefined,
): Promise<NetworkFile> {
  const opened = await openOnnx(file, { options, image: imageOf(options.imageSize), loaded }, disk);
  const linears: KnownLinears = { all: new Map(), tables: new Map(), kept: undefined };
  return {
    ...opened,
    weights: graph => remembering(opened.weights(graph), linears),
    folder: folderOf(file),
    hashes: () => hashesOf(opened.files),
    warnings: [],
    keepMatrices: () => kept(linears),
  };
}

/** Until the function that is given back is called. */
function kept(linears: KnownLinears): () => void {
  linears.kept = new Set();
  return () => {
    linears.kept = undefined;
  };
}

interface KnownLinears {
  readonly all: Map<string, WeakRef<LinearWeights>>;
  readonly tables: Map<string, WeakRef<EmbeddingTables>>;
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
    embedding(id) {
      const one = known.tables.get(id)?.deref() ?? weights.embedding(id);
      known.tables.set(id, new WeakRef(one));
      return one;
    },
  };
}

interface ReadModel {
  readonly model: ModelConfig;
  readonly files: readonly ReadFile[];
  readonly warnings: readonly string[];
}

/** A file of weights, with all its tensors and without those that are left out. */
interface Weights {
  readonly file: string;
  readonly tensors: Tensors;
  readonly allTensors: Tensors;
  readonly loaded: LoadedModel | undefined;
}

async function readModel(
  options: NetworkFileOptions,
  weights: Weights,
  { files, disk }: NetworkFiles,
): Promise<ReadModel> {
  const { config, modelName, heads } = options;
  const image = imageOf(options.imageSize);
  if (modelName !== undefined && (config ?? heads) !== undefined)
    throw usageError(
      '--model-name describes the whole network, --config and --heads describe it too: give one',
    );
  if (heads !== undefined && (!Number.isInteger(heads) || heads < 1))
    throw usageError(`--heads ${heads}: expected a whole number of at least 1`);
  const path = config ?? siblingPath(weights.file, CONFIG);
  const isThere = config !== undefined || (await isFile(disk, path));
  const bytes = isThere ? await disk.read(path, MAX_FILE_BYTES) : undefined;
  const json = bytes === undefined ? undefined : readJson(path, bytes);
  if (modelName !== undefined) {
    // What lies beside the weights may contradict the name, and is not passed over.
    if (json !== undefined && isTimmConfig(json)) timmTold(json, path);
    const named = weights.loaded ?? loadModelFrom(files, modelName);
    return { ...named, model: resized(named.model, image) };
  }
  const read = bytes === undefined ? [] : [{ path, bytes }];
  if (json === undefined || isTimmConfig(json))
    return {
      model: resized(timmModel(json, path, weights, heads, image), image),
      files: read,
      warnings: [],
    };
  const { tensors, allTensors } = weights;
  const model = modelFromConfigJson(json, { file: path, heads, tensors, allTensors });
  return { model: resized(model, image), files: read, warnings: [] };
}

/** A network of timm by its tensors, and by timm's config.json where that lies beside them. */
function timmModel(
  json: TimmConfig | undefined,
  path: string,
  { file, tensors }: Weights,
  asked: number | undefined,
  image: Size | undefined,
): ModelConfig {
  if (json === undefined && asked === undefined)
    throw usageError(
      `${file}: no ${CONFIG} beside it: describe the network with --config, --model-name (e.g. deit-s), or --heads for a timm ViT`,
    );
  const told = json === undefined ? { fields: {}, images: [] } : timmTold(json, path);
  const known = told.fields.heads;
  if (asked !== undefined && known !== undefined && asked !== known)
    throw usageError(`--heads ${asked}: ${path} names a network of ${known} heads`);
  const heads = asked ?? known;
  if (heads === undefined)
    throw usageError(
      `${path}: timm's ${shown(String(json?.architecture))} is not known here: add --model-name or --heads`,
    );
  return modelFromShapes(tensors, {
    heads,
    file,
    told: told.fields,
    images: image === undefined ? told.images : [...told.images, image],
    ...(json !== undefined && { name: json.architecture.toLowerCase().replace(/[^a-z0-9.-]+/g, '-') }),
  });
}

/** @throws TrexError (usage) for a text that is no size. */
function imageOf(text: string | undefined): Size | undefined {
  if (text === undefined) return undefined;
  const [, height, width = height] = /^([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?$/.exec(text) ?? [];
  if (height === undefined)
    throw usageError(`--image-size ${text}: expected pixels, as 384, or height and width, as 224x448`);
  return { height: Number(height), width: Number(width) };
}

/** The model on images of another size. @throws TrexError (usage) for one that has none, or whose patches do not fit. */
const resized = (model: ModelConfig, image: Size | undefined): ModelConfig =>
  image === undefined ? model : withImageSize(model, image);
