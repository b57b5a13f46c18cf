/** A network on a chip, both by name: loads their files, runs them event by event, and gives everything that a run leaves. */

import type { ArchConfig } from '../arch/config.ts';
import { unsaidOf } from '../arch/config-notes.ts';
import { idleOnNetwork } from '../arch/effects.ts';
import type { LoadedArch } from '../arch/load.ts';
import { type Files, uniqueFiles } from '../arch/source-files.ts';
import { usageError } from '../base/errors.ts';
import { MOST_IMAGES } from '../base/limits.ts';
import { VERSION } from '../base/version.ts';
import { wholeNumber } from '../base/whole-number.ts';
import { isCacheOp } from '../map/cache-split.ts';
import { countedOps } from '../map/counted-ops.ts';
import { expertWarnings } from '../map/expert-warnings.ts';
import { onCrossbars } from '../map/grouped-unit.ts';
import { layerWarnings, setWarnings } from '../map/layer-warnings.ts';
import { imagesHeld } from '../map/live.ts';
import { asRun, type ChipAccuracy, type ChipAccuracyRequest, changedSince } from '../report/chip-accuracy.ts';
import { expandedYaml } from '../report/config-yaml.ts';
import { type Generation, generationIn } from '../report/generation.ts';
import type { Result, RunOptions, RunOutput } from '../report/result.ts';
import { buildGraph, type Graph } from '../workload/graph.ts';
import { parseReuse } from '../workload/reuse.ts';
import { reuseSpace } from '../workload/reuse-space.ts';
import { parseArrival } from './arrivals.ts';
import { batchWarnings } from './batch-warnings.ts';
import { checkGeneration, simulateSequence } from './decoder/sequence.ts';
import { type LoadedModel, loadArchFrom, loadModelFrom } from './load.ts';
import { planRun, type RunSpec } from './machine.ts';
import { type SimulateHooks, simulate } from './simulate.ts';
import { recorded } from './stored-files.ts';

/** What a run may leave out. */
export const RUN_DEFAULTS = { tech: null, reuse: 'none', tokens: null, images: 1, seed: 1, set: [] } as const;

/** Only the chip and the network have no default. */
export type RunRequest = Pick<RunOptions, 'arch' | 'model'> & Partial<RunOptions>;

/** What the host brings for a run. */
export interface RunHooks extends SimulateHooks {
  /** Where names and paths are looked up. */
  readonly files: Files;
  /** Simulate identical blocks once; the figures do not depend on it. Default true. */
  readonly fold?: boolean;
  /** Of a run that is asked for an accuracy: `chipAccuracy(hooks)`. */
  readonly accuracy?: MeasureAccuracy;
}

/** A run: result, steps, statistics of every component, and the configuration. */
export interface Run extends RunOutput {
  /** The expanded configuration as YAML: every value with its origin. */
  readonly config: string;
}

/** A chip and a network as they were read, before anything runs. */
export interface RunInput {
  readonly options: RunOptions;
  readonly arch: LoadedArch;
  readonly network: LoadedModel;
  /** Every file that was read, with its text. */
  readonly files: Result['files'];
}

/** A chip with its network, whose accuracy is measured. */
export interface MeasuredChip extends Pick<RunInput, 'arch' | 'network'> {
  readonly options: Pick<RunOptions, 'model' | 'reuse' | 'seed' | 'set'>;
}

/** Measures the accuracy of a chip that is loaded: `chipAccuracy(hooks)`. */
export type MeasureAccuracy = (request: ChipAccuracyRequest, chip: MeasuredChip) => Promise<ChipAccuracy>;

/** Loads what a run needs. @throws TrexError: bad options (2), an invalid (3) or missing file (4). */
export function loadRun(request: RunRequest, from: Files): RunInput {
  const options = runOptions(request);
  const { set } = options;
  const files = recorded(from);
  const arch = loadArchFrom(files, options.arch, { tech: options.tech ?? undefined, set });
  const network = loadModelFrom(files, options.model, { set });
  const read = uniqueFiles([...arch.files, ...network.files]);
  return { options, arch, network, files: read.map(f => ({ ...f, text: files.textOf(f.path) ?? '' })) };
}

