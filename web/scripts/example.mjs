/** Writes generated/: the shipped files as one JSON, and the page's first example as the command line computes it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OUT = fileURLToPath(new URL('../generated/', import.meta.url));
mkdirSync(OUT, { recursive: true });

const texts = {};
for (const kind of ['arch', 'tech', 'models'])
  for (const name of readdirSync(join(ROOT, kind)).filter(file => /\.(yaml|csv)$/.test(file)))
    texts[`${kind}/${name}`] = readFileSync(join(ROOT, kind, name), 'utf8');
writeFileSync(join(OUT, 'files.json'), JSON.stringify(texts));

const folder = mkdtempSync(join(tmpdir(), 'trex-example-'));
try {
  const words = ['run', 'trex', '--model', 'deit-s', '--out', 'run', '--report', 'run.html', '--quiet'];
  execFileSync(process.execPath, [join(ROOT, 'dist/node/trex.js'), ...words], { cwd: folder });
  const page = readFileSync(join(folder, 'run.html'), 'utf8');
  const [, data] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page);
  writeFileSync(join(OUT, 'example.json'), data);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
