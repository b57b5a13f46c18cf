/** ViTCoD's released cycle counts, from what its mask keeps (github.com/GATECH-EIC/ViTCoD, logs of June 2023). */
import test from 'ava';
import fc from 'fast-check';
import { TrexError } from '../../src/base/errors.ts';
import { linearCycles, type SplitNetwork, splitAttention, VITCOD } from '../../src/explore/dense-sparse.ts';
import { LOGGED_LINES, VITCOD_DEIT_T } from '../../src/validate/vitcod-rows.ts';

const logged = { ...VITCOD, macs: LOGGED_LINES };
const one = (layer: number): SplitNetwork => ({ ...VITCOD_DEIT_T, layers: [VITCOD_DEIT_T.layers[layer]] });

test('attention of DeiT-T at 95 %: the totals of the log, to the cycle', t => {
  t.deepEqual(splitAttention(logged, VITCOD_DEIT_T), {
    preload: 9492,
    decoder: 4728,
    sddmm: 2463,
    spmm: 2246,
    total: 9492,
    density: 0.03630901957304232,
  });
});

test('the earlier log loads the V of other keys once and a half: 11,693 cycles', t => {
  const { preload, total, sddmm, spmm } = splitAttention(logged, { ...VITCOD_DEIT_T, valueLoads: 1.5 });
  t.deepEqual([preload, total, sddmm + spmm], [11_693, 11_693, 4709]);
});

test('layer by layer, as the log lists them: of both parts the longer', t => {
  const of = (key: 'sddmm' | 'spmm' | 'preload') =>
    VITCOD_DEIT_T.layers.map((_, layer) => splitAttention(logged, one(layer))[key]);
  t.deepEqual(of('sddmm'), [120, 30, 840, 54, 87, 300, 255, 87, 33, 135, 150, 372]);
  t.deepEqual(of('spmm'), [119, 29, 767, 54, 85, 269, 224, 85, 32, 121, 145, 316]);
  t.deepEqual(of('preload'), new Array(12).fill(791));
});

test('projections and MLP: 681,492 and 1,361,664 cycles, and 23,304 of loading', t => {
  t.deepEqual(linearCycles(VITCOD, VITCOD_DEIT_T), {
    linear: 681_492,
    linearPreload: 23_304,
    ffn: 1_361_664,
  });
});

test('with the 8 MACs of a line of the accelerator attention takes as many cycles as its steps of 24', t => {
  const { sddmm } = splitAttention(VITCOD, VITCOD_DEIT_T);
  t.is(sddmm, 8 * 2463);
});

test('a mask that keeps all is dense attention on all lines', t => {
  const dense = { ...VITCOD_DEIT_T, layers: [{ globals: 197, kept: 0 }] };
  const { sddmm, spmm, density } = splitAttention(logged, dense);
  t.deepEqual([sddmm, density], [197 * Math.ceil(197 / 64) * 3, 0]);
  t.is(spmm, Math.ceil((197 * 197 * 64) / Math.floor((64 * 64) / 3)));
});

test('what a mask keeps more takes no fewer cycles', t => {
  const masks = fc.record({
    globals: fc.integer({ min: 1, max: 80 }),
    kept: fc.integer({ min: 1, max: 2500 }),
  });
  const property = fc.property(masks, ({ globals, kept }) => {
    const cycles = (mask: (typeof VITCOD_DEIT_T.layers)[0]) =>
      splitAttention(logged, { ...VITCOD_DEIT_T, layers: [mask] });
    const [less, more] = [cycles({ globals, kept }), cycles({ globals: 2 * globals, kept: 2 * kept })];
    return more.sddmm >= less.sddmm && more.spmm >= less.spmm && more.total >= less.total;
  });
  t.notThrows(() => fc.assert(property));
});

for (const [layer, message] of [
  [{ globals: 0, kept: 10 }, /layer 0: 0 global tokens: expected 1 to 197/],
  [{ globals: 1, kept: 40_000 }, /layer 0: 40000 entries outside of them: expected 0 to 38612/],
  [{ globals: 1, kept: 20_000 }, /layer 0: 64 lines cannot be split into 197 and 20000 entries/],
] as const)
  test(`${layer.globals} global tokens and ${layer.kept} other entries are refused`, t => {
    t.throws(() => splitAttention(logged, { ...VITCOD_DEIT_T, layers: [layer] }), {
      instanceOf: TrexError,
      message,
    });
  });
