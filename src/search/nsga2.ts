/** NSGA-II over vectors of choices (Deb et al., IEEE TEVC 6(2), 2002): elitist, with non-dominated sorting and crowding distance. */
import { type RandomStream, uniformStream } from '../base/random.ts';
import { crowding, fronts } from './dominance.ts';

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

/** A genome with its objectives. */
export interface Candidate {
  readonly genome: Genome;
  readonly objectives: readonly number[];
}

/** What NSGA-II found. */
export interface Nsga2Result {
  /** Candidates that none of all evaluated ones dominates, by the first objective; equal objectives come once. */
  readonly front: readonly Candidate[];
  /** Every candidate that was evaluated, in the order of evaluation. */
  readonly evaluated: readonly Candidate[];
}

/** Searches the front. The result depends on the problem and the seed alone. */
export async function nsga2(problem: Problem, options: Nsga2Options): Promise<Nsga2Result> {
  const random = uniformStream(options.seed, 'nsga2');
  const archive = new Map<string, Candidate>();
  const candidate = async (raw: Genome): Promise<Candidate> => {
    const genome = problem.repair(raw);
    const key = genome.join(' ');
    const known = archive.get(key);
    if (known !== undefined) return known;
    const fresh = { genome, objectives: await problem.evaluate(genome) };
    archive.set(key, fresh);
    return fresh;
  };
  const { population: size, generations, start = [] } = options;
  let population: Candidate[] = [];
  for (const genome of start) population.push(await candidate(genome));
  while (population.length < size) population.push(await candidate(anyGenome(problem, random)));
  for (let generation = 1; generation <= generations; generation++) {
    const parents = ranked(population);
    const children: Candidate[] = [];
    while (children.length < size) {
      const child = crossed(tournament(parents, random).genome, tournament(parents, random).genome, random);
      children.push(await candidate(mutated(child, problem, random)));
    }
    population = survivors([...population, ...children], size);
    if (await options.onGeneration?.(generation, archive.size)) break;
  }
  const evaluated = [...archive.values()];
  return { front: frontOf(evaluated), evaluated };
}

/** The candidates that no other one dominates, by the first objective; of equal objectives the first one. */
function frontOf(all: readonly Candidate[]): Candidate[] {
  const finite = all.filter(c => c.objectives.every(Number.isFinite));
  const [best = []] = fronts(finite.map(c => c.objectives));
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
  return fronts(objectives).flatMap((front, rank) => {
    const distance = crowding(objectives, front);
    return front.map(i => ({ candidate: population[i], rank, distance: distance.get(i) as number }));
  });
}

/** The best `size` of distinct candidates: by rank, then by distance from their neighbours. */
function survivors(all: readonly Candidate[], size: number): Candidate[] {
  const distinct = [...new Map(all.map(c => [c.genome.join(' '), c])).values()];
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

const anyGenome = ({ choices }: Problem, random: RandomStream): Genome =>
  choices.map(n => Math.floor(random() * n));

/** Uniform crossover. */
const crossed = (a: Genome, b: Genome, random: RandomStream): Genome =>
  a.map((gene, i) => (random() < 0.5 ? gene : b[i]));

/** Each gene is drawn anew with probability 1 / genes. */
const mutated = (genome: Genome, { choices }: Problem, random: RandomStream): Genome =>
  genome.map((gene, i) => (random() < 1 / genome.length ? Math.floor(random() * choices[i]) : gene));
