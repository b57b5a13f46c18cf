/** A decoder writes a text: laws of its keys and values, its times and its cost. */
import test from 'ava';
import type { ArchConfig } from '../../../src/arch/config.ts';
import type { GenerationFigures } from '../../../src/report/generation.ts';
import type { RunOutput } from '../../../src/report/result.ts';
import { wearOf } from '../../../src/run/crossbar-use.ts';
import { positionBits } from '../../../src/run/decoder/fit-cache.ts';
import { simulateSequence } from '../../../src/run/decoder/sequence.ts';
import { macTotals } from '../../../src/workload/count.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import type { ModelConfig } from '../../../src/workload/model.ts';
import { noReuse } from '../../../src/workload/reuse.ts';
import { apart, chip, network } from '../../helpers/chips.ts';

const NS = 1e-9;
const ideal = (set: readonly string[] = []): ArchConfig =>
  chip('trex-full', { set: ['noc.kind=ideal', 'noc.broadcast=unicast', ...set] });
/** Four heads of 64 that share two of keys. */
const small = (set: readonly string[] = []): ModelConfig =>
  network('llama-3.2-1b', {
    set: ['encoders=2', 'dim=256', 'heads=4', 'attention.kvHeads=2', 'vocabulary=64', ...set].map(
      text => `model.${text}`,
    ),
  });

type Text = RunOutput & { readonly figures: GenerationFigures };

async function write(
  [prefill, decode, batch = 1]: readonly number[],
  { arch = ideal(), model = small(), fold = true } = {},
): Promise<Text> {
  const output = await simulateSequence({
    arch,
    model,
    reuse: noReuse,
    fold,
    generation: { prefill, decode, batch },
  });
  return { ...output, figures: output.result as RunOutput['result'] & GenerationFigures };
}

const energyOf = ({ result }: RunOutput, name: string): number =>
  result.breakdown.component.find(row => row.name === name)?.energy_J ?? 0;

test('keys and values of GPT-2 small take 18.9 MB at 1024 positions, those of Llama 3.2 1B 67 MB at 4096', t => {
  const bytes = (name: string, positions: number): number =>
    (positions * positionBits(buildGraph(network(name), { tokens: 1 }), chip('trex'))) / 8;
  t.is(bytes('gpt2-small', 1024), 18_874_368);
  t.is(bytes('llama-3.2-1b', 4096), 67_108_864);
});

test('a text is as many products as the formulas say, and its keys and values have arrays of their own', async t => {
  const model = small();
  const { result, layers, figures } = await write([5, 3]);
  const graphs = [{ tokens: 5 }, ...[5, 6, 7].map(past => ({ tokens: 1, past }))];
  const macs = graphs.map(options => macTotals(buildGraph(model, options).ops).total);
  t.is(
    layers.reduce((sum, row) => sum + row.macs, 0),
    macs.reduce((sum, one) => sum + one),
  );
  t.is(figures.kvCache_bytes, 8 * 2 * 2 * 128);
  // Keys and values of 2 layers and 2 heads, one block of 64 positions, four slices each.
  t.like(figures.generation.kvCache, { crossbars: 8, arrays: 2 * 2 * 2 * 4 });
  t.true(
    apart(
      result.energy_J,
      result.breakdown.stage.reduce((sum, row) => sum + row.energy_J, 0),
    ) < 1e-12,
  );
  t.true(apart(result.latency_s, figures.timeToFirstToken_s + 3 * figures.timePerOutputToken_s) < 1e-12);
});

test('a token programs two lines a layer and head of keys, and no array twice in a text', async t => {
  const arch = chip('trex');
  const [short, long] = [await write([5, 1], { arch }), await write([5, 2], { arch })];
  // Table III: 118 pJ an array of 64 lines, four arrays a value; heads are as wide as an array.
  const lines = (energyOf(long, 'crossbar.write') - energyOf(short, 'crossbar.write')) / (118e-12 / 64) / 4;
  t.is(Math.round(lines * 1e6) / 1e6, 2 * 2 * 2);
  t.is(long.figures.generation.linesPerToken, 2 * 2 * 2);
  t.is(long.result.writes.perCellPerImage, 1);
});

test('a token of GPT-2 takes what its reads, its softmax and its lines take, one after another', async t => {
  const model = network('gpt2-small', { set: ['model.encoders=2'] });
  const { figures } = await write([16, 2], { arch: chip('trex'), model });
  // Ticks are picoseconds: 8 crossbars of 19.174 ns, 8 products, softmax of 5.283 + 5.283 + 5.284 ns an element, two heads a PE of 4 arrays each.
  const line = Math.round(3300000 / 64) / 1000;
  const at = (position: number): number => 2 * NS * (8 * 8 * 19.174 + 15.85 * position + 2 * 8 * line);
  for (const { position, time_s } of figures.generation.tokens) t.true(apart(time_s, at(position)) < 1e-9);
});

test('a key across the lines takes a whole programming of its rows, and the same energy', async t => {
  const arch = (keys: string): ArchConfig => chip('trex', { set: [`kvCache.keys=${keys}`] });
  const [rows, columns] = [
    await write([3, 1], { arch: arch('rows') }),
    await write([3, 1], { arch: arch('columns') }),
  ];
  const [{ time_s: fast }] = rows.figures.generation.tokens;
  const [{ time_s: slow }] = columns.figures.generation.tokens;
  // Two layers; a PE has the eight arrays of two heads: 63 rows more of each.
  t.true(apart(slow - fast, 2 * 8 * (3300 - Math.round(3300000 / 64) / 1000) * NS) < 1e-9);
  t.true(apart(energyOf(rows, 'crossbar.write'), energyOf(columns, 'crossbar.write')) < 1e-12);
});

