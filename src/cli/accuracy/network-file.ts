/** Opens a network with its weights: a safetensors file, its shards, a folder of Hugging Face, or an .npz; with the configuration beside it. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { NetworkSource } from '../../accuracy/runner.ts';
import type { FileHash } from '../../arch/source-files.ts';
import { EXIT, TrexError, usageError } from '../../errors.ts';
import { listFiles } from '../../files.ts';
import { loadModel } from '../../load.ts';
import { buildGraph } from '../../workload/graph.ts';
import { modelFromConfigJson } from '../../workload/import/config-json.ts';
import { modelFromShapes } from '../../workload/import/infer-timm.ts';
import { loadWeights } from '../../workload/import/load-weights.ts';
import { npyTensor } from '../../workload/import/npy.ts';
import { parseNpz } from '../../workload/import/npz.ts';
import { parseSafetensors } from '../../workload/import/safetensors.ts';
import { invalidFile, shown, type Tensors } from '../../workload/import/tensor.ts';
import type { ModelConfig } from '../../workload/model.ts';
import type { Graph } from '../../workload/op.ts';
import { parseReuse } from '../../workload/reuse.ts';

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const CONFIG = 'config.json';
/** Of an archive's arrays in memory. */
const MAX_NPZ_BYTES = 2 ** 31;

export interface NetworkWords {
  readonly model: string;
  /** Path of a Hugging Face config.json. */
  readonly config?: string | undefined;
  /** A name of `trex list models`, or a YAML file. */
  readonly modelName?: string | undefined;
  /** Attention heads of a timm ViT whose other sizes are seen from its tensors. */
  readonly heads?: number | undefined;
  readonly reuse: string;
}

export interface NetworkFile extends NetworkSource {
  readonly model: ModelConfig;
  /** Where the weights lie: vocabularies and preprocessors may lie beside them. */
  readonly folder: string;
  readonly files: readonly FileHash[];
  readonly warnings: readonly string[];
}

/** @throws TrexError: words that exclude each other (2), a missing file (4), weights that do not fit (3). */
export async function openNetwork(words: NetworkWords): Promise<NetworkFile> {
  const file = weightsPath(words.model);
  const { tensors, files } = await readTensors(file);
  const config = readModel(words, file, tensors);
  const reuse = parseReuse(words.reuse, config.model.encoders);
  const graphOf = (tokens?: number): Graph => buildGraph(config.model, { reuse, tokens });
  // Weights that do not fit are told before anything runs; a graph of other texts has the same.
  const { warnings } = loadWeights(tensors, graphOf(), file);
  return {
    model: config.model,
    graph: graphOf,
    weights: graph => loadWeights(tensors, graph, file).weights,
    folder: dirname(file),
    files: [...files, ...config.files],
    warnings: [...warnings, ...config.warnings],
  };
}

/** The file that a word means: itself, or the weights in a folder. */
function weightsPath(word: string): string {
  const stats = statOf(word);
  if (stats === undefined) {
    if (listFiles('models').includes(word))
      throw usageError(
        `--model ${word}: a network without weights; give a file of weights, and --model-name ${word} if it has no config.json`,
      );
    throw missing(`${word}: no such file`);
  }
  if (!stats.isDirectory()) return word;
  const found = [WEIGHTS, INDEX].map(name => join(word, name)).find(path => statOf(path)?.isFile());
  if (found === undefined) throw missing(`${word}: has no ${WEIGHTS} and no ${INDEX}`);
  return found;
}

interface Read {
  readonly tensors: Tensors;
  readonly files: readonly FileHash[];
}

async function readTensors(path: string): Promise<Read> {
  if (/\.json$/i.test(path)) return readShards(path);
  if (/\.(bin|pt|pth|ckpt)$/i.test(path))
    throw invalidFile(`${path}: PyTorch's pickle files are not read; save the weights as .safetensors`);
  const bytes = readBytes(path);
  const files = [hashOf(path, bytes)];
  if (!/\.npz$/i.test(path)) return { tensors: parseSafetensors(bytes, path).tensors, files };
  const arrays = await parseNpz(bytes, path, { limitBytes: MAX_NPZ_BYTES });
  return { tensors: new Map([...arrays].map(([name, a]) => [name, npyTensor(name, a, path)])), files };
}

