/** `trex sweep` with a search and `trex export`, one after the other in one folder. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { EXIT } from '../../src/base/errors.ts';
import { trexIn } from './trex.ts';

const STUDY = fileURLToPath(new URL('../../../docs/examples/crossbar-front.study.yaml', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'trex-export-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const trex = trexIn(folder);

test('a search prints its front, goes on without work, and its rows become tables', t => {
  const sweep = ['sweep', STUDY, '--out', 'front', '--jobs', '1', '--quiet'];
  const first = trex(...sweep);
  t.is(first.code, EXIT.ok, first.err);
  t.regex(first.out, /^front: \d+ of \d+ designs that keep xbar\.area_m2 <= 0\.02 mm2/m);
  t.regex(first.out, /^hypervolume, a share of the box/m);
  t.deepEqual(readdirSync(join(folder, 'front')).sort(), [
    'front.csv',
    'hypervolume.svg',
    'results.ndjson',
    'study.json',
  ]);
  const again = JSON.parse(trex(...sweep, '--json').out);
  t.is(again.evaluated, 0);
  t.is(
    again.front.length,
    readFileSync(join(folder, 'front/front.csv'), 'utf8').trimEnd().split('\n').length - 1,
  );
  t.is(again.progress.length, 9);
  t.regex(trex('sweep', STUDY, '--dry-run').out, /of which a search looks at 96 at most/);
  t.like(trex('sweep', STUDY, '--out', 'part', '--shard', '1/2'), { code: EXIT.usage });
  const { code, out } = trex('export', 'front', '--out', 'front.parquet', '--quiet', '--json');
  t.is(code, EXIT.ok);
  t.like(JSON.parse(out), { table: 'front.parquet', format: 'parquet', rows: again.points, failed: 0 });
  t.is(readFileSync(join(folder, 'front.parquet')).subarray(-4).toString(), 'PAR1');
  const none = trex('export', 'nowhere', '--out', 'x.csv');
  t.is(none.code, EXIT.missing);
  t.regex(none.err, /^nowhere: no such file: no results of trex sweep\n$/);
});
