import test from 'ava';
import { differenceWarnings } from '../../src/run/differences.ts';

const RESULT = {
  version: '1',
  latency_s: 0.5,
  breakdown: { stage: [{ name: 'read', energy_J: 1 }] },
  sub: null,
  warnings: ['a'],
};

test('a result that its run gives again needs no word, nor do other words of another version', t => {
  t.deepEqual(differenceWarnings('r.json', { ...RESULT, version: '0', warnings: [] }, RESULT), []);
});

test('a figure that was changed is named, with how many more', t => {
  t.deepEqual(differenceWarnings('r.json', { ...RESULT, latency_s: 0.25 }, RESULT), [
    'r.json: latency_s is 0.25 there, and 0.5 in this run',
  ]);
  const breakdown = { stage: [{ name: 'read', energy_J: 2 }, { name: 'write' }] };
  t.deepEqual(differenceWarnings('r.json', { ...RESULT, breakdown, more: 1 }, RESULT), [
    'r.json: breakdown.stage.0.energy_J is 2 there, and 1 in this run; so are 2 more',
  ]);
});

test('a figure that is missing, or of no kind that there is, is named too', t => {
  const { latency_s: _, ...rest } = RESULT;
  t.deepEqual(differenceWarnings('r.json', rest, RESULT), [
    'r.json: latency_s is missing there, and 0.5 in this run',
  ]);
  t.deepEqual(differenceWarnings('r.json', { ...RESULT, breakdown: 'x'.repeat(99) }, RESULT), [
    `r.json: breakdown is "${'x'.repeat(39)}... there, and {"stage":[{"name":"read","energy_J":1}]} in this run`,
  ]);
});
