/** All model types of Hugging Face of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { modelType as bert } from './bert.ts';
import { modelType as camembert } from './camembert.ts';
import { modelType as clip } from './clip.ts';
import { modelType as clip_vision_model } from './clip_vision_model.ts';
import { modelType as deit } from './deit.ts';
import { modelType as dinov2 } from './dinov2.ts';
import { modelType as dinov2_with_registers } from './dinov2_with_registers.ts';
import { modelType as distilbert } from './distilbert.ts';
import { modelType as gpt2 } from './gpt2.ts';
import { modelType as llama } from './llama.ts';
import { modelType as mistral } from './mistral.ts';
import { modelType as opt } from './opt.ts';
import { modelType as qwen2 } from './qwen2.ts';
import { modelType as qwen3 } from './qwen3.ts';
import { modelType as roberta } from './roberta.ts';
import { modelType as siglip } from './siglip.ts';
import { modelType as siglip_vision_model } from './siglip_vision_model.ts';
import { modelType as vit } from './vit.ts';
import { modelType as xlmRoberta } from './xlm-roberta.ts';

/** All model types of Hugging Face, by their files. */
// biome-ignore format: one modelType a line
export const MODEL_TYPES = [
  vit,
  deit,
  bert,
  camembert,
  clip,
  clip_vision_model,
  dinov2,
  dinov2_with_registers,
  distilbert,
  gpt2,
  llama,
  mistral,
  opt,
  qwen2,
  qwen3,
  roberta,
  siglip,
  siglip_vision_model,
  xlmRoberta,
] as const;
