/** `trex mvm`: one matrix, exact where nothing disturbs it, and figures that move as they should. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { writeNpy } from '../../src/workload/import/npy-writer.ts';
import { trexIn } from './trex.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-mvm-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const trex = trexIn(folder);
const small = ['--rows', '100', '--cols', '24', '--tokens', '16', '--trials', '3'];

function json(...args: string[]) {
  const { code, out, err } = trex('mvm', ...small, ...args, '--json');
  if (code !== 0) throw new Error(err);
  return JSON.parse(out);
}

test('an SRAM crossbar with a code for every sum is exact', t => {
  const { out, code } = trex('mvm', ...small, '--tech', 'trex-sram-32nm', '--adc', '7');
  t.is(code, 0);
  t.regex(out, /^SNR +exact$/m);
  t.regex(out, /^ADC +7 bits, lossless$/m);
  t.regex(out, /^ADC clips +0\.00 % of conversions above, 0\.00 % below$/m);
});

test('the error falls with the bits of the ADC and grows with the variation', t => {
  const rmse = (...args: string[]): number => json(...args).rmse.mean;
  const quiet = ['--sigma-read', '0'];
  t.true(rmse(...quiet, '--adc', '4') > 2 * rmse(...quiet, '--adc', '6'));
  t.true(rmse('--adc', '8', '--sigma-read', '0.2') > 2 * rmse('--adc', '8', '--sigma-read', '0.05'));
});

test('an ADC with a short range clips, and says so', t => {
  t.true(json('--adc', '5', '--adc-range', '0.1').clipped.above > 0.02);
  t.is(json('--adc-range', '1').clipped.above, 0);
});

test('the same seed gives the same bytes on every back end', t => {
  const { backend: _, ...first } = json('--read-noise', 'read');
  for (const args of [
    ['--backend', 'reference'],
    ['--threads', '1'],
    ['--backend', 'gpu', '--gpu-mode', 'webasm'],
  ]) {
    const { backend, ...other } = json('--read-noise', 'read', ...args);
    t.deepEqual(other, first, backend.name);
  }
  t.notDeepEqual(json('--read-noise', 'read', '--seed', '2').rmse, first.rmse);
});

test('a matrix written at run time has write variation', t => {
  t.is(json().noise.write, undefined);
  t.deepEqual(json('--written').noise.write, { kind: 'clipformer', gamma: 1, sigma: 0.2 });
});

test('weights come from a file: integers as they are, floats quantised', t => {
  writeFileSync(join(folder, 'i.npy'), writeNpy(Int32Array.of(1, -2, 3, 127, -127, 0), [3, 2]));
  writeFileSync(join(folder, 'f.npy'), writeNpy(Float32Array.of(0.5, -1, 1, 0.25, 0, 0), [3, 2]));
  for (const name of ['i.npy', 'f.npy']) {
    const { out, err } = trex('mvm', '--weights', name, '--tech', 'trex-sram-32nm', '--json');
    const { spec, snr_dB } = JSON.parse(out === '' ? `{"err":${JSON.stringify(err)}}` : out);
    t.like(spec, { rows: 3, cols: 2 });
    t.true(snr_dB === null || snr_dB.mean > 20);
  }
  writeFileSync(join(folder, 'w.npy'), writeNpy(Int32Array.of(1, 300), [2, 1]));
  const wide = trex('mvm', '--weights', 'w.npy');
  t.is(wide.code, 3);
  t.regex(wide.err, /element 1 is 300; 8 bits hold -127 to 127/);
});

const refused: [string, string[], number, RegExp][] = [
  ['no matrix', [], 2, /--rows and --cols/],
  ['no columns', ['--rows', '3', '--cols', '0'], 2, /--cols 0/],
  ['rows that are no number', ['--rows', 'x', '--cols', '3'], 2, /--rows x: expected a number/],
  ['a density that is none', [...small, '--density', '2'], 2, /--density 2/],
  ['an ADC of 40 bits', [...small, '--adc', '40'], 2, /--adc 40/],
  ['an unknown technology', [...small, '--tech', 'fefet'], 4, /technology/],
  ['noise per read that would clip', [...small, '--sigma-read', '0.3', '--read-noise', 'read'], 2, /0\.25/],
  [
    'sums that overflow',
    ['--rows', '60000', '--cols', '8', '--adc', '14', '--array-rows', '4096'],
    1,
    /overflow/,
  ],
  ['a file that is not there', ['--weights', 'no.npy'], 4, /no\.npy: no such file/],
];

for (const [what, args, code, message] of refused)
  test(`mvm, ${what}: one message and exit code ${code}`, t => {
    const ran = trex('mvm', ...args);
    t.is(ran.code, code, ran.err);
    t.regex(ran.err, message);
    t.notRegex(ran.err, /\n\s+at /);
    t.is(ran.out, '');
  });
