/** Runs: figures for a slider at once, the whole report a little later, and what a visitor takes home. */
import {
  configOf,
  HEADLINE,
  type Headline,
  loadRun,
  memoryFiles,
  parseReuse,
  type Result,
  type RunInput,
  requestOfConfig,
  reuseSpace,
  run,
  runReported,
  simulate,
  TrexError,
} from 'trex-sim';
import { filesWith } from './files.ts';
import type { FiguresAnswer, RunQuestion, TakeAnswer } from './protocol.ts';
import type { Turn } from './turn.ts';

export async function loaded({ asked, files }: RunQuestion): Promise<RunInput> {
  return loadRun(Object.assign({ images: 1 }, asked), await filesWith(files));
}

export const headlineOf = (result: Result): Headline =>
  Object.fromEntries(HEADLINE.map(name => [name, result[name]])) as Headline;

/** One image, folded: what a slider waits for. */
export async function figures(question: RunQuestion, { pause }: Turn): Promise<FiguresAnswer> {
  const before = performance.now();
  const { arch, network, options } = await loaded(question);
  const { model } = network;
  const reuse = parseReuse(options.reuse, reuseSpace(model));
  const tokens = options.tokens ?? undefined;
  const { result } = await simulate(
    { arch: arch.arch, model, reuse, tokens, images: 1, seed: options.seed, fold: true },
    { pause },
  );
  return {
    figures: headlineOf(result as Result),
    tiles: result.tiles,
    crossbars: result.crossbars,
    energy: result.breakdown.component
      .filter(row => row.energy_J > 0)
      .map(row => ({ name: row.name, value: row.energy_J })),
    ms: performance.now() - before,
  };
}

/** With all that pictures are drawn from. */
export async function report(question: RunQuestion, { pause }: Turn) {
  const input = await loaded(question);
  const { report: page } = await runReported(input, {
    files: await filesWith(question.files),
    pause,
    alone: true,
  });
  return page;
}

/** Name of the file that a visitor takes home. */
export const TAKEN = 'chip.yaml';

/** The chip and the network as one file, and the result of a run of that file: the bytes of `trex run chip.yaml --json`. */
export async function take(question: RunQuestion, { pause }: Turn): Promise<TakeAnswer> {
  const yaml = configOf(await loaded(question));
  const files = await memoryFiles({ [TAKEN]: yaml });
  const request = requestOfConfig(`./${TAKEN}`, files) ?? requestOfConfig(TAKEN, files);
  if (request === undefined) throw new TrexError(`${TAKEN}: not a whole configuration`);
  const { result } = await run(Object.assign({}, request, { arch: TAKEN, model: TAKEN }), { files, pause });
  return { yaml, result: `${JSON.stringify(result, null, 2)}\n` };
}
