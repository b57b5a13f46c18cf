/** Writes src/tech/circuit/{cell,adc}/all.ts from the files of its folder; `--check` only says whether they are current. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const CIRCUIT = new URL('../src/tech/circuit/', import.meta.url);
const KINDS = [
  { folder: 'cell', name: 'CELL', type: 'CellParams', noun: 'cell laws' },
  { folder: 'adc', name: 'ADC', type: 'AdcParams', noun: 'laws of converters' },
];

/** "sram-6t" to "sram6t". */
const variable = file => file.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

function indexText({ folder, name, type, noun }) {
  const files = readdirSync(new URL(`${folder}/`, CIRCUIT))
    .filter(file => file.endsWith('.ts') && file !== 'all.ts')
    .map(file => file.slice(0, -'.ts'.length))
    .sort();
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

for (const kind of KINDS) {
  const path = new URL(`${kind.folder}/all.ts`, CIRCUIT);
  const text = indexText(kind);
  let before = '';
  try {
    before = readFileSync(path, 'utf8');
  } catch {}
  if (before === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`src/tech/circuit/${kind.folder}/all.ts is not current: npm run build writes it`);
    process.exitCode = 1;
  } else writeFileSync(path, text);
}
