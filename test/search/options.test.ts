/** What the options of a search mean. */
import test from 'ava';
import { loadModel } from '../../src/run/node/load.ts';
import { parseAdcBits, parseKeep } from '../../src/search/options.ts';
import { failure } from '../arch/fixtures.ts';

test('shares that are none, and networks whose tokens cannot go, are refused', t => {
  const { model } = loadModel('glyph-vit');
  t.deepEqual(parseKeep(undefined, model), [1, 0.9, 0.7]);
  t.deepEqual(parseKeep('0.5,1,1', model), [1, 0.5]);
  for (const text of ['0.9', '1,0', '1,2', '1,few', ''])
    t.regex(failure(() => parseKeep(text, model)).message, /expected shares above 0, among them 1/);
  const text = loadModel('grammar-bert').model;
  t.deepEqual(parseKeep(undefined, text), [1]);
  t.regex(failure(() => parseKeep('1,0.9', text)).message, /no token of grammar-bert can go: it reads texts/);
  const set = ['model.distilled=true'];
  t.regex(
    failure(() => parseKeep('1,0.9', loadModel('deit-s', { set }).model)).message,
    /reads out another one/,
  );
  t.regex(failure(() => parseKeep('1,0.9', loadModel('dynamic-deit-s').model)).message, /prunes already/);
  t.deepEqual(parseKeep('1', text), [1]);
});

test('ADC bits are a range or a list', t => {
  t.deepEqual(parseAdcBits('5..8'), [5, 6, 7, 8]);
  t.deepEqual(parseAdcBits('4,6'), [4, 6]);
  for (const text of ['8..5', 'many', '0,4', '5.5'])
    t.is(failure(() => parseAdcBits(text)).exitCode, 2, text);
});
