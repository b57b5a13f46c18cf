/**
 * A search over mappings of a network: each is run event by event, as `run` does it, and the chip as it is comes first, so that
 * what is found is never worse. Small spaces are gone through; in large ones the search goes from the best so far to what differs
 * from it in one value, in copies of one group of layers, or has even stages, those that look best by their steps first.
 */
import type { Files } from '../../arch/source-files.ts';
import { EXIT, TrexError, usageError } from '../../base/errors.ts';
import { formatQuantity } from '../../base/units.ts';
import {
  MAPPING_OBJECTIVES,
  type MappingObjective,
  type MappingResult,
  type MappingTrial,
  mappingValue,
} from '../../report/mapping-result.ts';
import type { RunOptions } from '../../report/result.ts';
import { configOf, loadRun, measureLoaded, type RunInput, runSpecOf } from '../../run/run.ts';
import { type MappingChoice, wordsOf } from './choice.ts';
import {
  allChoices,
  evenCopies,
  growsWith,
  type MappingSpace,
  mappingSpace,
  neighbours,
  type PlannedMapping,
  planned,
} from './space.ts';
import { trialOf } from './trial.ts';

/** What a search over mappings may leave out. */
export const MAPPING_DEFAULTS = {
  objective: 'latency',
  budget: 60,
  /** Images of a throughput, which is that of the later half of them. */
  throughputImages: 8,
} as const;

/** A chip and a network, and what is asked of their mapping. */
export interface MappingRequest extends Pick<RunOptions, 'arch' | 'model'> {
  readonly tech?: string | null | undefined;
  readonly set?: readonly string[] | undefined;
  readonly reuse?: string | undefined;
  readonly tokens?: number | null | undefined;
  /** Of a run. @defaultValue 8 for a throughput, else 1 */
  readonly images?: number | undefined;
  readonly seed?: number | undefined;
  readonly objective?: MappingObjective | undefined;
  /** m2 that no mapping exceeds. @defaultValue that of the chip as it is; for EDAP, which area is a part of, any */
  readonly area_m2?: number | undefined;
  /** Runs, at most. */
  readonly budget?: number | undefined;
  /** Where the space is larger than the budget, or always, by going from one mapping to the next. */
  readonly climb?: boolean | undefined;
}

/** What the host brings. */
export interface MappingHooks {
  readonly files: Files;
  /** A mapping has been run: (runs so far, at most). The search waits for it. */
  onTrial?(done: number, budget: number): Promise<void> | void;
  /** A better mapping than before, with its whole configuration as YAML. */
  onBest?(trial: MappingTrial, config: string): void;
  /** Called now and then during a run. */
  pause?(): Promise<void> | void;
}

/**
 * Finds a mapping.
 * @example const { trials, best } = await searchMapping({ arch: 'trex-full', model: 'deit-t', objective: 'edap' }, { files: nodeFiles });
 * @throws TrexError: bad options (2), an invalid (3) or missing file (4), a network that the chip cannot hold (1).
 */
export async function searchMapping(request: MappingRequest, hooks: MappingHooks): Promise<MappingResult> {
  const search = new Search(request, hooks);
  return search.run();
}

class Search {
  readonly #request: MappingRequest;
  readonly #hooks: MappingHooks;
  readonly #objective: MappingObjective;
  readonly #budget: number;
  readonly #input: RunInput;
  readonly #space: MappingSpace;
  readonly #seen = new Set<string>();
  readonly #trials: MappingTrial[] = [];
  #best = 0;
  #refused = 0;
  /** Of the chip as it is: what its steps alone do not take. */
  #unseen_s = 0;
  #limit = Number.POSITIVE_INFINITY;

  constructor(request: MappingRequest, hooks: MappingHooks) {
    const { objective = MAPPING_DEFAULTS.objective, budget = MAPPING_DEFAULTS.budget } = request;
    if (!MAPPING_OBJECTIVES.includes(objective))
      throw usageError(`objective: expected one of ${MAPPING_OBJECTIVES.join(', ')}, got ${objective}`);
    if (!Number.isInteger(budget) || budget < 1)
      throw usageError(`budget: expected a whole number of runs from 1, got ${budget}`);
    this.#request = request;
    this.#hooks = hooks;
    this.#objective = objective;
    this.#budget = budget;
    this.#input = this.#load([]);
    const { arch } = this.#input.arch;
    if (objective === 'throughput' && arch.schedule.images === 'one')
      throw usageError(
        'objective throughput: images of this chip do not overlap, and its throughput is 1 / latency: --set schedule.images=pipelined, or objective latency',
      );
    this.#space = mappingSpace(runSpecOf(this.#input));
  }

