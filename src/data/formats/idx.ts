/** The IDX files of MNIST and its family (LeCun, Cortes, Burges: "The MNIST database"), plain or gzip. */
import { badFile } from '../bad-file.ts';
import { baseName, type DataFiles, folderOf, join, MAX_FILE_BYTES, needFile } from '../data-files.ts';
import { dataFormat, IMAGE_OPTIONS } from '../data-format.ts';
import type { ReaderOptions } from '../data-options.ts';
import type { DataSet } from '../data-set.ts';
import { decompress } from '../decompress.ts';
import { numbered } from '../labels.ts';
import { pixelSet } from '../pixel-set.ts';

const GZIP = [0x1f, 0x8b];
const TYPE_NAMES: Readonly<Record<number, string>> = {
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: '32-bit floats',
  14: '64-bit floats',
};
const UNSIGNED_BYTE = 8;
/** Images are small here; a larger side is a damaged header. */
const MAX_SIDE = 4096;

const OPTIONS = ['labels', 'classes', ...IMAGE_OPTIONS] as const;

/** `labels`: default `images` and `idx3` of the images' name replaced by `labels` and `idx1`. */
export type IdxOptions = Pick<ReaderOptions, (typeof OPTIONS)[number]>;

export const format = dataFormat({
  name: 'idx',
  title: 'IDX (*-ubyte, *.idx, .gz)',
  about: 'Grey images of one size, plain or gzip; labels beside them, `labels` for `images` in the name',
  of: 'file',
  asked: 'first',
  options: OPTIONS,
  recognises: ({ name }) => /-ubyte(\.gz)?$|\.idx\d?(\.gz)?$/.test(name),
  open: ({ files, path }, options) => idxSet(files, path, options),
});

interface IdxArray {
  readonly dims: readonly number[];
  readonly data: Uint8Array;
}

/**
 * Grey images with a file of labels beside them. Orientation is as stored (EMNIST stores its letters transposed).
 * @throws TrexError: a missing or damaged file, or another number of labels than of images.
 */
export async function idxSet(files: DataFiles, path: string, options: IdxOptions = {}): Promise<DataSet> {
  const images = await readIdx(files, path);
  if (images.dims.length !== 3) {
    throw badFile(path, `${images.dims.length} dimensions; images have 3: number, rows, columns`);
  }
  const [count, height, width] = images.dims;
  if (Math.min(count, height, width) === 0 || Math.max(height, width) > MAX_SIDE) {
    throw badFile(path, `${count} images of ${width} x ${height} pixels`);
  }
  const labelsPath = options.labels ?? (await labelsOf(files, path));
  const labels = await readIdx(files, labelsPath);
  if (labels.dims.length !== 1) throw badFile(labelsPath, `${labels.dims.length} dimensions; labels have 1`);
  if (labels.data.length !== count) {
    throw badFile(labelsPath, `${labels.data.length} labels for ${count} images in ${path}`);
  }
  const name = baseName(path);
  return pixelSet(
    {
      name,
      count,
      width,
      height,
      channels: 1,
      planar: true,
      data: images.data,
      stride: width * height,
      offset: 0,
    },
    numbered(labels.data, i => `${labelsPath}#${i}`, options.classes),
    options,
  );
}

async function labelsOf(files: DataFiles, path: string): Promise<string> {
  const name = baseName(path).replace(/\.gz$/i, '').replace('images', 'labels').replace(/idx3/i, 'idx1');
  if (join(folderOf(path), name) === path.replace(/\.gz$/i, '')) {
    throw badFile(path, "'images' is not in its name, so the name of its labels is not known; give it");
  }
  return needFile(files, folderOf(path), [name, `${name}.gz`]);
}

/** Reads an array of unsigned bytes whose header agrees with the length of the file. */
async function readIdx(files: DataFiles, path: string): Promise<IdxArray> {
  const stored = await files.read(path, MAX_FILE_BYTES);
  const zipped = GZIP.every((byte, i) => stored[i] === byte);
  const bytes = zipped ? await decompress(path, stored, 'gzip', head => fileBytes(path, head)) : stored;
  const expected = fileBytes(path, bytes);
  if (bytes.length !== expected)
    throw badFile(path, `${bytes.length} bytes, its header declares ${expected}`);
  const dims = dimensions(path, bytes);
  return { dims, data: bytes.subarray(4 + 4 * dims.length) };
}

/** Bytes of the whole file, as its header declares; a product beyond the limit is refused. */
function fileBytes(path: string, head: Uint8Array): number {
  const dims = dimensions(path, head);
  const total = dims.reduce((product, size) => product * size, 1) + 4 + 4 * dims.length;
  if (total > MAX_FILE_BYTES) {
    throw badFile(path, `its header declares ${dims.join(' x ')} bytes, more than ${MAX_FILE_BYTES}`);
  }
  return total;
}

function dimensions(path: string, head: Uint8Array): number[] {
  const [zero, nought, type, count] = head;
  if (zero !== 0 || nought !== 0 || head.length < 4)
    throw badFile(path, 'not an IDX file: it begins otherwise');
  if (type !== UNSIGNED_BYTE) {
    throw badFile(path, `IDX of ${TYPE_NAMES[type] ?? `type ${type}`}; unsigned bytes can be read`);
  }
  if (count < 1 || count > 4 || head.length < 4 + 4 * count) {
    throw badFile(path, `truncated or damaged IDX header (${count} dimensions)`);
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i));
}
