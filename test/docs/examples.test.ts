/** The pages show what stands in docs/examples, which is compiled with the library and runs. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const examples = readdirSync(join(ROOT, 'docs/examples')).flatMap(name =>
  name.endsWith('.ts') ? [name.slice(0, -'.ts'.length)] : [],
);
const pages = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs')).flatMap(name => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

/** What a page may show of a file: its region, or where it has none the whole. */
function shown(example: string): string {
  const text = read(`docs/examples/${example}.ts`);
  return /\/\/ #region.*\n([\s\S]*?)\/\/ #endregion/.exec(text)?.[1] ?? text;
}

const known = new Map(examples.map(example => [shown(example), example]));
const fences = pages.flatMap(page =>
  [...read(page).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => ({ page, code })),
);

test('every block of TypeScript in the pages is an example', t => {
  t.true(fences.length > 0);
  for (const { page, code } of fences) t.true(known.has(code), `${page}: not in docs/examples:\n${code}`);
});

test('every example stands in a page', t => {
  const used = new Set(fences.map(({ code }) => known.get(code)));
  t.deepEqual(
    examples.filter(example => !used.has(example)),
    [],
  );
});

test('examples import from the package; what is written for src/ imports from there', t => {
  for (const example of examples) {
    const from = [...read(`docs/examples/${example}.ts`).matchAll(/ from '([^']*)'/g)].map(
      ([, name]) => name,
    );
    const allowed = ['my-cell', 'my-attention'].includes(example)
      ? /^(\.\.\/\.\.\/src\/|zod$)/
      : /^(trex-sim$|node:)/;
    t.deepEqual(
      from.filter(name => !allowed.test(name)),
      [],
      example,
    );
  }
});

test('every example of a study stands in the page of studies, word for word', t => {
  const page = read('docs/studies.md');
  const studies = readdirSync(join(ROOT, 'docs/examples')).filter(name => name.endsWith('.study.yaml'));
  t.true(studies.length > 0);
  for (const name of studies) t.true(page.includes(`\`\`\`yaml\n${read(`docs/examples/${name}`)}`), name);
});

/** Compiled alone: it needs the files of an optimisation, and takes half a minute. */
const NOT_RUN = ['search'];

for (const example of examples.filter(name => !NOT_RUN.includes(name)))
  test.serial(`docs/examples/${example}.ts runs`, async t => {
    const script = join(ROOT, `dist/docs/examples/${example}.js`);
    await t.notThrowsAsync(promisify(execFile)(process.execPath, [script]));
  });
