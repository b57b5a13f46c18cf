/** Runs of loaded matrices: packs inputs, has the work done, and fetches the sums. */

import { largest } from '../../../base/extremes.ts';
import type { MvmRun, OutputScale, ScaledRun } from '../backend.ts';
import { tokenOffsets } from '../multiply.ts';
import { readKeys, tokensPerGroup } from '../read-keys.ts';
import { KEY_BYTES } from './block.ts';
import { combineKernel, scaleKernel } from './combine-kernel.ts';
import type { LoadedKernel } from './compile.ts';
import type { Host } from './host.ts';
import { inputBytes, packInputs } from './inputs.ts';
import { asWasmMatrix, type LoadedCells } from './matrix.ts';
import { drawKernel } from './noise-kernel.ts';
import { packKernel } from './pack-kernel.ts';
import { entryBytes, type KernelShape, kernelShape, numberBytes, recordBytes, tableBytes } from './shape.ts';
import { sumKernel } from './sum-kernel.ts';
import { tableKernel } from './table-kernel.ts';
import type { SumTask } from './work.ts';

/** Tokens of one pass: enough that the tables are cheap, few enough that their records stay in the cache. */
const PASS_TOKENS = 512;
/** Passes run together up to so many bytes of records and sums. */
const TOGETHER_BYTES = 2 ** 26;
/** Look-ups per table from which tables of 8 rows are worth their 256 entries. */
const LARGE_TABLES = 224;
const DRAW = 0;

/** Some tokens of a run, and the memory that they need. */
interface Pass {
  readonly run: MvmRun;
  readonly cells: LoadedCells;
  readonly shape: KernelShape;
  readonly kernel: LoadedKernel;
  readonly first: number;
  readonly tokens: number;
  /** Of round keys, records, slice sums, inputs. The inputs give way to what scales the outputs. */
  readonly bytes: readonly [number, number, number, number];
}

/**
 * What becomes of the slice sums of a pass, [slice][token][paddedCols] at `task.out`; at `spare` there is room for a
 * float64 per token and two per column.
 */
type Collect = (pass: Pass, task: SumTask, spare: number) => void;

/** Slice sums [slice][token][col] into `out`. Inside a queued job. */
export async function runSlices(host: Host, run: MvmRun, out: Int32Array): Promise<void> {
  const { slices, spec } = run.handle.plan;
  await runPasses(host, [run], ({ first, cells: { arena, layout } }, task) => {
    const size = task.tokens * layout.paddedCols;
    const sums = new Int32Array(arena.memory.buffer, task.out, slices * size);
    for (let slice = 0; slice < slices; slice++) {
      const part = sums.subarray(slice * size, (slice + 1) * size);
      copyColumns(part, layout.paddedCols, out, spec.cols, slice * run.tokens + first);
    }
  });
}

/** Products on their output scales, [token][col] of each run. Inside a queued job. */
export async function runScaled(host: Host, runs: readonly ScaledRun[]): Promise<Float32Array[]> {
  const results = runs.map(({ tokens, handle }) => new Float32Array(tokens * handle.plan.spec.cols));
  await runPasses(host, runs, ({ run, cells, first }, task, spare) => {
    const at = runs.indexOf(run as ScaledRun);
    const { plan } = run.handle;
    const { arena, layout } = cells;
    const { sliceWeights, levels, steps, spec } = plan;
    const { kernel } = host.kernel(arena, 'digital', [sliceWeights, levels, steps], () => [
      { name: 'combine', build: combineKernel(sliceWeights) },
      { name: 'scale', build: scaleKernel(levels, steps) },
    ]);
    const { tokens, out } = task;
    const vectors = layout.paddedCols / 4;
    // The first slice is not needed any more when its place is written.
    kernel.combine(out, tokens * layout.paddedCols * 4, out, tokens * vectors);
    const columns = spare + tokens * 8;
    const { buffer } = arena.memory;
    const x = run.x.subarray(first * spec.rows, (first + tokens) * spec.rows);
    new Float64Array(buffer, spare, tokens).set(tokenOffsets(plan, x, tokens, run.gain));
    writeScale(new Float64Array(buffer, columns, layout.paddedCols * 2), runs[at].output);
    kernel.scale(out, spare, columns, vectors, tokens);
    const y = new Float32Array(buffer, out, tokens * layout.paddedCols);
    copyColumns(y, layout.paddedCols, results[at], spec.cols, first);
  });
  return results;
}

/** Factors and shifts of two columns at a time. */
function writeScale(to: Float64Array, { factors, shifts }: OutputScale): void {
  for (let col = 0; col < factors.length; col++) {
    const at = 4 * (col >> 1) + (col & 1);
    to[at] = factors[col];
    to[at + 2] = shifts[col];
  }
}

