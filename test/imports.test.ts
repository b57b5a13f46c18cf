/** The house rules, held by two tools: floors by our own list, circles and Node by the linter. Each is shown to catch what is planted. */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { emptyRooms, floorProblems } from '../scripts/architecture/floors.ts';
import { readTree } from '../scripts/architecture/imports.ts';
import { housePicture } from '../scripts/architecture/picture.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const tree = readTree(join(ROOT, 'src'));

test('files import downwards only', t => {
  t.true(tree.size > 50);
  t.deepEqual(floorProblems(tree), []);
});

test('every listed room is there', t => {
  t.deepEqual(emptyRooms(tree), []);
});

test('the picture of the house shows the imports as they are: npm run architecture', t => {
  t.is(readFileSync(join(ROOT, 'docs/architecture.svg'), 'utf8'), housePicture(tree));
});

/** What must not pass, one at a time: where it is planted, and what the rule says to it. */
const STEPS_UP: readonly (readonly [file: string, line: string, complaint: RegExp])[] = [
  ['base/units.ts', "import '../sim/tick.ts';", /base\/units\.ts \(base\) imports sim\/tick\.ts/],
  ['sim/kernel.ts', "import type { Chip } from '../hw/chip.ts';", /sim\/kernel\.ts .* imports hw\/chip\.ts/],
  ['tech/schema.ts', "import '../hw/pe.ts';", /a floor above/],
  ['hw/pe.ts', "import type { ArchConfig } from '../arch/config.ts';", /arch\/config\.ts/],
  ['hw/noc/mesh.ts', "import '../chip.ts';", /hw\/noc\/mesh\.ts \(hw\/noc\) imports hw\/chip\.ts/],
  ['workload/op.ts', "import '../numerics/mvm/spec.ts';", /workload\/op\.ts/],
  ['numerics/noise/model.ts', "import '../mvm/spec.ts';", /numerics\/noise\/model\.ts/],
  ['numerics/mvm/spec.ts', "import '../execute/network.ts';", /numerics\/mvm\/spec\.ts/],
  ['map/place.ts', "import '../run/simulate.ts';", /map\/place\.ts/],
  ['run/simulate.ts', "export * from '../explore/compare/compare.ts';", /run\/simulate\.ts/],
  ['report/table.ts', "const late = import('../cli/main.ts');", /report\/table\.ts/],
  ['map/place.ts', 'const late = import(`../run/run.ts`);', /map\/place\.ts .* imports run\/run\.ts/],
  ['map/place.ts', "const late = import('../run/' + name);", /does not end in \.ts/],
  ['hw/late.mts', 'export const late = 1;', /hw\/late\.mts: the source is \.ts files/],
  ['hw/late.js', 'export const late = 1;', /hw\/late\.js: the source is \.ts files/],
  ['hw/node/late.ts', "import 'node:fs';", /hw\/node\/late\.ts has no place/],
  ['explore/compare/compare.ts', "import '../../index.ts';", /explore\/compare\/compare\.ts/],
  ['index.ts', "import './cli/main.ts';", /index\.ts/],
  ['attic/dust.ts', 'export const dust = 1;', /attic\/dust\.ts has no place/],
  ['lost.ts', 'export const lost = 1;', /lost\.ts has no place/],
  ['hw/pe.ts', "import './no-such-file.ts';", /which is not there/],
  ['hw/pe.ts', "import './tile.js';", /does not end in \.ts/],
];

for (const [file, line, complaint] of STEPS_UP)
  test(`planted and found: in ${file}, ${line}`, t => {
    const problems = floorProblems(new Map([...tree, [file, `${tree.get(file) ?? ''}\n${line}\n`]]));
    t.is(problems.length, 1);
    t.regex(problems[0], complaint);
  });

const SLIPS: readonly (readonly [file: string, line: string, rule: string])[] = [
  ['hw/tile.ts', 'export const slip = process.argv;', 'noRestrictedGlobals'],
  ['numerics/mvm/arrays.ts', 'export const slip = Buffer.alloc(1);', 'noRestrictedGlobals'],
  ['hw/chip.ts', 'export const slip = globalThis.process;', 'noRestrictedGlobals'],
  ['hw/crossbar.ts', 'export const slip = Date.now();', 'noRestrictedGlobals'],
  ['hw/adc-bank.ts', 'export const slip = performance.now();', 'noRestrictedGlobals'],
  ['map/place.ts', 'export const slip = Math.random();', 'plugin'],
  ['report/table.ts', 'export const slip = self.name;', 'noRestrictedGlobals'],
  ['workload/graph.ts', "import 'node:fs';", 'noNodejsModules'],
  ['workload/op.ts', "export const slip = () => import('node:fs');", 'noNodejsModules'],
  ['report/csv.ts', "import 'fs';", 'noNodejsModules'],
  ['sim/tick.ts', "export { Kernel } from './kernel.ts';", 'noImportCycles'],
  ['hw/buffer.ts', "export type { Pe } from './pe.ts';", 'noImportCycles'],
  ['map/grid.ts', 'export const slip = { ...{ a: 1 }, b: 2 };', 'plugin'],
  [
    'base/random.ts',
    'export const slip = (a: 1, b: 1, c: 1, d: 1, e: 1, f: 1) => [a, b, c, d, e, f];',
    'useMaxParams',
  ],
];

test('what the linter must catch, it catches: Node, circles of types and values, spread literals, long lists', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'trex-house-'));
  try {
    for (const name of ['src', 'scripts', 'biome.json', 'package.json'])
      cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const [file, line] of SLIPS)
      writeFileSync(join(folder, 'src', file), `${tree.get(file)}\n${line}\n`);
    const found = await lint(folder);
    for (const [file, line, rule] of SLIPS)
      t.true(
        found.some(({ path, category }) => path === `src/${file}` && category.endsWith(rule)),
        `${file}: ${line}`,
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Findings of `biome lint src`. */
async function lint(folder: string): Promise<{ readonly path: string; readonly category: string }[]> {
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'lint', 'src', '--reporter=json', '--max-diagnostics=1000'];
  const text = await new Promise<string>(resolve => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 }, (_, stdout) => resolve(stdout));
  });
  const { diagnostics } = JSON.parse(text.slice(text.indexOf('{'))) as {
    readonly diagnostics: readonly {
      readonly category: string;
      readonly location: { readonly path: unknown };
    }[];
  };
  return diagnostics.map(({ category, location }) => {
    const path = location.path as string | { readonly file: string };
    return { category, path: typeof path === 'string' ? path : path.file };
  });
}