/** The tensors of all files that an index names (transformers' `weight_map`). */
function readShards(path: string): Read {
  const bytes = readBytes(path);
  const index = readJson(path, bytes) as { weight_map?: unknown };
  const map = index.weight_map;
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    throw invalidFile(`${path}: not an index of weights: it has no weight_map`);
  const entries = Object.entries(map);
  const names = [...new Set(entries.map(([, file]) => file))];
  for (const name of names)
    if (typeof name !== 'string' || name !== basename(name) || !name.endsWith('.safetensors'))
      throw invalidFile(
        `${path}: weight_map: expected names of .safetensors files beside it, got ${shown(JSON.stringify(name))}`,
      );
  const files = [hashOf(path, bytes)];
  const shards = new Map<unknown, Tensors>();
  for (const name of names as string[]) {
    const shard = join(dirname(path), name);
    const content = readBytes(shard);
    files.push(hashOf(shard, content));
    shards.set(name, parseSafetensors(content, shard).tensors);
  }
  const tensors = entries.map(([tensor, file]) => {
    const found = shards.get(file)?.get(tensor);
    if (found === undefined) throw invalidFile(`${path}: tensor ${shown(tensor)} is not in ${String(file)}`);
    return [tensor, found] as const;
  });
  return { tensors: new Map(tensors), files };
}

interface ReadModel {
  readonly model: ModelConfig;
  readonly files: readonly FileHash[];
  readonly warnings: readonly string[];
}

function readModel({ config, modelName, heads }: NetworkWords, weights: string, tensors: Tensors): ReadModel {
  const said = [config, modelName, heads].filter(word => word !== undefined);
  if (said.length > 1)
    throw usageError('--config, --model-name and --heads each describe the network: give one');
  if (modelName !== undefined) return loadModel(modelName);
  if (heads !== undefined) {
    if (!Number.isInteger(heads) || heads < 1)
      throw usageError(`--heads ${heads}: expected a whole number of at least 1`);
    return { model: modelFromShapes(tensors, { heads, file: weights }), files: [], warnings: [] };
  }
  const path = config ?? join(dirname(weights), CONFIG);
  if (config === undefined && statOf(path) === undefined)
    throw usageError(
      `${weights}: no ${CONFIG} beside it: describe the network with --config, --model-name (e.g. deit-s), or --heads for a timm ViT`,
    );
  const bytes = readBytes(path);
  const json = readJson(path, bytes) as { architecture?: unknown; model_type?: unknown };
  if (json.model_type === undefined && typeof json.architecture === 'string')
    throw usageError(
      `${path}: timm's configuration of ${shown(json.architecture)} does not describe the network: add --model-name or --heads`,
    );
  return { model: modelFromConfigJson(json, { file: path }), files: [hashOf(path, bytes)], warnings: [] };
}

/** @throws TrexError: missing or unreadable (4), no file (3), too large (3). */
export function readBytes(path: string): Uint8Array {
  const stats = statOf(path);
  if (stats === undefined) throw missing(`${path}: no such file`);
  if (!stats.isFile()) throw invalidFile(`${path}: expected a file`);
  try {
    return plain(readFileSync(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_FS_FILE_TOO_LARGE')
      throw invalidFile(`${path}: ${stats.size} bytes; split the weights into shards of at most 2 GiB`);
    throw missing(`${path}: cannot be read: ${message}`);
  }
}

/** The same bytes as a plain array: a Buffer's `slice` does not copy. */
export const plain = ({ buffer, byteOffset, length }: Uint8Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, length);

export function readJson(path: string, bytes: Uint8Array): object {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw invalidFile(`${path}: not JSON: ${(error as Error).message}`);
  }
  throw invalidFile(`${path}: expected a JSON object`);
}

/** Undefined for what is not there. */
export function statOf(path: string) {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

export const hashOf = (path: string, bytes: Uint8Array): FileHash => ({
  path,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

const missing = (message: string): TrexError => new TrexError(message, EXIT.missing);
