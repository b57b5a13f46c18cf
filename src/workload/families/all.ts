/** All families of networks of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import * as z from 'zod';
import { family as bert } from './bert.ts';
import { family as decoder } from './decoder.ts';
import { family as layers } from './layers.ts';
import { family as lvVit } from './lv-vit.ts';
import { family as onnx } from './onnx.ts';
import { family as vit } from './vit.ts';

/** All families of networks, by their files. */
// biome-ignore format: one family a line
export const FAMILIES = [
  vit,
  lvVit,
  bert,
  decoder,
  layers,
  onnx,
] as const;

// biome-ignore format: one family a line
export const modelSchema = z.discriminatedUnion('family', [
  vit.schema,
  lvVit.schema,
  bert.schema,
  decoder.schema,
  layers.schema,
  onnx.schema,
]);

export type FamilyConfig = z.output<typeof modelSchema>;
