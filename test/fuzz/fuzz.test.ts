/** A short run of `npm run fuzz`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import test from 'ava';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

test('command lines and files at random end in a result or in one message', t => {
  const args = [MAIN, '--files', '2000', '--words', '40', '--seed', '7'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  t.is(status, 0, stdout + stderr);
  t.regex(stdout, /0 faults\n$/);
});