async function runPasses(host: Host, runs: readonly MvmRun[], collect: Collect): Promise<void> {
  let together: Pass[] = [];
  let size = 0;
  const finish = async (): Promise<void> => {
    await runTogether(host, together, size, collect);
    [together, size] = [[], 0];
  };
  for (const run of runs) {
    const cells = await asWasmMatrix(run.handle).cells();
    const groupSize = tokensPerGroup(run.handle.plan);
    for (let first = 0; first < run.tokens; ) {
      const last = Math.min(run.tokens, first + PASS_TOKENS, Math.ceil((first + 1) / groupSize) * groupSize);
      const pass = planPass(host, run, cells, first, last - first);
      const bytes = pass.bytes.reduce((sum, part) => sum + part, 0);
      const other = together.length > 0 && together[0].cells.arena !== cells.arena;
      if (other || size + bytes > TOGETHER_BYTES) await finish();
      together.push(pass);
      size += bytes;
      first = last;
    }
  }
  await finish();
}

async function runTogether(
  host: Host,
  passes: readonly Pass[],
  bytes: number,
  collect: Collect,
): Promise<void> {
  if (passes.length === 0) return;
  const { arena } = passes[0].cells;
  const space = host.workspace(arena, bytes);
  let { at } = space;
  const pieces = passes.map(pass => {
    const task = prepare(pass, at);
    at += pass.bytes.reduce((sum, part) => sum + part, 0);
    return { kernel: pass.kernel, task };
  });
  const tables = largest(passes.map(({ shape }) => tableBytes(shape)));
  await host.work(space, pieces, { tables });
  for (const [i, pass] of passes.entries()) {
    const { task } = pieces[i];
    collect(pass, task, task.out + pass.bytes[2]);
  }
}

function planPass(host: Host, run: MvmRun, cells: LoadedCells, first: number, tokens: number): Pass {
  const { plan } = run.handle;
  const { shape, kernel } = kernelOf(host, run, cells);
  const { blocks, slices } = plan;
  const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
  return {
    run,
    cells,
    shape,
    kernel,
    first,
    tokens,
    bytes: [
      align(cells.converted.noise.kind === 'none' ? 0 : blocks * slices * KEY_BYTES),
      align(blocks * tokens * shape.bits * recordBytes(shape)),
      align(slices * tokens * cells.layout.paddedCols * 4),
      align(Math.max(inputBytes(plan, shape, tokens), (tokens + 2 * cells.layout.paddedCols) * 8)),
    ],
  };
}

/** Writes round keys and packs the inputs of a pass. */
function prepare({ run, cells, shape, kernel, first, tokens, bytes }: Pass, at: number): SumTask {
  const { plan } = run.handle;
  const { arena, layout } = cells;
  const { noise } = cells.converted;
  const { buffer } = arena.memory;
  const groupSize = tokensPerGroup(plan);
  const records = at + bytes[0];
  const out = records + bytes[1];
  if (noise.kind !== 'none') {
    const keys = readKeys(plan, run.key, Math.floor(first / groupSize));
    new Int32Array(buffer, at, keys.length).set(keys);
  }
  const inputs = out + bytes[2];
  packInputs(kernel.kernel, buffer, { plan, noise, shape, x: run.x, first, tokens, inputs, records });
  const counter = (first % groupSize) * shape.planes.length * shape.strips;
  return { kind: 'sums', layout, shape, tokens, counter, keys: at, records, out };
}

function kernelOf(
  host: Host,
  { handle: { plan }, tokens }: MvmRun,
  cells: LoadedCells,
): { shape: KernelShape; kernel: LoadedKernel } {
  const { cellBytes } = cells.layout;
  const groupBits = Math.min(tokens, PASS_TOKENS) * plan.spec.inputBits < LARGE_TABLES ? 4 : 8;
  const shape = kernelShape(cells.converted, cells.mode, groupBits);
  const table = { groupBits, entryBytes: entryBytes(shape) } as const;
  const kernel = host.kernel(cells.arena, 'sums', [shape, cellBytes], () => [
    { build: drawKernel() },
    { name: 'pack', build: packKernel(shape) },
    { name: 'build', build: tableKernel({ ...table, cellBytes, numberBytes: numberBytes(shape) }) },
    { name: 'buildSquares', build: tableKernel({ ...table, cellBytes: 2, numberBytes: 2 }) },
    { name: 'sums', build: sumKernel(shape, DRAW) },
  ]);
  return { shape, kernel };
}

/** Rows without their padding, from row `first` of `to`. */
function copyColumns<T extends Int32Array | Float32Array>(
  from: T,
  paddedCols: number,
  to: T,
  cols: number,
  first: number,
): void {
  if (paddedCols === cols) {
    to.set(from, first * cols);
    return;
  }
  for (let row = 0; row * paddedCols < from.length; row++)
    to.set(from.subarray(row * paddedCols, row * paddedCols + cols), (first + row) * cols);
}
