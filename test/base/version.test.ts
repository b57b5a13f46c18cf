/** The version in results is that of the package. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { VERSION } from '../../src/base/version.ts';

test('results carry the version of package.json', t => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  t.is(VERSION, version);
});
