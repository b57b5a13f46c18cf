import test from 'ava';
import { linkCost, routerCost } from '../../src/tech/noc-cost.ts';
import { apart, chip } from '../helpers/chips.ts';

const { digital } = chip('trex');
const MM = 1e-3;

test('a flit of 128 bits through a router of 3 stages: its bits, its control, and the clock', t => {
  const { energy_J } = routerCost(digital, 128, 3);
  // 0.0345 x 128 + 0.08 + 3 x (0.0035 x 128 + 0.07) = 6.05 pJ
  t.true(apart(energy_J, 6.05e-12) < 1e-12);
  const more = routerCost(digital, 128, 4).energy_J - energy_J;
  t.true(apart(more, (0.0035 * 128 + 0.07) * 1e-12) < 1e-9);
});

test('a flit over a link costs its bits times the length of the wire', t => {
  t.true(apart(linkCost(digital, 128, MM).energy_J, 128 * 0.0324e-12) < 1e-12);
  t.true(apart(linkCost(digital, 128, 2.5 * MM).energy_J, 2.5 * 128 * 0.0324e-12) < 1e-12);
  t.is(linkCost(digital, 128, 0).energy_J, 0);
});

test('the area of a router grows faster than its width', t => {
  const area = (bits: number): number => routerCost(digital, bits, 3).area_m2;
  t.true(apart(area(128), 128 * (2.4e-4 + 1.13e-6 * 128) * 1e-6) < 1e-12);
  t.true(area(256) > 2 * area(128));
});

test('leakage of routers and links is scaled to the transistors of the chip', t => {
  const router_W = routerCost(digital, 64, 3).leakage_W;
  const link_W = linkCost(digital, 64, MM).leakage_W;
  t.true(apart(router_W, (0.113e-3 * 64 + 0.35e-3) * 6.986e-4) < 1e-9);
  t.true(apart(link_W, 21.8e-6 * 6.986e-4) < 1e-9); // 21.8 uW for 64 bits and 1 mm
});
