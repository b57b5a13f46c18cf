/** The tensors that a path names: a safetensors file, an index of its shards (transformers), a folder of Hugging Face, or an .npz. */
import type { Files } from '../arch/source-files.ts';
import { missingError, usageError } from '../base/errors.ts';
import { baseName, type DataFiles, join } from '../data/data-files.ts';
import { npyTensor } from '../workload/import/npy.ts';
import { parseNpz } from '../workload/import/npz.ts';
import { parseSafetensors } from '../workload/import/safetensors.ts';
import { invalidFile, shown, type Tensors } from '../workload/import/tensor.ts';
import { isFile, type ReadFile, readJson, siblingPath } from './read-files.ts';

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
/** Older folders have these alone. */
const PICKLE = 'pytorch_model.bin';
/** Of one file, and of an archive's arrays in memory. */
const MAX_BYTES = 2 ** 31 - 1;

export interface WeightFiles {
  readonly tensors: Tensors;
  readonly files: readonly ReadFile[];
}

/** The file of weights that `path` means: itself, or the one in a folder. @throws TrexError */
export async function weightsPath(disk: DataFiles, path: string, shipped: Files): Promise<string> {
  const found = await disk.stat(path);
  if (found === undefined) {
    if (shipped.list('models').includes(path))
      throw usageError(
        `--model ${path}: a network without weights; give a file of weights, and --model-name ${path} if it has no config.json`,
      );
    throw missingError(`${path}: no such file`);
  }
  if (found.kind === 'file') return path;
  for (const name of [WEIGHTS, INDEX]) if (await isFile(disk, join(path, name))) return join(path, name);
  if (await isFile(disk, join(path, PICKLE))) throw pickle(join(path, PICKLE));
  throw missingError(`${path}: has no ${WEIGHTS} and no ${INDEX}`);
}

/** @throws TrexError (invalid file) */
export async function readTensors(disk: DataFiles, path: string): Promise<WeightFiles> {
  if (/\.json$/i.test(path)) return readShards(disk, path);
  if (/\.(bin|pt|pth|ckpt)$/i.test(path)) throw pickle(path);
  const bytes = await readWeights(disk, path);
  const files = [{ path, bytes }];
  if (!/\.npz$/i.test(path)) {
    if (isPickle(bytes)) throw pickle(path);
    return { tensors: parseSafetensors(bytes, path).tensors, files };
  }
  const arrays = await parseNpz(bytes, path, { limitBytes: MAX_BYTES });
  return { tensors: new Map([...arrays].map(([name, a]) => [name, npyTensor(name, a, path)])), files };
}

async function readWeights(disk: DataFiles, path: string): Promise<Uint8Array> {
  const found = await disk.stat(path);
  if (found !== undefined && found.bytes > MAX_BYTES)
    throw invalidFile(`${path}: ${found.bytes} bytes; split the weights into shards of at most 2 GiB`);
  return disk.read(path, MAX_BYTES);
}

/** The tensors of all files that an index names (transformers' `weight_map`). */
async function readShards(disk: DataFiles, path: string): Promise<WeightFiles> {
  const bytes = await readWeights(disk, path);
  const index = readJson(path, bytes) as { weight_map?: unknown };
  const map = index.weight_map;
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    throw invalidFile(`${path}: not an index of weights: it has no weight_map`);
  const entries = Object.entries(map);
  const names = [...new Set(entries.map(([, file]) => file))];
  for (const name of names)
    if (typeof name !== 'string' || name !== baseName(name) || !name.endsWith('.safetensors'))
      throw invalidFile(
        `${path}: weight_map: expected names of .safetensors files beside it, got ${shown(JSON.stringify(name))}`,
      );
  const files: ReadFile[] = [{ path, bytes }];
  const shards = new Map<unknown, Tensors>();
  for (const name of names as string[]) {
    const shard = siblingPath(path, name);
    const content = await readWeights(disk, shard);
    files.push({ path: shard, bytes: content });
    shards.set(name, parseSafetensors(content, shard).tensors);
  }
  const tensors = entries.map(([tensor, file]) => {
    const found = shards.get(file)?.get(tensor);
    if (found === undefined) throw invalidFile(`${path}: tensor ${shown(tensor)} is not in ${String(file)}`);
    return [tensor, found] as const;
  });
  const all = new Map(tensors);
  // What a shard holds beside what the index names is in the checkpoint as well: transformers reads whole shards.
  for (const shard of shards.values())
    for (const [name, one] of shard) if (!all.has(name)) all.set(name, one);
  return { tensors: all, files };
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
      `python3 -c "import torch, safetensors.torch as s; w = torch.load('${baseName(path)}', map_location='cpu', weights_only=True); w = w.get('state_dict', w.get('model', w)); s.save_file({k: v.clone() for k, v in w.items()}, 'model.safetensors')"`,
  );
