/** All layouts of weight names of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { layout as hfBert } from './hf-bert.ts';
import { layout as hfClip } from './hf-clip.ts';
import { layout as hfDinov2 } from './hf-dinov2.ts';
import { layout as hfDistilbert } from './hf-distilbert.ts';
import { layout as hfGpt2 } from './hf-gpt2.ts';
import { layout as hfLlama } from './hf-llama.ts';
import { layout as hfOpt } from './hf-opt.ts';
import { layout as hfRoberta } from './hf-roberta.ts';
import { layout as hfSiglip } from './hf-siglip.ts';
import { layout as hfVit } from './hf-vit.ts';
import { layout as hfVit5 } from './hf-vit-5.ts';
import { layout as lvVit } from './lv-vit.ts';
import { layout as timm } from './timm.ts';
import { layout as trex } from './trex.ts';

/** All layouts of weight names, by their files. */
// biome-ignore format: one layout a line
export const LAYOUTS = [
  trex,
  timm,
  lvVit,
  hfBert,
  hfClip,
  hfDinov2,
  hfDistilbert,
  hfGpt2,
  hfLlama,
  hfOpt,
  hfRoberta,
  hfSiglip,
  hfVit,
  hfVit5,
] as const;
