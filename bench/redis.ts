/**
 * What the way through threads and through Redis costs a point, beside the function itself: processor time of all threads and of
 * Redis, as a ratio in the same run. Without redis-server a line says so. `node dist/bench/redis.js [SHARE]`
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { blocksOf } from '../src/explore/studies/blocks-of.ts';
import type { Engine } from '../src/explore/studies/node/engine.ts';
import { diskHashing } from '../src/explore/studies/node/hashing.ts';
import { inlineEngine } from '../src/explore/studies/node/inline-engine.ts';
import { poolEngine } from '../src/explore/studies/node/pool-engine.ts';
import { parseEngineUrl } from '../src/explore/studies/node/redis/engine-url.ts';
import { redisEngine } from '../src/explore/studies/node/redis/redis-engine.ts';
import { workOnStudies } from '../src/explore/studies/node/redis/redis-worker.ts';
import { FileLookup } from '../src/explore/studies/point-files.ts';
import { loadStudy, type Study } from '../src/explore/studies/study.ts';
import { nodeFiles } from '../src/run/node/files.ts';
import { redisServer } from '../test/engine/redis-server.ts';

const THREADS = 1;
const [share = 1] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'trex-bench-redis-'));

function studyOf(name: string, text: string): Study {
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, text);
  return loadStudy(nodeFiles, path);
}

/** Closed forms travel in blocks of hundreds, events one by one. */
const STUDIES = [
  studyOf(
    'closed forms',
    `metrics: [xbar]\niso: { tech: fefet-32nm }\nvary:\n  random:\n    points: ${Math.round(20_000 * share)}\n    xbar.vdd: { range: { from: 0.7, to: 1.0 } }\n`,
  ),
  studyOf(
    'events',
    `metrics: [run]\niso: { arch: trex, model: deit-s }\nvary:\n  reuse: [none]\nrepeat: ${Math.round(20 * share)}\n`,
  ),
];

interface Cost {
  readonly points: number;
  /** Of all threads and of Redis. */
  readonly cpu_s: number;
  readonly redis_s: number;
}

async function costOf(
  study: Study,
  open: () => Promise<Engine> | Engine,
  redisSeconds = async () => 0,
): Promise<Cost> {
  const engine = await open();
  const hashing = diskHashing();
  const lookup = new FileLookup(study, nodeFiles, hashing);
  const once = async (): Promise<Cost> => {
    let points = 0;
    const [before, redisBefore] = [process.cpuUsage(), await redisSeconds()];
    await engine.run(blocksOf(study, { lookup, hash: hashing.hash, isDone: () => false }), {
      onRows: rows => {
        points += rows.length;
      },
    });
    const redis_s = (await redisSeconds()) - redisBefore;
    const { user, system } = process.cpuUsage(before);
    return { points, cpu_s: (user + system) / 1e6 + redis_s, redis_s };
  };
  // The first time is for the compiler.
  await once();
  const cost = await once();
  await engine.close();
  return cost;
}

async function throughRedis(): Promise<void> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    console.log('through Redis: NOT MEASURED, there is no redis-server');
    return;
  }
  const server = await redisServer(folder, { tls: false });
  const url = parseEngineUrl(server.url);
  const client = new Redis(server.url);
  const redisSeconds = async (): Promise<number> => {
    const text = await client.info('cpu');
    return ['used_cpu_user', 'used_cpu_sys'].reduce(
      (sum, name) => sum + Number(new RegExp(`${name}:([\\d.]+)`).exec(text)?.[1]),
      0,
    );
  };
  const stop = { now: false };
  const pause = async (): Promise<void> => {
    if (stop.now) throw new Error('stop');
  };
  const working = workOnStudies({ url, threads: THREADS, pause }).catch(() => {});
  for (const study of STUDIES) {
    const open = (): Promise<Engine> => redisEngine({ url, study, dir: folder });
    const cost = await costOf(study, open, redisSeconds);
    show(study, 'through Redis', cost);
    console.log(`    of that Redis itself ${((1000 * cost.redis_s) / cost.points).toFixed(3)} ms`);
  }
  stop.now = true;
  await working;
  client.disconnect();
  await server.stop();
}

const bare = new Map<Study, number>();
function show(study: Study, how: string, { points, cpu_s }: Cost): void {
  const ratio = cpu_s / (bare.get(study) ?? cpu_s);
  console.log(
    `${`${study.name}, ${points} points, ${how}`.padEnd(46)} ${((1000 * cpu_s) / points).toFixed(3).padStart(9)} ms of processor a point  ${ratio.toFixed(2)} of the bare function`,
  );
}

try {
  for (const study of STUDIES) {
    const cost = await costOf(study, inlineEngine);
    bare.set(study, cost.cpu_s);
    show(study, 'bare', cost);
    show(study, 'through the pool', await costOf(study, () => poolEngine(THREADS)));
  }
  await throughRedis();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
