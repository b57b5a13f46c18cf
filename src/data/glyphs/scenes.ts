/** Scenes: four small forms in an image, three alike and one not; which is the odd one? Drawn from a seed. */
import type { RandomStream } from '../../base/random.ts';
import { finished } from '../../base/turn.ts';
import { type Canvas, drawStroke } from './canvas.ts';
import { drawClutter, drawnPen, type PenRange } from './clutter.ts';
import { drawingImages, type Finish, type ImageSet, type ImageSetOptions } from './image-set.ts';
import { between, type PoseRange, pose } from './pose.ts';
import { SHAPES } from './shapes.ts';

/** Forms that eight pixels tell apart. */
const FORMS = SHAPES.filter(({ name }) =>
  ['ring', 'cross', 'tee', 'bolt', 'corner', 'ladder'].includes(name),
);
/** Forms in a row and in a column of an image. */
const GRID = 2;

/** What the forms of an image differ in, also those that are alike, and the clutter between them. */
export const sceneDifficulty: PoseRange & PenRange = {
  turn: 20,
  scale: [0.15, 0.21],
  aspect: 0.85,
  shear: 0.1,
  wobble: 0.06,
  pen: [0.06, 0.09],
  contrast: [0.5, 0.9],
  clutter: [0, 2],
  clutterLength: [0.1, 0.2],
  noise: [0.02, 0.05],
};

/** Labels are places in `classes`. @throws TrexError (usage) for a count or size out of range. */
export const drawScenes = (options: ImageSetOptions): ImageSet => finished(drawingScenes(options));

/** The same, image by image. @throws TrexError as `drawScenes` */
export const drawingScenes = (options: ImageSetOptions): Generator<void, ImageSet> =>
  drawingImages(
    { name: 'scenes', classes: FORMS.map(form => form.name), leastSize: 16, draw: drawScene },
    options,
  );

function drawScene(canvas: Canvas, odd: number, random: RandomStream): Finish {
  const background = between(random, 0, 0.25);
  const others = (odd + 1 + Math.floor(random() * (FORMS.length - 1))) % FORMS.length;
  const oddPlace = Math.floor(random() * GRID * GRID);
  for (let place = 0; place < GRID * GRID; place++)
    drawForm(canvas, place === oddPlace ? odd : others, place, random);
  drawClutter(canvas, random, sceneDifficulty);
  return { background, sigma: between(random, ...sceneDifficulty.noise) };
}

/** In the square `place` of the grid, with a pose and a pen of its own. */
function drawForm(canvas: Canvas, form: number, place: number, random: RandomStream): void {
  const { size } = canvas;
  const side = size / GRID;
  const centre = [((place % GRID) + 0.5) * side, (Math.floor(place / GRID) + 0.5) * side] as const;
  const pen = drawnPen(random, size, sceneDifficulty);
  const toPixels = pose(random, { size, centre, side }, sceneDifficulty);
  for (const stroke of FORMS[form].strokes) drawStroke(canvas, { points: toPixels(stroke), ...pen });
}
