/** NSGA-II over vectors of choices (Deb et al., IEEE TEVC 6(2), 2002): elitist, with non-dominated sorting and crowding distance. */
import { type RandomStream, uniformStream } from '../base/random.ts';
import { constrainedDominates, crowding, frontsBy, nonDominated, type Rated } from './dominance.ts';

/** One choice per gene: gene i is an integer in 0 .. choices[i] - 1. */
export type Genome = readonly number[];

/** Genomes of whole numbers: gene i is in 0 .. choices[i] - 1. */
export interface Problem {
  readonly choices: readonly number[];
  /** Turns any genome into one that makes sense; the identity where all do. */
  repair(genome: Genome): Genome;
  /** Objectives, each to be small; Infinity for a candidate that cannot be built. Equal genomes are evaluated once. */
  evaluate(genome: Genome): Promise<readonly number[]> | readonly number[];
}

/** A problem whose candidates are evaluated a generation at a time, and whose constraints Deb's rule keeps. */
export interface BatchProblem extends Omit<Problem, 'evaluate'> {
  /** One for each genome, each of which comes once in a search; called once for the beginning and once a generation. */
  evaluateAll(genomes: readonly Genome[]): Promise<readonly Rated[]>;
}

/** How long, how wide and from where NSGA-II searches. */
export interface Nsga2Options {
  readonly population: number;
  readonly generations: number;
  readonly seed: string | number;
  /** Candidates that must be among the first: uniform patterns, known designs. */
  readonly start?: readonly Genome[];
  /** Called after each generation; true stops the search there. */
  onGeneration?(generation: number, evaluated: number): Promise<boolean> | boolean;
}

/** A genome with its objectives, and by how much it violates constraints: 0 where there are none. */
export interface Candidate extends Rated {
  readonly genome: Genome;
}

/** What NSGA-II found. */
export interface Nsga2Result {
  /** Feasible candidates that none of all evaluated ones dominates, by the first objective; equal objectives come once. */
  readonly front: readonly Candidate[];
  /** Every candidate that was evaluated, in the order of evaluation. */
  readonly evaluated: readonly Candidate[];
}

/** Searches the front. The result depends on the problem and the seed alone. */
export async function nsga2(problem: Problem | BatchProblem, options: Nsga2Options): Promise<Nsga2Result> {
  const random = uniformStream(options.seed, 'nsga2');
  const archive = new Map<string, Candidate>();
  const evaluateAll = 'evaluateAll' in problem ? problem.evaluateAll.bind(problem) : oneByOne(problem);
  const candidates = async (raw: readonly Genome[]): Promise<Candidate[]> => {
    const genomes = raw.map(genome => problem.repair(genome));
    const fresh = new Map(genomes.map(genome => [keyOf(genome), genome]));
    for (const key of fresh.keys()) if (archive.has(key)) fresh.delete(key);
    const rated = await evaluateAll([...fresh.values()]);
    let i = 0;
    for (const [key, genome] of fresh) {
      const { objectives, violation } = rated[i++];
      archive.set(key, { genome, objectives, violation });
    }
    return genomes.map(genome => archive.get(keyOf(genome))!);
  };
  const { population: size, generations, start = [] } = options;
  const first: Genome[] = [...start];
  while (first.length < size) first.push(anyGenome(problem, random));
  let population = await candidates(first);
  for (let generation = 1; generation <= generations; generation++) {
    const parents = ranked(population);
    const children: Genome[] = [];
    while (children.length < size) {
      const child = crossed(tournament(parents, random).genome, tournament(parents, random).genome, random);
      children.push(mutated(child, problem, random));
    }
    population = survivors([...population, ...(await candidates(children))], size);
    if (await options.onGeneration?.(generation, archive.size)) break;
  }
  const evaluated = [...archive.values()];
  return { front: frontOf(evaluated), evaluated };
}

const keyOf = (genome: Genome): string => genome.join(' ');

const oneByOne =
  (problem: Problem): BatchProblem['evaluateAll'] =>
  async genomes => {
    const rated: Rated[] = [];
    for (const genome of genomes) rated.push({ objectives: await problem.evaluate(genome), violation: 0 });
    return rated;
  };

/** The candidates that no other one dominates, by the first objective; of equal objectives the first one. */
function frontOf(all: readonly Candidate[]): Candidate[] {
  const finite = all.filter(c => c.violation === 0 && c.objectives.every(Number.isFinite));
  const best = nonDominated(finite.map(c => c.objectives));
  const seen = new Set<string>();
  return best
    .map(i => finite[i])
    .filter(c => {
      const key = c.objectives.join(' ');
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => a.objectives[0] - b.objectives[0]);
}

interface Ranked {
  readonly candidate: Candidate;
  readonly rank: number;
  readonly distance: number;
}

function ranked(population: readonly Candidate[]): Ranked[] {
  const objectives = population.map(c => c.objectives);
  return frontsBy(population, constrainedDominates).flatMap((front, rank) => {
    const distance = crowding(objectives, front);
    return front.map(i => ({ candidate: population[i], rank, distance: distance.get(i) as number }));
  });
}

/** The best `size` of distinct candidates: by rank, then by distance from their neighbours. */
function survivors(all: readonly Candidate[], size: number): Candidate[] {
  const distinct = [...new Map(all.map(c => [keyOf(c.genome), c])).values()];
  return ranked(distinct)
    .sort((a, b) => a.rank - b.rank || b.distance - a.distance)
    .slice(0, size)
    .map(r => r.candidate);
}

function tournament(population: readonly Ranked[], random: RandomStream): Candidate {
  const pick = (): Ranked => population[Math.floor(random() * population.length)];
  const [a, b] = [pick(), pick()];
  return (a.rank - b.rank || b.distance - a.distance) <= 0 ? a.candidate : b.candidate;
}

const anyGenome = ({ choices }: Pick<Problem, 'choices'>, random: RandomStream): Genome =>
  choices.map(n => Math.floor(random() * n));

/** Uniform crossover. */
const crossed = (a: Genome, b: Genome, random: RandomStream): Genome =>
  a.map((gene, i) => (random() < 0.5 ? gene : b[i]));

/** Each gene is drawn anew with probability 1 / genes. */
const mutated = (genome: Genome, { choices }: Pick<Problem, 'choices'>, random: RandomStream): Genome =>
  genome.map((gene, i) => (random() < 1 / genome.length ? Math.floor(random() * choices[i]) : gene));
