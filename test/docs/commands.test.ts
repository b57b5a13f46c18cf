/** The commands of README and the pages work one after another, in one folder; networks, data and trainings are made small. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { trexIn } from '../cli/trex.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'trex-pages-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const trex = trexIn(folder);

const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap(f => (f.endsWith('.md') ? [`docs/${f}`] : [])),
];

/** Stands for something of the reader's own. */
const PLACEHOLDER =
  /\.\.\. |W\.safetensors|my_eval|glyph\.safetensors|deit-s\.safetensors|work\.csv|--model gpt2 |--model prose-gpt|w\/weights|load\.study\.yaml|figure load /;

/** What a page says, and what is run instead: the same words, smaller. */
const SMALLER: readonly (readonly [RegExp, string])[] = [
  [/^((?:run trex-full|optimize|compare) .*)--model deit-s(?= |$)/, '$1--model glyph-vit'],
  [/^(run .*)--model deit-[tb](?= .*schedule\.images)/, '$1--model glyph-vit'],
  [/^(run .*)--model deit-b (.*)chip\.tiles=\d+/, '$1--model glyph-vit $2chip.tiles=40'],
  [/^(map .*)--model deit-[tsb]/, '$1--model glyph-vit'],
  [/^map .*/, '$& --budget 2'],
  [/^(run .*--images) \d+/, '$1 3'],
  [/--prefill \d+ --decode \d+/, '--prefill 16 --decode 2'],
  [/--iso \S*snr=\S+/, '--iso node --trials 0'],
  [/^data (\w+)(?: --images \d+)?/, 'data $1 --test 24'],
  [/^(data (?:glyphs|scenes)) /, '$1 --images 240 '],
  [/^(data (?:grammar|races)) /, '$1 --sentences 60 --dev 12 '],
  [
    /--base-epochs \d+ --partial-epochs \d+ --final-epochs \d+/,
    '--base-epochs 1 --partial-epochs 1 --final-epochs 1 --images 4 --draws 1',
  ],
  [/^train .*/, '$& --fraction 0.3'],
  [/^(report .*) --open/, '$1'],
  [
    /^search .*/,
    '$& --samples 3 --partial-epochs 1 --images 2 --population 6 --generations 1 --adc-bits 6 --tech sram-32nm',
  ],
  [/^accuracy .*/, '$& --images 4 --draws 1 --snr-images 1'],
  [/^xbar (.*)--rows 32\.\.256/, 'xbar $1--rows 32'],
  [/^(compare (?!.*--model).*)/, '$1 --model glyph-vit'],
  [/^(compare (?!.*--iso).*)/, '$1 --trials 0'],
  [/^mvm .*/, '$& --tokens 4 --trials 1'],
];

const commands = PAGES.flatMap(page => {
  const text = readFileSync(join(ROOT, page), 'utf8').replace(/ \\\n +/g, ' ');
  return [...text.matchAll(/^ {4}(?:npx )?trex ([^#\n]*)/gm)].map(([, line]) => ({
    page,
    line: line.trim(),
  }));
});

/** As a shell parts them. */
const words = (line: string): string[] =>
  [...line.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(([word]) => word.replaceAll('"', ''));

/** The pattern that the network of an optimisation names in its first line. */
function pattern(line: string): string {
  const yaml = join(folder, 'best/network.yaml');
  if (!line.includes('PATTERN') || !existsSync(yaml)) return line;
  const [, found] = /((?:strided|pyramid|continuous):\S+|none)/.exec(readFileSync(yaml, 'utf8'))!;
  return line.replace('PATTERN', found.replace(/[.;)]$/, ''));
}

test('the pages have commands', t => {
  t.true(commands.length > 20);
});

for (const [i, { page, line }] of commands.entries())
  if (!PLACEHOLDER.test(line))
    test.serial(`${i + 1}. ${page}: trex ${line}`, t => {
      const smaller = SMALLER.reduce((text, [from, to]) => text.replace(from, to), line);
      const { code, err } = trex(...words(pattern(smaller)));
      t.is(code, 0, `${smaller}\n${err}`);
    });
