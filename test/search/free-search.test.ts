/** The free search: its front, its special cases, and its figures. */
import test from 'ava';
import { dominates } from '../../src/pareto/dominance.ts';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import { simulate } from '../../src/run/simulate.ts';
import { type DesignSpace, designOf, devicesOf } from '../../src/search/design.ts';
import { type FreeDesign, type FreeSearch, freeSearch, startPlans } from '../../src/search/free-search.ts';
import { prunedModel } from '../../src/search/keep.ts';

const ENCODERS = 4;
const { arch } = loadArch('trex', { tech: 'fefet-32nm' });
const sram = loadArch('trex', { tech: 'sram-32nm' }).arch.devices.static;
const { model } = loadModel('grammar-bert', { set: [`model.encoders=${ENCODERS}`] });
const vit = loadModel('glyph-vit', { set: [`model.encoders=${ENCODERS}`] }).model;
const space: DesignSpace = {
  encoders: ENCODERS,
  able: [1, 2, 3],
  devices: [
    { name: 'FeFET', device: arch.devices.static },
    { name: 'SRAM', device: sram },
  ],
  adcBits: [5, 6, 7],
  keep: [1],
};

const search: FreeSearch = {
  model,
  arch,
  space,
  population: 8,
  generations: 3,
  seed: 1,
  startBits: 6,
  predictedLoss: ({ plan, static: known, adcBits }) =>
    plan.encoders.reduce((sum, e) => sum + 1 / e, 0) +
    known.reduce((sum, device) => sum + (device === 0 ? 0.02 : 0), 0) +
    2 ** -adcBits,
};

const vector = (d: FreeDesign): number[] => [d.latency_s, d.energy_J, d.area_m2, d.predictedLoss];

test('no uniform pattern beats the front of the same evaluator', async t => {
  const { front, uniform, evaluated } = await freeSearch(search);
  t.is(uniform.length, startPlans(ENCODERS).length);
  t.true(evaluated.length > uniform.length);
  for (const pattern of uniform) {
    const equalOrBeaten = front.some(
      design =>
        dominates(vector(design), vector(pattern)) || vector(design).join() === vector(pattern).join(),
    );
    t.true(equalOrBeaten, pattern.plan.pattern);
    t.false(front.some(design => dominates(vector(pattern), vector(design))));
  }
});

test('the same search gives the same front, and another seed other designs', async t => {
  const first = await freeSearch(search);
  t.deepEqual(await freeSearch(search), first);
  const other = await freeSearch({ ...search, seed: 2 });
  t.notDeepEqual(
    other.evaluated.map(d => d.genome.join('')),
    first.evaluated.map(d => d.genome.join('')),
  );
});

test('with pruned tokens too, no uniform pattern beats the front, and figures are those of the pruned network', async t => {
  const pruned: FreeSearch = {
    ...search,
    model: vit,
    space: { ...space, keep: [1, 0.7] },
    population: 16,
    generations: 4,
    predictedLoss: design =>
      (search.predictedLoss(design) as number) + design.keep.reduce((sum, share) => sum + 1 - share, 0) / 10,
  };
  const { front, uniform, evaluated } = await freeSearch(pruned);
  for (const pattern of uniform) {
    t.true(designOf(pattern.genome, pruned.space).keep.every(share => share === 1));
    t.false(front.some(design => dominates(vector(pattern), vector(design))));
  }
  const some = evaluated.filter(({ genome }) => designOf(genome, pruned.space).keep.some(share => share < 1));
  t.true(some.some(({ genome }) => designOf(genome, pruned.space).plan.encoders.length > 0));
  t.true(some.length > 4);
  for (const { genome, latency_s, energy_J, area_m2 } of some) {
    const design = designOf(genome, pruned.space);
    const { result } = await simulate({
      arch: { ...arch, devices: devicesOf(design, pruned.space) },
      model: prunedModel(vit, design.keep),
      reuse: design.plan,
    });
    t.true(Math.abs(latency_s / result.latency_s - 1) < 1e-12);
    t.true(Math.abs(energy_J / result.energy_J - 1) < 1e-12);
    t.true(Math.abs(area_m2 / result.area_m2 - 1) < 1e-12);
  }
});

test('the figures of a design are those of its own run', async t => {
  const { evaluated } = await freeSearch(search);
  const mixed = evaluated.filter(({ genome }) => {
    const { static: known, plan } = designOf(genome, space);
    return new Set(known).size > 1 && plan.encoders.length > 0;
  });
  t.true(mixed.length > 0);
  for (const { genome, latency_s, energy_J, area_m2 } of mixed.slice(-4)) {
    const design = designOf(genome, space);
    const { result } = await simulate({
      arch: { ...arch, devices: devicesOf(design, space) },
      model,
      reuse: design.plan,
    });
    t.is(latency_s, result.latency_s);
    t.true(Math.abs(energy_J / result.energy_J - 1) < 1e-12);
    t.true(Math.abs(area_m2 / result.area_m2 - 1) < 1e-12);
  }
});
