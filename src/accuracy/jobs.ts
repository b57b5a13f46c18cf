/** An accuracy run cut into jobs: a job is one block of inputs through one network, and what it found is one line of a progress file. */
import type { Compute } from '../numerics/execute/unit.ts';
import type { Tally } from './metrics.ts';

/** Inputs of one job. */
export const BLOCK = 16;

/** What the network of a job is. */
export interface Variant {
  readonly compute: Compute;
  /** Number of the swept value; 0 without a sweep. */
  readonly point: number;
  /** Which chip. */
  readonly draw: number;
  /** The only op with noise; absent: all have. */
  readonly layer?: string;
}

/** One block of inputs through one network. */
export interface Job {
  /** Unique in its run, and the same in every run with the same options. */
  readonly key: string;
  readonly variant: Variant;
  /** Inputs, by their places. */
  readonly from: number;
  readonly to: number;
}

/** Noise of one op against its signal, summed over inputs. */
export interface NoiseSum {
  readonly count: number;
  /** Sum of noise power / signal power. */
  readonly ratio: number;
}

/** What a job found; plain data. */
export interface JobRecord {
  readonly key: string;
  readonly tally: Tally;
  /** By op id, of the inputs whose layers are compared with exact ones. */
  readonly noise?: Readonly<Record<string, NoiseSum>> | undefined;
}

/** How many jobs of which kind a run has. */
export interface JobOptions {
  readonly images: number;
  readonly points: number;
  readonly draws: number;
  /** Ops whose noise is measured one at a time, at one point. */
  readonly layers: readonly string[];
  readonly layerPoint: number;
}

/** All jobs of a run, in their order: exact networks first, then points, then layers. */
export function jobsOf({ images, points, draws, layers, layerPoint }: JobOptions): Job[] {
  const variants: Variant[] = [
    { compute: 'float32', point: 0, draw: 0 },
    { compute: 'int8', point: 0, draw: 0 },
  ];
  for (let point = 0; point < points; point++)
    for (let draw = 0; draw < draws; draw++) variants.push({ compute: 'analog', point, draw });
  for (let draw = 0; draw < draws; draw++)
    for (const layer of layers) variants.push({ compute: 'analog', point: layerPoint, draw, layer });
  return variants.flatMap(variant => blocksOf(variant, images));
}

function blocksOf(variant: Variant, images: number): Job[] {
  const blocks = Array.from({ length: Math.ceil(images / BLOCK) }, (_, i) => i * BLOCK);
  return blocks.map(from => ({
    key: `${variantKey(variant)}/${from}`,
    variant,
    from,
    to: Math.min(images, from + BLOCK),
  }));
}

/** `analog/2/0` is draw 0 of point 2; `analog/0/1/e0.q` has noise in one layer. */
export const variantKey = ({ compute, point, draw, layer }: Variant): string =>
  compute !== 'analog' ? compute : [compute, point, draw, ...(layer === undefined ? [] : [layer])].join('/');
