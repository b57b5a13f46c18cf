/** Reads .npz: a zip of .npy arrays, as numpy.savez and savez_compressed write it. */
import { type NpyArray, npyTensor, parseNpy } from './npy.ts';
import { invalidFile, shown, type Tensors } from './tensor.ts';
import { readZip } from './zip.ts';

/** Default bound on the unpacked arrays together: 4 GiB. */
const LIMIT_BYTES = 2 ** 32;

/** Limits of reading. */
export interface NpzOptions {
  /** Most bytes that the arrays may have when unpacked. */
  readonly limitBytes?: number;
}

/** The arrays by their names, without `.npy`. @throws TrexError (invalid file) for a broken archive or array. */
export async function parseNpz(
  bytes: Uint8Array,
  file = 'npz',
  { limitBytes = LIMIT_BYTES }: NpzOptions = {},
): Promise<Map<string, NpyArray>> {
  const arrays = new Map<string, NpyArray>();
  for (const [path, content] of await readZip(bytes, file, limitBytes)) {
    if (!path.endsWith('.npy')) throw invalidFile(`${file}: ${shown(path)} is not a .npy array`);
    arrays.set(path.slice(0, -4), parseNpy(content, `${file}: ${shown(path)}`));
  }
  return arrays;
}

/** The arrays as tensors of weights. */
export const npzTensors = (arrays: ReadonlyMap<string, NpyArray>, file = 'npz'): Tensors =>
  new Map([...arrays].map(([name, array]) => [name, npyTensor(name, array, file)]));
