/** How long a crossbar takes from one vector to the next when vectors come without end: two event runs of different length. */
import { turn } from '../base/turn.ts';
import { nodeFiles } from '../run/node/files.ts';
import { run } from '../run/run.ts';

/** Pixels at the edge of the images of a short and of a long run. */
const SIDES = [20, 40];
const IMAGES = 4;

/** Seconds from vector to vector in the first static layer of `arch`, whose matrix fills its arrays alike. */
export async function sustainedRead(arch: string): Promise<number> {
  const reads = await Promise.all(
    SIDES.map(async side => {
      const set = ['chip.tiles=auto', `model.imageSize=${side}`];
      const { layers } = await run({ arch, model: 'glyph-vit', set }, { files: nodeFiles, pause: turn });
      const read = layers.find(row => row.step === 'e0.q');
      if (read === undefined) throw new Error(`${arch} reads no e0.q`);
      return { vectors: read.jobs, time_s: read.end_s - read.start_s };
    }),
  );
  return (reads[1].time_s - reads[0].time_s) / (reads[1].vectors - reads[0].vectors);
}

/** What a chip takes of a network of 26 vectors whose layers work on different images. */
export interface SustainedImages {
  readonly vectors: number;
  /** Images a second, and what holds it there. */
  readonly rate_Hz: number;
  /** For one image: the drivers of the crossbars of a static layer. */
  readonly crossbars_s: number;
}

/** Images back to back, by events. */
async function sustainedImages(arch: string): Promise<SustainedImages> {
  const set = ['chip.tiles=auto', 'schedule.images=pipelined'];
  const request = { arch, model: 'glyph-vit', images: IMAGES, set };
  const { result } = await run(request, { files: nodeFiles, pause: turn });
  const drivers = result.pipeline?.resources.find(({ kind }) => kind === 'row drivers');
  if (drivers === undefined) throw new Error(`${arch} drives no rows, or its images do not overlap`);
  return { vectors: result.tokens, rate_Hz: result.throughput_Hz, crossbars_s: drivers.busy_s };
}

/** From one vector to the next on a crossbar, and of images that overlap. */
export interface Sustained {
  readonly vector_s: number;
  readonly images: SustainedImages;
}

/** Of a chip, by events. */
export const sustained = async (arch: string): Promise<Sustained> => ({
  vector_s: await sustainedRead(arch),
  images: await sustainedImages(arch),
});
