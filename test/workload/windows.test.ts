/** Windows of an image: each stands in columns of its own, and the way back is the way there, backwards. */
import test from 'ava';
import { GraphBuilder } from '../../src/workload/builder.ts';
import { graphProblems } from '../../src/workload/check.ts';
import type { LayoutOp } from '../../src/workload/op.ts';
import { shiftedParts } from '../../src/workload/shifted-parts.ts';
import { square } from '../../src/workload/size.ts';
import { fromWindows, intoWindows, windowCount, windowOf } from '../../src/workload/windows.ts';

const place = (id: string) => ({ id, stage: 'qk', encoder: 0 }) as const;

/** The order of one operand's values that an op gives, in the words of LayoutOp. */
function order({ dims, axes }: LayoutOp): number[] {
  const strides = dims.map((_, i) => dims.slice(i + 1).reduce((a, b) => a * b, 1));
  let from = [0];
  for (const axis of axes)
    from = from.flatMap(at => Array.from({ length: dims[axis] }, (_, i) => at + i * strides[axis]));
  return from;
}

test('each window has columns of its own, its pixels line by line, and goes back to where it was', t => {
  const b = new GraphBuilder();
  const windows = { grid: { height: 4, width: 6 }, window: { height: 2, width: 3 }, channels: 2 };
  const input = b.linear(place('x'), 'image', { rows: 24, in: 1, out: 2 });
  const cut = intoWindows(b, place('cut'), input, windows);
  fromWindows(b, place('back'), cut, windows);
  t.deepEqual(graphProblems(b.ops.slice(1)), ['cut: needs x, which does not stand before it']);
  const [there, back] = b.ops.filter(op => op.kind === 'layout');
  t.like(there, { rows: 6, columns: 8 });
  const places = order(there);
  // Pixel (line 1, column 2) of window (row 1, column 0), channel 1: pixel (3, 2) of the image.
  t.is(places[5 * 8 + 2 * 2 + 1], (3 * 6 + 2) * 2 + 1);
  t.deepEqual(
    order(back).map(i => places[i]),
    Array.from({ length: 48 }, (_, i) => i),
  );
});

test('a grid that is no larger than a window is one window, and costs no op', t => {
  const b = new GraphBuilder();
  const window = windowOf(square(4), 7);
  t.deepEqual(window, square(4));
  t.deepEqual(windowOf(square(14), 7), square(7));
  t.is(windowOf(square(16), 7), undefined);
  t.is(windowCount({ grid: square(14), window: square(7) }), 4);
  const windows = { grid: square(4), window: square(4), channels: 3 };
  t.is(fromWindows(b, place('b'), intoWindows(b, place('a'), 'x', windows), windows), 'x');
  t.is(b.ops.length, 0);
});

test('pixels that only a roll has brought together are of different parts', t => {
  const parts = shiftedParts(square(6), square(3), 1);
  t.deepEqual(
    parts.map(part => [...part]),
    [
      [0, 0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 1, 0, 0, 1, 0, 0, 1],
      [0, 0, 0, 0, 0, 0, 2, 2, 2],
      [0, 0, 1, 0, 0, 1, 2, 2, 3],
    ],
  );
});
