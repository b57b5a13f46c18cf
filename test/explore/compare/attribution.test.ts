import test from 'ava';
import fc from 'fast-check';
import { difference, timeByLabel } from '../../../src/explore/compare/attribution.ts';
import type { StepKind } from '../../../src/hw/program.ts';
import type { LayerRow } from '../../../src/report/result.ts';

const step = (kind: StepKind, start: number, end: number): LayerRow => ({
  step: kind,
  stage: kind,
  encoder: null,
  kind,
  jobs: 1,
  energy_J: 0,
  crossbars: 0,
  tiles: 0,
  macs: 0,
  start_s: start * 1e-9,
  end_s: end * 1e-9,
});
const kindOf = (row: LayerRow): string => row.kind;
const nanoseconds = (times: Map<string, number>): Record<string, number> =>
  Object.fromEntries([...times].map(([name, s]) => [name, Math.round(s * 1e12) / 1000]));

test('steps that follow each other take their own time', t => {
  const layers = [step('write', 0, 3), step('read', 3, 10)];
  t.deepEqual(nanoseconds(timeByLabel(layers, 10e-9, kindOf)), { write: 3, read: 7 });
});

test('a moment belongs in equal parts to all that are at work in it', t => {
  const layers = [step('read', 0, 6), step('softmax', 4, 8), step('read', 4, 6)];
  // 0..4 read; 4..6 two reads and a softmax; 6..8 softmax.
  const times = nanoseconds(timeByLabel(layers, 8e-9, kindOf));
  t.deepEqual(times, { read: 5.333, softmax: 2.667 });
});

test('a moment in which nothing is at work has a row of its own', t => {
  const layers = [step('read', 1, 2), step('write', 5, 6)];
  const times = nanoseconds(timeByLabel(layers, 7e-9, kindOf));
  t.deepEqual(times, { 'between steps': 5, read: 1, write: 1 });
});

test('the times of all labels sum to the latency', t => {
  const span = fc.tuple(fc.constantFrom('read', 'write', 'softmax'), fc.nat(100), fc.nat(50));
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), spans => {
      const layers = spans.map(([kind, start, length]) => step(kind, start, start + length));
      const latency = Math.max(0, ...layers.map(row => row.end_s));
      const sum = [...timeByLabel(layers, latency, kindOf).values()].reduce((s, v) => s + v, 0);
      return Math.abs(sum - latency) < 1e-12;
    }),
  );
  t.deepEqual(nanoseconds(timeByLabel([], 0, kindOf)), {});
});

test('the rows of a difference stand in the order of their size, and their shares sum to 1', t => {
  const a = new Map([
    ['adc', 5],
    ['driver', 2],
    ['array', 1],
  ]);
  const b = new Map([
    ['adc', 6],
    ['array', 5],
    ['write', 1],
  ]);
  const { difference: whole, rows } = difference(a, b);
  t.is(whole, 4);
  t.deepEqual(
    rows.map(row => [row.name, row.difference, row.share]),
    [
      ['array', 4, 1],
      ['driver', -2, -0.5],
      ['adc', 1, 0.25],
      ['write', 1, 0.25],
    ],
  );
});

test('between equal wholes no share is given', t => {
  const parts = new Map([['adc', 5]]);
  t.like(difference(parts, parts), { difference: 0, rows: [{ name: 'adc', difference: 0, share: null }] });
});
