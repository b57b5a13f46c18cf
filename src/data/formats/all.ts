/** All formats of data of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { format as cifar } from './cifar.ts';
import { format as cifarFolder } from './cifar-folder.ts';
import { format as idx } from './idx.ts';
import { format as imageFolder } from './image-folder.ts';
import { format as mnist } from './mnist.ts';
import { format as npy } from './npy.ts';
import { format as npz } from './npz.ts';
import { format as tsv } from './tsv.ts';

/** All formats of data, by their files. */
// biome-ignore format: one format a line
export const DATA_FORMATS = [
  imageFolder,
  idx,
  cifar,
  cifarFolder,
  mnist,
  npy,
  npz,
  tsv,
] as const;
