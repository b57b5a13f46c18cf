/**
 * Writes the all.ts of every folder of which each file declares one kind of a thing; `--check` only says whether they are
 * current. indexes.json names the folders: what each file exports (`export`), the name of the array of all of them (`list`),
 * or of the object with one property a file (`record`; `keys: files` keeps the dashes of their names), and a zod union of their
 * schemas where there is one (`union`); those that `first` names stand first.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url);
const INDEXES = JSON.parse(readFileSync(new URL('indexes.json', import.meta.url), 'utf8'));

/** "sram-6t" to "sram6t". */
const variable = file => file.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** Files that `first` names come in its order, the others behind them. */
const rank = (file, first) => (first.includes(file) ? first.indexOf(file) : first.length);

function indexText({ folder, export: exported, list, record, keys, noun, union, first = [] }) {
  const files = readdirSync(new URL(`${folder}/`, ROOT))
    .filter(file => file.endsWith('.ts') && file !== 'all.ts')
    .map(file => file.slice(0, -'.ts'.length))
    .sort();
  const ordered = files.toSorted((a, b) => rank(a, first) - rank(b, first));
  const lines = (of, names = ordered) => names.map(file => of(variable(file), file)).join('\n');
  const imports = lines((name, file) => `import { ${exported} as ${name} } from './${file}.ts';`, files);
  const [open, close] = record === undefined ? ['[', ']'] : ['{', '}'];
  const entry = (name, file) => (keys === 'files' && file !== name ? `  '${file}': ${name},` : `  ${name},`);
  const parts = [
    `/** All ${noun} of this folder. Written by scripts/write-indexes.mjs: \`npm run build\` brings it up to date. */
${union === undefined ? '' : "import * as z from 'zod';\n"}${imports}
`,
    `/** All ${noun}, by their files. */
// biome-ignore format: one ${exported} a line
export const ${record ?? list} = ${open}
${lines(entry)}
${close} as const;
`,
  ];
  if (union !== undefined) {
    const { schema, tag, type } = union;
    parts.push(
      `// biome-ignore format: one ${exported} a line
export const ${schema} = z.discriminatedUnion('${tag}', [
${lines(name => `  ${name}.schema,`)}
]);
`,
      `export type ${type} = z.output<typeof ${schema}>;\n`,
    );
  }
  return parts.join('\n');
}

for (const index of INDEXES) {
  const file = `${index.folder}/all.ts`;
  const path = new URL(file, ROOT);
  const text = indexText(index);
  let before = '';
  try {
    before = readFileSync(path, 'utf8');
  } catch {}
  if (before === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${file} is not current: npm run build writes it`);
    process.exitCode = 1;
  } else writeFileSync(path, text);
}
