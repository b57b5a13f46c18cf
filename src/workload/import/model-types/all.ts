/** All model types of Hugging Face of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { modelType as bert } from './bert.ts';
import { modelType as deit } from './deit.ts';
import { modelType as vit } from './vit.ts';

/** All model types of Hugging Face, by their files. */
// biome-ignore format: one modelType a line
export const MODEL_TYPES = [
  vit,
  deit,
  bert,
] as const;
