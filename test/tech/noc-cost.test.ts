import test from 'ava';
import fc from 'fast-check';
import { linkCost, type RouterDesign, routerCost } from '../../src/tech/noc-cost.ts';
import { apart, chip } from '../helpers/chips.ts';

const { digital } = chip('trex');
const MM = 1e-3;

const design = (flitBits: number, ports = 5, virtualChannels = 2, depth = 4): RouterDesign => {
  return { ports, virtualChannels, depth, flitBits };
};

/** DSENT, 32 nm, 2 VCs x 4 flits: bits, ports; write, read, crossbar, allocator, clock in pJ; mm2. */
const DSENT = [
  [32, 5, 0.471, 0.376, 0.302, 0.081, 0.181, 0.009],
  [64, 5, 0.925, 0.72, 0.591, 0.081, 0.289, 0.0198],
  [128, 5, 1.833, 1.408, 1.171, 0.081, 0.515, 0.0486],
  [256, 5, 3.648, 2.785, 2.33, 0.081, 0.963, 0.136],
  [32, 8, 0.471, 0.384, 0.438, 0.195, 0.243, 0.0168],
];

test('every block of a router is within 2.5 % of DSENT, at four widths and at 8 ports', t => {
  for (const [bits, ports, write, read, crossbar, arbiter, clock, mm2] of DSENT) {
    const cost = routerCost(digital, design(bits, ports));
    const pairs: [number, number][] = [
      [cost.write_J, write * 1e-12],
      [cost.read_J, read * 1e-12],
      [cost.crossbar_J, crossbar * 1e-12],
      [cost.arbiter_J, arbiter * 1e-12],
      [cost.clock_J, clock * 1e-12],
      [cost.area_m2, mm2 * 1e-6],
    ];
    for (const [ours, reference] of pairs) t.true(apart(ours, reference) < 0.025, `${bits} ${reference}`);
  }
});

test('leakage of a router is DSENT to 1 %, times that of the transistors of the chip', t => {
  for (const [bits, mW] of [
    [32, 3.97],
    [64, 7.57],
    [128, 14.8],
    [256, 29],
  ]) {
    t.true(apart(routerCost(digital, design(bits)).leakage_W, mW * 1e-3 * 6.986e-4) < 0.01);
  }
});

test('whatever a router has more of, it takes more energy, area and leakage', t => {
  const designs = fc.record({
    ports: fc.integer({ min: 2, max: 16 }),
    virtualChannels: fc.integer({ min: 1, max: 16 }),
    depth: fc.integer({ min: 1, max: 256 }),
    flitBits: fc.integer({ min: 8, max: 1024 }),
  });
  fc.assert(
    fc.property(designs, fc.constantFrom('ports', 'virtualChannels', 'depth', 'flitBits'), (one, key) => {
      const cost = routerCost(digital, one);
      const more = routerCost(digital, { ...one, [key]: one[key] + 1 });
      t.true(more.flit_J > cost.flit_J);
      t.true(more.area_m2 > cost.area_m2);
      t.true(more.leakage_W > cost.leakage_W);
      t.true(more.clock_J >= cost.clock_J);
    }),
    { seed: 7, numRuns: 50 },
  );
});

test('buffers of 16 x 256 flits are 512 times those of 2 x 4: area and leakage are nearly all theirs', t => {
  const [small, large] = [design(128), design(128, 5, 16, 256)].map(d => routerCost(digital, d));
  t.true(large.area_m2 > 100 * small.area_m2);
  t.true(large.leakage_W > 250 * small.leakage_W);
});

test('a flit over a link costs its bits times the length of the wire', t => {
  t.true(apart(linkCost(digital, 128, MM).energy_J, 128 * 0.0324e-12) < 1e-12);
  t.true(apart(linkCost(digital, 128, 2.5 * MM).energy_J, 2.5 * 128 * 0.0324e-12) < 1e-12);
  t.is(linkCost(digital, 128, 0).energy_J, 0);
});

test('leakage of links is scaled to the transistors of the chip', t => {
  t.true(apart(linkCost(digital, 64, MM).leakage_W, 21.8e-6 * 6.986e-4) < 1e-9); // 21.8 uW for 64 bits and 1 mm
});

test('registers on a link take energy, area and leakage of a flip-flop for every bit', t => {
  const [plain, cut] = [0, 2].map(registers => linkCost(digital, 64, MM, registers));
  t.is(plain.area_m2, 0);
  t.true(apart(cut.area_m2, 128 * 3.24e-12) < 1e-12);
  t.true(apart(cut.energy_J - plain.energy_J, 128 * 0.00196e-12) < 1e-9);
  t.true(cut.leakage_W > plain.leakage_W);
});
