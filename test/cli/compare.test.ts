/** `trex compare`: tables, CSV and JSON of the same figures, a figure on disk, one message for bad options. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { trexIn } from './trex.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-compare-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const trex = trexIn(folder);
const small = ['--model', 'deit-t', '--set', 'model.encoders=1', '--quiet'];
const devices = ['trex-fefet-32nm', 'trex-sram-32nm', 'trex-hybrid-32nm'];

test('FeFET, SRAM and hybrid come out of the box, with the paper beside them', t => {
  const { code, out, err } = trex('compare', ...devices, ...small);
  t.is(code, 0, err);
  t.is(err, '');
  t.regex(out, /^equal +node +32 nm$/m);
  t.regex(
    out.replace(/\s+/g, ' '),
    /why trex-sram-32nm is not trex-fefet-32nm: EDAP .*x = energy .*x \* latency .*x \* area .*x/,
  );
  t.regex(out, /^area +SRAM >> FeFET .* agrees$/m);
  t.regex(out, /^accuracy +SRAM > hybrid > FeFET +SRAM exact > hybrid .* agrees$/m);
});

test('CSV and JSON hold the same figures, and the same options give the same bytes', t => {
  const json = trex('compare', ...devices, ...small, '--json');
  t.is(json.out, trex('compare', ...devices, ...small, '--json').out);
  const { subjects } = JSON.parse(json.out);
  const [head, ...rows] = trex('compare', ...devices, ...small, '--csv')
    .out.trimEnd()
    .split('\n');
  t.is(rows.length, 3);
  const column = head.split(',').indexOf('edap_Jsm2');
  t.deepEqual(
    rows.map(row => Number(row.split(',')[column])),
    subjects.map((s: { figures: { edap_Jsm2: number } }) => s.figures.edap_Jsm2),
  );
});

test('a figure is written whole, and nothing is left beside it', t => {
  const { code } = trex('compare', 'trex', 'trex-full', ...small, '--trials', '0', '--figure', 'c.svg');
  t.is(code, 0);
  t.true(readFileSync(join(folder, 'c.svg'), 'utf8').endsWith('</svg>\n'));
  t.deepEqual(
    readdirSync(folder).filter(name => name.endsWith('.tmp')),
    [],
  );
});

const refused: [string, string[], number, RegExp][] = [
  ['no iso', [...devices, '--iso', ''], 2, /--iso is empty/],
  ['an unknown iso', [...devices, '--iso', 'nodes'], 2, /did you mean node/],
  ['one file', ['trex'], 2, /two or more/],
  ['JSON and CSV', [...devices, '--json', '--csv'], 2, /choose one/],
  ['a figure in no folder', [...devices, '--figure', 'no/c.svg'], 1, /no folder/],
  [
    'unequal areas of fixed chips',
    [...devices, '--iso', 'area', '--set', 'chip.tiles=40'],
    2,
    /--allow area/,
  ],
  ['an accuracy without data', [...devices, '--iso', 'accuracy=97%'], 2, /--weights w.safetensors --data/],
  [
    'weights without an accuracy',
    [...devices, '--weights', 'w.npz', '--data', 'd'],
    2,
    /--weights w\.npz has no effect without --accuracy or --iso accuracy=97%/,
  ],
  ['a bad range', [...devices, '--adc-range', '0'], 2, /--adc-range 0/],
];

for (const [what, args, code, message] of refused)
  test(`compare, ${what}: one message and exit code ${code}`, t => {
    const ran = trex('compare', ...args, ...small);
    t.is(ran.code, code, ran.err);
    t.regex(ran.err, message);
    t.notRegex(ran.err, /\n\s+at /);
    t.is(ran.out, '');
    t.false(existsSync(join(folder, 'no')));
  });
