/** What a report shows is the result's, whole: sums, places, bounds, and a page that asks for nothing. */
import test from 'ava';
import fc from 'fast-check';
import { omittedSwitches } from '../../src/arch/accounting.ts';
import { axis } from '../../src/report/figures/axes.ts';
import { COLORINGS, floorplanFigure } from '../../src/report/figures/floorplan.ts';
import { RUN_FIGURES, STUDY_FIGURES } from '../../src/report/figures/kinds.ts';
import { linesFigure } from '../../src/report/figures/lines.ts';
import { shown, titleOf } from '../../src/report/figures/quantity.ts';
import { LIGHT, ramp } from '../../src/report/figures/style.ts';
import { timelineFigure } from '../../src/report/figures/timeline.ts';
import { accuracyNumbers } from '../../src/report/html/accuracy-numbers.ts';
import { reportDocument } from '../../src/report/html/document.ts';
import {
  binned,
  lanesOf,
  packed,
  packIntervals,
  unpacked,
  unpackIntervals,
} from '../../src/report/html/intervals.ts';
import { HEADLINE } from '../../src/report/html/run-report.ts';
import { effectsOf, isBetterMore, paretoOf, studyReport } from '../../src/report/html/study-report.ts';
import { merged, unpackedTimeline } from '../../src/report/html/timeline.ts';
import type { TreeNode } from '../../src/report/html/trees.ts';
import { displayWidth } from '../../src/report/table.ts';
import { breakdownBars } from '../../src/report/terminal-bars.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { PAPER_OMITS, type ReportedRun, runReported } from '../../src/run/report.ts';
import { loadRun } from '../../src/run/run.ts';
import { failure } from '../arch/fixtures.ts';

const intervals = fc
  .array(fc.tuple(fc.nat(5000), fc.nat(900)), { maxLength: 60 })
  .map(all => all.flatMap(([start, length]) => [start, start + length]));

test('bins lose no interval: their busy times are those within the window, and each begins once', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        intervals,
        fc.nat(3000),
        fc.integer({ min: 1, max: 4000 }),
        fc.integer({ min: 1, max: 50 }),
        (all, from, length, count) => {
          const to = from + length;
          const { busy, begun } = binned(all, [from, to], count);
          let [inside, meeting] = [0, 0];
          for (let i = 0; i < all.length; i += 2) {
            inside += Math.max(0, Math.min(to, all[i + 1]) - Math.max(from, all[i]));
            if (all[i] < to && all[i + 1] >= from) meeting++;
          }
          const total = busy.reduce((sum, value) => sum + value, 0);
          return (
            Math.abs(total - inside) < 1e-6 * (inside + 1) && begun.reduce((sum, n) => sum + n, 0) === meeting
          );
        },
      ),
    ),
  );
});

test('what is packed comes out again, and rows of jobs do not overlap', t => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(2 ** 31 - 1)),
      values => t.deepEqual(unpacked(packed(values)), values) === true,
    ),
  );
  t.deepEqual(unpacked(packed([2 ** 51, 0, 127, 128])), [2 ** 51, 0, 127, 128]);
  fc.assert(
    fc.property(intervals, all => {
      const lanes = lanesOf(all);
      const ends: number[] = [];
      const order = [...lanes.keys()].sort((a, b) => all[2 * a] - all[2 * b] || a - b);
      return (
        JSON.stringify(unpackIntervals(packIntervals(all))) === JSON.stringify(all) &&
        order.every(i => {
          const isFree = (ends[lanes[i]] ?? 0) <= all[2 * i];
          ends[lanes[i]] = all[2 * i + 1];
          return isFree;
        })
      );
    }),
  );
});

test('slices that are put together keep their services and their time', t => {
  const slices = Array.from({ length: 5000 }, (_, i) => ({
    start: i * 2000,
    end: i * 2000 + 500,
    services: 2,
    busy: 700 + (i % 3),
  }));
  const few = merged(slices, 100);
  t.true(few.length <= 100);
  for (const of of ['services', 'busy'] as const)
    t.is(
      few.reduce((sum, s) => sum + s[of], 0),
      slices.reduce((sum, s) => sum + s[of], 0),
    );
});

let reported: ReportedRun;
test.before(async () => {
  const input = loadRun({ arch: 'trex-full', model: 'glyph-vit', reuse: 'count:1' }, nodeFiles);
  reported = await runReported(input, { files: nodeFiles });
});

