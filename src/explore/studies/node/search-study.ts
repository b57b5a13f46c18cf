/**
 * A search over the points of a study: they are chosen by its method and evaluated as those of a sweep are, into the same rows
 * under the same ids. The choice depends on the study and its seed alone, so that a search that was stopped goes the same way
 * again and finds its rows done.
 */

import { TrexError } from '../../../base/errors.ts';
import { streamKey } from '../../../base/random.ts';
import { openedLine } from '../../../base/sealed.ts';
import { turn } from '../../../base/turn.ts';
import type { Rated } from '../../../pareto/dominance.ts';
import { type Genome, nsga2 } from '../../../pareto/nsga2.ts';
import { nodeFiles } from '../../../run/node/files.ts';
import { blocksOf, jobOf } from '../blocks-of.ts';
import { noPoint } from '../check-study.ts';
import type { Row } from '../job.ts';
import { FileLookup } from '../point-files.ts';
import type { Point } from '../points.ts';
import { mixedRadix } from '../radix.ts';
import {
  type Box,
  boxOf,
  type Figures,
  feasibleFront,
  figuresOf,
  type Progress,
  progressAfter,
  ratedBy,
} from '../rated.ts';
import { shuffled } from '../sampling.ts';
import { budgetOf, type SearchSpec } from '../search-spec.ts';
import type { Study } from '../study.ts';
import type { Values } from '../value.ts';
import type { Engine } from './engine.ts';
import { diskHashing } from './hashing.ts';
import { openResults, type Results } from './results-file.ts';
import { recordOf } from './study-record.ts';
import type { SweepOptions, SweepOutcome } from './sweep.ts';

/** A design that no other feasible one dominates. */
export interface FrontPoint {
  /** Of its rows, one a seed. */
  readonly ids: readonly string[];
  readonly values: Values;
  /** Means over the seeds, in the order of the objectives. */
  readonly objectives: readonly number[];
}

/** What a search has found. */
export interface SearchOutcome extends SweepOutcome {
  readonly front: readonly FrontPoint[];
  /** After the beginning and after each generation. */
  readonly progress: readonly Progress[];
  /** Between which the hypervolume is taken, as the figures are written; undefined without a feasible design. */
  readonly box: Box | undefined;
}

/** A study that has a search. */
export type SearchedStudy = Study & { readonly search: SearchSpec };

/**
 * Looks at the points of a study that its search chooses. Points that cannot be are no error: they are never on the front.
 * @example
 * const study = loadStudy(nodeFiles, 'crossbar-front.study.yaml') as SearchedStudy;
 * const { front, progress } = await searchStudy(study, { dir: 'front1', engine: () => poolEngine(2) });
 * @throws TrexError as `sweep` does
 */
export async function searchStudy(
  study: SearchedStudy,
  options: Omit<SweepOptions, 'shard'>,
): Promise<SearchOutcome> {
  const { dir, rerun = false, retryFailed = false, onDamage = () => {} } = options;
  const { search } = study;
  const hashing = diskHashing();
  const lookup = new FileLookup(study, nodeFiles, hashing);
  const jobs = { lookup, hash: hashing.hash };
  const known = new Map<string, Figures>();
  const strange: string[] = [];
  const results = await openResults(dir, {
    rerun,
    retryFailed,
    onDamage,
    onKnown: row => {
      known.set(row.id, figuresOf(search, row));
      const isOwn =
        Object.keys(row.point).every(path => study.varied.includes(path)) &&
        jobOf(study, { values: row.point, seed: row.seed }, jobs).id === row.id;
      if (!isOwn) strange.push(row.id);
    },
  });
  const evaluator = new Evaluator(study, { jobs, results, known, options });
  try {
    if (strange.length > 0)
      throw new TrexError(
        `${dir}: ${strange.length} of its ${results.size} rows are of no point of ${study.file.name} as it and its files are now: take another folder, or --rerun to begin anew`,
      );
    const before = [...known.keys()];
    results.describe(recordOf(study, lookup, results.size, undefined));
    options.onBegin?.(0, evaluator.total);
    await explore(study, genomes => evaluator.evaluate(genomes));
    const { designs, ends, evaluated, firstError } = evaluator;
    if (designs.length === 0) throw noPoint(study.file.name);
    const own = new Set(designs.flatMap(design => design.ids));
    // What an earlier search of other options has found stays, behind what this one has.
    await results.finish([...own, ...before.filter(id => !own.has(id))]);
    results.describe(recordOf(study, lookup, results.size, undefined));
    const rated = designs.map(design => design.rated);
    return {
      points: own.size,
      evaluated,
      failed: [...own].filter(id => results.hasFailed(id)).length,
      firstError,
      front: feasibleFront(rated).map(i => ({
        ids: designs[i].ids,
        values: designs[i].values,
        objectives: asWritten(search, rated[i].objectives),
      })),
      progress: progressAfter(rated, search.method.method === 'nsga2' ? ends : steps(rated.length)),
      box: written(search, boxOf(rated)),
    };
  } finally {
    await evaluator.close();
    results.close();
  }
}

