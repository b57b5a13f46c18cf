/** Studies in a folder: what is done is skipped, what is torn is healed, and the bytes do not depend on who worked it out. */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { TrexError } from '../../../../src/base/errors.ts';
import { VERSION } from '../../../../src/base/version.ts';
import type { Block } from '../../../../src/explore/studies/job.ts';
import type { Engine } from '../../../../src/explore/studies/node/engine.ts';
import { inlineEngine } from '../../../../src/explore/studies/node/inline-engine.ts';
import { merge } from '../../../../src/explore/studies/node/merge.ts';
import { poolEngine } from '../../../../src/explore/studies/node/pool-engine.ts';
import { type SweepOptions, sweep } from '../../../../src/explore/studies/node/sweep.ts';
import { loadStudy } from '../../../../src/explore/studies/study.ts';
import { nodeFiles } from '../../../../src/run/node/files.ts';
import { appender } from '../../../../src/run/node/line-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-sweep-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const study = loadStudy(
  nodeFiles,
  written(
    'study.yaml',
    'metrics: [xbar]\niso: { tech: fefet-32nm }\nvary:\n  xbar.rows: [32, 64]\n  xbar.adc: [4, 5, 6, 7]\nrepeat: 2\n',
  ),
);
const run = (dir: string, more: Partial<SweepOptions> = {}) =>
  sweep(study, { dir: join(folder, dir), engine: inlineEngine, ...more });
const rowsOf = (dir: string): string => readFileSync(join(folder, dir, 'results.ndjson'), 'utf8');

/** Gives the rows of another engine the wrong way round, each block on its own. */
const backwards = (): Engine => {
  const inner = inlineEngine();
  return {
    ...inner,
    async run(blocks, hooks) {
      const all: Block[] = [];
      for await (const { jobs, ...block } of blocks)
        for (const job of jobs) all.unshift({ ...block, jobs: [job] });
      await inner.run(
        (async function* () {
          yield* all;
        })(),
        hooks,
      );
    },
  };
};

test.serial('a sweep gives a row a point; again, nothing is left to do', async t => {
  t.deepEqual(await run('one'), { points: 16, evaluated: 16, failed: 0, firstError: undefined });
  const lines = rowsOf('one')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  t.is(new Set(lines.map(line => line.id)).size, 16);
  t.deepEqual(lines[0].point, { 'xbar.rows': 32, 'xbar.adc': 4 });
  t.is(lines[0].xbar.rows, 32);
  t.is(lines[0].provenance.version, VERSION);
  const before = rowsOf('one');
  t.is((await run('one')).evaluated, 0);
  t.is(rowsOf('one'), before);
});

test.serial('results.ndjson of somebody else stays as it is', async t => {
  mkdirSync(join(folder, 'foreign'));
  for (const text of ['{"loss":1}\n{"loss":2}\n', '{"loss":1}']) {
    written('foreign/results.ndjson', text);
    await t.throwsAsync(run('foreign'), { message: /no study\.json is beside it: take another folder/ });
    t.is(rowsOf('foreign'), text);
  }
});

test.serial('the bytes are those of one thread for any number of them and any order', async t => {
  await run('pool', { engine: () => poolEngine(2) });
  await run('back', { engine: backwards });
  t.is(rowsOf('pool'), rowsOf('one'));
  t.is(rowsOf('back'), rowsOf('one'));
});

test.serial('a torn line and a damaged one are done again, and nothing else', async t => {
  const whole = rowsOf('one');
  const lines = whole.split('\n');
  const damaged = [lines[0], lines[1].replace('32', '33'), ...lines.slice(3, 8), lines[8].slice(0, 99)].join(
    '\n',
  );
  writeFileSync(join(folder, 'one/results.ndjson'), damaged);
  const said: string[] = [];
  const { evaluated } = await run('one', { onDamage: text => said.push(text) });
  // Lines 2 and 3, and all from the torn one on.
  t.is(evaluated, 2 + 8);
  t.regex(said.join(), /results\.ndjson:2: has checksum .* its point is done again/);
  t.is(rowsOf('one'), whole);
});

