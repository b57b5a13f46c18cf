/** A drawn image through the network on each chip. */
import {
  drawStroke,
  emptyCanvas,
  type Files,
  INFER_DEFAULTS,
  networkOptions,
  Runner,
  TrexError,
} from 'trex-sim';
import { filesWith } from '../files.ts';
import type { Turn } from '../turn.ts';
import { setsOf } from './chips.ts';
import { engine, first } from './held.ts';
import { MODEL, type Opened, theNetwork, WEIGHTS } from './network.ts';
import { type ChipLogits, type DrawAnswer, type DrawQuestion, IDEAL, type Picture } from './protocol.ts';

/** The middle of what the glyphs of the data are drawn with. */
const PEN = { width: 1.6, strength: 0.7 } as const;
const BACKGROUND = 0.1;
/** Programmed networks that are kept: those of the chips, and a few of the last settings. */
const KEPT = 8;

const patience = (chip: string): number => (chip === IDEAL ? -1 : (took.get(chip) ?? 0));
/** Milliseconds; before the first run, who writes cells with wires for each input. */
const took = new Map<string, number>([['fefet-32nm', 1]]);

const ready = new Map<string, Runner>();

async function runnerOf(
  chip: string,
  { knobs }: DrawQuestion,
  { network, disk, calibration }: Opened,
  files: Files,
) {
  const backend = await engine.backend();
  const set = chip === IDEAL ? [] : setsOf(files, chip, knobs);
  const key = JSON.stringify([engine.generation, chip, set]);
  const known = ready.get(key);
  ready.delete(key);
  const options = Object.assign({}, INFER_DEFAULTS, {
    model: WEIGHTS,
    modelName: MODEL,
    input: '',
    set,
    ...(chip === IDEAL ? { precision: 'int8' as const } : { precision: 'analog' as const, tech: chip }),
  });
  const runner =
    known ??
    new Runner(network, await networkOptions(options, network, calibration, { files, disk, backend }));
  ready.set(key, runner);
  for (const [old, one] of ready) {
    if (ready.size <= KEPT) break;
    ready.delete(old);
    one.dispose();
  }
  return runner;
}

/** Grey levels as the files of the data hold them. */
async function pixelsOf(
  picture: Picture,
  { side, held, levels }: Opened,
): Promise<{ pixels: Uint8Array; label: number | null }> {
  if (picture.kind === 'held') {
    const sample = await held.sample(picture.index);
    if (sample === undefined || !('image' in sample.input))
      throw new TrexError(`no held input ${picture.index}`);
    return {
      pixels: Uint8Array.from(sample.input.image, value => levels.indexOf(value)),
      label: sample.label,
    };
  }
  if (picture.kind === 'pixels') return { pixels: picture.pixels, label: null };
  const canvas = emptyCanvas(side);
  for (const points of picture.strokes) drawStroke(canvas, Object.assign({ points }, PEN));
  const grey = (ink: number): number => Math.round(255 * (BACKGROUND + (1 - BACKGROUND) * ink));
  return { pixels: Uint8Array.from(canvas.ink, grey), label: null };
}

export function draw(question: DrawQuestion, turn: Turn): Promise<DrawAnswer> {
  const answer = drawn(question, turn);
  first.wait = answer.catch(() => {});
  return answer;
}

async function drawn(question: DrawQuestion, { pause, part }: Turn): Promise<DrawAnswer> {
  const files = await filesWith({});
  const opened = await theNetwork(files);
  const { pixels, label } = await pixelsOf(question.picture, opened);
  const image = Float32Array.from(pixels, grey => opened.levels[grey]);
  const chips: ChipLogits[] = [];
  const answer = (): DrawAnswer => ({
    classes: opened.classes,
    side: opened.side,
    pixels,
    label,
    chips: question.chips.map(
      chip => chips.find(one => one.chip === chip) ?? { chip, logits: [], ms: 0, problem: '' },
    ),
    engine: engine.answer(),
  });
  const run = async (chip: string): Promise<ChipLogits> => {
    try {
      const runner = await runnerOf(chip, question, opened, files);
      const start = performance.now();
      const place = question.picture.kind === 'held' ? question.picture.index : 0;
      const { logits } = await runner.run({ image }, { image: place });
      const ms = performance.now() - start;
      took.set(chip, ms);
      return { chip, logits: [...logits.data], ms, problem: '' };
    } catch (error) {
      if (engine.fellBack(error as Error)) return run(chip);
      if (!(error instanceof TrexError)) throw error;
      return { chip, logits: [], ms: 0, problem: error.message };
    }
  };
  // Cells that are written for each input, behind wires that lose voltage, take longest: they come last.
  for (const chip of [...question.chips].sort((a, b) => patience(a) - patience(b))) {
    await pause();
    chips.push(await run(chip));
    part(answer());
  }
  return answer();
}
