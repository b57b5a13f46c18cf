/**
 * Writes assets/glyph-vit.safetensors: the network that the page draws for, trained by the program's own commands, its
 * values rounded to half words. The same bytes again on every machine; half an hour of two cores. `npm run bundle` first.
 * `node scripts/weights.mjs [FOLDER]`: a folder in which a training was begun or done is gone on with.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSafetensors, writeSafetensors } from '../../dist/node/index.js';
import { halfBits } from './half.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OUT = fileURLToPath(new URL('../assets/glyph-vit.safetensors', import.meta.url));
const DATA = ['data', 'glyphs', '--out', 'glyphs'];
const TRAIN = ['train', '--model', 'glyph-vit', '--data', 'glyphs', '--epochs', '10', '--out', 'base'];

const folder = process.argv[2] ?? join(tmpdir(), 'trex-page-weights');
mkdirSync(folder, { recursive: true });
const trex = words =>
  execFileSync(process.execPath, [join(ROOT, 'dist/node/trex.js'), ...words], {
    cwd: folder,
    stdio: 'inherit',
  });
if (!existsSync(join(folder, 'glyphs'))) trex(DATA);
trex(TRAIN);

const path = join(folder, 'base/weights.safetensors');
const { tensors } = parseSafetensors(readFileSync(path), path);
const halves = new Map(
  [...tensors].map(([name, { shape, size, data }]) => {
    const bytes = new Uint8Array(2 * size);
    const view = new DataView(bytes.buffer);
    for (const [i, value] of data().entries()) view.setUint16(2 * i, halfBits(value), true);
    return [name, { shape, dtype: 'F16', bytes }];
  }),
);
const made = [DATA, TRAIN].map(words => `trex ${words.join(' ')}`).join('; ');
mkdirSync(fileURLToPath(new URL('../assets/', import.meta.url)), { recursive: true });
writeFileSync(OUT, writeSafetensors(halves, { made: `${made}; values rounded to binary16` }));
