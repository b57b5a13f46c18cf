/** `trex check`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { EXIT } from '../../src/base/errors.ts';
import { checkFiles, kindOfFile } from '../../src/run/check.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { MACRO, macroWith } from '../arch/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-check-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test('shipped files are found by name, whatever their kind', t => {
  const { lines, errors, exitCode } = checkFiles(nodeFiles, ['trex', 'trex-hybrid-32nm', 'deit-s']);
  t.deepEqual(lines, ['arch/trex.yaml: ok', 'tech/trex-hybrid-32nm.yaml: ok', 'models/deit-s.yaml: ok']);
  t.deepEqual(errors, []);
  t.is(exitCode, EXIT.ok);
});

test('a warning that two files share is shown once', t => {
  t.deepEqual(checkFiles(nodeFiles, ['trex', 'trex-full', 'trex-fefet-32nm']).warnings, [
    'tech/trex-fefet-32nm.yaml:21:9  adc.bits: ADC 6 bit < 8 bit needed for lossless 64 rows x 2-bit cells',
    'arch/trex.yaml:15:10  chip.clock: paths that take more than a cycle of 1.000 ns: tile H-tree 1.37 ns (2 cycles), link of one tile 1.37 ns (2 cycles), tile.buffer 1.48 ns (2 cycles), globalBuffer 3.81 ns (4 cycles)',
  ]);
});

test('the kind of a file is seen from its content', t => {
  const arch = written('a.yaml', 'name: a\nuse: trex\n');
  const tech = written('t.yaml', MACRO);
  const part = written('p.yaml', 'name: p\nuse: trex-sram-32nm\nleakage: 0 W\nsource: a test\n');
  const model = written('m.yaml', 'name: m\nfamily: bert\nsource: a test\n');
  const { lines, errors } = checkFiles(nodeFiles, [arch, tech, part, model]);
  t.deepEqual(lines, [`${arch}: ok`, `${tech}: ok`, `${part}: ok`]);
  t.is(errors.length, 1);
  t.regex(errors[0], /m\.yaml:1:1 {2}encoders: missing/);
});

test('the kind can be given', t => {
  const { errors } = checkFiles(nodeFiles, [written('as-arch.yaml', MACRO)], 'arch');
  t.regex(errors[0], /as-arch\.yaml:3:1 {2}level: unknown key/);
});

test('one invalid file among others makes exit 3, and the others are still checked', t => {
  const bad = written('bad.yaml', macroWith('rows: 64', 'rows: 0'));
  const report = checkFiles(nodeFiles, ['trex', bad, join(folder, 'nope.yaml'), 'fefet-32nm']);
  t.deepEqual(report.lines, ['arch/trex.yaml: ok', 'tech/fefet-32nm.yaml: ok']);
  t.is(report.errors.length, 2);
  t.regex(report.errors[0], /bad\.yaml:6:19 {2}crossbar\.rows: expected an integer from 1 to 4096, got 0/);
  t.regex(report.errors[1], /nope\.yaml: no such file/);
  t.is(report.exitCode, EXIT.invalidFile);
});

test('a name that is nowhere makes exit 4', t => {
  const { errors, exitCode } = checkFiles(nodeFiles, ['trex-ful']);
  t.deepEqual(errors, ["no file is called 'trex-ful': did you mean trex-full?"]);
  t.is(exitCode, EXIT.missing);
});

test('the kind of a file is told by what it holds', t => {
  for (const kind of ['arch', 'tech', 'models'] as const) {
    const name = { arch: 'trex', tech: 'fefet-32nm', models: 'deit-s' }[kind];
    const text = nodeFiles.read(nodeFiles.resolve(kind, name)).text;
    t.is(kindOfFile(nodeFiles, written(`${kind}-of.yaml`, text)), kind);
  }
});