/** Sums of a level, all the way down. */
function problems(node: TreeNode, at = node.name): string[] {
  const { children } = node;
  if (children === undefined) return [];
  const total = children.reduce((sum, child) => sum + child.value, 0);
  const own =
    Math.abs(total - node.value) > 1e-9 * node.value ? [`${at}: ${node.value}, its parts ${total}`] : [];
  return [...own, ...children.flatMap(child => problems(child, `${at} > ${child.name}`))];
}

test('trees begin at the figures of the result, and their parts add up at every level', t => {
  const { result, trees } = reported.report;
  t.is(trees.length, 6);
  for (const { metric, adds, root } of trees) {
    t.is(root.value, result[metric]);
    if (adds) t.deepEqual(problems(root), []);
  }
});

test('every tile has its own place, and tiles take the energy of the tiles', t => {
  const { floorplan, trees } = reported.report;
  const places = floorplan.tiles.map(({ x, y }) => `${x} ${y}`);
  t.is(new Set([...places, `${floorplan.hub.x} ${floorplan.hub.y}`]).size, reported.report.result.tiles + 1);
  const [byHardware] = trees;
  const tiles = byHardware.root.children?.find(({ name }) => name === 'tiles')?.value ?? 0;
  const sum = floorplan.tiles.reduce((total, tile) => total + tile.energy_J, 0);
  t.true(Math.abs(sum - tiles) < 1e-9 * tiles);
  t.true(floorplan.tiles.every(tile => tile.cells > 0 && tile.cells <= 1));
  // Links join neighbours, and are at work for a part of the time.
  t.true(floorplan.links.length > 0);
  for (const { from, to, share } of floorplan.links) {
    t.is(Math.abs(from.x - to.x) + Math.abs(from.y - to.y), 1);
    t.true(share > 0 && share <= 1);
  }
});

test('the roofline has the speed of each layer as the result has it, below its roof, with the unit that was busiest', t => {
  const { roofline, layers } = reported.report;
  const rows = new Map(layers.map(row => [row.step, row]));
  t.is(roofline.points.length, layers.filter(row => row.macs > 0).length);
  for (const { step, ops_per_s, peak_ops_per_s, bound, share } of roofline.points) {
    const row = rows.get(step)!;
    t.is(ops_per_s, (2 * row.macs) / (row.end_s - row.start_s));
    t.true(ops_per_s <= peak_ops_per_s && peak_ops_per_s <= roofline.peak_ops_per_s, step);
    // Crossbars behind one ADC bank read one after another.
    if (row.kind === 'read') t.is(bound, 'ADC banks');
    t.true(share > 0.5 && share <= 1);
  }
});

test('the timeline has every job of every step within the image', t => {
  const { timeline, layers, result } = reported.report;
  const { end, units } = unpackedTimeline(timeline);
  t.is(end, Math.round(result.latency_s * 1e12));
  t.is(
    units.reduce((sum, unit) => sum + unit.of.length, 0),
    layers.reduce((sum, row) => sum + row.jobs, 0),
  );
  for (const { jobs, of, steps } of units)
    for (let i = 0; i < of.length; i++)
      t.true(jobs[2 * i] >= steps[of[i]].start && jobs[2 * i + 1] <= steps[of[i]].end);
});

test('images that overlap have rows of their own, links and trees their mean, and the page says what limits them', async t => {
  const request = {
    arch: 'trex-full',
    model: 'grammar-bert',
    images: 4,
    set: ['schedule.images=pipelined', 'model.encoders=1'],
  };
  const { report } = await runReported(loadRun(request, nodeFiles), { files: nodeFiles, alone: true });
  const { timeline, layers, result, floorplan, trees } = report;
  const { byImage, units, end } = unpackedTimeline(timeline);
  t.true(byImage);
  t.deepEqual(
    units.map(({ name }) => name),
    ['image 1', 'image 2', 'image 3', 'image 4'],
  );
  const jobs = layers.reduce((sum, row) => sum + row.jobs, 0);
  const spans: [number, number][] = [];
  for (const { of, jobs: times, steps } of units) {
    t.is(of.length, jobs);
    t.is(steps.length, layers.length);
    spans.push([Math.min(...times), Math.max(...times)]);
  }
  t.is(spans[0][0], 0);
  t.is(spans[3][1], end);
  for (let i = 1; i < 4; i++) t.true(spans[i][0] < spans[i - 1][1] && spans[i][1] > spans[i - 1][1]);
  const latencies = spans.map(([from, to]) => to - from);
  const mean = latencies.reduce((sum, ticks) => sum + ticks, 0) / 4;
  t.true(Math.abs(mean - result.latency_s * 1e12) < 1);
  // What limits is at work all the time; no link is at work for longer than that.
  for (const { share } of floorplan.links) t.true(share > 0 && share <= 1);
  for (const { metric, adds, root } of trees) {
    t.is(root.value, result[metric]);
    if (adds) t.deepEqual(problems(root), []);
  }
  const page = reportDocument(report, '');
  t.true(page.includes('Timeline of images that overlap') && page.includes('limited by'));
  t.true(timelineFigure(unpackedTimeline(timeline), [0, end], LIGHT).includes('Images that overlap'));
});

