import test from 'ava';
import { Controller } from '../../src/hw/controller.ts';
import { type Step, type StepDep, slotOf, stepOf } from '../../src/hw/program.ts';
import { Phase, type Tick } from '../../src/sim/tick.ts';
import { Bench, stepOfKind } from '../helpers/blocks.ts';

const step = (index: number, jobs: number, after: readonly StepDep[] = []): Step =>
  stepOfKind(index, 'vector', { jobs, after });

/** A controller over units without contention: job j of step s takes `time(s, j)`; `started` and `ended` list [step, job, tick]. */
function scene(
  steps: readonly Step[],
  windows: readonly number[],
  time: (step: number, job: number) => Tick,
) {
  const { kernel, root } = new Bench();
  const started: [number, number, Tick][] = [];
  const ended: [number, number, Tick][] = [];
  const job: number[] = [];
  const complete = kernel.handler(slot => controller.complete(slot));
  const controller: Controller = new Controller(root, 'controller', steps, windows, slot => {
    kernel.after(time(stepOf(slot), job[slot]), Phase.Compute, complete, slot);
  });
  controller.onJobStart.attach((slot, j) => {
    job[slot] = j;
    started.push([stepOf(slot), j, kernel.now]);
  });
  controller.onJobEnd.attach((slot, j) => {
    ended.push([stepOf(slot), j, kernel.now]);
  });
  return { kernel, controller, started, ended };
}

test('no more jobs of a step are in flight than its window admits', t => {
  const { kernel, controller, started } = scene([step(0, 5)], [2], () => 10);
  controller.begin();
  kernel.run();
  t.deepEqual(
    started.map(([, , at]) => at),
    [0, 0, 10, 10, 20],
  );
});

test('with a tile dependency a job starts when the tile that it waits for has ended, not before', t => {
  // Tiles of two; job j of step 1 waits for the tile behind its own, which the last one does not have.
  const steps = [step(0, 5), step(1, 5, [{ step: 0, mode: { rows: 2, lead: 1 } }])];
  const { kernel, controller, started } = scene(steps, [1, 8], s => (s === 0 ? 10 : 1));
  controller.begin();
  kernel.run(39);
  t.deepEqual(
    started.filter(([s]) => s === 1),
    [],
  );
  kernel.run();
  t.deepEqual(
    started.filter(([s]) => s === 1),
    [
      [1, 0, 40],
      [1, 1, 40],
      [1, 2, 50],
      [1, 3, 50],
      [1, 4, 50],
    ],
  );
});

test('two steps may wait for each other, tile by tile', t => {
  const ahead = { step: 1, mode: { rows: 2, lead: -1 } };
  const steps = [step(0, 4, [ahead]), step(1, 4, [{ step: 0, mode: { rows: 2, lead: 0 } }])];
  const { kernel, controller, ended } = scene(steps, [1, 1], () => 10);
  controller.begin();
  kernel.run();
  t.deepEqual(
    ended.map(([s, job]) => `${s}.${job}`),
    ['0.0', '0.1', '1.0', '1.1', '0.2', '0.3', '1.2', '1.3'],
  );
  t.is(kernel.now, 80);
});

test('with a row dependency job j starts exactly when job j of the other step ended', t => {
  const steps = [step(0, 3), step(1, 3, [{ step: 0, mode: 'row' }])];
  const { kernel, controller, started } = scene(steps, [1, 4], s => (s === 0 ? 10 : 25));
  controller.begin();
  kernel.run(9);
  t.deepEqual(started, [[0, 0, 0]]);
  kernel.run();
  t.deepEqual(
    started.filter(([s]) => s === 1),
    [
      [1, 0, 10],
      [1, 1, 20],
      [1, 2, 30],
    ],
  );
});

test('with a dependency on all jobs the first starts exactly when the last of the other step ended', t => {
  const steps = [step(0, 3), step(1, 2, [{ step: 0, mode: 'all' }])];
  const { kernel, controller, started } = scene(steps, [1, 4], () => 10);
  controller.begin();
  kernel.run(29);
  t.false(started.some(([s]) => s === 1));
  kernel.run();
  t.deepEqual(
    started.filter(([s]) => s === 1),
    [
      [1, 0, 30],
      [1, 1, 30],
    ],
  );
});

test('a step that waits for two others starts with the later one', t => {
  const steps = [
    step(0, 1),
    step(1, 1),
    step(2, 1, [
      { step: 0, mode: 'row' },
      { step: 1, mode: 'all' },
    ]),
  ];
  const { kernel, controller, started } = scene(steps, [1, 1, 1], s => [10, 35, 1][s]);
  controller.begin();
  kernel.run();
  t.deepEqual(started.at(-1), [2, 0, 35]);
});