test('times do not fall with the position, whatever ran before', async t => {
  const all = (await write([60, 10])).figures.generation.tokens;
  t.true(all.every(({ time_s }, i) => i === 0 || time_s >= all[i - 1].time_s));
  const later = (await write([65, 5])).figures.generation.tokens;
  t.deepEqual(later, all.slice(5));
});

test('a prompt of one token takes what a token at position 1 does, and the next one takes more', async t => {
  const { figures } = await write([1, 1]);
  const [{ time_s }] = figures.generation.tokens;
  const step = figures.timeToFirstToken_s;
  t.true(step < time_s && time_s - step < 0.01 * step);
});

test('so many texts take at least as long as one, and at most as long as all of them in turn', async t => {
  const one = (await write([4, 2])).figures;
  const four = (await write([4, 2, 4])).figures;
  for (const key of ['timeToFirstToken_s', 'timePerOutputToken_s'] as const) {
    t.true(four[key] >= one[key]);
    t.true(four[key] <= 4 * one[key]);
  }
  t.is(four.kvCache_bytes, 4 * one.kvCache_bytes);
  t.is(four.generation.kvCache.arrays, 4 * one.generation.kvCache.arrays);
  t.true(four.tokensPerSecond >= one.tokensPerSecond);
});

test('blocks that are folded give the same text as blocks that are not', async t => {
  for (const arch of [ideal(), chip('trex-full')]) {
    const [folded, whole] = await Promise.all([true, false].map(fold => write([63, 3], { arch, fold })));
    t.deepEqual({ ...whole.result, events: 0 }, { ...folded.result, events: 0 });
  }
});

test('arrays by their circuits are refilled token by token', async t => {
  const arch = chip('trex-full', { tech: 'hybrid-32nm', set: ['noc.kind=ideal', 'noc.broadcast=unicast'] });
  const { result, figures } = await write([62, 4], { arch });
  t.is(result.writes.lifetime, 'unlimited');
  t.deepEqual((await write([64, 2], { arch })).figures.generation.tokens, figures.generation.tokens.slice(2));
});

test('positions that fit no crossbar go to the global buffer, then to DRAM, and the vector unit multiplies them', async t => {
  const need = (await write([4, 4])).result.tiles;
  const full = ideal([`chip.tiles=${need - 1}`, 'kvCache.overflow=dram']);
  const { figures, layers } = await write([4, 4], { arch: full });
  t.is(figures.generation.kvCache.crossbars + figures.generation.kvCache.buffers, 8);
  t.true(layers.some(row => row.step === 'decode/e0.qk.mac' || row.step === 'decode/e0.qk'));
  const dram = await write([4, 4], { arch: ideal(['kvCache.place=dram']) });
  t.like(dram.figures.generation.kvCache, { crossbars: 0, buffers: 0, dram: 8, arrays: 0 });
  const fetched = dram.layers.find(row => row.step === 'decode/e0.qk.fetch');
  // Four tokens, each fetches the keys before it.
  t.is(fetched?.jobs, 4);
  const buffers = await write([4, 4], { arch: ideal(['kvCache.place=buffers']) });
  t.true(dram.figures.timePerOutputToken_s > buffers.figures.timePerOutputToken_s);
  t.true(energyOf(buffers, 'vector.mac') > 0 && energyOf(buffers, 'crossbar.write') === 0);
});

test('what cannot be is refused in one line', async t => {
  const refused = async (sizes: readonly number[], options: Parameters<typeof write>[1], message: RegExp) => {
    const error = await t.throwsAsync(write(sizes, options));
    t.regex(error?.message ?? '', message);
    t.false(error?.message.includes('\n'));
  };
  const model = network('gpt2-small');
  await refused([1000, 128], { model }, /^prefill 1000 and decode 128: 1128 positions, gpt2-small has 1024$/);
  await refused([4, 2], { model: network('deit-t') }, /^prefill 4: deit-t is of family vit: only a decoder/);
  await refused([4, 0], {}, /decode/);
  await refused(
    [4, 4],
    { arch: ideal(['chip.tiles=36']) },
    /^the keys and values of 8 positions take 4 KiB, and 36 tiles hold 0 /,
  );
  await refused([4, 4], { arch: ideal(['chip.tiles=9']) }, /^the weights alone need 33 tiles/);
  const paper = chip('trex', { set: ['kvCache.place=buffers'] });
  await refused([4, 4], { arch: paper }, /accounting\.buffers/);
  const fused = ideal(['schedule.attention=fused']);
  await refused(
    [4, 4, 2],
    { arch: fused },
    /^schedule\.attention fused: of one text at a time, not of batch 2$/,
  );
});

test('a rolling cache of 1024 positions and 1e5 programmings lives for 28 hours at 1000 tokens a second', t => {
  const layer = { dynamic: true, cells: 0, device: { cell: { device: 'fefet' } } };
  const cost = { of: () => ({ endurance: 1e5 }) } as unknown as Parameters<typeof wearOf>[0];
  const layers = [layer] as unknown as Parameters<typeof wearOf>[1][number]['layers'];
  const { lifetime_s } = wearOf(cost, [{ layers, perImage: 1 }], 1024 / 1000);
  t.is(Math.round((lifetime_s ?? 0) / 3600), 28);
});