test.serial('shards are merged into the bytes of the whole, and only those of one study', async t => {
  const dirs = [1, 2, 3].map(index => join(folder, `part${index}`));
  for (const [i, dir] of dirs.entries())
    await sweep(study, { dir, engine: inlineEngine, shard: { index: i + 1, count: 3 } });
  const out = join(folder, 'merged');
  await t.throwsAsync(merge(dirs.slice(1), out), { message: 'shard 1/3 is missing: name its folder too' });
  t.like(await merge(dirs.toReversed(), out), { points: 16, failed: 0 });
  t.is(rowsOf('merged'), rowsOf('one'));
  const record = JSON.parse(readFileSync(join(dirs[2], 'study.json'), 'utf8'));
  writeFileSync(join(dirs[2], 'study.json'), JSON.stringify({ ...record, version: '0.0.9' }));
  await t.throwsAsync(merge(dirs, out), { message: /part3: is of trex 0\.0\.9, this is .*--rerun/ });
});

test.serial('a point that cannot be has its error, once; --retry-failed tries it again', async t => {
  const bad = loadStudy(
    nodeFiles,
    written('bad.yaml', 'metrics: [xbar]\niso: { tech: fefet-32nm }\nvary:\n  tech.adc.bits: [4, 99]\n'),
  );
  const dir = join(folder, 'bad');
  const first = await sweep(bad, { dir, engine: inlineEngine });
  t.like(first, { points: 2, evaluated: 2, failed: 1 });
  t.regex(first.firstError!, /adc\.bits/);
  t.like(await sweep(bad, { dir, engine: inlineEngine }), { evaluated: 0, failed: 1 });
  t.like(await sweep(bad, { dir, engine: inlineEngine, retryFailed: true }), { evaluated: 1, failed: 1 });
  t.like(JSON.parse(rowsOf('bad').split('\n')[1]), { error: { exitCode: 2 } });
});

test.serial('rows of another study, and of another version, are refused by name', async t => {
  await t.throwsAsync(
    sweep(loadStudy(nodeFiles, 'docs/examples/crossbars.study.yaml'), {
      dir: join(folder, 'one'),
      engine: inlineEngine,
    }),
    {
      message: /16 of its 16 rows are of no point of docs\/examples\/crossbars\.study\.yaml \(.*--rerun/,
    },
  );
  const { sealedLine } = await import('../../../../src/base/sealed.ts');
  appendFileSync(
    join(folder, 'one/results.ndjson'),
    sealedLine({
      schemaVersion: 1,
      id: `h${'0'.repeat(32)}`,
      point: {},
      seed: 1,
      provenance: { version: '0.0.9', inputs: '' },
    }),
  );
  await t.throwsAsync(run('one'), {
    message: /results\.ndjson:17: is a row of trex 0\.0\.9, this is .*--rerun/,
  });
  t.is((await run('one', { rerun: true })).evaluated, 16);
});

test.serial('two sweeps at once in one folder: the second is told who is there', async t => {
  let second: Promise<unknown> | undefined;
  await run('both', {
    engine: async () => {
      second = run('both');
      await second.catch(() => {});
      return inlineEngine();
    },
  });
  await t.throwsAsync(second!, { message: /is at work there since/ });
});

test('a thread that ends takes its own point with it, and no other', async t => {
  const jobs = [0, 1, 2].map(n => ({
    id: `h${String(n).repeat(32)}`,
    point: { ends: n === 1 },
    seed: 1,
    inputs: '',
  }));
  const block: Block = { version: VERSION, metrics: ['run'], iso: {}, files: [], jobs };
  const engine = poolEngine(1, { script: new URL('./fragile-worker.js', import.meta.url) });
  const rows = new Map<string, string | undefined>();
  await engine.run(
    (async function* () {
      yield block;
    })(),
    {
      onRows: got => {
        for (const { id, error } of got) rows.set(id[1], error);
      },
    },
  );
  await engine.close();
  t.deepEqual([...rows].sort(), [
    ['0', undefined],
    ['1', 'its thread ended, 2 times'],
    ['2', undefined],
  ]);
});

(process.platform === 'linux' ? test : test.skip)('a full disk is told in a line', t => {
  const lines = appender('results.ndjson', openSync('/dev/full', 'w'), 0);
  lines.append('{}\n');
  const error = t.throws(() => lines.flush(), { instanceOf: TrexError });
  t.regex(error.message, /^results\.ndjson: cannot be written: ENOSPC/);
});
