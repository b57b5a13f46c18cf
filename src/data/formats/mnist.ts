/** A folder of MNIST's files, or of its family: IDX with MNIST's names for training and test. */
import { firstFile, needFile } from '../data-files.ts';
import { dataFormat, IMAGE_OPTIONS } from '../data-format.ts';
import { idxSet } from './idx.ts';

/** Names of the images of a split. */
const imageNames = (split: 'test' | 'train'): string[] => {
  const part = split === 'test' ? 't10k' : 'train';
  return [`${part}-images-idx3-ubyte`, `${part}-images.idx3-ubyte`].flatMap(name => [name, `${name}.gz`]);
};

export const format = dataFormat({
  name: 'mnist',
  title: "MNIST's folder",
  about: 'IDX under the names of MNIST: t10k-* are the test part, train-* the training part',
  of: 'folder',
  asked: 'first',
  options: ['split', 'labels', 'classes', ...IMAGE_OPTIONS],
  recognises: async ({ files, path }) =>
    (await firstFile(files, path, [...imageNames('test'), ...imageNames('train')])) !== undefined,
  async open({ files, path }, { split = 'test', ...options }) {
    return idxSet(files, await needFile(files, path, imageNames(split)), options);
  },
});
