import test from 'ava';
import { type ArrayView, arrayView } from '../../src/accuracy/array-view.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadRun } from '../../src/run/run.ts';
import { buildGraph } from '../../src/workload/graph.ts';

const viewOf = (set: readonly string[], layer: string, crossbar: number): Promise<ArrayView> => {
  const { arch, network } = loadRun({ arch: 'trex', model: 'glyph-vit', set: [...set] }, nodeFiles);
  return arrayView({ arch: arch.arch, graph: buildGraph(network.model), layer, crossbar, seed: 1 });
};
const IDEAL = ['readVariation.sigma', 'writeVariation.sigma', 'wires.row', 'wires.column'].map(
  path => `tech.noise.${path}=0 ${path.startsWith('wires') ? 'ohm' : '%'}`,
);

test('cells without flaws hold their levels, and sums within the codes of a converter come out as they are', async t => {
  const view = await viewOf(IDEAL, 'e0.q', 1);
  t.deepEqual(view.cells, view.levels);
  const { exact, sums, codes, lowest, levelsPerCode, adcBits } = view;
  t.deepEqual(sums, exact);
  for (const [i, sum] of exact.entries()) {
    const code = Math.min(2 ** adcBits - 1, Math.max(0, Math.round((sum - lowest) / levelsPerCode)));
    t.is(codes[i], code);
  }
});

test('codes of the planes, each with what it counts, add up to what the columns have without flaws', async t => {
  const { planes, digits, levels, exact, rows, cols } = await viewOf(IDEAL, 'e0.qk', 0);
  t.is(exact.length, planes.length * cols);
  const col = 3;
  let whole = 0;
  for (const [plane, { weight }] of planes.entries()) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += digits[plane * rows + row] * levels[row * cols + col];
    t.is(exact[plane * cols + col], sum);
    whole += weight * sum;
  }
  t.true(Number.isInteger(whole));
});

test('stuck cells are those that the technology makes so; the same seed gives the same crossbar', async t => {
  const set = ['tech.noise.stuck.on=10 %', 'tech.noise.stuck.off=0 %'];
  const view = await viewOf(set, 'e0.q', 1);
  const share = view.stuck.filter(one => one === 1).length / view.stuck.length;
  // A quarter of the cells stands at the highest level anyway.
  t.true(share > 0.04 && share < 0.12, `${share}`);
  t.false(view.stuck.includes(-1));
  t.deepEqual(await viewOf(set, 'e0.q', 1), view);
});

test('a crossbar and a layer that are not there are refused', async t => {
  await t.throwsAsync(viewOf([], 'e0.q', 1e6), { message: /crossbar 1000000/ });
  await t.throwsAsync(viewOf([], 'e0.nothing', 0), { message: /layer e0.nothing: glyph-vit has no such/ });
});
