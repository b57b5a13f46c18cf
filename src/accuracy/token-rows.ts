/** Texts of a decoder by path: token ids in an .npy or a .json file, or a text, of bytes or for the tokenizer beside the weights. */
import type { BytePair } from '../data/byte-pair.ts';
import { readBytePair } from '../data/byte-pair-files.ts';
import type { DataFiles } from '../data/data-files.ts';
import { MAX_FILE_BYTES } from '../data/data-files.ts';
import { parseNpy } from '../workload/import/npy.ts';
import { invalidFile, shapeText } from '../workload/import/tensor.ts';
import type { ModelConfig } from '../workload/model.ts';

/** A decoder's configuration. */
export type DecoderModel = Extract<ModelConfig, { readonly family: 'decoder' }>;

/** Where texts are from: files, a path among them, and the folder of the weights, in which a tokenizer may lie. */
export interface TextSource {
  readonly disk: DataFiles;
  readonly path: string;
  readonly folder: string;
}

/** Rows of token ids, one a text. @throws TrexError (invalid file) for another form, and for an id that the network does not have. */
export async function readTokenRows(
  { disk, path, folder }: TextSource,
  model: DecoderModel,
): Promise<readonly Int32Array[]> {
  const bytes = await disk.read(path, MAX_FILE_BYTES);
  const isIds = /\.(npy|json)$/i.test(path);
  const tokenizer = isIds ? undefined : await tokenizerOf(disk, folder, model);
  const rows = tokenizer === undefined ? rowsOf(bytes, path, model) : [tokenizer.encode(textOf(bytes, path))];
  if (!isIds && model.tokenizer === 'none' && tokenizer === undefined)
    throw invalidFile(
      `${path}: a text, but no tokenizer of ${model.name} lies in ${folder} (tokenizer.json, or vocab.json and merges.txt): give token ids, as .npy [N, T] or as .json`,
    );
  if (rows.length === 0 || rows.some(row => row.length === 0)) throw invalidFile(`${path}: holds no token`);
  for (const [i, row] of rows.entries()) {
    const bad = row.findIndex(id => !Number.isInteger(id) || id < 0 || id >= model.vocabulary);
    if (bad >= 0)
      throw invalidFile(
        `${path}: token ${bad}${rows.length > 1 ? ` of text ${i}` : ''} is ${row[bad]}; ${model.name} has token ids 0 to ${model.vocabulary - 1}`,
      );
  }
  return rows.map(row => Int32Array.from(row));
}

/** Of a network that does not take bytes. @throws TrexError (invalid file) for one that is not read here. */
export async function tokenizerOf(
  disk: DataFiles,
  folder: string,
  model: DecoderModel,
): Promise<BytePair | undefined> {
  return model.tokenizer === 'bytes' ? undefined : await readBytePair(disk, folder);
}

function textOf(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalidFile(`${path}: not a text file: its bytes are not UTF-8`);
  }
}

function rowsOf(bytes: Uint8Array, path: string, model: DecoderModel): readonly (readonly number[])[] {
  if (/\.npy$/i.test(path)) return npyRows(bytes, path, model);
  if (/\.json$/i.test(path)) return jsonRows(bytes, path);
  return [Array.from(bytes)];
}

function npyRows(bytes: Uint8Array, path: string, model: DecoderModel): number[][] {
  const { shape, data, dtype } = parseNpy(bytes, path);
  const [count, size] = shape.length === 1 ? [1, ...shape] : shape;
  if (!/^[iu]/.test(dtype) || shape.length < 1 || shape.length > 2)
    throw invalidFile(`${path}: ${dtype} ${shapeText(shape)}; ${model.name} runs on token ids [N, T] or [T]`);
  return Array.from({ length: count }, (_, i) => Array.from(data.subarray(i * size, (i + 1) * size), Number));
}

/** A list of ids, or a list of such lists. */
function jsonRows(bytes: Uint8Array, path: string): number[][] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw invalidFile(`${path}: not JSON: ${(error as Error).message}`);
  }
  const isIds = (row: unknown): row is number[] =>
    Array.isArray(row) && row.every(id => typeof id === 'number');
  if (isIds(value)) return value.length === 0 ? [] : [value];
  if (!Array.isArray(value) || !value.every(isIds))
    throw invalidFile(`${path}: expected a list of token ids, or a list of such lists`);
  return value;
}
