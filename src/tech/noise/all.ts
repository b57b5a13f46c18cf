/** All noise terms of this folder. Written by scripts/write-indexes.mjs: `npm run build` brings it up to date. */
import { term as adc } from './adc.ts';
import { term as drift } from './drift.ts';
import { term as measured } from './measured.ts';
import { term as merge } from './merge.ts';
import { term as onOff } from './on-off.ts';
import { term as readVariation } from './read-variation.ts';
import { term as retention } from './retention.ts';
import { term as stuck } from './stuck.ts';
import { term as telegraph } from './telegraph.ts';
import { term as thermal } from './thermal.ts';
import { term as wires } from './wires.ts';
import { term as writeVariation } from './write-variation.ts';

/** All noise terms, by their files. */
// biome-ignore format: one term a line
export const NOISE_TERMS = {
  adc,
  drift,
  measured,
  merge,
  onOff,
  readVariation,
  retention,
  stuck,
  telegraph,
  thermal,
  wires,
  writeVariation,
} as const;
