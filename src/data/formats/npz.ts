/** NumPy arrays in one archive: x and y, or two parts as Keras names them, x_train and y_train, x_test and y_test. */
import { usageError } from '../../base/errors.ts';
import { parseNpz } from '../../workload/import/npz.ts';
import { arraySet } from '../arrays.ts';
import { badFile } from '../bad-file.ts';
import { baseName, MAX_FILE_BYTES } from '../data-files.ts';
import { dataFormat, IMAGE_OPTIONS } from '../data-format.ts';

const KNOWN = /^(x|y|mask|types)(_train|_test)?$/;

export const format = dataFormat({
  name: 'npz',
  title: '.npz',
  about:
    'As .npy, in one archive: x and y (of texts also mask and types), or x_train, y_train, x_test and y_test',
  of: 'file',
  asked: 'first',
  options: ['split', 'classes', ...IMAGE_OPTIONS],
  recognises: ({ name }) => name.endsWith('.npz'),
  async open({ files, path }, { split, ...options }) {
    const bytes = await files.read(path, MAX_FILE_BYTES);
    const arrays = await parseNpz(bytes, path, { limitBytes: MAX_FILE_BYTES });
    const part = split ?? 'test';
    const isWhole = arrays.has('x');
    if (isWhole && split !== undefined)
      throw usageError(`${path}: split ${split}: it holds x and y, not a training and a test part`);
    const end = isWhole ? '' : `_${part}`;
    const [x, y, mask, types] = ['x', 'y', 'mask', 'types'].map(name => arrays.get(`${name}${end}`));
    if (x === undefined || y === undefined) {
      throw badFile(
        path,
        `expected the arrays x and y, or x_${part} and y_${part}; it has ${[...arrays.keys()].join(', ')}`,
      );
    }
    for (const name of arrays.keys())
      if (!KNOWN.test(name))
        throw badFile(
          path,
          `array ${name} is not known here; known: x, y, mask and types, each with _train and _test`,
        );
    const pair = { x, y, xName: `${path}: x${end}`, yName: `${path}: y${end}`, mask, types };
    return arraySet(baseName(path), pair, options);
  },
});
