import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { openTrace } from '../../../src/cli/io/trace-file.ts';
import { loadArch, loadModel } from '../../../src/run/node/load.ts';
import { simulate } from '../../../src/run/simulate.ts';
import { noReuse } from '../../../src/workload/reuse.ts';

const spec = {
  arch: loadArch('trex').arch,
  model: loadModel('deit-t', { set: ['model.imageSize=48', 'model.encoders=4'] }).model,
  reuse: noReuse,
};

function place(t: { teardown(action: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'trex-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('a trace is a gzip file of valid JSON, and its folder goes when it is discarded', async t => {
  const folder = place(t);
  const trace = openTrace(folder);
  await simulate(spec, { onBuilt: machine => trace.attach(machine), pause: () => trace.drain() });
  const path = await trace.close();
  t.true(path.endsWith('trace.json.gz'));
  const { traceEvents } = JSON.parse(gunzipSync(readFileSync(path)).toString()) as {
    traceEvents: { name: string }[];
  };
  t.true(traceEvents.some(event => event.name === 'image 1'));
  await trace.discard();
  t.deepEqual(readdirSync(folder), []);
});

test('a trace that is discarded in the middle of a run leaves nothing', async t => {
  const folder = place(t);
  const trace = openTrace(folder);
  await t.throwsAsync(
    simulate(spec, {
      onBuilt: machine => trace.attach(machine),
      eventsBetweenPauses: 100,
      pause: () => {
        throw new TrexError('interrupted', 130);
      },
    }),
    { message: 'interrupted' },
  );
  await trace.discard();
  t.deepEqual(readdirSync(folder), []);
});

test('a disk that refuses is an error of the next drain, not a crash', async t => {
  const folder = place(t);
  const trace = openTrace(folder);
  rmSync(join(folder, readdirSync(folder)[0]), { recursive: true });
  await t.throwsAsync(trace.close(), {
    instanceOf: TrexError,
    message: /^the trace cannot be written: ENOENT/,
  });
  await trace.discard();
  t.throws(() => openTrace(join(folder, 'nowhere')), {
    instanceOf: TrexError,
    message: /cannot be written: ENOENT/,
  });
  t.false(existsSync(join(folder, 'nowhere')));
});
