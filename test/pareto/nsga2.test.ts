/** The search finds the true front of problems that can be enumerated, and repeats itself by seed. */
import test from 'ava';
import fc from 'fast-check';
import {
  constrainedDominates,
  crowding,
  dominates,
  frontsBy,
  nonDominated,
} from '../../src/pareto/dominance.ts';
import { hypervolume } from '../../src/pareto/hypervolume.ts';
import { type BatchProblem, type Genome, nsga2, type Problem } from '../../src/pareto/nsga2.ts';

const vectors = fc.array(fc.tuple(fc.integer({ max: 9, min: 0 }), fc.integer({ max: 9, min: 0 })), {
  maxLength: 30,
});

/** Indices of the vectors that no other one dominates, in order. */
const paretoFront = (all: readonly (readonly number[])[]): number[] =>
  all.flatMap((a, i) => (all.some(b => dominates(b, a)) ? [] : [i]));

test('the first rank is the Pareto front, and every vector has one rank', t => {
  const law = fc.property(vectors, all => {
    const ranks = frontsBy(all, dominates);
    const flat = ranks.flat().sort((a, b) => a - b);
    if (flat.some((x, i) => x !== i) || flat.length !== all.length) return false;
    return JSON.stringify(ranks[0] ?? []) === JSON.stringify(paretoFront(all));
  });
  t.notThrows(() => fc.assert(law));
});

test('a vector of rank r + 1 is dominated by one of rank r, and by none of its own', t => {
  const law = fc.property(vectors, all => {
    const ranks = frontsBy(all, dominates);
    return ranks.every((front, r) =>
      front.every(
        i =>
          !front.some(j => dominates(all[j], all[i])) &&
          (r === 0 || ranks[r - 1].some(j => dominates(all[j], all[i]))),
      ),
    );
  });
  t.notThrows(() => fc.assert(law));
});

test('crowding is infinite at both ends, and the share of the range in between', t => {
  const all = [
    [0, 10],
    [1, 4],
    [4, 2],
    [10, 0],
  ];
  const distance = crowding(all, [0, 1, 2, 3]);
  t.deepEqual(
    [...distance.values()],
    [Number.POSITIVE_INFINITY, 0.4 + 0.8, 0.9 + 0.4, Number.POSITIVE_INFINITY],
  );
});

/** Choose items: cost against value lost, with weights that make the front irregular; 2^12 genomes. */
const costs = [3, 7, 1, 9, 4, 6, 2, 8, 5, 11, 13, 10];
const values = [4, 5, 2, 6, 9, 3, 1, 11, 8, 7, 12, 10];
const total = values.reduce((a, b) => a + b, 0);
const knapsack: Problem = {
  choices: costs.map(() => 2),
  repair: genome => genome,
  evaluate(genome) {
    const cost = genome.reduce((sum, gene, i) => sum + gene * costs[i], 0);
    const value = genome.reduce((sum, gene, i) => sum + gene * values[i], 0);
    return [cost, total - value];
  },
};

test('all points of an enumerated front are found', async t => {
  const all = Array.from({ length: 2 ** 12 }, (_, n) => costs.map((_, i) => (n >> i) & 1));
  const objectives = all.map(genome => knapsack.evaluate(genome) as readonly number[]);
  const truth = new Set(paretoFront(objectives).map(i => objectives[i].join(' ')));
  const { front, evaluated } = await nsga2(knapsack, { population: 60, generations: 60, seed: 1 });
  const found = front.filter(c => truth.has(c.objectives.join(' '))).length;
  t.true(found >= 0.9 * truth.size, `${found} of ${truth.size}`);
  t.true(evaluated.length < 2 ** 12 / 1.5);
});

test('the same seed gives the same candidates in the same order, another seed others', async t => {
  const run = async (seed: number) => {
    const { evaluated } = await nsga2(knapsack, { population: 20, generations: 5, seed });
    return evaluated.map(c => c.genome.join(''));
  };
  t.deepEqual(await run(3), await run(3));
  t.notDeepEqual(await run(3), await run(4));
});

test('a design given at the start is never better than the front', async t => {
  const start: Genome[] = [costs.map(() => 1), costs.map(() => 0), costs.map((_, i) => i % 2)];
  const { front } = await nsga2(knapsack, { population: 10, generations: 3, seed: 1, start });
  for (const genome of start) {
    const objectives = await knapsack.evaluate(genome);
    t.false(front.some(c => dominates(objectives, c.objectives)));
    t.true(
      front.some(
        c => !dominates(objectives, c.objectives) && c.objectives.every((x, i) => x <= objectives[i]),
      ),
    );
  }
});

