/** Texts of a decoder by path: token ids in an .npy or a .json file, or a text of bytes. */
import type { DataFiles } from '../data/data-files.ts';
import { MAX_FILE_BYTES } from '../data/data-files.ts';
import { parseNpy } from '../workload/import/npy.ts';
import { invalidFile, shapeText } from '../workload/import/tensor.ts';
import type { ModelConfig } from '../workload/model.ts';

/** A decoder's configuration. */
export type DecoderModel = Extract<ModelConfig, { readonly family: 'decoder' }>;

/** Rows of token ids, one a text. @throws TrexError (invalid file) for another form, and for an id that the network does not have. */
export async function readTokenRows(
  disk: DataFiles,
  path: string,
  model: DecoderModel,
): Promise<readonly Int32Array[]> {
  const bytes = await disk.read(path, MAX_FILE_BYTES);
  const rows = rowsOf(bytes, path, model);
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

function rowsOf(bytes: Uint8Array, path: string, model: DecoderModel): readonly (readonly number[])[] {
  if (/\.npy$/i.test(path)) return npyRows(bytes, path, model);
  if (/\.json$/i.test(path)) return jsonRows(bytes, path);
  if (model.tokenizer === 'none')
    throw invalidFile(
      `${path}: a text, but no tokenizer of ${model.name} is known here: give token ids, as .npy [N, T] or as .json`,
    );
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
