import test from 'ava';
import { meets, metricText, parseTarget } from '../../src/optimize/target.ts';
import { failure } from '../arch/fixtures.ts';

const figures = { latency_s: 2e-3, energy_J: 1e-4, area_m2: 5e-4 };

test('a target is read with its unit', t => {
  t.deepEqual(parseTarget({ targetDelay: '7ms' }), { metric: 'latency_s', limit: 0.007 });
  t.deepEqual(parseTarget({ targetEnergy: '0.11 mJ' }), { metric: 'energy_J', limit: 1.1e-4 });
  t.deepEqual(parseTarget({ targetArea: '600mm2' }), { metric: 'area_m2', limit: 6e-4 });
  t.is(parseTarget({ targetEdap: '400' }).limit, parseTarget({ targetEdap: '400 mJ ms mm2' }).limit);
});

test('what is on the limit meets it, what is above by anything does not', t => {
  t.true(meets({ metric: 'latency_s', limit: 2e-3 }, figures));
  t.false(meets({ metric: 'latency_s', limit: 2e-3 - 1e-12 }, figures));
  t.true(meets({ metric: 'edap_Jsm2', limit: 1.0001e-10 }, figures));
  t.false(meets({ metric: 'edap_Jsm2', limit: 0.9999e-10 }, figures));
});

test('targets are written as people write them', t => {
  t.is(metricText('latency_s', 0.006002), '6.0020 ms');
  t.is(metricText('edap_Jsm2', 3.9265e-10), '392.65 mJ ms mm2');
});

test('no target, two, or one that is no positive quantity are refused', t => {
  t.regex(failure(() => parseTarget({})).message, /^give one target: --target-delay 7ms/);
  t.regex(failure(() => parseTarget({ targetDelay: '7ms', targetArea: '1mm2' })).message, /^give one target/);
  t.regex(
    failure(() => parseTarget({ targetDelay: '7 mJ' })).message,
    /^--target-delay 7 mJ: expected .* 7ms$/,
  );
  t.regex(failure(() => parseTarget({ targetDelay: '-7ms' })).message, /positive/);
  for (const text of ['0', 'x', '4 ms', '-3', '1e999'])
    t.regex(
      failure(() => parseTarget({ targetEdap: text })).message,
      /^--target-edap .*: expected a positive number/,
    );
});
