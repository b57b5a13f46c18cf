/** Writes all.ts of the folders below from their files; `--check` only says whether they are current. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const ROOT = new URL('../', import.meta.url);
const KINDS = [
  { folder: 'src/tech/circuit/cell', text: lawIndex, name: 'CELL', schema: 'cellSchema', type: 'CellParams', noun: 'cell laws' },
  { folder: 'src/tech/circuit/adc', text: lawIndex, name: 'ADC', schema: 'adcSchema', type: 'AdcParams', noun: 'laws of converters' },
  { folder: 'src/tech/noise', text: recordIndex, name: 'NOISE_TERMS', export: 'term', noun: 'noise terms' },
  { folder: 'src/numerics/mvm/encoding', text: recordIndex, name: 'ENCODINGS', export: 'encoding', noun: 'weight encodings' },
];

/** "sram-6t" to "sram6t". */
const variable = file => file.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** Import lines, and a list of all files. */
function listOf(files, exported) {
  const imports = files.map(file => `import { ${exported} as ${variable(file)} } from './${file}.ts';`);
  return { imports: imports.join('\n'), list: of => files.map(file => `  ${of(variable(file))}`).join('\n') };
}

const header = noun =>
  `/** All ${noun} of this folder. Written by scripts/law-index.mjs: \`npm run build\` brings it up to date. */`;

/** Laws in a list, and their schemas as one. */
function lawIndex({ name, schema, type, noun }, files) {
  const { imports, list } = listOf(files, 'law');
  return `${header(noun)}
import { z } from 'zod';
${imports}

// biome-ignore format: one law a line
export const ${name}_LAWS = [
${list(law => `${law},`)}
] as const;

// biome-ignore format: one law a line
export const ${schema} = z.discriminatedUnion('law', [
${list(law => `${law}.schema,`)}
]);

export type ${type} = z.output<typeof ${schema}>;
`;
}

/** By the names of the files. */
function recordIndex({ name, export: exported, noun }, files) {
  const { imports, list } = listOf(files, exported);
  return `${header(noun)}
${imports}

// biome-ignore format: one a line
export const ${name} = {
${list(one => `${one},`)}
} as const;
`;
}

for (const kind of KINDS) {
  const folder = new URL(`${kind.folder}/`, ROOT);
  const files = readdirSync(folder)
    .filter(file => file.endsWith('.ts') && file !== 'all.ts')
    .map(file => file.slice(0, -'.ts'.length))
    .sort();
  const path = new URL('all.ts', folder);
  const text = kind.text(kind, files);
  let before = '';
  try {
    before = readFileSync(path, 'utf8');
  } catch {}
  if (before === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${kind.folder}/all.ts is not current: npm run build writes it`);
    process.exitCode = 1;
  } else writeFileSync(path, text);
}
