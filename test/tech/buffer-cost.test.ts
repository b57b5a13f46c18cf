import test from 'ava';
import fc from 'fast-check';
import { bufferCost } from '../../src/tech/buffer-cost.ts';
import { apart, chip } from '../helpers/chips.ts';

const { digital } = chip('trex');
const KIB = 1024;

test('a buffer of 1 KiB with a port of 64 bits costs the coefficients of the fit', t => {
  const cost = bufferCost(digital, KIB, 64, 1);
  t.true(apart(cost.read_J, 0.01561e-12) < 1e-12);
  t.true(apart(cost.write_J, 0.03103e-12) < 1e-12);
  t.true(apart(cost.area_m2, 0.2604e-12 * 8 * KIB) < 1e-12);
  t.true(apart(cost.leakage_W, 0.255e-6) < 1e-12);
});

test('a bit of a 32 KiB buffer with a port of 256 bits', t => {
  // 0.01561 x 32^0.569 x 4^-0.347 pJ/bit
  t.true(
    apart(bufferCost(digital, 32 * KIB, 256, 1).read_J, 0.01561e-12 * 32 ** 0.569 * 4 ** -0.347) < 1e-12,
  );
});

test('a bit costs more in a larger buffer, and less through a wider port', t => {
  const sizes = fc.record({
    capacity: fc.integer({ min: 512, max: 2 ** 20 }),
    port: fc.constantFrom(32, 64, 128),
  });
  fc.assert(
    fc.property(sizes, ({ capacity, port }) => {
      const cost = bufferCost(digital, capacity, port, 1);
      const larger = bufferCost(digital, 2 * capacity, port, 1);
      const wider = bufferCost(digital, capacity, 2 * port, 1);
      return (
        larger.read_J > cost.read_J &&
        larger.write_J > cost.write_J &&
        larger.area_m2 > cost.area_m2 &&
        wider.read_J < cost.read_J
      );
    }),
    { seed: 5 },
  );
  t.is(bufferCost(digital, 2 * KIB, 64, 1).leakage_W, 2 * bufferCost(digital, KIB, 64, 1).leakage_W);
});

test('ports are banks: a bit costs what it costs in a bank and on the way to it, half of the side of all, area that of all', t => {
  const bank = bufferCost(digital, 4 * KIB, 128, 1);
  const four = bufferCost(digital, 16 * KIB, 128, 4);
  t.true(apart(four.area_m2, 4 * bank.area_m2) < 1e-12);
  // 0.2604 um2 a bit at 1 KiB.
  const way_m = Math.sqrt(four.area_m2) / 2;
  const { wire } = digital;
  t.true(apart(four.read_J, bank.read_J + way_m * wire.energy) < 1e-12);
  t.true(apart(four.write_J, bank.write_J + way_m * wire.energy) < 1e-12);
  t.true(apart(four.access_s, bank.access_s + way_m * wire.delay) < 1e-12);
  t.is(four.interval_s, bank.interval_s);
  const leaks_W = 4 * 128 * way_m * wire.leakage * digital.router.leakageScale;
  t.true(apart(four.leakage_W, 4 * bank.leakage_W + leaks_W) < 1e-12);
  // A whole buffer of one port has its wires inside.
  t.true(four.read_J < bufferCost(digital, 16 * KIB, 128, 1).read_J);
});

test('an eDRAM of 64 KiB and 256 bits is that of PUMA, and close to that of ISAAC', t => {
  const cost = bufferCost(digital, 64 * KIB, 256, 1, 'edram');
  t.true(Math.abs(cost.read_J * 256 - 17.2e-12) < 0.02e-12);
  t.true(Math.abs(cost.area_m2 - 0.086e-6) < 0.0005e-6);
  t.true(apart(cost.leakage_W, 0.46e-3) < 1e-9);
  t.true(Math.abs(bufferCost(digital, 128 * KIB, 256, 1, 'edram').read_J * 256 - 25.35e-12) < 0.03e-12);
  // ISAAC: 20.7 mW at a read every cycle of 1.2 GHz.
  t.true(Math.abs(cost.read_J * 256 * 1.2e9 - 20.7e-3) < 0.1e-3);
});

test('an access takes the time of the fit, and words follow each other by its stages', t => {
  const { access_s, interval_s } = bufferCost(digital, 64 * KIB, 256, 1);
  t.true(apart(access_s, 0.6066e-9 * 64 ** 0.238 * 4 ** -0.071) < 1e-12);
  t.true(apart(interval_s, access_s / 3) < 1e-12);
  const four = bufferCost(digital, 256 * KIB, 256, 4);
  t.is(four.interval_s, interval_s, 'a port is a bank');
  t.true(apart(four.access_s, access_s + (Math.sqrt(four.area_m2) / 2) * digital.wire.delay) < 1e-12);
});

test('an eDRAM takes two cycles of PUMA, and nothing new before', t => {
  const { access_s, interval_s } = bufferCost(digital, 64 * KIB, 256, 1, 'edram');
  t.deepEqual([access_s, interval_s], [2e-9, 2e-9]);
});

test('a technology without eDRAM says so', t => {
  const { edram: _, ...without } = digital;
  t.throws(() => bufferCost(without, 64 * KIB, 256, 1, 'edram'), { message: /^cmos-32nm has no edram/ });
});

test('more ports are never free: smaller banks of SRAM, more peripheries of eDRAM', t => {
  for (const memory of ['sram', 'edram'] as const) {
    const [one, four] = [1, 4].map(ports => bufferCost(digital, 64 * KIB, 256, ports, memory).area_m2);
    t.true(four > one, memory);
  }
});
