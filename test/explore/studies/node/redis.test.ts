/** Studies over machines, without a Redis: addresses and their passwords, what comes out of a queue, and exactly once. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { masked } from '../../../../src/base/masked.ts';
import { VERSION } from '../../../../src/base/version.ts';
import { type Block, type Job, ROW_SCHEMA_VERSION, sealedRow } from '../../../../src/explore/studies/job.ts';
import { filesBelow } from '../../../../src/explore/studies/node/files-below.ts';
import { sha256 } from '../../../../src/explore/studies/node/hashing.ts';
import { loadPackages } from '../../../../src/explore/studies/node/redis/connect.ts';
import { checkShared, wrongData } from '../../../../src/explore/studies/node/redis/data-hashes.ts';
import { parseEngineUrl } from '../../../../src/explore/studies/node/redis/engine-url.ts';
import {
  readBlockMessage,
  readReply,
  readWorkerEntry,
} from '../../../../src/explore/studies/node/redis/messages.ts';
import { jobName } from '../../../../src/explore/studies/node/redis/names.ts';
import { Pending } from '../../../../src/explore/studies/node/redis/pending.ts';
import { pointId } from '../../../../src/explore/studies/point-id.ts';
import { failure } from '../../../arch/fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-redis-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const jobOf = (rows: number): Job => {
  const point = { 'xbar.rows': rows };
  const id = pointId({ metrics: ['xbar'], iso: { tech: 'a' }, point, seed: 1, inputs: 'f' }, sha256);
  return { id, point, seed: 1, inputs: 'f' };
};
const blockOf = (...rows: readonly number[]): Block => ({
  version: VERSION,
  metrics: ['xbar'],
  iso: { tech: 'a' },
  files: [{ path: 'tech/a.yaml', sha256: sha256('text'), text: 'text' }],
  jobs: rows.map(jobOf),
});
const rowOf = (rows: number, more = {}) => {
  const { id, point, seed, inputs } = jobOf(rows);
  const provenance = { version: VERSION, inputs };
  return sealedRow({ schemaVersion: ROW_SCHEMA_VERSION, id, point, seed, ...more, provenance });
};
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

test('an address is read whole, and its password is shown nowhere', t => {
  const url = parseEngineUrl('rediss://me:p%40ss@host.example:6380/2');
  t.is(url.shown, 'rediss://me:***@host.example:6380/2');
  const [host, port, username, password] = ['host.example', 6380, 'me', 'p@ss'];
  t.like(url, { host, port, username, password, database: 2, tls: true });
  t.like(parseEngineUrl('redis://[::1]'), { host: '::1', port: 6379, password: undefined, tls: false });
  for (const text of [
    'redis://:pass@',
    'pass',
    'http://:pass@host',
    'redis://:pass@h/x',
    'redis://:pass@h?a=b',
  ]) {
    const { message, exitCode } = failure(() => parseEngineUrl(text));
    t.is(exitCode, 2);
    t.regex(message, /expected redis:\/\//);
    t.false(message.includes('pass@'), message);
  }
  t.is(
    masked('connect redis://u:secret@h:1 and rediss://:s@h'),
    'connect redis://u:***@h:1 and rediss://:***@h',
  );
});

test('without the packages one line says how to have them', async t => {
  const absent = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  await t.throwsAsync(
    loadPackages(() => Promise.reject(absent)),
    {
      message: /^--engine needs .* npm install bullmq@6 ioredis@6$/,
    },
  );
});

test('a job is what its hashes say, of this version, and holds nothing else', t => {
  const message = { block: blockOf(32, 64), data: [] };
  const read = (change: (message: { readonly block: Block }) => void): string => {
    const changed = plain(message);
    change(changed);
    return failure(() => readBlockMessage(changed, sha256)).message;
  };
  t.deepEqual(readBlockMessage(plain(message), sha256), message);
  t.regex(
    read(({ block }) => Object.assign(block, { version: '9.9.9' })),
    /is of trex 9\.9\.9, this is/,
  );
  t.regex(
    read(({ block }) => Object.assign(block.files[0], { text: 'other' })),
    /text of tech\/a\.yaml is not/,
  );
  t.regex(
    read(({ block }) => Object.assign(block.jobs[1], { point: { 'xbar.rows': 65 } })),
    /not what its id/,
  );
  t.regex(
    read(({ block }) => Object.assign(block, { script: 'rm' })),
    /Unrecognized key/,
  );
  t.regex(
    read(({ block }) => Object.assign(block, { metrics: ['shell'] })),
    /block\.metrics\.0/,
  );
});

test('a reply is read by its schema, and a row is what its id and its checksum say', t => {
  const reply = { kind: 'rows', job: jobOf(1).id, worker: 'host:1', rows: [rowOf(32)] };
  const read = (change: object) => readReply(JSON.stringify({ ...reply, ...change }));
  t.deepEqual(read({}), reply as never);
  const [row] = reply.rows;
  for (const [change, wrong] of [
    [{ kind: 'shell' }, /none of this version/],
    [{ rows: [{ ...row, id: jobOf(33).id }] }, /not what its id says/],
    [{ rows: [{ ...row, line: row.line.replace('32', '33') }] }, /has checksum/],
    [{ rows: [{ ...row, line: `${row.line}${row.line}` }] }, /is not one line/],
    [{ rows: [{ ...row, error: 'none' }] }, /not what its id says/],
  ] as const)
    t.regex(String(read(change)), wrong);
  t.is(readReply('{'), 'a reply is none of this version of trex');
  t.is(readWorkerEntry('{"version":"1"}'), undefined);
});

test('a point has one row, in whatever order and however often jobs come back', t => {
  const deliveries = fc.array(fc.integer({ min: 0, max: 11 }), { maxLength: 60 });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      deliveries,
      (sizes, order) => {
        const pending = new Pending(ids => jobName(ids, sha256));
        const kept: string[] = [];
        const keep = (rows: readonly { readonly id: string }[]): void =>
          void kept.push(...rows.map(row => row.id));
        let next = 0;
        const blocks = sizes.map(size => blockOf(...Array.from({ length: size }, () => next++)));
        // Some come before their block is out: of an earlier submitter.
        keep(pending.take(order.slice(0, 10).map(n => rowOf(n))));
        for (const block of blocks) keep(pending.add(block));
        for (const n of order) keep(pending.take([rowOf(n)]));
        const open = [...pending.blocks].flatMap(({ open }) => [...open.keys()]);
        t.is(new Set(kept).size, kept.length);
        t.deepEqual([...kept, ...open].sort(), blocks.flatMap(({ jobs }) => jobs.map(({ id }) => id)).sort());
      },
    ),
    { numRuns: 50 },
  );
});

test('a block that ends its workers goes out point by point, and the one that does it again has an error', t => {
  const pending = new Pending(ids => jobName(ids, sha256));
  pending.add(blockOf(1, 2, 3));
  const [{ name }] = pending.blocks;
  pending.take([rowOf(2)]);
  t.deepEqual(pending.giveUp(name, 8), []);
  t.deepEqual(
    [...pending.blocks].map(({ block }) => block.jobs.map(({ point }) => point['xbar.rows'])),
    [[1], [3]],
  );
  const [first] = pending.blocks;
  const [row] = pending.giveUp(first.name, 8);
  t.is(row.error, 'its worker ended, 8 times');
  t.is(pending.size, 1);
  t.deepEqual(pending.take([rowOf(1)]), [], 'it has its row');
});

test('data are read below one folder, and are those of the study', async t => {
  const [data, secret] = [join(folder, 'data'), join(folder, 'secret')];
  mkdirSync(data);
  writeFileSync(secret, 'secret');
  writeFileSync(join(data, 'weights'), 'weights');
  symlinkSync(secret, join(data, 'link'));
  const files = filesBelow(data);
  t.is(Buffer.from(await files.read('weights', 100)).toString(), 'weights');
  for (const path of ['../secret', secret, 'link'])
    await t.throwsAsync(async () => files.read(path, 100), { message: /leads out of --data-dir/ }, path);
  const hash = createHash('sha256').update('weights').digest('hex');
  const hashes = (path: string) => Promise.resolve(path === 'weights' ? hash : 'other');
  t.is(await wrongData([{ path: 'weights', sha256: hash }], hashes), undefined);
  t.regex((await wrongData([{ path: 'other', sha256: hash }], hashes))!, /is not that of the study/);
  t.regex((await wrongData([{ path: 'weights', sha256: hash }], undefined))!, /has no --data-dir/);
  t.regex(failure(() => checkShared(['/weights'])).message, /relative to it/);
});
