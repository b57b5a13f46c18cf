/** Designs of the free search as genes and as devices of a chip. */
import test from 'ava';
import fc from 'fast-check';
import { loadArch, loadModel } from '../../src/run/node/load.ts';
import {
  choicesOf,
  type DesignSpace,
  designOf,
  designText,
  devicesOf,
  plainGenome,
  repaired,
  withBits,
  withKeep,
} from '../../src/search/design.ts';
import { prunedModel, pruningOf, tokensOf } from '../../src/search/keep.ts';
import { deviceOf } from '../../src/tech/devices.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { reusePlan } from '../../src/workload/reuse.ts';

const fefet = loadArch('trex', { tech: 'fefet-32nm' }).arch.devices.static;
const sram = loadArch('trex', { tech: 'sram-32nm' }).arch.devices.static;
const space: DesignSpace = {
  encoders: 5,
  able: [1, 2, 3, 4],
  devices: [
    { name: 'FeFET', device: fefet },
    { name: 'SRAM', device: sram },
  ],
  adcBits: [5, 6],
  keep: [1, 0.9, 0.7],
};
const genomes = fc.tuple(...choicesOf(space).map(n => fc.nat(n - 1)));

test('repair takes away the device of matrices that a reuse encoder does not have, keeps its patches, and changes nothing else', t => {
  fc.assert(
    fc.property(genomes, genome => {
      const fixed = repaired(genome, space);
      t.deepEqual(repaired(fixed, space), fixed);
      const [before, after] = [designOf(genome, space), designOf(fixed, space)];
      t.deepEqual(after.plan, before.plan);
      t.deepEqual(after.static, before.static);
      for (const [e, device] of after.dynamic.entries())
        t.is(device, before.plan.encoders.includes(e) ? 0 : before.dynamic[e]);
      for (const [e, share] of after.keep.entries())
        t.is(share, before.plan.encoders.includes(e) ? 1 : before.keep[e]);
    }),
  );
});

test('every layer is made of what its encoder chose', t => {
  const design = {
    plan: reusePlan([2], 5),
    static: [0, 1, 0, 0, 1],
    dynamic: [1, 0, 0, 0, 0],
    adcBits: 5,
    keep: [1, 1, 1, 1, 1],
  };
  const devices = devicesOf(design, space);
  const made = (id: string, dynamic: boolean): string => deviceOf(devices, id, dynamic).name;
  t.is(made('e1.fc1', false), 'sram-32nm');
  t.is(made('e1.qk', true), 'fefet-32nm');
  t.is(made('e0.sv', true), 'sram-32nm');
  t.is(made('e0.q', false), 'fefet-32nm');
  t.is(deviceOf(devices, 'e4.fc2', false).adc.bits, 5);
});

test('a uniform pattern is a design with one device', t => {
  const plan = reusePlan([1, 3], 5);
  const design = designOf(plainGenome(plan, 0, 6, space), space);
  t.deepEqual(design, {
    plan,
    static: [0, 0, 0, 0, 0],
    dynamic: [0, 0, 0, 0, 0],
    adcBits: 6,
    keep: [1, 1, 1, 1, 1],
  });
  t.is(designText(design, space), 'reuse 1 3; weights FFFFF; K, V F-F-F; 6 bits');
});

test('published totals say nothing of other ADCs', t => {
  const macro = loadArch('trex').arch.devices.static;
  t.throws(() => withBits(macro, 5), { message: /by its circuits/ });
});

test('shares multiply from encoder to encoder', t => {
  const keep = [1, 0.7, 1, 0.9, 1];
  t.deepEqual(pruningOf(keep), { by: 'attention', before: [1, 3], keep: [0.7, 0.7 * 0.9] });
  t.deepEqual(
    tokensOf(loadModel('glyph-vit', { set: [`model.encoders=${keep.length}`] }).model, keep),
    [26, 19, 19, 17, 17],
  );
  t.is(pruningOf([1, 1]), undefined);
  const design = designOf(withKeep(plainGenome(reusePlan([2], 5), 0, 6, space), keep, space), space);
  t.deepEqual(design.keep, keep);
  t.is(designText(design, space), 'reuse 2; weights FFFFF; K, V FF-FF; 6 bits; keep 1:0.7 3:0.9');
});

test('the tokens of a schedule are those of the graph that it makes', t => {
  const { model } = loadModel('glyph-vit', { set: ['model.encoders=5'] });
  fc.assert(
    fc.property(fc.array(fc.constantFrom(1, 0.9, 0.7, 0.3), { minLength: 4, maxLength: 4 }), shares => {
      const keep = [1, ...shares];
      const { ops } = buildGraph(prunedModel(model, keep));
      const rows = keep.map((_, e) => ops.find(op => op.id === `e${e}.fc1`));
      t.deepEqual(
        rows.map(op => op?.kind === 'static' && op.rows),
        tokensOf(model, keep),
      );
    }),
  );
});
