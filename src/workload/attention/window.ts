/** Softmax attention within windows of the image, with a learned value for each distance and head (Swin, arXiv 2103.14030; microsoft/Swin-Transformer models/swin_transformer.py). */
import * as z from 'zod';
import type { AttentionVariant } from '../attention-variant.ts';
import { distanceCount } from '../distances.ts';
import { matrixAt } from '../encoder-shape.ts';
import { QKV } from '../multi-head.ts';
import type { Stage } from '../op.ts';
import { areaOf } from '../size.ts';
import { fromWindows, intoWindows, windowCount, windowsOf, windowsProblem } from '../windows.ts';

const schema = z.strictObject({
  kind: z
    .literal('window')
    .describe(
      'Softmax attention within windows, with a learned value for each distance and head (Swin, arXiv 2103.14030)',
    ),
  window: z.int().positive().default(7).describe('Side of the windows, pixels; a smaller grid is one window'),
  shift: z
    .int()
    .nonnegative()
    .default(0)
    .describe(
      'Pixels by which the image is rolled before windows are cut, those from two sides of its edge masked; no grid that is one window high or wide is rolled',
    ),
});

export const attention: AttentionVariant<'window', typeof schema> = {
  kind: 'window',
  schema,
  weights: [...QKV, 'relativeBias'],
  closedForm: false,
  check: (place, _, { window, shift }) =>
    shift >= window
      ? `a shift of ${shift} is no part of a window of ${window}`
      : windowsProblem(place, window),
  add(b, shape, i, input, { window: side, shift: given }) {
    const { tokens, dim, heads, qkvBias: bias } = shape;
    const at = (name: string, stage: Stage) => matrixAt(shape, i, name, stage);
    const { grid, window } = windowsOf(shape, side);
    const shift = Math.min(grid.height, grid.width) <= side ? 0 : given;
    const windows = { grid, window, channels: dim, shift };
    const x = input.tokens();
    const [q, k, v] = QKV.map(name => {
      const all = b.linear(at(name, 'qkv'), x, { rows: tokens, in: dim, out: dim, bias });
      return intoWindows(b, at(`${name}Windows`, 'qk'), all, windows);
    });
    // A window's heads stand side by side, windows one behind the other.
    const [batch, pixels, width] = [windowCount(windows) * heads, areaOf(window), dim / heads];
    const sizes = { batch, m: pixels };
    const scores = b.dynamic(at('qk', 'qk'), q, k, { ...sizes, k: width, n: pixels, transposed: true });
    const distances = { window, heads, signs: 'signed' } as const;
    const map = { rows: pixels, rowLength: pixels, batch };
    const parameters = heads * distanceCount(distances);
    const table = { ...map, parameters, scale: 1 / Math.sqrt(width), distances };
    const biased = b.vector(
      at('relativeBias', 'softmax'),
      'relativebias',
      [scores],
      shift === 0 ? table : { ...table, grid, shift },
    );
    const weights = b.vector(at('softmax', 'softmax'), 'softmax', [biased], map);
    const mixed = b.dynamic(at('sv', 'sv'), weights, v, {
      ...sizes,
      k: pixels,
      n: width,
      transposed: false,
    });
    return { output: fromWindows(b, at('image', 'sv'), mixed, windows) };
  },
};
