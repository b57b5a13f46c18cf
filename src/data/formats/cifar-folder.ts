/** The folders that CIFAR-10 and CIFAR-100 unpack to in their binary versions. */
import { type DataFiles, firstFile, join } from '../data-files.ts';
import { dataFormat, IMAGE_OPTIONS } from '../data-format.ts';
import { cifarSet } from './cifar.ts';

/** The test part of CIFAR-10, of CIFAR-100. */
const TEST_FILES = ['test_batch.bin', 'test.bin'];

const testFile = (files: DataFiles, folder: string): Promise<string | undefined> =>
  firstFile(files, folder, TEST_FILES);

export const format = dataFormat({
  name: 'cifar-folder',
  title: "CIFAR's folder",
  about: 'CIFAR as it unpacks: the test part, or the training part, which CIFAR-10 has in five files',
  of: 'folder',
  asked: 'first',
  options: ['split', 'classes', ...IMAGE_OPTIONS],
  recognises: async ({ files, path }) => (await testFile(files, path)) !== undefined,
  async open({ files, path }, { split = 'test', ...options }) {
    const test = (await testFile(files, path))!;
    return cifarSet(files, split === 'test' ? [test] : trainFiles(path, test), options);
  },
});

const trainFiles = (folder: string, test: string): string[] =>
  test.endsWith('test.bin')
    ? [join(folder, 'train.bin')]
    : [1, 2, 3, 4, 5].map(i => join(folder, `data_batch_${i}.bin`));
