/**
 * `node dist/test/golden/main.js [--write]`: the results of a few commands, byte for byte as in hashes.json, on the Node that runs
 * this; .ci/nodes runs it on every line of Node. Prints a line for each that differs, and exits 1.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { trexProcess } from '../cli/trex.ts';
import { CASES, writeInputs } from './cases.ts';

const HASHES = fileURLToPath(new URL('../../../test/golden/hashes.json', import.meta.url));

async function hashes(): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'trex-golden-'));
  try {
    await writeInputs(folder);
    const trex = trexProcess(folder);
    const entries = Object.entries(CASES).map(([name, words]): [string, string] => {
      const { code, out, err } = trex(...words);
      if (code !== 0) throw new Error(`trex ${words.join(' ')}: exit ${code}\n${err}`);
      return [name, createHash('sha256').update(out).digest('hex').slice(0, 16)];
    });
    return Object.fromEntries(entries);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const ours = await hashes();
if (process.argv.includes('--write')) writeFileSync(HASHES, `${JSON.stringify(ours, null, 2)}\n`);
const held: Record<string, string> = JSON.parse(readFileSync(HASHES, 'utf8'));
const names = [...new Set([...Object.keys(held), ...Object.keys(ours)])];
const other = names.filter(name => held[name] !== ours[name]);
for (const name of other)
  console.log(`${name}: ${ours[name] ?? 'no such case'}, in hashes.json ${held[name] ?? 'none'}`);
console.log(
  `node ${process.version}: ${names.length - other.length} of ${names.length} results are the same bytes`,
);
if (other.length > 0) {
  console.log(
    'a change of results, or of a shipped file that they hold? then: node scripts/bundle.mjs && node dist/test/golden/main.js --write',
  );
  process.exitCode = 1;
}
