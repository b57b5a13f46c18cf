/** Study files: each slip is told with its line, column and the nearest name. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import type { Files } from '../../../src/arch/source-files.ts';
import { jsonText } from '../../../src/base/json-text.ts';
import { studyKind } from '../../../src/explore/studies/check-study.ts';
import { parseStudy } from '../../../src/explore/studies/study.ts';
import { studyJsonSchema } from '../../../src/explore/studies/study-schema.ts';
import { memoryFiles } from '../../../src/run/memory-files.ts';
import { nodeFiles } from '../../../src/run/node/files.ts';

const HEAD = 'metrics: [run]\niso: { arch: trex, model: deit-s }\n';

async function filesWith(text: string): Promise<Files> {
  const memory = await memoryFiles({ 'study.yaml': text });
  return {
    list: kind => nodeFiles.list(kind),
    resolve: (kind, name, from) =>
      (name.endsWith('study.yaml') ? memory : nodeFiles).resolve(kind, name, from),
    read: ref => (ref.name === 'study.yaml' ? memory : nodeFiles).read(ref),
  };
}

const SLIPS: readonly (readonly [text: string, complaint: RegExp])[] = [
  [`${HEAD}vary:\n`, /^study\.yaml:3:1 {2}vary: expected paths with their values/],
  [HEAD, /vary: missing, expected what varies/],
  [
    `${HEAD}vary:\n  pe.adcBank: [1, 2]\n`,
    /^study\.yaml:4:3 {2}pe\.adcBank: unknown key adcBank, did you mean adcBanks\?/,
  ],
  [`${HEAD}vary:\n  tech.adc.bitz: [4]\n`, /4:3 {2}tech\.adc\.bitz: unknown key bitz, did you mean bits\?/],
  [
    `${HEAD}vary:\n  pe.adcBanks: [1 V, two]\n`,
    /study\.yaml:4:3 {2}pe\.adcBanks: expected an integer from 1 to 1024, got "1 V"/,
  ],
  [
    `metrics: [xbar]\niso: { tech: fefet-32nm, tech.cell.onResistance: 100 kOhm }\nvary:\n  xbar.rows: [32]\n`,
    /2:\d+ {2}tech\.cell\.onResistance: expected a quantity in ohm \(did you mean "100 kohm"\?\)/,
  ],
  [`${HEAD}vary:\n  modl.encoders: [4]\n`, /modl\.encoders: unknown path, did you mean model\.encoders\?/],
  [`${HEAD}vary:\n  xbar.rows: [32]\n`, /has no effect: the study does not measure xbar/],
  [
    `metrics: [xbar]\niso: { tech: fefet-32nm }\nvary:\n  xbar.row: [32]\n`,
    /unknown option of xbar, did you mean xbar\.rows\?/,
  ],
  [
    `metrics: [xbar]\niso: { tech: fefet-32nm }\nvary:\n  model: [deit-s]\n`,
    /no metric of the study takes model, which run does/,
  ],
  [`metrics: [xbar]\nvary:\n  xbar.rows: [32]\n`, /metrics: xbar needs tech/],
  [`metrics: [runn]\nvary:\n  reuse: [none]\n`, /study\.yaml:1:11 .*did you mean run\?/],
  [
    `metrics: [run]\niso: { arch: trex, model: deit-z }\nvary:\n  reuse: [none]\n`,
    /2:\d+ {2}model: no model is called 'deit-z'/,
  ],
  [`${HEAD}vary:\n  reuse: none\n`, /4:10 {2}reuse: expected a list of values/],
  [
    `${HEAD}vary:\n  images: { range: { from: 1, too: 5 } }\n`,
    /images\.range\.too: unknown key, did you mean to\?/,
  ],
  [
    `${HEAD}vary:\n  pe.adcBanks: { range: { from: 1, to: 5 } }\n`,
    /is a continuum: give range points, or a step/,
  ],
  [
    `${HEAD}vary:\n  tech.vdd: { range: { from: 1 V, to: 900 mV, step: 1 V } }\n`,
    /is in mV, from in V: write both in one unit/,
  ],
  [
    `${HEAD}vary:\n  zip: { pe.adcBanks: [1, 2], tile.pes: [1, 2, 4] }\n`,
    /4:31 {2}tile\.pes: has 3 values, pe\.adcBanks has 2/,
  ],
  [`${HEAD}vary:\n  random: { pe.adcBanks: [1, 2] }\n`, /random\.points: missing/],
  [
    `${HEAD}vary:\n  pe.adcBanks: { range: { from: 1, to: 100000, step: 1 } }\n  tile.pes: { range: { from: 1, to: 100000, step: 1 } }\n`,
    /vary: 10000000000 points, more than the 10000000 that a study may have/,
  ],
  [
    `${HEAD}vary:\n  pe.adcBanks: [1, 2]\nwhen: { pe.adcBanks: { min: 3, max: 2 } }\n`,
    /no value is from 3 to 2/,
  ],
  [
    `${HEAD}vary:\n  pe.adcBanks: [1, 2]\nwhen: { pe.adcBanks: 3 }\n`,
    /5:22 {2}when\.pe\.adcBanks: no value of its axis fulfils it/,
  ],
  [`${HEAD}vary:\n  pe.adcBanks: [1, 2]\nwhen: { model: deit-t }\n`, /never holds: iso says deit-s/],
  [`${HEAD}vary:\n  pe.adcBanks: [1, 2]\nwhen: { pe.adcBank: 1 }\n`, /did you mean pe\.adcBanks\?/],
  [
    `${HEAD}vary:\n  zip: { pe.adcBanks: [1, 2], tile.pes: [4, 8] }\nwhen: { pe.adcBanks: 1, tile.pes: 8 }\n`,
    /no point is left: its conditions leave all out/,
  ],
  [`${HEAD}vary:\n  - model: [deit-t]\n`, /model: varies or stays already/],
  [
    'metrics: [xbar]\niso: { tech: fefet-32nm }\nvary:\n  random: { points: 9, xbar.adc: { range: { from: 4, to: 8 } } }\n',
    /4:\d+ {2}xbar\.adc: .*expected an integer from 1 to 16, got 5\.528/,
  ],
  ['metrics: [xbar]\niso: { tech: fefet-32nm }\nvary:\n  xbar.rows: [32, 5000]\n', /xbar\.rows: .*got 5000/],
  [`${HEAD}vary: { reuse: [none, nonee] }\n`, /3:9 {2}reuse: .*count:N .*got nonee/],
  [`${HEAD}vary: { images: [1, 0] }\n`, /images: expected .*got 0/],
  [
    'metrics: [mvm]\nvary: { mvm.rows: [32] }\n',
    /metrics: mvm needs mvm\.rows and mvm\.cols, or mvm\.weights/,
  ],
  [`${HEAD}vary: {}\n`, /3:1 {2}vary: nothing varies/],
  [
    `${HEAD}vary: { pe.adcBanks: [1], arch.pe.adcBanks: [2] }\n`,
    /stays already as pe\.adcBanks: a path has one place/,
  ],
  ['metrics: [run]\niso: { __proto__: 1 }\nvary: { reuse: [none] }\n', /2:8 {2}iso\.__proto__: unknown path/],
  [`${HEAD}vary: { reuse: [none] }\nwhen: { reuse: { mim: 1 } }\n`, /when\.reuse\.mim: unknown key$/m],
  [
    'metrics: [xbar]\niso: { tech: fefet-32nm }\nvary: { sobol: { points: 2, skip: 4294967295, xbar.rows: [32] } }\n',
    /skip: and points are more than the 4294967296/,
  ],
  [`${HEAD}seeds: [1]\nrepeat: 2\nvary:\n  reuse: [none]\n`, /repeat: stands beside seeds/],
];

for (const [text, complaint] of SLIPS)
  test(`refused with its place: ${complaint.source}`, async t => {
    const files = await filesWith(text);
    const error = t.throws(() => studyKind.check(files, './study.yaml'));
    t.regex(error.message, complaint);
  });

test('files that a study names stand beside it; words of --set are paths', t => {
  const text =
    'metrics: [run]\niso: { arch: own.yaml, model: deit-s, set: [pe.crossbars=16] }\nvary: { tech: [own-tech.yaml, fefet-32nm] }\n';
  const { study } = parseStudy({ path: 'dir/a.yaml', name: 'dir/a.yaml' }, text, '');
  t.deepEqual(study.iso, { arch: 'dir/own.yaml', model: 'deit-s', 'pe.crossbars': 16 });
  t.is(study.points.at(0)?.values.tech, 'dir/own-tech.yaml');
  t.is(study.points.at(1)?.values.tech, 'fefet-32nm');
});

test('keys of a law that the study itself chooses are known, those of no law of it are not', async t => {
  const study = (key: string): string =>
    `metrics: [xbar]\niso: { tech: fefet-32nm }\nvary:\n  - tech.adc.law: [neurosim-sar, shared-counter]\n  - when: { tech.adc.law: shared-counter }\n    tech.adc.${key}: ["1 ns"]\n`;
  const check = async (key: string): Promise<void> => {
    const files = await filesWith(study(key));
    studyKind.check(files, './study.yaml');
  };
  await t.notThrowsAsync(check('step'));
  await t.throwsAsync(check('comparator'), { message: /6:5 {2}tech\.adc\.comparator: unknown key/ });
});

test('the schema for editors is the exported one', t => {
  const file = new URL('../../../../docs/examples/study.schema.json', import.meta.url);
  t.is(readFileSync(file, 'utf8'), jsonText(studyJsonSchema()));
});