/**
 * Runs a network on a chip.
 * @example const { result } = await run({ arch: 'trex', model: 'deit-s', reuse: 'strided:5' }, { files: nodeFiles });
 * @throws TrexError: bad options (2), an invalid (3) or missing file (4), a network that the chip cannot hold (1).
 */
export const run = (request: RunRequest, hooks: RunHooks): Promise<Run> =>
  runLoaded(loadRun(request, hooks.files), hooks);

/** Runs what is loaded. @throws TrexError for a network that the chip cannot hold (1), and a plan that does not fit it (2). */
export async function runLoaded(input: RunInput, hooks: Omit<RunHooks, 'files'>): Promise<Run> {
  const measured = await measureLoaded(input, hooks);
  return { ...measured, config: configOf({ ...input, options: measured.result.run }) };
}

/** `runLoaded` without the text of the configuration, which takes a while. @throws TrexError as it does */
export async function measureLoaded(input: RunInput, hooks: Omit<RunHooks, 'files'>): Promise<RunOutput> {
  const { options, arch: loaded, network, files } = input;
  const { accuracy: asked } = options;
  const generation = generationOf(options);
  const spec = { ...runSpecOf(input), fold: hooks.fold ?? true };
  const { arch, model, reuse, tokens, fold } = spec;
  if (generation !== undefined) checkGeneration(model, generation);
  const graph = buildGraph(model, { reuse, tokens: generation?.prefill ?? tokens });
  // A network that the chip cannot hold is refused before anything is measured, weights that do not fit before the events.
  if (asked !== undefined) planRun(spec, graph);
  const measured = asked === undefined ? undefined : await measuredOn(input, asked, hooks.accuracy);
  const output =
    generation === undefined
      ? await simulate(spec, hooks)
      : await simulateSequence({ arch, model, reuse, seed: options.seed, fold, generation }, hooks);
  const own = warningsOf({ arch: loaded, network, options }, graph);
  const { turns, tiles } = output.result;
  if (generation === undefined)
    own.push(
      ...batchWarnings(arch, {
        tiles,
        batch: turns?.batch ?? 1,
        isReloaded: (turns?.reloaded.length ?? 0) > 0,
      }),
    );
  if (generation === undefined && arch.kvCache !== undefined && graph.ops.some(isCacheOp))
    own.push('kvCache: has no effect without prefill and decode: a whole text at once is on crossbars');
  if (asked === undefined || measured === undefined)
    return { ...output, result: { ...output.result, run: options, files, warnings: own } };
  const { asked: done, result: accuracy } = measured;
  const said = { ...options, accuracy: done };
  const changed = changedSince(asked.read, done.read);
  const warnings = [...new Set([...own, ...accuracy.warnings, ...changed])];
  return { ...output, result: { ...output.result, run: said, files, warnings, accuracy } };
}

/** Whether several images are there at once. */
export const overlap = ({ options, arch: { arch } }: RunInput): boolean =>
  options.images > 1 && arch.schedule.images === 'pipelined';

/** What is loaded as it is simulated. */
export function runSpecOf({ options, arch: { arch }, network: { model } }: Omit<RunInput, 'files'>): RunSpec {
  const { images, seed, tokens } = options;
  const reuse = parseReuse(options.reuse, reuseSpace(model));
  const arrival = options.arrival === undefined ? undefined : parseArrival(options.arrival);
  return { arch, model, reuse, tokens: tokens ?? undefined, images, seed, arrival };
}

async function measuredOn(
  input: RunInput,
  asked: ChipAccuracyRequest,
  measure: MeasureAccuracy | undefined,
): Promise<ChipAccuracy> {
  if (measure === undefined) throw usageError('accuracy: no hook measures it: chipAccuracy(hooks)');
  return asRun(await measure(asked, input), input.files);
}

