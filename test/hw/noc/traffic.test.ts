import test from 'ava';
import fc from 'fast-check';
import { EXIT, TrexError } from '../../../src/base/errors.ts';
import { BernoulliInjection } from '../../../src/hw/noc/injection.ts';
import { trafficPattern } from '../../../src/hw/noc/traffic.ts';

const never = (): number => {
  throw new Error('a permutation draws no random number');
};
const map = (name: string, rows: number, cols: number): number[] => {
  const pattern = trafficPattern(name, { rows, cols });
  return Array.from({ length: rows * cols }, (_, node) => pattern(node, never));
};

test('transpose on a square mesh sends row r, column c to row c, column r', t => {
  t.deepEqual(map('transpose', 4, 4), [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15]);
});

test('bitcomp sends node i to the node mirrored through the middle', t => {
  t.deepEqual(map('bitcomp', 2, 4), [7, 6, 5, 4, 3, 2, 1, 0]);
});

test('shuffle rotates the bits of the node number to the left', t => {
  t.deepEqual(map('shuffle', 2, 4), [0, 2, 4, 6, 1, 3, 5, 7]);
});

test('bitrev reverses the bits of the node number', t => {
  t.deepEqual(map('bitrev', 2, 4), [0, 4, 2, 6, 1, 5, 3, 7]);
  t.deepEqual(map('bitrev', 1, 1), [0]);
});

test('tornado goes ceil(k/2) - 1 nodes on in both dimensions, around the edge', t => {
  t.deepEqual(map('tornado', 4, 4), [5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12, 1, 2, 3, 0]);
  // BookSim 2 on an 8-ary 2-cube: 3 on in both, so 0 goes to 27 and 63 to 18.
  t.deepEqual([map('tornado', 8, 8)[0], map('tornado', 8, 8)[63]], [27, 18]);
  t.deepEqual(map('tornado', 1, 5), [2, 3, 4, 0, 1]);
  t.deepEqual(map('tornado', 3, 2), [2, 3, 4, 5, 0, 1]); // one down of three, none of two
  t.deepEqual(map('tornado', 3, 3), [4, 5, 3, 7, 8, 6, 1, 2, 0]);
});

test('randperm is a permutation of any number of nodes, another one for another seed', t => {
  const of = (seed: number): number[] => {
    const pattern = trafficPattern('randperm', { rows: 3, cols: 5, seed });
    return Array.from({ length: 15 }, (_, node) => pattern(node, never));
  };
  for (const seed of [1, 2, 3]) {
    t.deepEqual(
      of(seed).toSorted((a, b) => a - b),
      Array.from({ length: 15 }, (_, node) => node),
    );
  }
  t.deepEqual(of(1), of(1));
  t.notDeepEqual(of(1), of(2));
});

test('diagonal goes to the source for two packets of three, else to the next node', t => {
  const pattern = trafficPattern('diagonal', { rows: 3, cols: 3 });
  t.deepEqual(
    [0, 0.33, 0.34, 0.99].map(x => pattern(8, () => x)),
    [0, 0, 8, 8],
  );
});

test('asymmetric goes to the place in either half of the nodes, with equal shares', t => {
  const pattern = trafficPattern('asymmetric', { rows: 2, cols: 3 });
  t.deepEqual(
    [1, 4].flatMap(source => [0, 0.49, 0.5, 0.99].map(x => pattern(source, () => x))),
    [1, 1, 4, 4, 1, 1, 4, 4],
  );
});

test('neighbor goes one right and one down, around the edge', t => {
  t.deepEqual(map('neighbor', 2, 3), [4, 5, 3, 1, 2, 0]);
});

test('permutations reach every node once', t => {
  for (const name of ['transpose', 'bitcomp', 'shuffle', 'neighbor', 'bitrev', 'tornado', 'randperm']) {
    t.deepEqual(
      map(name, 8, 8).toSorted((a, b) => a - b),
      Array.from({ length: 64 }, (_, i) => i),
    );
  }
});

test('uniform covers all nodes and the source too', t => {
  const pattern = trafficPattern('uniform', { rows: 2, cols: 2 });
  t.deepEqual(
    [0, 0.25, 0.5, 0.99].map(x => pattern(0, () => x)),
    [0, 1, 2, 3],
  );
});

test('hotspot goes to the hot spots in equal shares', t => {
  const pattern = trafficPattern('hotspot', { rows: 4, cols: 4, hotspots: [5, 9] });
  t.deepEqual(
    [0, 0.49, 0.5, 0.99].map(x => pattern(3, () => x)),
    [5, 5, 9, 9],
  );
  t.is(trafficPattern('hotspot', { rows: 4, cols: 4 })(7, never), 0);
});

test('a pattern that does not fit the mesh, or is unknown, is a usage error', t => {
  const refused = (name: string, rows: number, cols: number, message: RegExp, hotspots?: number[]): void => {
    const error = t.throws(() => trafficPattern(name, { rows, cols, ...(hotspots && { hotspots }) }), {
      instanceOf: TrexError,
      message,
    });
    t.is(error?.exitCode, EXIT.usage);
  };
  refused('transpose', 2, 4, /4, 16, 64/);
  refused('transpose', 3, 3, /power of two/);
  refused('bitcomp', 3, 4, /power of two/);
  refused('shuffle', 5, 1, /power of two/);
  refused('bitrev', 3, 4, /bitrev traffic needs a power of two of nodes; the mesh has 12/);
  refused('asymmetric', 3, 3, /asymmetric traffic needs an even number of nodes; the mesh has 9/);
  refused('unifrom', 4, 4, /did you mean uniform/);
  refused('toString', 4, 4, /unknown traffic/);
  refused('hotspot', 2, 2, /hot spot 4/, [4]);
});

test('Bernoulli injection makes up for the cycles of a busy source, in order', t => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      (seed, rate) => {
        const eager = new BernoulliInjection(1, rate, 1, seed);
        const lazy = new BernoulliInjection(1, rate, 1, seed);
        const times = (injection: BernoulliInjection, every: number): number[] => {
          const created: number[] = [];
          for (let cycle = 0; cycle < 400; cycle += every) {
            for (let at = injection.create(0, cycle); at >= 0; at = injection.create(0, cycle))
              created.push(at);
          }
          return created.filter(at => at <= 390);
        };
        t.deepEqual(times(lazy, 10), times(eager, 1));
      },
    ),
    { numRuns: 30 },
  );
});

test('packets of P flits start with probability rate / P', t => {
  const injection = new BernoulliInjection(1, 0.5, 4, 3);
  let packets = 0;
  for (let cycle = 0; cycle < 40_000; cycle++) if (injection.create(0, cycle) >= 0) packets++;
  // Mean 5000, standard deviation 66.
  t.true(Math.abs(packets - 5000) < 300, `${packets}`);
  t.true(injection.caughtUp(40_000));
  t.false(injection.caughtUp(40_001));
});
