/** Checks what would be published: publint, and are-the-types-wrong for what imports ES modules. Needs `npm run tools` and a build. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TOOLS = join(ROOT, 'tools/node_modules');
const node = (script, ...args) =>
  execFileSync(process.execPath, [join(TOOLS, script), ...args], { cwd: ROOT, stdio: 'inherit' });

const folder = mkdtempSync(join(tmpdir(), 'trex-package-'));
try {
  // npm is a script of its own name on Windows, so that it takes a shell there; the folder's name holds nothing that one would read.
  const packed = execFileSync(`npm pack --ignore-scripts --silent --pack-destination "${folder}"`, {
    cwd: ROOT,
    encoding: 'utf8',
    shell: true,
  });
  const tarball = join(folder, packed.trim());
  node('publint/src/cli.js', tarball, '--strict');
  node('@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'esm-only');
} catch (error) {
  if (error.status === undefined) throw error;
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
