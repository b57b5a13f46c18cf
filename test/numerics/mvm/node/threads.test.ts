/** What the threads of the wasm back end may be told while they work. */
import test from 'ava';
import { startThreads } from '../../../../src/numerics/mvm/node/threads.ts';
import { squareSumKernel } from '../../../../src/numerics/mvm/wasm/finish-kernel.ts';
import type { MvmPool } from '../../../../src/numerics/mvm/wasm/pool.ts';
import type { ProgramTask } from '../../../../src/numerics/mvm/wasm/program-work.ts';
import type { Piece } from '../../../../src/numerics/mvm/wasm/work.ts';
import { MAX_PAGES, type WasmMemory, type WasmModule, wasmEngine } from '../../../../src/wasm/engine.ts';
import { compileModule } from '../../../../src/wasm/module.ts';

const THREADS = 3;
const ROWS = 32;
/** Many more than a thread does before it looks for other messages. */
const BLOCKS = 1000;
const CELLS = 64;
const SUMS = CELLS + BLOCKS * 16 * ROWS * 2;
const COUNTER = SUMS + BLOCKS * 16 * 8;

const engine = wasmEngine()!;
const newMemory = (pages: number): WasmMemory =>
  new engine.Memory({ initial: pages, maximum: MAX_PAGES, shared: true });
const squareSums = (): WasmModule => compileModule([{ name: 'squareSums', build: squareSumKernel() }], true)!;

let pool: MvmPool;
test.before(() => {
  pool = startThreads(THREADS);
});
test.after.always(() => pool?.close());

/** Sums the squares of `BLOCKS` blocks of columns. */
function task(): ProgramTask {
  const layout = {
    blocks: 1,
    slices: 1,
    paddedRows: ROWS,
    paddedCols: BLOCKS * 16,
    cellBytes: 2 as const,
    cells: CELLS,
    squares: 0,
    offsets: 0,
    noiseTable: 0,
  };
  return { kind: 'program', layout, rows: ROWS, arrayRows: ROWS, cols: BLOCKS * 16, squareSums: SUMS };
}

test.serial('a run that waits keeps a kernel that is forgotten', async t => {
  const memory = newMemory(Math.ceil((COUNTER + 64) / 65536));
  new Int16Array(memory.buffer, CELLS, BLOCKS * 16 * ROWS).fill(3);
  const pieces: Piece<number>[] = [{ kernel: 7, task: task() }];
  const assignment = { pieces, tables: { at: 0, bytes: 0 }, counter: COUNTER };
  pool.tell({ kind: 'join', memory: 0, on: memory });
  pool.tell({ kind: 'learn', kernel: 7, module: squareSums() });
  const done = pool.run({ memory: 0, bytes: memory.buffer.byteLength, assignment }, true);
  pool.tell({ kind: 'forget', kernel: 7 });
  await done;
  const sums = new BigInt64Array(memory.buffer, SUMS, BLOCKS * 16);
  t.true(sums.every(sum => sum === BigInt(9 * ROWS)));
});

test.serial('threads that cannot do a run say so, and do the next one', async t => {
  const memory = newMemory(1);
  pool.tell({ kind: 'join', memory: 0, on: memory });
  const pieces: Piece<number>[] = [{ kernel: 99, task: task() }];
  const assignment = { pieces, tables: { at: 0, bytes: 0 }, counter: 64 };
  await t.throwsAsync(pool.run({ memory: 0, bytes: 65536, assignment }));
  await pool.run({ memory: 0, bytes: 65536, assignment: { ...assignment, pieces: [] } });
  t.is(new Int32Array(memory.buffer, 64, 1)[0], THREADS);
});

test.serial('a memory may grow while it is handed to threads', async t => {
  // More threads than cores: what shows once in a thousand times shows here.
  const many = startThreads(12);
  for (let number = 1; number <= 800; number++) {
    const memory = newMemory(1);
    many.tell({ kind: 'join', memory: number, on: memory });
    const pause = (number * 7919) % 2000;
    for (const end = performance.now() + pause / 1000; performance.now() < end; );
    memory.grow(1);
    const bytes = memory.buffer.byteLength;
    const assignment = { pieces: [], tables: { at: 0, bytes: 0 }, counter: bytes - 64 };
    await many.run({ memory: number, bytes, assignment });
    t.is(new Int32Array(memory.buffer, bytes - 64, 1)[0], 12);
  }
  await many.close();
});
