/** NumPy arrays in two files: x.npy with the labels beside it as y.npy. */
import { parseNpy } from '../../workload/import/npy.ts';
import { arraySet } from '../arrays.ts';
import { badFile } from '../bad-file.ts';
import { baseName, type DataFiles, folderOf, MAX_FILE_BYTES, needFile } from '../data-files.ts';
import { dataFormat, IMAGE_OPTIONS } from '../data-format.ts';

export const format = dataFormat({
  name: 'npy',
  title: '.npy',
  about:
    'Bytes are images, integers [N, T] token ids, floats inputs as they are; labels in y.npy beside x.npy',
  of: 'file',
  asked: 'first',
  options: ['labels', 'classes', ...IMAGE_OPTIONS],
  recognises: ({ name }) => name.endsWith('.npy'),
  async open({ files, path }, { labels, ...options }) {
    const bytes = await files.read(path, MAX_FILE_BYTES);
    const yName = labels ?? (await labelsOf(files, path));
    const x = parseNpy(bytes, path);
    const y = parseNpy(await files.read(yName, MAX_FILE_BYTES), yName);
    return arraySet(baseName(path), { x, y, xName: path, yName }, options);
  },
});

function labelsOf(files: DataFiles, path: string): Promise<string> {
  const name = baseName(path).replace(/(^|[^a-z])x(?=[^a-z])/i, (_, before) => `${before}y`);
  if (name === baseName(path)) {
    throw badFile(path, 'its name has no x to find the labels as y; give their path');
  }
  return needFile(files, folderOf(path), [name]);
}