test('a run that reuses attention stands beside one without, and any run beside the accounting of the paper', t => {
  const { baselines } = reported.report;
  t.deepEqual([...PAPER_OMITS].sort(), omittedSwitches(loadArch('trex').arch).sort());
  t.deepEqual(
    baselines.map(({ title }) => title),
    ['without reuse', "the paper's accounting"],
  );
  for (const { figures } of baselines) t.false('refused' in figures);
  const [plain, paper] = baselines.map(({ figures }) => figures as Record<string, number>);
  const { result } = reported.report;
  t.true(plain.latency_s > result.latency_s && paper.energy_J < result.energy_J);
});

test('a page asks for nothing, ends no element early, and holds the figures as they are', t => {
  const { report } = reported;
  const named = { ...report, result: { ...report.result, model: '</script><b>&' } };
  const page = reportDocument(named, "'</script>'");
  t.regex(page, /Content-Security-Policy" content="default-src 'none';/);
  t.is(page.match(/<script/g)?.length, 2);
  t.is(page.match(/<\/script>/g)?.length, 2);
  t.false(/(?:src|href)="(?!#)/.test(page));
  for (const name of HEADLINE.slice(0, 4))
    t.true(page.includes(`data-path="${name}" value="${report.result[name]}"`), name);
});

test('figures are SVG that stands alone, in millimetres where they are for paper', t => {
  const style = { ...LIGHT, mm: 88 };
  for (const draw of Object.values(RUN_FIGURES)) {
    const svg = draw(reported.report, { by: 'network', tiles: 'layer' }, style);
    t.regex(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="88mm" height="[\d.]+mm"/);
    t.false(/NaN|undefined|Infinity/.test(svg));
  }
  for (const tiles of COLORINGS)
    t.false(floorplanFigure(reported.report.floorplan, tiles, LIGHT).includes('NaN'));
});

test('bars in a terminal fit its columns', t => {
  for (const width of [40, 80, 200])
    for (const line of breakdownBars(reported.report.result, width).split('\n'))
      t.true(displayWidth(line) <= width, line);
  t.regex(breakdownBars(reported.report.result, 80), /█/);
});

const LINES = [
  '{"id":"a","point":{"tech":"x","bits":4},"seed":1,"latency_s":1,"energy_J":4,"xbar":{"snr_dB":10}}',
  '{"id":"b","point":{"tech":"y","bits":4},"seed":1,"latency_s":2,"energy_J":3,"xbar":{"snr_dB":12}}',
  '{"id":"c","point":{"tech":"x","bits":6},"seed":1,"latency_s":2,"energy_J":5,"xbar":{"snr_dB":14}}',
  '{"id":"d","point":{"tech":"y","bits":6},"seed":1,"error":"does not fit"}',
  '{"id":"torn',
];

test('a study: points, failures, what varies, its front and its effects', t => {
  const study = studyReport('s', 'results.ndjson', LINES.join('\n'));
  t.deepEqual(study.paths, ['tech', 'bits']);
  t.deepEqual(study.metrics, ['latency_s', 'energy_J', 'xbar.snr_dB']);
  t.deepEqual(study.failures, [{ id: 'd', point: { tech: 'y', bits: 6 }, error: 'does not fit' }]);
  t.deepEqual(paretoOf(study.points, 'latency_s', 'energy_J'), [0, 1]);
  t.deepEqual(paretoOf(study.points, 'latency_s', 'xbar.snr_dB'), [0, 2]);
  t.deepEqual(effectsOf(study, 'energy_J')[0].means, [
    { value: 'x', mean: 4.5, points: 2 },
    { value: 'y', mean: 3, points: 1 },
  ]);
  for (const draw of Object.values(STUDY_FIGURES))
    t.false(/NaN|undefined/.test(draw(study, { by: 'hardware', tiles: 'layer' }, LIGHT)));
  t.regex(reportDocument(study, ''), /does not fit/);
  const lines = linesFigure(study, 'latency_s', ['energy_J', 'xbar.snr_dB'], LIGHT);
  // A path for each of two technologies and each figure, and as many dots as points have figures.
  t.is(lines.match(/<path /g)?.length, 4);
  t.is(lines.match(/<path [^>]*stroke-dasharray/g)?.length, 2);
  t.is(lines.match(/<circle /g)?.length, 2 * study.points.length);
});

test('an accuracy beside the cost is that of the chip, and what no run has written is refused', t => {
  const { report } = reported;
  const spread = { mean: 0.9, interval95: 0.01 };
  const exact = { top1: 0.95, top5: null, loss: 0.2, matthews: null };
  const point = { top1: spread, top5: null, loss: { mean: 0.3, interval95: null }, matthews: null };
  const block = {
    schemaVersion: 1,
    data: { images: 8, size: 9 },
    float32: exact,
    int8: exact,
    points: [point],
  };
  const measured = accuracyNumbers(block);
  t.deepEqual(Object.keys(measured), [
    ...['points.0.top1.mean', 'points.0.top1.interval95', 'points.0.loss.mean'].map(key => `accuracy.${key}`),
    ...['float32.top1', 'float32.loss', 'int8.top1', 'int8.loss', 'data.images'].map(
      key => `accuracy.${key}`,
    ),
  ]);
  t.regex(
    reportDocument({ ...report, measured }, ''),
    /on this chip: top-1<\/th><td class="n"><data [^>]*value="0.9"/,
  );
  const points = [{ ...point, top1: { mean: 7, interval95: null } }];
  t.regex(
    failure(() => accuracyNumbers({ ...block, points })).message,
    /^the result: accuracy\.points\.0\.top1\.mean: /,
  );
  t.regex(failure(() => accuracyNumbers('x')).message, /^the result: accuracy: /);
  t.false(isBetterMore('accuracy.analog.loss.mean'));
  t.true(isBetterMore('accuracy.analog.top1.mean'));
  t.true(isBetterMore('xbar.topsPerMm2'));
});

test('of a sampled path the effects are over groups, and points without a common figure have no charts', t => {
  const lines = Array.from(
    { length: 600 },
    (_, i) => `{"id":"h${i}","point":{"a":${i},"k":"v${i % 60}"},"latency_s":${i}}\n`,
  );
  const study = studyReport('s', 'results.ndjson', lines.join(''));
  const [{ means }] = effectsOf(study, 'latency_s');
  t.deepEqual(
    means.map(({ points }) => points),
    Array.from({ length: 12 }, () => 50),
  );
  t.deepEqual(means[0], { value: 25, mean: 24.5, points: 50 });
  // Sixty words do not fit an axis of a picture.
  t.true(
    (STUDY_FIGURES.parallel(study, { by: 'hardware', tiles: 'layer' }, LIGHT).match(/>v\d+</g) ?? []).length <
      30,
  );
  const other = studyReport('s', 'results.ndjson', `${lines[0]}{"id":"o","point":{},"area_m2":1}\n`);
  t.regex(reportDocument(other, ''), /No figure stands in every point/);
  t.notRegex(reportDocument(other, ''), /class="chart"/);
});

test('a line that is no point is refused with its place, and so is a study without points', t => {
  const of = (text: string) => failure(() => studyReport('s', 'results.ndjson', text)).message;
  t.is(
    of('{"id":"a","point":{}}\n{"id":1}\n'),
    'results.ndjson:2: not a point of a study: it has no "id" and "point"',
  );
  t.is(of('[1]\n'), 'results.ndjson:1: expected one JSON object a line');
  t.is(of('{"id":"to'), 'results.ndjson: has no point yet but one that is cut off');
});

test('numbers have the unit of their name, axes have round ticks, colours run from dark to light', t => {
  t.deepEqual(
    [
      shown('latency_s', 0.0322),
      shown('edap_Jsm2', 1.115e-9),
      shown('tops', 0.25),
      shown('area_m2', 7.752e-4),
      shown('_s', 1e-3),
    ],
    ['32.2 ms', '1115 mJ ms mm2', '0.25', '775.2 mm2', '1 ms'],
  );
  t.deepEqual(['edap_Jsm2', 'topsPerWatt', 'latency_s', 'xbar.snr_dB'].map(titleOf), [
    'EDAP',
    'TOPS/W',
    'latency',
    'xbar.snr dB',
  ]);
  t.deepEqual(axis([1, 5000], [0, 100]).ticks, [1, 10, 100, 1000]);
  t.deepEqual([ramp(0), ramp(1), ramp(2)], ['#440154', '#fde725', '#fde725']);
});
