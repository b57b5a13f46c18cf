/** Searches over studies: constraints are read strictly, the front is that of all points, and a search that was stopped goes the same way again. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { parseConstraint, violationOf } from '../../../../src/explore/studies/constraint.ts';
import { figureAt, figureProblem } from '../../../../src/explore/studies/figure-paths.ts';
import { frontText } from '../../../../src/explore/studies/front-text.ts';
import { writeFront } from '../../../../src/explore/studies/node/front-files.ts';
import { inlineEngine } from '../../../../src/explore/studies/node/inline-engine.ts';
import { type SearchedStudy, searchStudy } from '../../../../src/explore/studies/node/search-study.ts';
import type { SweepOptions } from '../../../../src/explore/studies/node/sweep.ts';
import { feasibleFront, figuresOf, progressAfter, ratedBy } from '../../../../src/explore/studies/rated.ts';
import { parseStudy } from '../../../../src/explore/studies/study.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-search-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const SPACE = `metrics: [xbar]
iso: { xbar.cols: 32 }
vary:
  - tech: [fefet-32nm, sram-32nm]
    xbar.rows: [32, 64, 128, 256]
    xbar.mux: [1, 2, 4, 8]
  - when: { tech: fefet-32nm }
    xbar.adc: [4, 5, 6]
when: { xbar.rows: { not: 64 } }
search:
  objectives: [xbar.read.energy_J, max:xbar.topsPerMm2]
  constraints: ["xbar.area_m2 <= 0.02 mm2", xbar.read.time_s <= 60 ns]
`;
const studyOf = (text: string): SearchedStudy => {
  const ref = { kind: 'arch', name: 'space.study.yaml', path: 'space.study.yaml' } as const;
  return parseStudy(ref, text, 'feed').study as SearchedStudy;
};
const NSGA2 = `${SPACE}  method: nsga2\n  population: 12\n  generations: 6\n`;
const run = (dir: string, text: string, more: Partial<SweepOptions> = {}) =>
  searchStudy(studyOf(text), { dir: join(folder, dir), engine: inlineEngine, ...more });
const rowsOf = (dir: string): string => readFileSync(join(folder, dir, 'results.ndjson'), 'utf8');

test('a constraint is a path, <= or >=, and a number in the unit of the path', t => {
  t.deepEqual(parseConstraint('area_m2 <= 800 mm2'), {
    text: 'area_m2 <= 800 mm2',
    path: 'area_m2',
    op: '<=',
    bound: 8e-4,
  });
  t.like(parseConstraint('mvm.snr_dB>=20 dB'), { path: 'mvm.snr_dB', op: '>=', bound: 20 });
  t.like(parseConstraint('accuracy.int8.top1 >= 90 %'), { bound: 0.9 });
  t.like(parseConstraint(' edap_Jsm2 <= 1.5e-9'), { bound: 1.5e-9 });
  const slips: [string, string, number][] = [
    ['<= 3', 'expected the path of a figure, got <= 3', 0],
    ['area_m2 < 3', 'expected <= or >=, got <', 8],
    ['area_m2 <= x', 'expected a number, got x', 11],
    ['area_m2 <= 3 mm2 4', 'expected the end, got 4', 17],
    ['area_m2 <= 3 pJ', 'area_m2 is in m2: expected a unit such as that of 0.03 mm2, got pJ', 13],
    ['mvm.snr_dB >= 3 V', 'mvm.snr_dB is in dB: expected dB or no unit, got V', 16],
    ['tops >= 3 V', 'tops has no unit: expected a plain number or %, got V', 10],
    ['area_m2', 'expected <= or >=', 7],
  ];
  for (const [text, message, at] of slips) {
    const read = parseConstraint(text);
    t.true(
      'message' in read && read.message.startsWith(message) && read.at === at,
      `${text}: ${JSON.stringify(read)}`,
    );
  }
  const held = parseConstraint('tops >= 4');
  if ('message' in held) return t.fail();
  t.deepEqual(
    [3, 4, 5, undefined].map(figure => violationOf(held, figure)),
    [0.25, 0, 0, Number.POSITIVE_INFINITY],
  );
});

test('figures are named by their paths, a spread by its own or that of its mean', t => {
  t.is(figureProblem('mvm.snr_dB', ['mvm']), undefined);
  t.is(figureProblem('mvm.snr_dB.interval95', ['mvm']), undefined);
  t.is(figureProblem('xbar.areaBreakdown.adc', ['xbar']), undefined);
  t.regex(figureProblem('latncy_s', ['run'])!, /did you mean latency_s\?/);
  t.regex(
    figureProblem('accuracy.top1', ['accuracy'])!,
    /did you mean accuracy\.float32\.top1 or accuracy\.int8\.top1 or accuracy\.analog\.top1/,
  );
  t.regex(figureProblem('arch', ['run'])!, /is no figure of run/);
  t.is(figureAt({ mvm: { snr_dB: { mean: 3, interval95: null } } }, 'mvm.snr_dB'), 3);
  t.is(figureAt({ a: null, b: {} }, 'a.x'), undefined);
});

test('memory that never wears out keeps every bound on its lifetime', t => {
  const path = 'writes.lifetime_s';
  const spec = {
    method: { method: 'grid' },
    objectives: [],
    constraints: [{ text: '', path, op: '>=', bound: 9 }],
  } as const;
  const violated = (lifetime: string, lifetime_s: number | null): number => {
    const row = {
      schemaVersion: 1,
      id: 'h',
      point: {},
      seed: 1,
      provenance: { version: '1', inputs: '' },
    } as const;
    return ratedBy(spec, [figuresOf(spec, { ...row, writes: { lifetime, lifetime_s } })]).violation;
  };
  t.is(violated('unlimited', null), 0);
  t.is(violated('limited', 3), (9 - 3) / 9);
  t.is(violated('unknown', null), Number.POSITIVE_INFINITY);
});

test('a search for long life puts memory that never wears out first', t => {
  const objectives = [
    { path: 'writes.lifetime_s', sense: 'max' },
    { path: 'latency_s', sense: 'min' },
  ] as const;
  const spec = { method: { method: 'grid' }, objectives, constraints: [] } as const;
  const rated = (writes: Record<string, unknown>, latency_s: number) => {
    const provenance = { version: '1', inputs: '' };
    return ratedBy(spec, [
      figuresOf(spec, { schemaVersion: 1, id: 'h', point: {}, seed: 1, provenance, writes, latency_s }),
    ]);
  };
  const all = [
    rated({ lifetime: 'unlimited', lifetime_s: null }, 4),
    rated({ lifetime: 'limited', lifetime_s: 3 }, 2),
    rated({ lifetime: 'limited', lifetime_s: 3 }, 5),
    rated({ lifetime: 'unknown', lifetime_s: null }, 1),
  ];
  t.deepEqual(feasibleFront(all), [0, 1]);
  // Unlimited at 4 of 2 .. 5 alone covers a third of the box; the design at 2 has no share beside what has no end.
  t.deepEqual(
    progressAfter(all, [1, 4]).map(({ hypervolume }) => hypervolume.toFixed(12)),
    ['0.333333333333', '0.333333333333'],
  );
});

test('a slip in a search has its line and column', t => {
  const slips: [string, string, RegExp][] = [
    [
      'xbar.area_m2 <=',
      'xbar.aera_m2 <=',
      /space\.study\.yaml:12:18 {2}search\.constraints\.0: xbar\.aera_m2 is no figure of xbar, did you mean xbar\.area_m2\?/,
    ],
    ['60 ns', '60 mV', /space\.study\.yaml:12:68 .*xbar\.read\.time_s is in s/],
    [
      'max:xbar.topsPerMm2',
      'max:xbar.topsPerMm3',
      /11:\d+ {2}search\.objectives\.1: .*did you mean xbar\.topsPerMm2\?/,
    ],
    ['max:xbar.topsPerMm2', 'xbar.read.energy_J', /xbar\.read\.energy_J stands there twice/],
    ['search:\n', 'search:\n  method: ga\n', /search\.method/],
    ['search:\n', 'search:\n  method: grid\n  points: 4\n', /search\.points: unknown key/],
  ];
  for (const [from, to, complaint] of slips) {
    const text = SPACE.replace(from, to);
    t.throws(() => studyOf(text.includes('method') ? text : `${text}  method: grid\n`), {
      message: complaint,
    });
  }
});

test('NSGA-II finds the front of all points that keep the constraints, and stays in the space', async t => {
  const all = await run('grid', `${SPACE}  method: grid\n`);
  // 3 rows, 4 multiplexers, 3 converters of one technology and its own one of the other.
  t.is(all.points, 3 * 4 * (3 + 1));
  const { feasible } = all.progress.at(-1)!;
  t.true(feasible > 0 && feasible < all.points && all.front.length > 1);
  const found = await run('nsga2', NSGA2);
  const idsOf = (outcome: typeof all): string[] => outcome.front.flatMap(({ ids }) => ids).sort();
  t.deepEqual(idsOf(found), idsOf(all));
  t.is(found.progress.length, 7);
  const volumes = found.progress.map(at => at.hypervolume);
  t.deepEqual(
    volumes,
    volumes.toSorted((a, b) => a - b),
  );
  t.true(found.points <= all.points);
  await writeFront(join(folder, 'nsga2'), 'space', found);
  const front = readFileSync(join(folder, 'nsga2/front.csv'), 'utf8').trimEnd().split('\n').slice(1);
  t.deepEqual(front.map(line => line.split(',')[1]).sort(), idsOf(all));
  t.regex(readFileSync(join(folder, 'nsga2/hypervolume.svg'), 'utf8'), /^<svg/);
  const text = frontText(studyOf(NSGA2).search, found, 120);
  t.regex(text, /front: \d+ of \d+ designs that keep xbar\.area_m2 <= 0\.02 mm2/);
  t.regex(text, /max:xbar\.topsPerMm2 [\d.]+ to [\d.]+/);
});

test('a search that was stopped goes the same way again to the same bytes', async t => {
  const whole = await run('whole', NSGA2);
  let left = 20;
  const stop = run('cut', NSGA2, {
    onRows: rows => {
      left -= rows.length;
      if (left < 0) throw new Error('stopped');
    },
  });
  await t.throwsAsync(stop, { message: 'stopped' });
  const rest = await run('cut', NSGA2);
  t.true(rest.evaluated > 0 && rest.evaluated < whole.evaluated);
  t.is(rowsOf('cut'), rowsOf('whole'));
  t.deepEqual(rest.front, whole.front);
  // What a longer search has found stays, behind what a shorter one asks for.
  const shorter = await run('cut', NSGA2.replace('generations: 6', 'generations: 1'));
  t.is(shorter.evaluated, 0);
  t.deepEqual(rowsOf('cut').split('\n').sort(), rowsOf('whole').split('\n').sort());
  await t.throwsAsync(run('cut', NSGA2.replace('cols: 32', 'cols: 64')), {
    message: /rows are of no point of space\.study\.yaml/,
  });
});

test('a random search takes other points by seed, means over seeds of points, and says when nothing is feasible', async t => {
  const random = (seed: number): string =>
    `${SPACE}  method: random\n  points: 9\n  seed: ${seed}\nseeds: [1, 2]\n`;
  const [one, two] = [await run('one', random(1)), await run('two', random(2))];
  t.is(one.points, 18);
  t.is(one.progress.at(-1)!.evaluated, 9);
  t.notDeepEqual(rowsOf('one'), rowsOf('two'));
  t.true(two.front.every(({ ids }) => ids.length === 2));
  const never = await run('never', `${SPACE.replace('0.02 mm2', '0.02 um2')}  method: grid\n`);
  t.is(never.front.length, 0);
  t.regex(
    frontText(studyOf(`${SPACE}  method: grid\n`).search, never, 80),
    /no design keeps all constraints/,
  );
});
