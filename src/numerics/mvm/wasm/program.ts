/** Programs matrices where they will be used: the cells of `program`, bit for bit, without a copy of them elsewhere. */

import type { Effect, EffectKind, EffectKinds, TermEffect } from '../../../tech/noise-effects.ts';
import type { Arena } from '../../../wasm/arena.ts';
import { type CellProgram, largestCell } from '../../noise/cell-program.ts';
import { type ConversionNoise, conversionNoise, followsCells } from '../../noise/column-noise.ts';
import { Z_TABLE } from '../../noise/normal-table.ts';
import {
  bowOf,
  checkSums,
  columnShape,
  converters,
  hasGain,
  readsReference,
  referenceLevels,
} from '../arrays.ts';
import type { MatrixWeights } from '../backend.ts';
import type { MvmPlan } from '../spec.ts';
import { type MatrixLayout, sumsBytes } from './block.ts';
import type { LoadedKernel } from './compile.ts';
import { type FinishShape, finishKernel, squareSumKernel } from './finish-kernel.ts';
import type { Host, Workspace } from './host.ts';
import { cellCount, layoutOf, writeStart } from './layout.ts';
import { isSmall } from './load.ts';
import type { LoadedCells } from './matrix.ts';
import { drawKernel, uniformKernel } from './noise-kernel.ts';
import {
  largestSum,
  Scratch,
  scratchBytes,
  writeCellTask,
  writeReference,
  writeTables,
} from './program-inputs.ts';
import { programKernel, programShape, programTables } from './program-kernel.ts';
import { emitsCell } from './program-steps.ts';
import type { ProgramTask } from './program-work.ts';
import { boundsOf, INT16, magnitudesOf, sumMode } from './value-bounds.ts';

const [DRAW, UNIFORM] = [0, 1];

/** Matrices of one spec. */
export interface Programming {
  readonly plan: MvmPlan;
  readonly effects: readonly TermEffect[];
  readonly cells: CellProgram;
}

/** One matrix on its way; tasks lack what is done in the other pass. */
interface Progress {
  readonly layout: MatrixLayout;
  readonly bytes: number;
  readonly weights: MatrixWeights;
  readonly task: Omit<ProgramTask, 'finish'>;
  readonly finish: NonNullable<ProgramTask['finish']>;
}

/** Whether the kernels do an effect; what takes real numbers is programmed by the reference. */
const IN_PLACE: { readonly [K in EffectKind]: (effect: EffectKinds[K]) => boolean } = {
  offConductance: () => true,
  levelShift: () => true,
  levelSpread: () => emitsCell('levelSpread'),
  cellSpread: () => emitsCell('cellSpread'),
  stuckAt: () => emitsCell('stuckAt'),
  partialLoss: () => emitsCell('partialLoss'),
  factor: () => emitsCell('factor'),
  wholeArray: () => false,
  readSpread: () => true,
  converterSpread: spread => !hasGain(spread),
  bow: () => true,
  // Slices that are merged are programmed by the reference.
  mergeSpread: () => false,
  mergeNoise: () => false,
};

const inPlace = <K extends EffectKind>(effect: Effect<K>): boolean => IN_PLACE[effect.kind](effect);

/** Whether the kernels can program these matrices: all effects, and cells that fit 16 bits. */
export const programsInPlace = ({ plan, effects, cells }: Programming): boolean =>
  !plan.spec.merge &&
  effects.every(effect => inPlace(effect)) &&
  largestCell(cells) < INT16 &&
  !(readsReference(plan) && followsCells(effects));

/** Programs weights that were checked: in the background, or inside a queued job. @throws TrexError as `program`. */
export async function programCells(
  host: Host,
  programming: Programming,
  matrices: readonly MatrixWeights[],
  background = false,
): Promise<LoadedCells[]> {
  const { plan, effects, cells } = programming;
  const place = (start: number) => layoutOf(plan, 2, followsCells(effects), Z_TABLE.length, start);
  const { layout, bytes } = place(0);
  const { arena, at } = host.place(bytes * matrices.length);
  const scratch = scratchBytes(plan, cells, layout) * matrices.length;
  const job = (space: Workspace): Promise<LoadedCells[]> =>
    programIn(
      host,
      space,
      programming,
      matrices,
      matrices.map((_, i) => place(at + i * bytes)),
    );
  try {
    return background
      ? await host.inBackground(arena, scratch, job)
      : await job(host.workspace(arena, scratch));
  } catch (error) {
    arena.free(at, bytes * matrices.length);
    throw error;
  }
}

