/** The page on adding an attention variant, followed word by word in a copy of the source; data and training are made small. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'trex-variant-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const page = readFileSync(join(ROOT, 'docs/add-an-attention-variant.md'), 'utf8').replace(/ \\\n +/g, ' ');
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
const lines = [...page.matchAll(/^ {4}node dist\/node\/trex\.js (.*)$/gm)].map(([, line]) => line);

const node = (...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const SMALLER: readonly (readonly [RegExp, string])[] = [
  [/--images 9000/, '--images 96 --test 24'],
  [
    /--base-epochs 3 --partial-epochs 1 --final-epochs 9/,
    '--base-epochs 1 --partial-epochs 1 --final-epochs 1 --images 4 --draws 1',
  ],
];

test('an attention variant that is one file is built, timed, trained and run on a noisy chip', t => {
  t.true(page.split('\n').length < 80);
  for (const part of [
    'src',
    'scripts',
    'arch',
    'tech',
    'models',
    'package.json',
    'package-lock.json',
    'LICENSE',
  ])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const declaration = block('ts').replaceAll('../../src/workload/', '../');
  writeFileSync(join(folder, 'src/workload/attention/relu.ts'), declaration);
  writeFileSync(join(folder, 'glyph-relu.yaml'), block('yaml'));
  node('scripts/write-indexes.mjs');
  node('scripts/bundle.mjs');
  const [cost, , trained] = lines.map(line =>
    node(
      'dist/node/trex.js',
      ...SMALLER.reduce((text, [from, to]) => text.replace(from, to), line).split(' '),
    ),
  );
  t.regex(cost, /glyph-relu .*\n?/);
  t.regex(trained, /top-1 .*non-ideal/);
  const [relu, softmax] = ['glyph-relu.yaml', 'glyph-vit'].map(
    name => JSON.parse(node('dist/node/trex.js', 'run', 'trex-full', '--model', name, '--json')).breakdown,
  );
  const names = (rows: readonly { name: string }[]): string[] => rows.map(({ name }) => name);
  t.true(names(softmax.component).includes('softmax.exponent'));
  t.false(names(relu.component).includes('softmax.exponent'), 'ReLU needs no softmax unit');
});
