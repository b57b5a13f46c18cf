/** Writes the all.ts of every folder whose files each declare one kind, from the files of the folder; `--check` only says whether they are current. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const CIRCUIT = new URL('../src/tech/circuit/', import.meta.url);
const KINDS = [
  { folder: 'cell', name: 'CELL', type: 'CellParams', noun: 'cell laws' },
  { folder: 'adc', name: 'ADC', type: 'AdcParams', noun: 'laws of converters' },
];

/** Folders of declarations that are listed and nothing more: `list` of what every file exports as `one`. */
const LISTS = [
  { folder: 'src/workload/functions', one: 'vectorFunction', list: 'FUNCTIONS', noun: 'vector functions' },
  { folder: 'src/workload/attention', one: 'attention', list: 'ATTENTION', noun: 'attention variants' },
  { folder: 'src/workload/tokens', one: 'pruningRule', list: 'PRUNING_RULES', noun: 'rules that prune tokens' },
];
const ROOT = new URL('../', import.meta.url);

/** "sram-6t" to "sram6t". */
const variable = file => file.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

const filesOf = folder =>
  readdirSync(folder)
    .filter(file => file.endsWith('.ts') && file !== 'all.ts')
    .map(file => file.slice(0, -'.ts'.length))
    .sort();

function listText({ folder, one, list, noun }) {
  const files = filesOf(new URL(`${folder}/`, ROOT));
  const lines = of => files.map(of).join('\n');
  return `/** All ${noun} of this folder. Written by scripts/law-index.mjs: \`npm run build\` brings it up to date. */
${lines(file => `import { ${one} as ${variable(file)} } from './${file}.ts';`)}

// biome-ignore format: one a line
export const ${list} = [
${lines(file => `  ${variable(file)},`)}
] as const;
`;
}

function indexText({ folder, name, type, noun }) {
  const files = filesOf(new URL(`${folder}/`, CIRCUIT));
  const list = (indent, of) => files.map(file => `${indent}${of(file)}`).join('\n');
  return `/** All ${noun} of this folder. Written by scripts/law-index.mjs: \`npm run build\` brings it up to date. */
import { z } from 'zod';
${list('', file => `import { law as ${variable(file)} } from './${file}.ts';`)}

// biome-ignore format: one law a line
export const ${name}_LAWS = [
${list('  ', file => `${variable(file)},`)}
] as const;

// biome-ignore format: one law a line
export const ${folder}Schema = z.discriminatedUnion('law', [
${list('  ', file => `${variable(file)}.schema,`)}
]);

export type ${type} = z.output<typeof ${folder}Schema>;
`;
}

const written = [
  ...KINDS.map(kind => ({ file: `src/tech/circuit/${kind.folder}/all.ts`, text: indexText(kind) })),
  ...LISTS.map(kind => ({ file: `${kind.folder}/all.ts`, text: listText(kind) })),
];

for (const { file, text } of written) {
  const path = new URL(file, ROOT);
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