test('jobs that complete out of order are seen in order', t => {
  const steps = [step(0, 3), step(1, 3, [{ step: 0, mode: 'row' }])];
  // Jobs 1 and 2 are done at 5, job 0 at 30.
  const { kernel, controller, started, ended } = scene(steps, [3, 3], (s, j) =>
    s === 0 && j === 0 ? 30 : 5,
  );
  controller.begin();
  kernel.run(29);
  t.deepEqual(ended, []);
  t.is(started.length, 3);
  kernel.run();
  t.deepEqual(ended.slice(0, 3), [
    [0, 0, 30],
    [0, 1, 30],
    [0, 2, 30],
  ]);
  t.deepEqual(
    started.slice(3).map(([, , at]) => at),
    [30, 30, 30],
  );
});

test('a window counts from the oldest job that is not done', t => {
  // Job 0 takes 30: jobs 2 and 3 wait for it although job 1 is done at 5.
  const { kernel, controller, started } = scene([step(0, 4)], [2], (_, j) => (j === 0 ? 30 : 5));
  controller.begin();
  kernel.run();
  t.deepEqual(
    started.map(([, , at]) => at),
    [0, 0, 30, 30],
  );
});

test('more jobs than slots reuse the slots', t => {
  const { kernel, controller, ended } = scene([step(0, 1000)], [64], (_, j) => 1 + ((j * 7919) % 13));
  controller.begin();
  kernel.run();
  t.deepEqual(
    ended.map(([, j]) => j),
    Array.from({ length: 1000 }, (_, j) => j),
  );
  t.is(slotOf(3, 64), slotOf(3, 0));
});

test('the controller knows when each step ran and which steps are open', t => {
  const steps = [step(0, 3), step(1, 2, [{ step: 0, mode: 'all' }])];
  const { kernel, controller } = scene(steps, [1, 1], () => 10);
  controller.begin();
  t.is(controller.open, 2);
  kernel.run(30);
  t.is(controller.open, 1);
  t.throws(() => controller.begin(), { instanceOf: RangeError });
  kernel.run();
  t.is(controller.open, 0);
  t.deepEqual(controller.times, [
    { start: 0, end: 30 },
    { start: 30, end: 50 },
  ]);
});

test('a second image runs as the first did', t => {
  const steps = [step(0, 3), step(1, 3, [{ step: 0, mode: 'row' }])];
  const { kernel, controller, started } = scene(steps, [2, 1], s => [10, 7][s]);
  controller.begin();
  const end = kernel.run();
  const first = [...started];
  started.length = 0;
  controller.begin();
  kernel.run();
  t.deepEqual(
    started.map(([s, j, at]) => [s, j, at - end]),
    first,
  );
});

test('images overlap: a step takes the next one when its jobs of this one are out, and is at most one ahead of its taker', t => {
  const steps = [step(0, 1), step(1, 1, [{ step: 0, mode: 'all' }])];
  const { kernel, controller, started } = scene(steps, [1, 1], s => [10, 25][s]);
  for (let image = 0; image < 4; image++) controller.admit();
  kernel.run();
  const starts = (of: number): Tick[] => started.filter(([s]) => s === of).map(([, , at]) => at);
  // The slower step is always at work; image 2 begins when it has done image 0, not before.
  t.deepEqual(starts(1), [10, 35, 60, 85]);
  t.deepEqual(starts(0), [0, 10, 35, 60]);
});

test('a matrix is written for the next image when the one before has been read, not before', t => {
  const steps = [
    stepOfKind(0, 'write', { jobs: 1, after: [], layer: 'k' }),
    stepOfKind(1, 'read', { jobs: 3, after: [{ step: 0, mode: 'all' }], layer: 'k' }),
  ];
  const { kernel, controller, started } = scene(steps, [2, 1], s => [5, 10][s]);
  controller.admit();
  controller.admit();
  kernel.run();
  t.deepEqual(
    started.map(([s, j, at]) => `${s}.${j}@${at}`),
    ['0.0@0', '1.0@5', '1.1@15', '1.2@25', '0.0@35', '1.0@40', '1.1@50', '1.2@60'],
  );
});

test('a chip that is stuck says what waits for what', t => {
  const steps = [step(0, 2), step(1, 2, [{ step: 0, mode: 'all' }])];
  const { kernel, controller } = scene(steps, [1, 1], () => 10);
  t.is(controller.waiting, undefined);
  controller.admit();
  kernel.run(10);
  t.regex(controller.waiting ?? '', /^image 1: \S+ \(1 of 2 jobs done, 1 under way\)$/);
});
