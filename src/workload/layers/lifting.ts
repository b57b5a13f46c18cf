/** A learnable lifting scheme in two dimensions: an image becomes a coarse one and its detail bands (DAWN, WACV 2020; mxbastidasr/DAWN_WACV2020 models/lifting.py: update first). */
import * as z from 'zod';
import type { Detail, Features } from '../features.ts';
import { type LayerKind, layerFields } from '../layer-kind.ts';
import { sideBySide } from '../layer-parts.ts';
import type { LayerScope } from '../layer-scope.ts';
import { positiveInt } from '../model-fields.ts';
import { areaOf, type Size } from '../size.ts';

const schema = z.strictObject({
  ...layerFields('lifting', 'A coarse image, and detail bands that later layers lift tokens by'),
  levels: positiveInt.max(8).describe('How often the image is halved'),
  patchSize: positiveInt.describe('Pixels of the image that a token stands for, as high as wide'),
  kernel: positiveInt.default(4).describe('Samples that update and prediction see'),
});

/** An image within the network; null: the network's input. */
interface Image {
  readonly id: string | null;
  readonly grid: Size;
  readonly channels: number;
}

export const layer: LayerKind<'lifting', typeof schema> = {
  kind: 'lifting',
  schema: () => schema,
  add(scope, x, { levels, patchSize, kernel }) {
    const { grid, learned, columns: channels } = x;
    if (grid === undefined || learned > 0)
      return scope.refuse('lifting needs an image, without tokens in front');
    const cell = 2 ** levels;
    if (patchSize % cell !== 0)
      scope.refuse(`patches of ${patchSize} pixels cannot be halved ${levels} times`, 'patchSize');
    for (const side of ['height', 'width'] as const)
      if (grid[side] % patchSize !== 0)
        scope.refuse(`patches of ${patchSize} pixels do not divide a ${side} of ${grid[side]}`, 'patchSize');
    const details: Detail[] = [];
    let image: Image = { id: x.id, grid, channels };
    for (let level = 0; level < levels; level++) {
      const inner = scope.within(`level${level}`);
      const [low, high] = halved(inner.within('across'), image, 'width', kernel);
      const [coarse, across] = halved(inner.within('low'), low, 'height', kernel);
      const [down, both] = halved(inner.within('high'), high, 'height', kernel);
      details.unshift(patches(inner, [across, down, both], patchSize / 2 ** (level + 1)));
      image = coarse;
    }
    return { ...x, id: image.id, rows: areaOf(image.grid), grid: image.grid, details };
  },
};

/** Half as many samples along one side, and what the other half has beyond them. */
function halved(scope: LayerScope, image: Image, side: keyof Size, kernel: number): [Image, Image] {
  const { b } = scope;
  const { grid, channels } = image;
  const half = { ...grid, [side]: grid[side] / 2 };
  const rows = areaOf(half);
  const dims =
    side === 'width' ? [grid.height * half.width, 2, channels] : [half.height, 2, grid.width * channels];
  const samples = (name: string, start: number): string =>
    b.layout(scope.at(name, 'conv'), image.id === null ? [] : [image.id], {
      parts: [{ rows: areaOf(grid), columns: channels }],
      join: 'rows',
      dims,
      take: { dim: 1, start, size: 1 },
      axes: [0, 1, 2],
      rows,
      columns: channels,
    });
  const filter = (name: string, from: string): string => {
    const inner = scope.within(name);
    const along = { height: 1, width: 1, [side]: kernel };
    const padding = { height: 0, width: 0, [side]: Math.floor((kernel - 1) / 2) };
    const stride = { height: 1, width: 1 };
    const window = { kernel: along, stride, padding, inChannels: channels, input: half, output: half };
    const seen = b.conv(inner.at('conv', 'conv'), from, window, 2 * channels, true);
    const active = b.vector(inner.at('relu', 'gelu'), 'relu', [seen], { rows, rowLength: 2 * channels });
    const merged = b.linear(inner.at('merge', 'conv'), active, { rows, in: 2 * channels, out: channels });
    return b.vector(inner.at('tanh', 'gelu'), 'tanh', [merged], { rows, rowLength: channels });
  };
  const shape = { rows, rowLength: channels };
  const [even, odd] = [samples('even', 0), samples('odd', 1)];
  const coarse = b.vector(scope.at('coarse', 'residual'), 'add', [even, filter('update', odd)], shape);
  const detail = b.vector(scope.at('detail', 'residual'), 'add', [odd, filter('predict', coarse)], {
    ...shape,
    scale: -1,
  });
  const made = (id: string): Image => ({ id, grid: half, channels });
  return [made(coarse), made(detail)];
}

/** Bands of equal size, side by side, a row for each patch of `side` pixels. */
function patches(scope: LayerScope, bands: readonly Image[], side: number): Detail {
  const [{ grid, channels }] = bands;
  const [down, across] = [grid.height / side, grid.width / side];
  const all = bands.length * channels;
  const features = { rows: areaOf(grid), columns: channels, grid, learned: 0 };
  const [first, ...others]: Features[] = bands.map(({ id }) => ({ ...features, id }));
  const joined = sideBySide(scope, [first, ...others], 'bands');
  const columns = side * side * all;
  const id = scope.b.layout(scope.at('patches', 'conv'), [scope.idOf(joined)], {
    parts: [{ rows: areaOf(grid), columns: all }],
    join: 'rows',
    dims: [down, side, across, side, all],
    axes: [0, 2, 1, 3, 4],
    rows: down * across,
    columns,
  });
  return { id, columns };
}