async function programIn(
  host: Host,
  space: Workspace,
  programming: Programming,
  matrices: readonly MatrixWeights[],
  places: readonly { readonly layout: MatrixLayout; readonly bytes: number }[],
): Promise<LoadedCells[]> {
  const scratch = new Scratch(space.arena.memory.buffer, space.at);
  const tables = writeTables(scratch, programming.cells);
  const all = matrices.map((weights, i) => begin(scratch, programming, weights, places[i], tables));
  const terms = await runTasks(host, space, programming, all);
  return all.map((one, i) => end(space.arena, programming, one, terms[i]));
}

function begin(
  scratch: Scratch,
  { plan, effects, cells }: Programming,
  weights: MatrixWeights,
  { layout, bytes }: { readonly layout: MatrixLayout; readonly bytes: number },
  tables: number,
): Progress {
  const { rows, arrayRows, cols } = plan.spec;
  // Rows without cells are 0; columns without cells may hold anything.
  if (layout.paddedRows > arrayRows || rows % arrayRows > 0)
    new Int16Array(scratch.buffer, layout.cells, cellCount(layout)).fill(0);
  const squareSums = followsCells(effects)
    ? scratch.take(plan.blocks * plan.slices * layout.paddedCols * 8)
    : 0;
  const { weights: values, key } = weights;
  const reference = referenceLevels(plan, effects);
  const cellTask = writeCellTask(scratch, { weights: values, plan, cells, key, layout, tables });
  return {
    layout,
    bytes,
    weights,
    task: { kind: 'program', layout, rows, arrayRows, cols, squareSums, cells: cellTask },
    finish: {
      reference:
        reference === undefined ? 0 : writeReference(scratch, plan, reference, { cells, key }, layout),
      sums: scratch.take(sumsBytes(layout)),
    },
  };
}

/** Programs the cells of all matrices; what their read noise is. */
async function runTasks(
  host: Host,
  space: Workspace,
  programming: Programming,
  all: readonly Progress[],
): Promise<ConversionNoise[]> {
  const { arena } = space;
  const { plan, effects } = programming;
  const last = { reference: referenceLevels(plan, effects) !== undefined };
  const alone = all.every(({ layout }) => isSmall(layout)) && all.length === 1;
  const work = (pieces: readonly { kernel: LoadedKernel; task: ProgramTask }[]): Promise<void> =>
    host.work(space, pieces, { alone });
  const kernel = kernelOf(host, arena, programming, last);
  if (!followsCells(effects)) {
    await work(all.map(({ task, finish }) => ({ kernel, task: { ...task, finish } })));
    return all.map(() => conversionNoise(effects, columnShape(plan), () => 0));
  }
  // The unit of the squares follows from the largest of their sums, so they come in a second pass.
  await work(all.map(({ task }) => ({ kernel, task })));
  const terms = all.map(({ task, layout }) =>
    conversionNoise(effects, columnShape(plan), () =>
      largestSum(arena.memory.buffer, task.squareSums, plan, layout),
    ),
  );
  await work(
    all.map(({ task: { cells: _, ...task }, finish }, i) => {
      const { sigma, exponent } = terms[i] as Extract<ConversionNoise, { kind: 'cells' }>;
      return {
        kernel: kernelOf(host, arena, programming, { ...last, squares: { sigma, exponent } }),
        task: { ...task, squareSums: 0, finish },
      };
    }),
  );
  return terms;
}

function kernelOf(host: Host, arena: Arena, { plan, cells }: Programming, last: FinishShape): LoadedKernel {
  const shape = programShape(cells, plan);
  return host.kernel(arena, 'program', [shape, last], () => [
    { build: drawKernel() },
    { build: uniformKernel() },
    {
      name: 'program',
      build: programKernel(shape, programTables(cells, Z_TABLE.length), DRAW, UNIFORM),
    },
    { name: 'squareSums', build: squareSumKernel() },
    { name: 'finish', build: finishKernel(last) },
  ]);
}

/** Checks the sums of a programmed matrix, and writes what they start with. */
function end(
  arena: Arena,
  { plan, effects }: Programming,
  { layout, bytes, weights, finish }: Progress,
  noise: ConversionNoise,
): LoadedCells {
  const { buffer } = arena.memory;
  const inl = bowOf(plan, effects);
  const { offsets } = converters(plan, effects, weights.key);
  const sums = new Int32Array(buffer, finish.sums, sumsBytes(layout) / 4);
  checkSums(magnitudesOf(sums, layout, plan), offsets, noise, plan);
  const converted = { plan, offsets, noise, inl, bounds: boundsOf(sums, layout, plan) };
  const mode = sumMode(converted);
  writeStart(buffer, converted, layout, mode);
  return { arena, layout, bytes, converted, mode };
}
