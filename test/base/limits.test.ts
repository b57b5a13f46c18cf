/** Bounds of what is read: times that the event kernel holds, sizes of networks, files that unpack to too much. */
import { deflateSync, gzipSync } from 'node:zlib';
import test from 'ava';
import { TrexError } from '../../src/base/errors.ts';
import { growthProblem, MOST_ACTION_S, MOST_IMAGES, unpackedLimit } from '../../src/base/limits.ts';
import { decompress } from '../../src/data/decompress.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { run, runOptions } from '../../src/run/run.ts';
import { MAX_TICK, toTicks } from '../../src/sim/tick.ts';
import { parseNpz } from '../../src/workload/import/npz.ts';
import { zip } from '../workload/import/zip-files.ts';

const refusal = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return error instanceof TrexError ? error.message : `${error}`;
  }
  return 'taken';
};

test('the time of an action fits the event kernel, and its bound stands in the message', t => {
  t.true(toTicks(MOST_ACTION_S) < MAX_TICK);
  const set = (value: string) => () => loadArch('trex', { set: [`tech.read.time=${value}`] });
  t.is(refusal(set('2251 s')), 'taken');
  t.regex(refusal(set('2252 s')), /tech\.read\.time: expected 0 s to 2251 s, got "2252 s"/);
  t.regex(refusal(set('1e300 s')), /expected 0 s to 2251 s/);
});

test('a clock is one, and a quantity is finite in every product', t => {
  const set = (value: string) => () => loadArch('trex', { set: [value] });
  t.regex(refusal(set('chip.clock=1 mHz')), /chip\.clock: expected a value of at least 1000 Hz/);
  t.regex(refusal(set('tech.read.energy=1e40 J')), /tech\.read\.energy: expected at most 1e\+30 J/);
});

test('a run beyond what the kernel holds says so', async t => {
  const long = run({ arch: 'trex', model: 'deit-t', set: ['tech.read.time=100 s'] }, { files: nodeFiles });
  const error = await t.throwsAsync(long, { instanceOf: TrexError });
  t.regex(error.message, /^the run passes 2251.79\d* s of simulated time.*fewer images, or a faster chip$/);
});

test('sizes of a network and numbers of images are bounded', t => {
  const model = (...set: string[]) => refusal(() => loadModel('deit-s', { set }));
  t.is(model('model.encoders=256'), 'taken');
  t.regex(model('model.encoders=1000000'), /model\.encoders: 1000000 are more than 256: /);
  t.regex(
    model('model.imageSize=4096', 'model.patchSize=1'),
    /model\.patchSize: 16777217 tokens are more than 65536/,
  );
  t.is(
    refusal(() => runOptions({ arch: 'trex', model: 'deit-s', images: MOST_IMAGES })),
    'taken',
  );
  t.regex(
    refusal(() => runOptions({ arch: 'trex', model: 'deit-s', images: 1e9 })),
    /images 1000000000: expected a whole number from 1 to 1000000/,
  );
});

test('a file that starts from another starts from YAML, and nothing of other files is shown', t => {
  t.is(
    refusal(() => loadArch('/etc/passwd')),
    '/etc/passwd: expected a file that ends in .yaml, .yml or .onnx',
  );
});

test('what unpacks to more than 256 MiB and 64 times itself is refused before it takes memory', async t => {
  t.is(unpackedLimit(0), 2 ** 28);
  t.is(growthProblem(2 ** 22, 2 ** 28), undefined);
  // Padded token ids of 60 000 short texts.
  t.is(growthProblem(180_000, 123_000_000), undefined);
  t.regex(growthProblem(2 ** 22, 2 ** 28 + 1)!, /^4194304 bytes unpack to 268435457, 64 times as many/);
  const bomb = new Uint8Array(2 ** 28 + 2 ** 20);
  const before = process.resourceUsage().maxRSS;
  const packed = [deflateSync(bomb), gzipSync(bomb)];
  const formats = ['deflate', 'gzip'] as const;
  for (const [i, format] of formats.entries())
    await t.throwsAsync(
      decompress('x', packed[i], format, () => bomb.length),
      { message: /no data/ },
    );
  await t.throwsAsync(parseNpz(zip([{ name: 'x.npy', content: bomb, method: 8 }])), { message: /no data/ });
  t.true(process.resourceUsage().maxRSS - before < 512 * 1024);
});
