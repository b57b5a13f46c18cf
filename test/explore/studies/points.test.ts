/** Points of studies: samplers stay in bounds and repeat themselves, and each point can be had without the others. */
import test from 'ava';
import fc from 'fast-check';
import { streamKey } from '../../../src/base/random.ts';
import { axis as log } from '../../../src/explore/studies/axes/log.ts';
import { axis as range } from '../../../src/explore/studies/axes/range.ts';
import { type Axis, isFinding } from '../../../src/explore/studies/axis.ts';
import type { Combinations } from '../../../src/explore/studies/block.ts';
import { block as latin } from '../../../src/explore/studies/blocks/latin-hypercube.ts';
import { block as random } from '../../../src/explore/studies/blocks/random.ts';
import { block as sobol } from '../../../src/explore/studies/blocks/sobol.ts';
import { sha256 } from '../../../src/explore/studies/node/hashing.ts';
import { pointId } from '../../../src/explore/studies/point-id.ts';
import { allPoints, pointsOf } from '../../../src/explore/studies/points.ts';
import { shuffled } from '../../../src/explore/studies/sampling.ts';
import { sobolCoordinate } from '../../../src/explore/studies/sobol-sequence.ts';
import { parseStudy } from '../../../src/explore/studies/study.ts';
import { canonical, type Values } from '../../../src/explore/studies/value.ts';

const sound = (axis: ReturnType<typeof range.axis>): Axis => {
  if (isFinding(axis)) throw new Error(axis.message);
  return axis;
};
const combined = (found: ReturnType<typeof random.combine>): Combinations => {
  if ('message' in found) throw new Error(found.message);
  return found;
};
const studyOf = (text: string) => parseStudy({ path: 'study.yaml', name: 'study.yaml' }, text, '').study;

test("the first points of Sobol's sequence are those of Joe and Kuo's program (sobol.cc, 10 points, 3 dimensions)", t => {
  const published = [
    [0, 0, 0],
    [0.5, 0.5, 0.5],
    [0.75, 0.25, 0.25],
    [0.25, 0.75, 0.75],
    [0.375, 0.375, 0.625],
    [0.875, 0.875, 0.125],
    [0.625, 0.125, 0.875],
    [0.125, 0.625, 0.375],
    [0.1875, 0.3125, 0.9375],
    [0.6875, 0.8125, 0.4375],
  ];
  const ours = published.map((_, i) => [0, 1, 2].map(dimension => sobolCoordinate(i, dimension)));
  t.deepEqual(ours, published);
});

test('2^k points of every dimension of the sequence have one in each of 2^k strata', t => {
  for (let dimension = 0; dimension < 21; dimension++) {
    const strata = new Set(
      Array.from({ length: 256 }, (_, i) => Math.floor(256 * sobolCoordinate(i, dimension))),
    );
    t.is(strata.size, 256);
  }
});

test('samples stay between the ends, and are the same for the same seed', t => {
  const ends = fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 1000 }));
  t.notThrows(() =>
    fc.assert(
      fc.property(ends, fc.integer({ min: 1, max: 40 }), fc.nat(), ([from, more], points, seed) => {
        const to = from + more;
        const axes = [range, log].map((kind, i) => ({ path: `p${i}`, axis: sound(kind.axis({ from, to })) }));
        for (const make of [
          () => random.combine(axes, { points, seed }),
          () => latin.combine(axes, { points, seed }),
          () => sobol.combine(axes, { points, skip: seed % 1000 }),
        ]) {
          const [one, again] = [combined(make()), combined(make())];
          for (let i = points - 1; i >= 0; i--) {
            const values = one.at(i);
            for (const value of values) if (!(Number(value) >= from && Number(value) <= to)) return false;
            if (JSON.stringify(values) !== JSON.stringify(again.at(i))) return false;
          }
        }
        return true;
      }),
      { numRuns: 50 },
    ),
  );
});