/** Where designs come at once, the curve has so many points. */
const STEPS = 20;
const steps = (designs: number): number[] => {
  const count = Math.min(STEPS, designs);
  return Array.from({ length: count }, (_, i) => Math.ceil(((i + 1) * designs) / count));
};

/** A large figure was a small one with the other sign. */
const asWritten = ({ objectives }: SearchSpec, values: readonly number[]): number[] =>
  values.map((value, i) => (objectives[i].sense === 'max' ? -value : value));

const written = (search: SearchSpec, box: Box | undefined): Box | undefined =>
  box && { best: asWritten(search, box.best), worst: asWritten(search, box.worst) };

/** Designs that are passed over between two looks at signals. */
const CALM_DESIGNS = 2048;

/** Hands over designs, a generation at a time. */
async function explore(
  { search: { method }, points: { designs } }: SearchedStudy,
  evaluateAll: (genomes: readonly Genome[]) => Promise<readonly Rated[]>,
): Promise<void> {
  const { choices } = designs;
  if (method.method === 'nsga2') {
    const { population, generations, seed } = method;
    const problem = { choices, repair: (genome: Genome) => designs.repaired(genome), evaluateAll };
    await nsga2(problem, { population, generations, seed });
    return;
  }
  const radix = mixedRadix(choices);
  const all: Genome[] = [];
  const order =
    method.method === 'grid'
      ? (i: number) => i
      : shuffled(streamKey(method.seed, 'study search'), radix.size);
  const most = method.method === 'grid' ? radix.size : method.points;
  for (let i = 0; i < radix.size && all.length < most; i++) {
    if (i % CALM_DESIGNS === 0) await turn();
    const genome = radix.digits(order(i));
    if (designs.points(genome).length > 0) all.push(genome);
  }
  await evaluateAll(all);
}

interface Design {
  readonly ids: readonly string[];
  readonly values: Values;
  readonly rated: Rated;
}

interface EvaluatorSpec {
  readonly jobs: Parameters<typeof jobOf>[2];
  readonly results: Results;
  /** Of the rows that are there. */
  readonly known: Map<string, Figures>;
  readonly options: Omit<SweepOptions, 'shard'>;
}

/** Evaluates designs that have no row yet, and remembers the order in which they came. */
class Evaluator {
  readonly #study: SearchedStudy;
  readonly #spec: EvaluatorSpec;
  #engine: Engine | undefined;
  readonly designs: Design[] = [];
  /** Designs after each generation. */
  readonly ends: number[] = [];
  /** Points at most. */
  readonly total: number;
  evaluated = 0;
  firstError: string | undefined;

  constructor(study: SearchedStudy, spec: EvaluatorSpec) {
    this.#study = study;
    this.#spec = spec;
    const { size, seeds } = study.points.designs;
    this.total = budgetOf(study.search, size) * seeds;
  }

  async evaluate(genomes: readonly Genome[]): Promise<Rated[]> {
    const { jobs, results, known } = this.#spec;
    const { search, points } = this.#study;
    const designs = genomes.map(genome => {
      const own = points.designs.points(genome);
      return { own, ids: own.map(point => jobOf(this.#study, point, jobs).id) };
    });
    const missing = designs.flatMap(({ own, ids }) => own.filter((_, i) => !results.has(ids[i])));
    if (missing.length > 0) await this.#run(missing);
    const rated = designs.map(({ own, ids }): Rated => {
      const rated = ratedBy(
        search,
        ids.map(id => known.get(id)!),
      );
      if (own.length > 0) this.designs.push({ ids, values: own[0].values, rated });
      return rated;
    });
    this.ends.push(this.designs.length);
    return rated;
  }

  async #run(points: readonly Point[]): Promise<void> {
    const { jobs, results, known, options } = this.#spec;
    const { search } = this.#study;
    this.#engine ??= await options.engine(points.length);
    await this.#engine.run(blocksOf(this.#study, { ...jobs, points, isDone: id => results.has(id) }), {
      onRows: rows => {
        results.append(rows);
        for (const { id, line, error } of rows) {
          known.set(id, figuresOf(search, rowOf(line)));
          this.firstError ??= error;
        }
        this.evaluated += rows.length;
        options.onRows?.(rows);
      },
      pause: () => options.pause?.(Math.min(this.total, known.size), this.total) ?? Promise.resolve(),
    });
  }

  async close(): Promise<void> {
    await this.#engine?.close();
  }
}

/** Of a line that was sealed here or came over a connection that checks it. */
function rowOf(line: string): Row {
  const opened = openedLine(Buffer.from(line.trimEnd()));
  if ('wrong' in opened) throw new TrexError(`a row ${opened.wrong}`);
  return opened.content as unknown as Row;
}
