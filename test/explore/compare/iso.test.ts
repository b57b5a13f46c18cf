/** What must be equal, on files in memory. */
import test from 'ava';
import { loadArchFrom } from '../../../src/arch/load.ts';
import { EXIT } from '../../../src/base/errors.ts';
import { checkIso, parseIsoChoice, refuseUnfair } from '../../../src/explore/compare/iso.ts';
import type { ChipMeasure } from '../../../src/explore/compare/sizing.ts';
import type { Subject } from '../../../src/explore/compare/subjects.ts';
import { nodeFiles } from '../../../src/run/node/files.ts';
import { failure } from '../../arch/fixtures.ts';

const chip = (name: string, set: readonly string[] = []): Subject => ({
  name,
  loaded: loadArchFrom(nodeFiles, 'trex', { set }),
});
const options = { iso: ['node', 'precision', 'network'], allow: [] } as const;

test('the same values are equal, however they are written', t => {
  const rows = checkIso([chip('a'), chip('b', ['tech.node=0.032 um'])], [], 'a network', options);
  t.deepEqual(
    rows.map(row => [row.name, row.equal]),
    [
      ['node', true],
      ['precision', true],
      ['network', true],
    ],
  );
  t.is(rows[1].text, 'weights 8, inputs 8, outputs 8');
});

test('a value that differs is refused with the lines that give it', t => {
  const subjects = [chip('a'), chip('b', ['precision.inputs=4', 'tech.scaling=circuit-laws'])];
  const rows = checkIso(subjects, [], 'a network', options);
  const { message, exitCode } = failure(() => refuseUnfair(rows));
  t.is(exitCode, EXIT.usage);
  const line =
    /not the same precision: precision\.inputs: a 8 \(arch\/trex\.yaml:\d+\), b 4 \(--set precision\.inputs=4\)/;
  t.regex(message, line);
  t.regex(message, /--allow precision compares them nevertheless/);
  t.notRegex(message, /not the same node/);
});

test('what is allowed may differ, and is still shown as different', t => {
  const subjects = [chip('a'), chip('b', ['tech.node=22 nm', 'tech.scaling=circuit-laws'])];
  const rows = checkIso(subjects, [], 'a network', { ...options, allow: ['node'] });
  t.notThrows(() => refuseUnfair(rows));
  t.like(rows[0], { name: 'node', equal: false, allowed: true });
  t.regex(rows[0].text, /tech\.static\.node: a 32 nm .* b 22 nm/);
});

const measured = (own_m2: number, area_m2 = own_m2, crossbars = 64): ChipMeasure => {
  return { own_m2, area_m2, crossbars, tiles: 20, sized: area_m2 !== own_m2 };
};
const sizes = (iso: 'area' | 'arrays', ...measures: ChipMeasure[]) =>
  checkIso([chip('a'), chip('b')], measures, 'a network', { iso: [iso], allow: [] })[0];

test('areas within one per cent are equal, more is not; arrays must be the same number', t => {
  t.true(sizes('area', measured(1e-4), measured(1.009e-4)).equal);
  t.false(sizes('area', measured(1e-4), measured(1.011e-4)).equal);
  t.true(sizes('arrays', measured(1e-4), measured(2e-4)).equal);
  t.false(sizes('arrays', measured(1e-4), measured(1e-4, 1e-4, 65)).equal);
});

test('chips that got tiles are as near as tiles come, and the text says how near', t => {
  const row = sizes('area', measured(1e-4), measured(0.5e-4, 0.97e-4));
  t.like(row, { equal: true, text: '100.0 mm2, within 3.0 %; a 20 tiles, b 20 tiles' });
  t.true(sizes('area', measured(1e-4), measured(0.5e-4, 1.03e-4)).equal);
  // A chip of fixed tiles that is too small is not.
  t.false(sizes('area', measured(0.9e-4), measured(0.5e-4, 1e-4), measured(1e-4)).equal);
});

test('an error that all are brought to stands among the names', t => {
  t.deepEqual(parseIsoChoice(['node', 'snr=20dB']), { names: ['node'], target: { name: 'snr', value: 20 } });
  t.deepEqual(parseIsoChoice(['snr = 12.5 dB']).target, { name: 'snr', value: 12.5 });
  for (const text of ['accuracy=97%', 'accuracy=0.97'])
    t.deepEqual(parseIsoChoice([text]), { names: [], target: { name: 'accuracy', value: 0.97 } });
  t.is(parseIsoChoice(['node']).target, null);
  for (const bad of ['snr=', 'snr=20%', 'snr=0', 'accuracy=97', 'accuracy=3dB', 'error=3'])
    t.regex(failure(() => parseIsoChoice([bad])).message, /expected snr=20dB or accuracy=97%/);
  t.regex(failure(() => parseIsoChoice(['snr=3dB,accuracy=90%'])).message, /one of snr and accuracy/);
  t.regex(failure(() => parseIsoChoice([''])).message, /--iso is empty/);
});
