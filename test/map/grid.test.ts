import test from 'ava';
import { blockCols, blockRows, crossbarGrid } from '../../src/map/grid.ts';
import type { EncodingName } from '../../src/tech/encodings.ts';
import type { MatmulOp } from '../../src/workload/matmul.ts';
import { chip } from '../helpers/chips.ts';

const { static: fefet } = chip('trex').devices;
const { static: sram } = chip('trex', { tech: 'trex-sram-32nm' }).devices;

const base = { id: 'x', stage: 'mlp', encoder: 0, deps: [] } as const;
const linear = (inSize: number, out: number): MatmulOp => ({
  ...base,
  kind: 'static',
  rows: 197,
  in: inSize,
  out,
  weightId: 'x',
  bias: true,
});
const dynamic = (batch: number, k: number, n: number): MatmulOp => ({
  ...base,
  kind: 'dynamic',
  batch,
  m: 197,
  k,
  n,
  weightId: 'x',
  stationary: 'k',
  streamed: 'q',
  transposed: true,
});
const depthwise = (channels: number, taps: number): MatmulOp => ({
  ...base,
  kind: 'grouped',
  rows: 49,
  groups: channels,
  in: taps,
  out: 1,
  weightId: 'x',
  bias: false,
});

test("a matrix takes the crossbars of TReX's Eq. 5 times the slices of a weight", t => {
  // 384 x 384 weights of 8 bits: 6 x 6 crossbars, 4 slices of 2 bits or 8 of 1 bit.
  t.is(crossbarGrid(linear(384, 384), fefet, 8).crossbars, 36 * 4);
  t.is(crossbarGrid(linear(384, 384), sram, 8).crossbars, 36 * 8);
  t.is(crossbarGrid(linear(384, 1536), fefet, 8).crossbars, 6 * 24 * 4);
  t.is(crossbarGrid(linear(64, 64), fefet, 3).slices, 2); // 3 bits do not fit one cell of 2
  t.is(crossbarGrid(linear(65, 1), fefet, 8).rowBlocks, 2);
});

test('the heads of a dynamic matmul have crossbars of their own', t => {
  // K^T of DeiT-S: 6 heads of 64 x 197 values, 4 crossbars each; V: 197 x 64.
  t.is(crossbarGrid(dynamic(6, 64, 197), fefet, 8).crossbars, 6 * 4 * 4);
  t.is(crossbarGrid(dynamic(6, 197, 64), fefet, 8).crossbars, 6 * 4 * 4);
  t.is(crossbarGrid(dynamic(6, 64, 197), sram, 8).crossbars, 6 * 4 * 8);
});

test('filters of several channels stand on the diagonal of one crossbar', t => {
  // 3 x 3 taps: 7 channels in 63 of 64 rows.
  const grid = crossbarGrid(depthwise(100, 9), fefet, 8);
  t.is(grid.in, 63);
  t.is(grid.out, 7);
  t.is(grid.crossbars, Math.ceil(100 / 7) * 4);
  t.is(grid.weights, 900);
  // A filter that is taller than a crossbar goes over two row blocks.
  t.is(crossbarGrid(depthwise(10, 81), fefet, 8).crossbars, 10 * 2 * 4);
});

test('the last blocks of a matrix are as short as the matrix leaves them', t => {
  const grid = crossbarGrid(linear(100, 70), fefet, 8);
  t.deepEqual([blockRows(grid, 0), blockRows(grid, 1)], [64, 36]);
  t.deepEqual([blockCols(grid, 0), blockCols(grid, 1)], [64, 6]);
});

test('pairs take twice the arrays, a reference column one of the columns; published totals have it beside them', t => {
  const { static: own } = chip('trex', { tech: 'fefet-32nm' }).devices;
  const count = (encoding: EncodingName | undefined, device = own) =>
    crossbarGrid(linear(384, 64), { ...device, ...(encoding !== undefined && { encoding }) }, 8).crossbars;
  // Six blocks of rows; four cells of 2 bits hold 8 bits, or 7 of a magnitude.
  t.is(count(undefined), 6 * 8);
  t.is(count('differential'), 6 * 8);
  t.is(count('offset'), 6 * 4);
  t.is(count('reference-column'), 6 * 2 * 4);
  t.is(count('reference-column', fefet), 6 * 4);
  t.throws(() => crossbarGrid(linear(64, 64), own, 1), { message: /differential: expected at least 2 bits/ });
});
