/** Attention tile by tile: the identities of MAS-Attention (arXiv 2411.17720), and what the tiles that are alive take. */
import test from 'ava';
import fc from 'fast-check';
import type { ArchConfig } from '../../src/arch/config.ts';
import { inTiles } from '../../src/map/attention-tiles.ts';
import { countedOps } from '../../src/map/counted-ops.ts';
import { peakBits } from '../../src/map/live.ts';
import { place } from '../../src/map/place.ts';
import { buildSteps } from '../../src/map/steps.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadRun, runLoaded } from '../../src/run/run.ts';
import { toTicks } from '../../src/sim/tick.ts';
import { GraphBuilder } from '../../src/workload/builder.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { encoderShape } from '../../src/workload/model-fields.ts';
import { multiHead } from '../../src/workload/multi-head.ts';
import { scoreChains } from '../../src/workload/score-chain.ts';
import { failed } from '../data/memory-files.ts';
import { stepOfKind } from '../helpers/blocks.ts';
import { chip, network, run, tinyVit } from '../helpers/chips.ts';
import { modelNames } from '../workload/load.ts';

const MODES = ['sequential', 'fused', 'two-stream'] as const;
type Mode = (typeof MODES)[number];

const SMALL = tinyVit({ imageSize: 96, encoders: 1 });
const TOKENS = 37;
const paper = chip('trex');

const scheduled = (arch: ArchConfig, attention: Mode, attentionRows = 8): ArchConfig => ({
  ...arch,
  schedule: { ...arch.schedule, attention, attentionRows },
});

const softmaxOf = (arch: ArchConfig, time: number): ArchConfig => {
  const phase = { energy: 0, time: time / 3 };
  return { ...arch, softmax: { ...arch.softmax, select: phase, exponent: phase, divide: phase } };
};

/** With reads of K^T and V in `time`; static layers keep theirs. */
const matmulOf = (arch: ArchConfig, time: number): ArchConfig => {
  const { dynamic } = arch.devices;
  if (dynamic.level !== 'macro') throw new Error('no macro');
  return { ...arch, devices: { ...arch.devices, dynamic: { ...dynamic, read: { ...dynamic.read, time } } } };
};

const latency = async (arch: ArchConfig, model = SMALL): Promise<number> =>
  Math.round((await run(arch, model)).result.latency_s * 1e12);

test('where softmax takes no time, every order takes the time of the matmuls', async t => {
  const fast = softmaxOf(paper, 0);
  const expected = await latency(fast);
  for (const mode of MODES)
    for (const rows of [1, 8, 37, 64])
      t.is(await latency(scheduled(fast, mode, rows)), expected, `${mode} ${rows}`);
});

test('where the matmuls of attention take no time, every order takes that of softmax', async t => {
  const fast = matmulOf(paper, 0);
  const expected = await latency(fast);
  for (const mode of MODES)
    for (const rows of [1, 8, 64])
      t.is(await latency(scheduled(fast, mode, rows)), expected, `${mode} ${rows}`);
});

test('in sequence, and fused on a chip without buffers, attention takes the sum', async t => {
  const [all, noSoftmax, noMatmul, neither] = await Promise.all(
    [paper, softmaxOf(paper, 0), matmulOf(paper, 0), matmulOf(softmaxOf(paper, 0), 0)].map(arch =>
      latency(arch),
    ),
  );
  t.is(all - neither, noSoftmax - neither + (noMatmul - neither));
  t.is(await latency(scheduled(paper, 'fused')), all);
});

/** Ticks from the first QK^T to the last SV: one stream of matmuls, one of softmax, a row of each in so much time. */
function makespan(rows: number, read: number, map: number): number {
  const tiles = Math.ceil(TOKENS / rows);
  const of = (tile: number): number => Math.min(rows, TOKENS - tile * rows);
  const mapped: number[] = [];
  let matmul = of(0) * read;
  const scored = [matmul];
  for (let round = 0; round <= tiles; round++) {
    if (round < tiles) mapped.push(Math.max(scored[round], mapped[round - 1] ?? 0) + of(round) * map);
    if (round + 1 < tiles) scored.push((matmul += of(round + 1) * read));
    if (round >= 1) matmul = Math.max(matmul, mapped[round - 1]) + of(round - 1) * read;
  }
  return matmul;
}

test('two streams take what their recurrence says, to the picosecond', async t => {
  const read = toTicks(19.174e-9) * 8;
  const cases = fc.record({
    rows: fc.integer({ min: 1, max: 40 }),
    element: fc.integer({ min: 0, max: 20_000 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ rows, element }) => {
      const arch = softmaxOf(paper, element * 3e-12);
      const own = await latency(scheduled(arch, 'two-stream', rows));
      const whole = await latency(arch);
      const map = TOKENS * element * 3;
      t.is(whole - own, TOKENS * (2 * read + map) - makespan(rows, read, map));
    }),
    { numRuns: 12 },
  );
});

test('finer tiles wait less: never longer than in sequence, never shorter than either stream', async t => {
  const whole = await latency(paper);
  let before = Number.POSITIVE_INFINITY;
  for (const rows of [37, 19, 8, 3, 1]) {
    const own = await latency(scheduled(paper, 'two-stream', rows));
    t.true(own <= whole && own <= before, `${rows}`);
    before = own;
  }
  t.true(before >= (await latency(matmulOf(paper, 0))));
});