  async run(): Promise<MappingResult> {
    const { base, notes } = this.#space;
    const { area_m2 } = this.#request;
    const first = await this.#evaluate(base);
    this.#unseen_s = Math.max(0, first.latency_s - (this.#plan(base)?.time_s ?? 0));
    if (area_m2 !== undefined && first.area_m2 > area_m2)
      throw new TrexError(
        `area: the chip as it is takes ${formatQuantity(first.area_m2, 'm2')}, more than ${formatQuantity(area_m2, 'm2')}: more area, or a smaller chip (--set chip.tiles)`,
        EXIT.failed,
      );
    const isFree = area_m2 === undefined && this.#objective !== 'edap';
    if (!(area_m2 === undefined && this.#objective === 'edap')) this.#limit = area_m2 ?? first.area_m2;
    const own = [...notes];
    if (isFree && growsWith(this.#input.arch.arch))
      own.push('mapping.copies: the chip has no tiles left over, and no area was given for more');
    const fits = (choice: MappingChoice): boolean => this.#plan(choice) !== undefined;
    const all = this.#request.climb === true ? undefined : allChoices(this.#space, fits, this.#budget);
    if (all === undefined) await this.#climb();
    else for (const choice of all) await this.#tried(choice);
    return {
      arch: this.#input.arch.arch.name,
      model: this.#input.network.model.name,
      objective: this.#objective,
      area_m2: this.#limit === Number.POSITIVE_INFINITY ? null : this.#limit,
      trials: this.#trials,
      best: this.#best,
      exhaustive: all !== undefined,
      refused: this.#refused,
      notes: own,
    };
  }

  /** From the best so far to the first of its neighbours that is better, until none is. */
  async #climb(): Promise<void> {
    const even = evenCopies(runSpecOf(this.#input), this.#space);
    let at = this.#space.base;
    for (;;) {
      const next = neighbours(at, this.#space, even)
        .flatMap(choice => {
          const plan = this.#seen.has(this.#key(choice)) ? undefined : this.#plan(choice);
          return plan === undefined ? [] : [{ choice, score: this.#score(plan) }];
        })
        .sort((a, b) => a.score - b.score);
      let better: MappingChoice | undefined;
      for (const { choice } of next) {
        if (this.#trials.length >= this.#budget) return;
        if (!(await this.#tried(choice))) continue;
        better = choice;
        break;
      }
      if (better === undefined) return;
      at = better;
    }
  }

  /**
   * What a mapping looks like, less is better: what the steps leave out, the network above all, is as long as on the chip as it is.
   * Of EDAP half of the energy goes with area and time, which is assumed.
   */
  #score({ time_s, area_m2 }: PlannedMapping): number {
    const [first] = this.#trials;
    if (this.#objective !== 'edap') return time_s;
    const delay = (time_s + this.#unseen_s) / first.latency_s;
    const area = area_m2 / first.area_m2;
    return (0.5 + 0.5 * delay * area) * delay * area;
  }

  /** Undefined for a mapping that is refused. */
  #plan(choice: MappingChoice): ReturnType<typeof planned> {
    const plan = planned(runSpecOf(this.#input), choice, this.#space, this.#objective);
    if (plan !== undefined && plan.area_m2 <= this.#limit) return plan;
    const key = this.#key(choice);
    if (!this.#seen.has(key)) this.#refused++;
    this.#seen.add(key);
    return undefined;
  }

  /** Whether it is better than all before. */
  async #tried(choice: MappingChoice): Promise<boolean> {
    if (this.#seen.has(this.#key(choice))) return false;
    const before = this.#best;
    try {
      await this.#evaluate(choice);
    } catch (error) {
      if (!(error instanceof TrexError) || error.exitCode !== EXIT.failed) throw error;
      this.#refused++;
    }
    return this.#best !== before;
  }

  async #evaluate(choice: MappingChoice): Promise<MappingTrial> {
    this.#seen.add(this.#key(choice));
    const input = this.#load(this.#words(choice));
    const { pause } = this.#hooks;
    const output = await measureLoaded(input, pause === undefined ? {} : { pause: () => pause() });
    const trial = trialOf(this.#words(choice), output);
    this.#trials.push(trial);
    const value = (one: MappingTrial): number => mappingValue(this.#objective, one);
    const isBest = this.#trials.length === 1 || value(trial) < value(this.#trials[this.#best]);
    if (isBest) {
      this.#best = this.#trials.length - 1;
      this.#hooks.onBest?.(
        trial,
        configOf({ options: output.result.run, arch: input.arch, network: input.network }),
      );
    }
    await this.#hooks.onTrial?.(this.#trials.length, this.#budget);
    return trial;
  }

  #load(words: readonly string[]): RunInput {
    const { arch, model, tech = null, set = [], reuse, tokens, seed } = this.#request;
    const { images = this.#objective === 'throughput' ? MAPPING_DEFAULTS.throughputImages : 1 } =
      this.#request;
    return loadRun(
      {
        arch,
        model,
        tech,
        images,
        set: [...set, ...words],
        ...(reuse !== undefined && { reuse }),
        ...(tokens !== undefined && { tokens }),
        ...(seed !== undefined && { seed }),
      },
      this.#hooks.files,
    );
  }

  #words(choice: MappingChoice): string[] {
    const { base, groups } = this.#space;
    return wordsOf(choice, base, groups);
  }

  #key(choice: MappingChoice): string {
    return this.#words(choice).join(' ');
  }
}
