/** Codes of one bit that stream into an array: one input bit plane, and one bit moved, where others take eight. */
import test from 'ava';
import { chipCost } from '../../src/arch/build.ts';
import { place } from '../../src/map/place.ts';
import { buildSteps } from '../../src/map/steps.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { modelSchema } from '../../src/workload/model.ts';
import { chip } from '../helpers/chips.ts';

const graph = buildGraph(
  modelSchema.parse({
    name: 'tiny',
    family: 'layers',
    source: 'test',
    imageSize: 16,
    stem: [{ kind: 'conv', out: 16, kernel: 2, stride: 2, padding: 0 }],
    body: [
      { kind: 'block', layers: [{ kind: 'attention', heads: 2, attention: { kind: 'angular-binary' } }] },
      { kind: 'block', layers: [{ kind: 'attention', heads: 2 }] },
    ],
    head: [{ kind: 'mean' }],
  }),
);

test('codes of one bit take one plane of an array that is the same for all else', t => {
  const arch = chip('trex-full');
  const { layers } = place(graph.ops, arch);
  const [codes, values] = [layers.get('e0.sv')!, layers.get('e1.sv')!];
  const cost = chipCost(arch);
  const [one, eight] = [cost.of(codes), cost.of(values)];
  t.is(eight.planes, 8 * one.planes);
  t.is(one.filled({ rows: 8, cols: 16 }).planes * 8, eight.filled({ rows: 8, cols: 16 }).planes);
  t.is(one.filled({ rows: 8, cols: 16 }), one.filled({ rows: 8, cols: 16 }));
  t.is(cost.of(codes), one);
  t.is(one.area_m2, eight.area_m2);
  t.is(one.readTime, eight.readTime);
});

test('one bit of each code goes to its array, eight of each other value', t => {
  const arch = chip('trex-full');
  const placement = place(graph.ops, arch);
  const steps = buildSteps(graph, placement, arch);
  const bits = (id: string) => steps.find(step => step.id === id && step.kind === 'read')?.inputBits;
  // Q of 8 columns in each of 2 heads; a map of 64 keys in each.
  t.is(bits('e0.sv'), 2 * 8);
  t.is(bits('e1.sv'), 2 * 64 * 8);
  const taken = (id: string) =>
    placement.layers.get(id)!.tiles.reduce((sum, tile) => sum + tile.inputBits, 0);
  t.is(taken('e0.sv'), 2 * 8);
  t.is(taken('e1.sv'), 2 * 64 * 8);
});

test('a read that was published for all bits of an input is one read for a code too', t => {
  const arch = chip('trex');
  const { layers } = place(graph.ops, arch);
  const cost = chipCost(arch);
  t.is(cost.of(layers.get('e0.sv')!).planes, 1);
  t.is(cost.of(layers.get('e1.sv')!).planes, 1);
});
