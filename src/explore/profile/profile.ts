/** A network whose work depends on the input, over a profile of inputs: one run for each row that differs, all on the chip of the largest. */
import { omittedSwitches } from '../../arch/accounting.ts';
import { EXIT, TrexError, usageError } from '../../base/errors.ts';
import { largest } from '../../base/extremes.ts';
import { sum } from '../../base/sum.ts';
import { VERSION } from '../../base/version.ts';
import type { ProfileResult, ProfileRow } from '../../report/profile-result.ts';
import { SCHEMA_VERSION } from '../../report/result.ts';
import { parseArrival } from '../../run/arrivals.ts';
import { buildMachine, siteOf } from '../../run/machine.ts';
import { type RunInput, warningsOf } from '../../run/run.ts';
import { simulate } from '../../run/simulate.ts';
import { buildGraph } from '../../workload/graph.ts';
import { type InputSpace, type InputWork, inputSpace } from '../../workload/input-dependent.ts';
import type { ModelConfig } from '../../workload/model.ts';
import { parseReuse } from '../../workload/reuse.ts';
import { reuseSpace } from '../../workload/reuse-space.ts';
import { queued } from './arrivals.ts';
import { distributionOf } from './distribution.ts';
import { type Profile, type ProfileLine, readProfile } from './read-profile.ts';

/** What inputs there are, and when they come. */
export interface ProfileOptions {
  /** As it is shown, and what it holds. */
  readonly profile: { readonly path: string; readonly text: string; readonly sha256: string };
  /** `poisson=200`, inputs per second at random; null: they come back to back. */
  readonly arrival: string | null;
  /** Simulate identical blocks once; the figures do not depend on it. Default true. */
  readonly fold?: boolean;
}

/** What the host brings for a run over a profile. */
export interface ProfileHooks {
  /** Called with the runs that are done and their number. */
  pause?(done: number, total: number): Promise<void> | void;
}

/** One run of the network for an input. */
interface Pass {
  readonly work: InputWork;
  readonly model: ModelConfig;
}

/** A row that differs from all others. */
interface Distinct {
  readonly row: ProfileLine;
  readonly passes: readonly Pass[];
  count: number;
}

/**
 * Runs a network over a profile of inputs: percentiles of latency and energy, and waiting times where inputs queue.
 * @example
 * const profile = { path: 'p.csv', text: 'skip,count\n1 3,5\n,1\n', sha256: '' };
 * await runProfile(loadRun({ arch: 'trex', model: 'deit-s' }, nodeFiles), { profile, arrival: 'poisson=50' });
 * @throws TrexError: a row that the network cannot do (3, with file and line), an arrival rate that the chip cannot keep up with (2),
 * a network that the chip cannot hold (1).
 */
export async function runProfile(
  input: RunInput,
  { profile: file, arrival, fold = true }: ProfileOptions,
  { pause }: ProfileHooks = {},
): Promise<ProfileResult> {
  const { options, arch: loaded, network } = input;
  const { arch } = loaded;
  const { seed } = options;
  if (options.arrival !== undefined)
    throw usageError('arrival of a run over a profile is an option of the profile');
  if (options.images !== 1 || options.tokens !== null)
    throw usageError('images and tokens have no effect beside a profile, which says what inputs there are');
  const rate_Hz = arrival === null ? undefined : arrivalRate(arrival);
  const space = inputSpace(network.model);
  const profile = readProfile(file.path, file.text);
  checkPlaces(profile, space);
  const distinct = distinctRows(profile, space);
  const chipWork = largestWork(distinct.flatMap(({ passes }) => passes.map(({ work }) => work)));
  const chipModel = space.modelOf(chipWork, profile.places);
  const reuse = parseReuse(options.reuse, reuseSpace(chipModel));
  for (const { row, passes } of distinct)
    for (const { model } of passes) atLine(profile, row, () => buildGraph(model, { reuse }));
  const chip = buildMachine({ arch, model: chipModel, reuse, fold });
  const site = siteOf(chip, arch);
  const rows: ProfileRow[] = [];
  await pause?.(0, distinct.length);
  // Efforts come again in other rows.
  const costs = new Map<string, { readonly latency_s: number; readonly energy_J: number }>();
  for (const { passes, count } of distinct) {
    const all: { readonly latency_s: number; readonly energy_J: number }[] = [];
    for (const { work, model } of passes) {
      const key = JSON.stringify(work);
      const cost = costs.get(key) ?? (await simulate({ arch, model, reuse, seed, fold, site })).result;
      costs.set(key, cost);
      all.push(cost);
    }
    const [{ work }, ...again] = passes;
    rows.push({
      ...shownWork(work, profile.places),
      ...(again.length > 0 && { again: again.map(pass => pass.work.skip) }),
      count,
      latency_s: sum(all, ({ latency_s }) => latency_s),
      energy_J: sum(all, ({ energy_J }) => energy_J),
    });
    await pause?.(rows.length, distinct.length);
  }
  const latencies = rows.map(({ latency_s: value, count }) => ({ value, count }));
  const latency_s = distributionOf(latencies);
  const { encoders, pattern } = reuse;
  const idle_W = sum(site.inventory, ({ leakage_W, power_W = 0 }) => leakage_W + power_W);
  return {
    schemaVersion: SCHEMA_VERSION,
    version: VERSION,
    arch: arch.name,
    tech: arch.techName,
    model: network.model.name,
    reuse: { count: encoders.length, encoders, pattern },
    images: sum(rows, ({ count }) => count),
    input: 'imageSize' in network.model ? 'image' : 'sequence',
    run: { ...options, profile: file.path, arrival },
    files: [...input.files, file],
    opCount: arch.accounting.opCount,
    omitted: omittedSwitches(arch),
    area_m2: sum(site.inventory, row => row.area_m2),
    tiles: site.placement.chipTiles,
    chip: shownWork(chipWork, profile.places),
    latency_s,
    energy_J: distributionOf(rows.map(({ energy_J: value, count }) => ({ value, count }))),
    throughput_Hz: 1 / latency_s.mean,
    arrival: rate_Hz === undefined ? null : queued(latencies, { rate_Hz, seed, idle_W }),
    rows,
    warnings: warningsOf(input, chip.graph),
  };
}

