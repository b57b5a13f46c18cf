/** Nodes below 22 nm: cells, logic and converters against what is published of them. */
import test from 'ava';
import { partOf } from '../../../src/tech/circuit/breakdown.ts';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import { areaFactor, delayFactor, energyFactor } from '../../../src/tech/circuit/scaling.ts';
import { design } from './designs.ts';

const NM = 1e-9;

test('a 6T cell of a node has the area that its foundry prints', t => {
  for (const [nm, um2] of [
    [14, 0.064],
    [10, 0.042],
    [7, 0.027],
    [5, 0.021],
    [3, 0.0184],
  ]) {
    const { area_m2 } = evaluateCrossbar(design('sram-32nm', { node_m: nm * NM }));
    const cell_um2 = (partOf(area_m2, 'array') / 64 ** 2) * 1e12;
    t.true(Math.abs(cell_um2 / um2 - 1) < 0.01, `${nm} nm: ${cell_um2}`);
  }
});

test('logic from 7 to 5 and 3 nm: TSMC has 15 % more speed or 30 % less power, then 10 to 15 % or 25 to 30 %', t => {
  const at = (node_nm: number) => ({ node_m: node_nm * NM, vdd_V: 0.7 });
  const [energy5, energy3] = [5, 3].map(nm => energyFactor(at(7), at(nm)));
  t.true(energy5 > 0.7 && energy5 < 0.9 && energy3 < energy5 && energy3 > 0.7 * 0.7);
  const [delay5, delay3] = [5, 3].map(nm => delayFactor(at(7), at(nm)));
  t.true(delay5 > 0.75 && delay5 < 0.9 && delay3 < delay5 && delay3 > 0.65);
  t.true(areaFactor(7 * NM, 5 * NM) < 0.7 && areaFactor(7 * NM, 3 * NM) < areaFactor(7 * NM, 5 * NM));
});

test('a SAR of 6 bits takes 31 fJ at 14 nm and 11 fJ at 7 nm without column current', t => {
  for (const [nm, fJ] of [
    [14, 31],
    [7, 10.6],
  ]) {
    const figures = evaluateCrossbar(design('sram-32nm', { node_m: nm * NM }));
    t.true(Math.abs((partOf(figures.readEnergy_J, 'adc') / 64) * 1e15 - fJ) < 0.2);
  }
});

test('level shifters hold the write voltage: no smaller at 14 than at 22 nm', t => {
  const [at14, at22] = [14, 22].map(nm =>
    partOf(evaluateCrossbar(design('fefet-32nm', { node_m: nm * NM })).area_m2, 'levelShifter'),
  );
  t.true(at14 >= at22 * 0.98);
});

test('digital computing in memory gains energy, speed and area at every node down to 3 nm', t => {
  const nodes = [28, 22, 14, 10, 7, 5, 3].map(nm =>
    evaluateCrossbar(design('sram-digital-28nm', { node_m: nm * NM })),
  );
  for (let i = 1; i < nodes.length; i++) {
    t.true(nodes[i].readEnergy_J.total < nodes[i - 1].readEnergy_J.total, `energy ${i}`);
    t.true(nodes[i].area_m2.total < nodes[i - 1].area_m2.total, `area ${i}`);
  }
  t.true(nodes[6].readTime_s.total < nodes[0].readTime_s.total / 2);
});
