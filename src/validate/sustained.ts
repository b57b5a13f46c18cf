/** How long a crossbar takes from one vector to the next when vectors come without end: two event runs of different length. */
import { turn } from '../base/turn.ts';
import { nodeFiles } from '../run/node/files.ts';
import { run } from '../run/run.ts';

/** Pixels at the edge of the images of a short and of a long run. */
const SIDES = [20, 40];

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