/** What is loaded and has no effect on a network. */
export function warningsOf(
  {
    arch: { arch, origins, warnings },
    network,
    options,
  }: Pick<RunInput, 'arch' | 'network'> & Partial<RunInput>,
  graph: Graph,
): string[] {
  const counted = countedOps(graph, arch);
  const idle = idleOnNetwork(origins, arch, graph.ops, counted, options?.images);
  const unused = [...layerWarnings(arch.devices, graph, onCrossbars(arch)), ...setWarnings(counted, arch)];
  const alone = roomForOne(graph, arch, options?.images ?? 1);
  return [...warnings, ...network.warnings, ...unused, ...idle, ...alone, ...expertWarnings(graph, arch)];
}

/** Images that are to overlap and have no room for it. */
function roomForOne(graph: Graph, arch: ArchConfig, images: number): string[] {
  if (images === 1 || arch.schedule.images === 'one' || imagesHeld(graph, arch) > 1) return [];
  return ['schedule.images: pipelined has no effect, globalBuffer.capacity has room for one image'];
}

/** What is loaded as the text of one file: every value with its origin, and what a run of it needs to be the same. */
export function configOf({ options, arch, network }: Pick<RunInput, 'options' | 'arch' | 'network'>): string {
  const { reuse, tokens, images, seed, arrival, accuracy } = options;
  const generation = generationIn(options);
  const unsaid = unsaidOf(arch.notes, arch.warnings);
  return expandedYaml([...arch.origins, ...network.origins], {
    version: VERSION,
    reuse,
    tokens,
    images,
    seed,
    ...(arrival !== undefined && { arrival }),
    ...generation,
    ...(accuracy !== undefined && { accuracy }),
    ...(unsaid.length > 0 && { unsaid }),
    ...(arch.written.length > 0 && { written: arch.written }),
  });
}

/** What a decoder is to write; undefined for a run of another kind. @throws TrexError (usage) for half of it */
function generationOf({
  prefill,
  decode,
  batch,
}: Pick<RunRequest, 'prefill' | 'decode' | 'batch'>): Generation | undefined {
  const given = { prefill, decode, batch };
  if (prefill === undefined && decode === undefined) {
    if (batch !== undefined) throw usageError('batch has no effect without prefill and decode');
    return undefined;
  }
  for (const name of ['prefill', 'decode'] as const)
    if (given[name] === undefined)
      throw usageError(
        `${name === 'prefill' ? 'decode needs prefill' : 'prefill needs decode'}: how many tokens`,
      );
  return { prefill: prefill!, decode: decode!, batch: batch ?? 1 };
}

/** With every default, in the order in which a result shows them. @throws TrexError (usage) */
export function runOptions(request: RunRequest): RunOptions {
  const { arch, model, arrival, accuracy } = request;
  const { tech, reuse, tokens, images, seed, set } = { ...RUN_DEFAULTS, ...request };
  wholeNumber('images', images, 1, MOST_IMAGES);
  wholeNumber('seed', seed);
  if (arrival !== undefined) parseArrival(arrival);
  const generation = generationOf(request);
  if (generation !== undefined && tokens !== null)
    throw usageError('tokens has no effect beside prefill, which says how long the prompt is');
  if (generation !== undefined && accuracy !== undefined)
    throw usageError('accuracy has no effect beside prefill: it is of inputs with labels');
  if (generation !== undefined && images !== 1)
    throw usageError('images has no effect beside prefill: one batch of texts is written');
  if (generation !== undefined && arrival !== undefined)
    throw usageError('arrival has no effect beside prefill: one batch of texts is written');
  const plain = { arch, tech, model, reuse, tokens, images, seed, set, ...generation };
  const figures = arrival === undefined ? plain : { ...plain, arrival };
  return accuracy === undefined ? figures : { ...figures, accuracy };
}
