/** The tensors that a word names: a safetensors file, an index of its shards (transformers), a folder of Hugging Face, or an .npz. */
import { basename, dirname, join } from 'node:path';
import type { FileHash } from '../arch/source-files.ts';
import { usageError } from '../base/errors.ts';
import { hashOf, missing, readBytes, readJson, statOf } from '../cli/io/read-file.ts';
import { listFiles } from '../run/node/files.ts';
import { npyTensor } from '../workload/import/npy.ts';
import { parseNpz } from '../workload/import/npz.ts';
import { parseSafetensors } from '../workload/import/safetensors.ts';
import { invalidFile, shown, type Tensors } from '../workload/import/tensor.ts';

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
/** Older folders have these alone. */
const PICKLE = 'pytorch_model.bin';
/** Of an archive's arrays in memory. */
const MAX_NPZ_BYTES = 2 ** 31;

export interface WeightFiles {
  readonly tensors: Tensors;
  readonly files: readonly FileHash[];
}

/** The file that a word means: itself, or the weights in a folder. @throws TrexError */
export function weightsPath(word: string): string {
  const stats = statOf(word);
  if (stats === undefined) {
    if (listFiles('models').includes(word))
      throw usageError(
        `--model ${word}: a network without weights; give a file of weights, and --model-name ${word} if it has no config.json`,
      );
    throw missing(`${word}: no such file`);
  }
  if (!stats.isDirectory()) return word;
  const isThere = (name: string): boolean => statOf(join(word, name))?.isFile() ?? false;
  const found = [WEIGHTS, INDEX].find(isThere);
  if (found !== undefined) return join(word, found);
  if (isThere(PICKLE)) throw pickle(join(word, PICKLE));
  throw missing(`${word}: has no ${WEIGHTS} and no ${INDEX}`);
}

/** @throws TrexError (invalid file) */
export async function readTensors(path: string): Promise<WeightFiles> {
  if (/\.json$/i.test(path)) return readShards(path);
  if (/\.(bin|pt|pth|ckpt)$/i.test(path)) throw pickle(path);
  const bytes = readBytes(path);
  const files = [hashOf(path, bytes)];
  if (!/\.npz$/i.test(path)) {
    if (isPickle(bytes)) throw pickle(path);
    return { tensors: parseSafetensors(bytes, path).tensors, files };
  }
  const arrays = await parseNpz(bytes, path, { limitBytes: MAX_NPZ_BYTES });
  return { tensors: new Map([...arrays].map(([name, a]) => [name, npyTensor(name, a, path)])), files };
}

/** The tensors of all files that an index names (transformers' `weight_map`). */
function readShards(path: string): WeightFiles {
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

/** What torch.save writes: a zip archive, or a bare pickle of protocol 2 to 5. A safetensors header that long cannot be. */
function isPickle(bytes: Uint8Array): boolean {
  const zip = [0x50, 0x4b, 0x03, 0x04].every((byte, i) => bytes[i] === byte);
  const bare = bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5;
  return zip || (bare && bytes.subarray(4, 8).some(byte => byte !== 0));
}

const pickle = (path: string) =>
  invalidFile(
    `${path}: a pickle of PyTorch, which can run code and is not read; convert it once: ` +
      `python3 -c "import torch, safetensors.torch as s; w = torch.load('${basename(path)}', map_location='cpu', weights_only=True); w = w.get('state_dict', w.get('model', w)); s.save_file({k: v.clone() for k, v in w.items()}, 'model.safetensors')"`,
  );
