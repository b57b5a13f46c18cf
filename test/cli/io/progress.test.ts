import test from 'ava';
import { progress } from '../../../src/cli/io/progress.ts';

/** A stream that keeps what it was given, and a clock that stands until it is set. */
function terminal(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  return { written, clock, options: { stream, now: () => clock.ms } };
}

test('nothing is drawn before one second, then at once', t => {
  const { written, clock, options } = terminal(true);
  const bar = progress('run', options);
  bar.update(0, 1000);
  clock.ms = 999;
  bar.update(99, 1000);
  t.deepEqual(written, []);
  clock.ms = 1000;
  bar.update(100, 1000);
  t.deepEqual(written, ['\rrun: 100 of 1000 jobs (10 %), 100 jobs/s, ETA 9 s']);
});

test('a terminal is drawn at most ten times a second', t => {
  const { written, clock, options } = terminal(true);
  const bar = progress('run', options);
  for (clock.ms = 0; clock.ms <= 2000; clock.ms++) bar.update(clock.ms, 4000);
  t.is(written.length, 11);
});

test('a shorter line covers the longer one before it, and done() leaves nothing', t => {
  const { written, clock, options } = terminal(true);
  const bar = progress('run', options);
  bar.update(0, 99000);
  clock.ms = 1000;
  bar.update(100, 99000);
  clock.ms = 10000;
  bar.update(1000, 1000);
  t.is(written[0], '\rrun: 100 of 99000 jobs (0 %), 100 jobs/s, ETA 17 min');
  t.is(written[1].trimEnd(), '\rrun: 1000 of 1000 jobs (100 %), 100 jobs/s, ETA 0 s');
  t.is(written[1].length, written[0].length);
  bar.done();
  t.is(written[2].trim(), '');
  t.true(written[2].startsWith('\r') && written[2].endsWith('\r'));
  bar.done();
  bar.update(1, 2);
  t.is(written.length, 3);
});

test('elsewhere there is a plain line every five seconds', t => {
  const { written, clock, options } = terminal(false);
  const bar = progress('run', options);
  for (clock.ms = 0; clock.ms < 15000; clock.ms += 100) bar.update(clock.ms / 100, 1000);
  bar.done();
  t.deepEqual(written, [
    'run: 50 of 1000 jobs (5 %), 10.0 jobs/s, ETA 95 s\n',
    'run: 100 of 1000 jobs (10 %), 10.0 jobs/s, ETA 90 s\n',
  ]);
});

test('rate and ETA count from the first update, not from points done before', t => {
  const { written, clock, options } = terminal(true);
  const bar = progress('sweep', { ...options, unit: 'points' });
  clock.ms = 2000;
  bar.update(500, 1000);
  clock.ms = 3000;
  bar.update(501, 1000);
  t.is(written[0], '\rsweep: 500 of 1000 points (50 %)');
  t.is(written[1].trimEnd(), '\rsweep: 501 of 1000 points (50 %), 1.00 points/s, ETA 9 min');
});

test('a line is never as wide as the terminal', t => {
  const { written, clock, options } = terminal(true, 20);
  const bar = progress('run', options);
  clock.ms = 1000;
  bar.update(100, 1000);
  t.is(written[0], '\rrun: 100 of 1000 jo');
});

test('quiet is silent', t => {
  const { written, clock, options } = terminal(true);
  const bar = progress('run', { ...options, quiet: true });
  clock.ms = 60000;
  bar.update(1, 2);
  bar.done();
  t.deepEqual(written, []);
});