test('a latin hypercube has one point in each stratum of each axis', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), (points, seed) => {
        const axis = sound(range.axis({ from: 0, to: points }));
        const { at } = combined(
          latin.combine(
            [
              { path: 'a', axis },
              { path: 'b', axis },
            ],
            { points, seed },
          ),
        );
        const strata = (n: number) =>
          new Set(
            Array.from({ length: points }, (_, i) => Math.min(points - 1, Math.floor(Number(at(i)[n])))),
          );
        return strata(0).size === points && strata(1).size === points;
      }),
      { numRuns: 50 },
    ),
  );
});

test('a shuffle of any size is a reordering', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (size, seed) => {
        const order = shuffled(streamKey(seed, 'test'), size);
        return new Set(Array.from({ length: size }, (_, i) => order(i))).size === size;
      }),
      { numRuns: 30 },
    ),
  );
});

test('steps and factors meet both ends, in the unit that was written', t => {
  const values = (axis: Axis) => Array.from({ length: axis.size! }, (_, i) => axis.at(i));
  t.deepEqual(values(sound(range.axis({ from: '0.1 V', to: '0.4 V', step: '0.1 V' }))), [
    '0.1 V',
    '0.2 V',
    '0.3 V',
    '0.4 V',
  ]);
  t.deepEqual(values(sound(range.axis({ from: 1, to: 2, points: 3 }))), [1, 1.5, 2]);
  t.deepEqual(values(sound(log.axis({ from: '1 uS', to: '100 uS', points: 3 }))), [
    '1 uS',
    '10 uS',
    '100 uS',
  ]);
});

test('point i is the same by its number and in a row, under conditions too', t => {
  const { points } = studyOf(`
metrics: [run]
iso: { arch: trex, model: deit-s }
vary:
  - tech: [fefet-32nm, sram-32nm]
  - when: { tech: fefet-32nm }
    tech.adc.bits: [4, 5, 6]
  - zip: { pe.adcBanks: [1, 2], tile.pes: [4, 8] }
  - sobol: { points: 4, tech.vdd: { range: { from: 0.8 V, to: 1 V } } }
when: { tech.vdd: { max: 940 mV } }
repeat: 2
`);
  t.is(points.size, 2 * 3 * 2 * 4 * 2);
  const all = [...allPoints(points)];
  // Three ADCs with one technology, none with the other; three of four supplies.
  t.is(all.length, (3 + 1) * 2 * 3 * 2);
  t.false(all.some(({ point: { values } }) => values.tech === 'sram-32nm' && 'tech.adc.bits' in values));
  for (const { number, point } of all.toReversed()) t.deepEqual(points.at(number), point);
});

test('samples that fall on a point twice are one point', t => {
  const { points } = studyOf(`
metrics: [xbar]
vary:
  random: { points: 40, tech: [fefet-32nm, sram-32nm], xbar.adc: [4, 5] }
repeat: 2
`);
  const texts = [...allPoints(points)].map(({ point }) => canonical({ ...point.values, seed: point.seed }));
  t.is(texts.length, 2 * 2 * 2);
  t.is(new Set(texts).size, texts.length);
});

test('a million points are had one by one', t => {
  const axis = sound(range.axis({ from: 1, to: 1000, step: 1 }));
  const part = (path: string) => ({
    paths: [path],
    combinations: { size: 1000, at: (i: number) => [axis.at(i)] },
  });
  const points = pointsOf({ parts: [part('a'), part('b')], iso: {}, seeds: [7] });
  t.deepEqual(points.at(999_999), { values: { a: 1000, b: 1000 }, seed: 7 });
});

test('an id is of what a row depends on: also of which paths vary, not of their order, never a number or with a colon', t => {
  const id = (point: Values, iso: Values = {}) =>
    pointId({ metrics: ['run'], iso, point, seed: 1, inputs: 'x' }, sha256);
  t.is(id({ b: 1, a: 2 }), id({ a: 2, b: 1 }));
  t.not(id({ a: 2, b: 1 }), id({ a: 2 }, { b: 1 }));
  t.regex(id({ a: 1 }), /^h[0-9a-f]{32}$/);
});
