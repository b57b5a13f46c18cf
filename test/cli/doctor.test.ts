/** `trex doctor`: what it says is what an installation can do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { GPU_MODES } from '../../src/numerics/mvm/gpu/gpu-js.ts';
import type { BackendCheck } from '../../src/numerics/mvm/node/doctor.ts';
import { trexIn } from './trex.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-doctor-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const trex = trexIn(folder);

test('every back end and GPU mode is checked: what comes with the package works, the rest says how to add it', t => {
  const { code, out, err } = trex('doctor', '--json');
  t.is(code, 0, err);
  const { backends, files } = JSON.parse(out) as {
    readonly backends: readonly BackendCheck[];
    readonly files: Readonly<Record<string, number>>;
  };
  t.deepEqual(
    backends.map(({ name }) => name),
    ['reference', 'wasm', ...GPU_MODES.map(mode => `gpu ${mode}`)],
  );
  for (const { name, works, add } of backends) {
    if (['reference', 'wasm', 'gpu webasm', 'gpu cpu'].includes(name)) t.true(works, name);
    t.is(works, add === null, name);
  }
  t.true(Object.values(files).every(count => count > 3));
});

test('people get it in 80 columns', t => {
  const { out } = trex('doctor');
  t.regex(out, /gpu cpu +works/);
  t.true(out.split('\n').every(line => line.length <= 80));
});
