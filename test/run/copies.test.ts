/** Copies of layers, and where layers stand: what it buys, and what it costs. */
import test from 'ava';
import fc from 'fast-check';
import { sum } from '../../src/base/sum.ts';
import { Deal } from '../../src/hw/datapath/deal.ts';
import { gridFloorplan, hubNear } from '../../src/hw/noc/floorplan.ts';
import { type Step, slotOf } from '../../src/hw/program.ts';
import { chip, run, tinyVit } from '../helpers/chips.ts';

const model = tinyVit({ encoders: 2 });
const copies = (n: number, match = '*'): string => `mapping.copies=[{match: "${match}", copies: ${n}}]`;
const PIPELINED = 'schedule.images=pipelined';
const namesWithout = (key: string, value: unknown): unknown => (key === 'machine' ? undefined : value);

test('one copy of each layer in their order is the chip as it was, to the byte', async t => {
  for (const name of ['trex', 'trex-full']) {
    const [plain, said] = [chip(name), chip(name, { set: [copies(1), 'mapping.order=snake'] })];
    const text = async (arch: typeof plain) => JSON.stringify(await run(arch, model), namesWithout);
    t.is(await text(said), await text(plain));
  }
});

test('copies take their tiles and their writing; reads take the energy that they took, in less time', async t => {
  for (const name of ['trex', 'trex-full']) {
    const [one, three] = [await run(chip(name), model), await run(chip(name, { set: [copies(3)] }), model)];
    t.is(three.result.tiles, 3 * one.result.tiles);
    const load = (r: typeof one) =>
      sum(r.machine.chip.ledger.meters, ({ action, counts }) =>
        action === 'crossbar.write' ? counts.at(-1)! : 0,
      );
    t.is(load(three), 3 * load(one));
    t.is(three.result.weightLoad.bits, 3 * one.result.weightLoad.bits);
    // Every vector is read once, by one of the copies.
    const reads = (r: typeof one) =>
      r.machine.steps.map(({ index }) =>
        sum(r.machine.chip.ledger.meters, ({ action, counts }) =>
          action === 'crossbar.read' ? counts[index] : 0,
        ),
      );
    t.deepEqual(reads(three), reads(one));
    t.true(three.result.latency_s < one.result.latency_s);
    t.true(3 * three.result.latency_s > one.result.latency_s);
    const written = (r: typeof one) =>
      sum(r.result.breakdown.stage, row => (row.name === 'write' ? row.energy_J : 0));
    t.true(written(three) > 2 * written(one));
  }
});

test('vectors are dealt to copies in turn, each to one, from the first with every image', t => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 200 }), (n, jobs) => {
      const deal = new Deal(1);
      deal.connect({ index: 0, jobs } as Step, n);
      const order: number[] = [];
      for (let job = 0; job < 2 * jobs; job++) {
        deal.begin(slotOf(0, job));
        order.push(deal.copyOf(slotOf(0, job)));
      }
      return order.every((copy, job) => copy === (job % jobs) % n);
    }),
  );
  t.pass();
});

test('n copies of every layer let at most n times the images through, and no more than the busiest resource', async t => {
  const images = 6;
  for (const name of ['trex', 'trex-full']) {
    const one = await run(chip(name, { set: [PIPELINED] }), model, { images });
    for (const n of [2, 5]) {
      const { result } = await run(chip(name, { set: [PIPELINED, copies(n)] }), model, { images });
      t.true(result.throughput_Hz <= n * one.result.throughput_Hz * (1 + 1e-12), `${name} ${n}`);
      t.true(result.throughput_Hz >= one.result.throughput_Hz, `${name} ${n}`);
      const [busiest] = result.pipeline!.resources;
      t.true(result.throughput_Hz * busiest.busy_s <= 1 + 1e-9);
    }
  }
});

test('balanced copies take tiles that are left over and no others, and let more images through', async t => {
  const rate = async (...set: string[]) =>
    (await run(chip('trex', { set: [PIPELINED, ...set] }), model, { images: 6 })).result;
  const once = await rate('chip.tiles=40');
  const even = await rate('chip.tiles=40', 'mapping.replicate=balanced');
  t.true(even.throughput_Hz > once.throughput_Hz);
  t.is(even.tiles, 40);
  t.is(even.area_m2, once.area_m2);
  t.true(even.crossbars > once.crossbars);
  const none = await rate(`chip.tiles=${once.tiles}`, 'mapping.replicate=balanced');
  t.true(none.throughput_Hz >= once.throughput_Hz);
});

test('copies beyond the tiles, patterns without a layer, and balance without tiles are refused', async t => {
  const fails = (...set: string[]) => t.throwsAsync(async () => run(chip('trex', { set }), model));
  const beyond = await fails(copies(2), 'chip.tiles=20');
  t.regex(
    beyond.message,
    /^mapping\.copies: the layers take 32 tiles with their copies \(16 without\), the chip has 20: /,
  );
  t.regex(
    (await fails(copies(2, 'e0.fc3'))).message,
    /e0\.fc3 matches no layer of the network: did you mean e0\.fc/,
  );
  t.regex((await fails('mapping.replicate=balanced')).message, /as many tiles as its network needs/);
  const inTurn = await fails('mapping.order=traffic', 'chip.tiles=8', 'noc.kind=mesh', 'noc.broadcast=chain');
  t.regex(inTurn.message, /^mapping\.order: .* take turns/);
});

test('near the hub every tile has a node of its own, the nearest first', t => {
  for (const tiles of [1, 2, 7, 24, 99]) {
    const plan = gridFloorplan(tiles);
    const near = hubNear(plan, tiles);
    const nodes = Array.from({ length: tiles }, (_, tile) => near.nodeOf(tile));
    t.deepEqual(
      [...nodes].sort((a, b) => a - b),
      Array.from({ length: tiles }, (_, tile) => plan.nodeOf(tile)).sort((a, b) => a - b),
    );
    const hub = plan.placeOf(plan.hub);
    const ways = nodes.map(
      node => Math.abs(plan.placeOf(node).x - hub.x) + Math.abs(plan.placeOf(node).y - hub.y),
    );
    t.deepEqual(
      ways,
      [...ways].sort((a, b) => a - b),
    );
  }
});

test('layers by their traffic send fewer flits over links than line by line', async t => {
  const flits = async (order: string) => {
    const { machine } = await run(chip('trex-full', { set: [`mapping.order=${order}`] }), model);
    const { once, meters } = machine.chip.ledger;
    return sum(meters, ({ action, counts }) =>
      action === 'link.flit' ? sum([...counts], c => c) - counts[once] : 0,
    );
  };
  t.true((await flits('traffic')) < (await flits('snake')));
});
