/** Which programmed matrices stay in memory, and when they are loaded. */
import test from 'ava';
import { LoadedMatrices } from '../../../src/numerics/execute/loaded-matrices.ts';
import type { MvmHandle } from '../../../src/numerics/mvm/backend.ts';
import { planMvm } from '../../../src/numerics/mvm/spec.ts';

const plan = planMvm({
  rows: 1,
  cols: 1,
  arrayRows: 1,
  cellBits: 1,
  weightBits: 1,
  inputBits: 1,
  signedInput: false,
  encoding: 'offset',
  adc: { bits: 1, levelsPerLsb: 'full-scale' },
  strip: 1,
});

/** Matrices a to d of 10 bytes each; what happens to them is written down. */
function setting(budget: number, ahead: number) {
  const log: string[] = [];
  const matrices = new LoadedMatrices(budget, ahead);
  for (const key of ['a', 'b', 'c', 'd'])
    matrices.add(key, 10, async (background): Promise<MvmHandle[]> => {
      log.push(`${background ? 'behind' : 'load'} ${key}`);
      return [{ plan, ideal: false, bytes: 10, dispose: () => void log.push(`free ${key}`) }];
    });
  const run = async (): Promise<string[]> => {
    for (const key of ['a', 'b', 'c', 'd']) await matrices.use(key, async () => void log.push(`use ${key}`));
    return log.splice(0);
  };
  return { matrices, log, run };
}

test('without a background, matrices are loaded when they are used, and stay up to the budget', async t => {
  const { matrices, log, run } = setting(20, 0);
  t.deepEqual(log, []);
  const rest = ['load c', 'use c', 'free c', 'load d', 'use d', 'free d'];
  t.deepEqual(await run(), ['load a', 'use a', 'load b', 'use b', ...rest]);
  t.is(matrices.used_B, 20);
  t.deepEqual(await run(), ['use a', 'use b', ...rest]);
  matrices.dispose();
  t.deepEqual(log, ['free a', 'free b']);
  t.is(matrices.used_B, 0);
});

test('with one, those that will stay are loaded at once, and the next ones while one is in use', async t => {
  const { matrices, log, run } = setting(20, 1);
  t.deepEqual(log, ['behind a', 'behind b']);
  log.length = 0;
  t.deepEqual(await run(), ['use a', 'behind c', 'use b', 'behind d', 'use c', 'free c', 'use d', 'free d']);
  t.is(matrices.used_B, 20);
});

test('what is still being loaded is freed when it is there', async t => {
  const { matrices, log } = setting(40, 1);
  matrices.dispose();
  log.length = 0;
  await new Promise(resolve => setImmediate(resolve));
  t.deepEqual(log, ['free a', 'free b', 'free c', 'free d']);
});

test('a matrix that cannot be loaded is an error of its use, not of the others', async t => {
  const matrices = new LoadedMatrices(100, 1);
  matrices.add('bad', 10, async () => {
    throw new Error('too large');
  });
  matrices.add('good', 10, async () => [{ plan, ideal: false, bytes: 10, dispose: () => {} }]);
  await t.throwsAsync(
    matrices.use('bad', async () => 1),
    { message: 'too large' },
  );
  t.is(await matrices.use('good', async ([handle]) => handle.bytes), 10);
});