test('energy, area and writes are those of the sequence', async t => {
  const [whole, two] = await Promise.all(
    (['sequential', 'two-stream'] as const).map(
      async mode => (await run(scheduled(paper, mode), SMALL)).result,
    ),
  );
  t.is(two.area_m2, whole.area_m2);
  t.is(two.energy_J, whole.energy_J);
  t.deepEqual(two.writes.perCellPerImage, whole.writes.perCellPerImage);
});

test('the scores that are alive are all, those of one tile, or those of three', t => {
  const full = chip('trex-full');
  const model = tinyVit({ imageSize: 512, encoders: 1, dim: 64, heads: 8, mlpRatio: 1 });
  const graph = buildGraph(model);
  const [tokens, bits] = [1025, 8];
  const at = (mode: Mode, rows: number) => peakBits(graph, scheduled(full, mode, rows)).bits / bits;
  // In sequence the input, Q, K and V stand beside the scores; in tiles the output does too, K and V being written.
  t.is(at('sequential', 16), (4 + (8 * tokens) / 64) * tokens * 64);
  t.is(at('fused', 256) - at('fused', 128), 128 * 8 * tokens);
  t.is(at('two-stream', 128) - at('fused', 128), 2 * 128 * 8 * tokens);
  t.is(at('two-stream', 2000), at('fused', 2000));
  t.true(at('fused', 2000) >= at('sequential', 2000));
});

test('a global buffer too small for the scores in sequence holds the tiles of them; one too small for those is refused', async t => {
  const model = tinyVit({ imageSize: 512, encoders: 1, dim: 64, heads: 8, mlpRatio: 1 });
  const small = (mode: Mode, rows: number) =>
    scheduled(
      chip('trex-full', { set: ['globalBuffer.capacity="1 MiB"', 'chip.overflow=refuse'] }),
      mode,
      rows,
    );
  t.regex(
    (await failed(run(small('sequential', 16), model))).message,
    /the global buffer holds 1 MiB, at e0\.qk the network keeps 8\.667 MB/,
  );
  await t.notThrowsAsync(run(small('two-stream', 16), model));
  t.regex((await failed(run(small('two-stream', 256), model))).message, /the global buffer holds/);
});

test('where buffers are counted a tile pays for filling and draining: fused is slower, two streams gain more than that', async t => {
  const full = chip('trex-full');
  const [whole, fused, two] = await Promise.all(MODES.map(mode => latency(scheduled(full, mode))));
  t.true(two < whole && whole < fused);
});

test('sigmoid attention goes tile by tile too, on the vector unit', async t => {
  const model = { ...SMALL, attention: { kind: 'sigmoid' } } as typeof SMALL;
  const [chain] = scoreChains(buildGraph(model).ops);
  t.deepEqual(
    chain.map.map(op => op.fn),
    ['sigmoid'],
  );
  const [whole, , two] = await Promise.all(MODES.map(mode => latency(scheduled(paper, mode), model)));
  t.true(two < whole);
});

test('a map of two passes takes a tile through both before the next one', t => {
  const b = new GraphBuilder();
  const shape = encoderShape(SMALL as Extract<typeof SMALL, { family: 'vit' }>, TOKENS, 'pre');
  multiHead(b, shape, 0, { tokens: () => 'x', previous: undefined }, { fn: 'relu' });
  const ops = b.ops.slice(3);
  t.deepEqual(
    ops.map(op => op.id),
    ['e0.qk', 'e0.scale', 'e0.relu', 'e0.sv'],
  );
  const steps = ops.map(({ id }, i) => ({
    ...stepOfKind(i, i === 0 || i === 3 ? 'read' : 'vector', {
      jobs: TOKENS,
      after: i === 0 ? [] : [{ step: i - 1, mode: 'all' }],
    }),
    id,
  }));
  const graph = { ...buildGraph(SMALL), ops: b.ops };
  const waits = inTiles(steps, graph, scheduled(paper, 'two-stream', 4).schedule).map(({ after }) =>
    after.map(({ step, mode }) => [step, typeof mode === 'object' ? mode.lead : mode]),
  );
  t.deepEqual(waits, [
    [[3, -3]],
    [
      [0, 0],
      [2, -1],
    ],
    [[1, 0]],
    [
      [2, 0],
      [0, 2],
    ],
  ]);
});

for (const name of modelNames)
  test(`${name} has steps whatever the order of its attention`, t => {
    const graph = buildGraph(network(name));
    for (const arch of [paper, chip('trex-full')])
      t.notThrows(() => {
        const own = scheduled(arch, 'two-stream');
        buildSteps(graph, place(countedOps(graph, own), own), own);
      });
  });

test('encoders with attention of their own have a chain each; one map for many values, and maps of rows and columns, have none', t => {
  for (const name of ['uniform-l', 'couplformer-6'])
    t.deepEqual(scoreChains(buildGraph(network(name)).ops), []);
  for (const name of ['deit-s', 'bert-base', 'dynamic-deit-s', 'evit-deit-s', 'lv-vit-s']) {
    const model = network(name);
    t.is(scoreChains(buildGraph(model).ops).length, model.encoders);
  }
});

for (const [set, why] of [
  [['schedule.attentionRows=8'], /attentionRows: has no effect while schedule\.attention is sequential/],
  [
    ['schedule.encoder=token-pipelined', 'schedule.attention=fused'],
    /schedule\.attention: has no effect while schedule\.encoder is token-pipelined/,
  ],
] as const)
  test(`${set.join(' ')} has no effect, and that is said`, async t => {
    const input = loadRun({ arch: 'trex', model: 'glyph-vit', set: [...set] }, nodeFiles);
    const { result } = await runLoaded(input, {});
    t.true(
      result.warnings.some(text => why.test(text)),
      result.warnings.join('\n'),
    );
  });