/** Inputs a second of `poisson=R`. @throws TrexError (usage) for another text */
export function arrivalRate(text: string): number | undefined {
  const arrival = parseArrival(text);
  if (arrival.kind === 'back-to-back') return undefined;
  if (arrival.kind === 'poisson') return arrival.rate_Hz;
  throw usageError(`--arrival ${text}: inputs of a profile come at random: poisson=${arrival.rate_Hz}`);
}

/** Patches go where the network lets them, and at all of these places. */
function checkPlaces(
  { path, rows, places }: Profile,
  { model, places: able, anywhere, unskippable }: InputSpace,
): void {
  const fail = (row: ProfileLine, message: string): never => {
    throw new TrexError(`${path}:${row.line}  ${message}`, EXIT.invalidFile);
  };
  const foreign = places.find(at => !able.includes(at));
  if (foreign !== undefined) {
    const which = able.length === 0 ? 'at none' : `at ${able.join(', ')}`;
    const what =
      foreign >= model.encoders
        ? `${model.name} has encoders 0 to ${model.encoders - 1}`
        : `${model.name} drops patches ${which}`;
    fail(rows[0], `patches.${foreign}: unknown place, ${what}`);
  }
  const absent = places.length === 0 || anywhere ? undefined : able.find(at => !places.includes(at));
  if (absent !== undefined)
    fail(rows[0], `patches.${absent} is absent: patches can go at encoders ${able.join(', ')}`);
  const skipping = rows.find(({ passes }) => passes.some(skip => skip.length > 0));
  if (skipping !== undefined && unskippable !== undefined) fail(skipping, `skip: ${unskippable}`);
}

/** Rows that ask for the same work are one. */
function distinctRows(profile: Profile, space: InputSpace): Distinct[] {
  const found = new Map<string, Distinct>();
  for (const row of profile.rows) {
    const works = row.passes.map(skip => ({ patches: [...row.patches.values()], skip }));
    const key = JSON.stringify(works);
    const known = found.get(key);
    if (known !== undefined) known.count += row.count;
    else {
      const passes = works.map(work => ({
        work,
        model: atLine(profile, row, () => space.modelOf(work, profile.places)),
      }));
      found.set(key, { row, passes, count: row.count });
    }
  }
  return [...found.values()];
}

/** What holds all rows: the most patches of each place, and attention that is skipped in all. */
function largestWork(works: readonly InputWork[]): InputWork {
  const [first] = works;
  return {
    patches: first.patches.map((_, i) => largest(works.map(({ patches }) => patches[i]))),
    skip: first.skip.filter(encoder => works.every(({ skip }) => skip.includes(encoder))),
  };
}

function atLine<T>({ path }: Profile, { line }: ProfileLine, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof TrexError)) throw error;
    throw new TrexError(`${path}:${line}  ${error.message}`, EXIT.invalidFile);
  }
}

const shownWork = ({ patches, skip }: InputWork, places: readonly number[]): ProfileResult['chip'] => ({
  patches: Object.fromEntries(patches.map((left, i) => [String(places[i]), left])),
  skip,
});
