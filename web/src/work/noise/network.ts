/** The trained network with its held inputs, as files in memory: what `trex infer` and `trex accuracy` read from a disk. */

import type { Files, ModelInput, NetworkFile } from 'trex-sim';
import {
  type DataFiles,
  makeData,
  memoryData,
  openData,
  openNetwork,
  readSamples,
  type Samples,
  subset,
  writeIdx,
} from 'trex-sim';
import weights from '../../../assets/glyph-vit.safetensors?url';

/** Paths and options, as the command line of the page's commands has them. */
export const WEIGHTS = 'glyph-vit.safetensors';
export const MODEL = 'glyph-vit';
export const HELD = 'held';
/** `trex data glyphs --images 12 --test 100 --out held`. */
export const HELD_IMAGES = 100;
const MADE = { seed: 1, images: 12, test: HELD_IMAGES } as const;

export interface Opened {
  readonly network: NetworkFile;
  readonly disk: DataFiles;
  readonly classes: readonly string[];
  readonly side: number;
  /** In the order of a measurement. */
  readonly held: Samples;
  readonly calibration: readonly ModelInput[];
  /** The value of each of the 256 grey levels, as inputs of this data are read. */
  readonly levels: Float32Array;
}

/** The seed of the data and of what is drawn from them; chips have their own. */
const SEED = 1;
const CALIBRATION = 16;

async function bytesOf(url: string): Promise<Uint8Array> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the weights beside the page are not there: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

let opened: Promise<Opened> | undefined;

/** The weights come when they are first needed. */
export function theNetwork(files: Files): Promise<Opened> {
  opened ??= open(files).catch(error => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function open(files: Files): Promise<Opened> {
  const made = makeData('glyphs', MADE);
  const contents = Object.fromEntries(
    Object.entries(made).map(([name, content]) => [`${HELD}/${name}`, content] as const),
  );
  const disk = memoryData(Object.assign({ [WEIGHTS]: await bytesOf(weights) }, contents));
  const network = await openNetwork({ model: WEIGHTS, modelName: MODEL, reuse: 'none' }, { files, disk });
  const { model } = network;
  if (!('imageSize' in model)) throw new Error('a network of images');
  const side = model.image.height;
  const all = await openData(disk, HELD, {}, { size: [side, side], channels: 1 });
  // As a measurement draws them: src/accuracy/accuracy-data.ts.
  const held = await readSamples(subset(all, HELD_IMAGES, SEED), model);
  const few = await readSamples(subset(all, CALIBRATION, `${SEED}/calibration`), model);
  const calibration: ModelInput[] = [];
  for (let i = 0; i < few.size; i++) calibration.push((await few.sample(i))!.input);
  network.keepMatrices();
  // Every grey level once: a drawn image is read as those of the files are.
  const ramp = Uint8Array.from({ length: 256 }, (_, i) => i);
  const wedge = memoryData({
    'wedge/t10k-images-idx3-ubyte': writeIdx(ramp, [1, 16, 16]),
    'wedge/t10k-labels-idx1-ubyte': writeIdx(new Uint8Array(1), [1]),
  });
  const { input } = await (
    await openData(wedge, 'wedge/t10k-images-idx3-ubyte', {}, { size: [16, 16], channels: 1 })
  ).item(0);
  return {
    network,
    disk,
    classes: String(made['classes.txt']).trim().split('\n'),
    side,
    held,
    calibration,
    levels: Float32Array.from(input),
  };
}