test('equal genomes are evaluated once, repaired ones count as what they became', async t => {
  const seen: string[] = [];
  const problem: Problem = {
    choices: [4, 4],
    repair: ([a, b]) => [a, Math.min(a, b)],
    evaluate(genome) {
      seen.push(genome.join(' '));
      return [genome[0], 3 - genome[1]];
    },
  };
  const { front } = await nsga2(problem, { population: 12, generations: 8, seed: 1 });
  t.is(new Set(seen).size, seen.length);
  t.deepEqual(
    front.map(c => c.genome),
    [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  );
});

test('a candidate that cannot be built is on no front', async t => {
  const problem: Problem = {
    choices: [5],
    repair: genome => genome,
    evaluate: ([a]) => (a < 2 ? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] : [a, 5 - a]),
  };
  const { front } = await nsga2(problem, { population: 6, generations: 5, seed: 1 });
  t.deepEqual(
    front.map(c => c.genome[0]),
    [2, 3, 4],
  );
});

test('the points that none dominates are those of the first rank', t => {
  const law = fc.property(vectors, all => {
    return JSON.stringify(nonDominated(all)) === JSON.stringify(frontsBy(all, dominates)[0] ?? []);
  });
  t.notThrows(() => fc.assert(law));
});

test('the hypervolume is what the boxes of all points cover together', t => {
  const cells = fc.array(fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 5 }))), { maxLength: 8 });
  const law = fc.property(cells, points => {
    let covered = 0;
    for (let x = 0; x < 4; x++)
      for (let y = 0; y < 4; y++)
        for (let z = 0; z < 4; z++) if (points.some(p => p[0] <= x && p[1] <= y && p[2] <= z)) covered++;
    return hypervolume(points, [4, 4, 4]) === covered;
  });
  t.notThrows(() => fc.assert(law));
  // Hand: (0, 2) and (1, 1) below (3, 3) cover 3 and 4 of 9, and have 2 in common.
  t.is(
    hypervolume(
      [
        [0, 2],
        [1, 1],
      ],
      [3, 3],
    ),
    5,
  );
});

test('what is feasible is before what is not, then the smaller violation, then dominance', t => {
  const rated = (violation: number, ...objectives: number[]) => ({ objectives, violation });
  t.true(constrainedDominates(rated(0, 9, 9), rated(0.1, 1, 1)));
  t.true(constrainedDominates(rated(0.1, 9, 9), rated(0.2, 1, 1)));
  t.true(constrainedDominates(rated(0, 1, 2), rated(0, 2, 2)));
  t.false(constrainedDominates(rated(0.1, 1, 1), rated(0.1, 2, 2)));
  const never = Number.POSITIVE_INFINITY;
  t.false(constrainedDominates(rated(never, never), rated(never, never)));
});

test('with constraints the search finds the feasible front of random spaces that are enumerated', async t => {
  const cell = fc.tuple(
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: -6, max: 6 }),
  );
  const law = fc.asyncProperty(fc.array(cell, { minLength: 60, maxLength: 60 }), async cells => {
    const cellOf = ([a, b, c]: Genome) => cells[(a * 4 + b) * 3 + c];
    const batches: number[] = [];
    const problem: BatchProblem = {
      choices: [5, 4, 3],
      repair: genome => genome,
      async evaluateAll(genomes) {
        batches.push(genomes.length);
        return genomes.map(cellOf).map(([x, y, g]) => ({ objectives: [x, y], violation: Math.max(0, g) }));
      },
    };
    const { front, evaluated } = await nsga2(problem, { population: 30, generations: 20, seed: 1 });
    const feasible = cells.filter(([, , g]) => g <= 0).map(([x, y]) => [x, y]);
    const truth = new Set(paretoFront(feasible).map(i => feasible[i].join(' ')));
    const found = front.map(c => c.objectives.join(' '));
    return (
      batches.length === 21 &&
      evaluated.length <= 60 &&
      found.length === truth.size &&
      found.every(key => truth.has(key))
    );
  });
  await t.notThrowsAsync(fc.assert(law, { numRuns: 10, seed: 7 }));
});
