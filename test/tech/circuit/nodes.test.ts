/** Constants and scaling over nodes. */
import test from 'ava';
import fc from 'fast-check';
import { nodeConstants, TABULATED_NODES_M, wire } from '../../../src/tech/circuit/nodes.ts';
import { areaFactor, delayFactor, energyFactor } from '../../../src/tech/circuit/scaling.ts';
import { apart } from '../../helpers/chips.ts';

const node = fc.double({ min: 7e-9, max: 130e-9, noNaN: true });
const corner = fc.record({ node_m: node, vdd_V: fc.double({ min: 0.8, max: 1.1, noNaN: true }) });

test('a tabulated node has the values of the table', t => {
  const { vdd_V, switch_ohm_m, sarPerBit_W } = nodeConstants(32e-9, 'LSTP');
  t.deepEqual([vdd_V, switch_ohm_m, sarPerBit_W], [0.9, 0.9 / 600, 1.1294e-6]);
  t.is(nodeConstants(32e-9, 'HP').sarPerBit_W, 1.0157e-6);
  t.is(nodeConstants(65e-9, 'LSTP').vdd_V, 1.1);
  t.is(nodeConstants(22e-9, 'LSTP').vdd_V, 0.85);
});

test('constants between two nodes lie between theirs', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (i, share) => {
          const [below, above] = [TABULATED_NODES_M[i - 1], TABULATED_NODES_M[i]];
          const [a, x, b] = [below, below + share * (above - below), above].map(n =>
            nodeConstants(n, 'LSTP'),
          );
          return (Object.keys(x) as (keyof typeof x)[]).every(key => {
            const [low, high] = [Math.min(a[key], b[key]), Math.max(a[key], b[key])];
            return x[key] >= low * (1 - 1e-12) && x[key] <= high * (1 + 1e-12);
          });
        },
      ),
      { seed: 1 },
    ),
  );
});

test('64 FeFET cells of 12 F along a row have 114 ohm and 4.9 fF, across 38 ohm', t => {
  const constants = nodeConstants(32e-9, 'LSTP');
  const row = wire(constants, 64 * 12 * 32e-9);
  t.true(Math.abs(row.resistance_ohm - 114.5) < 0.5);
  t.true(Math.abs(row.capacitance_F - 4.915e-15) < 0.01e-15);
  t.true(Math.abs(wire(constants, 64 * 4 * 32e-9).resistance_ohm - 38) < 0.5);
});

test('scaling to the same corner is the identity, there and back too', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(corner, corner, (a, b) => {
        const same =
          energyFactor(a, a) === 1 && delayFactor(a, a) === 1 && areaFactor(a.node_m, a.node_m) === 1;
        const back = [
          energyFactor(a, b) * energyFactor(b, a),
          delayFactor(a, b) * delayFactor(b, a),
          areaFactor(a.node_m, b.node_m) * areaFactor(b.node_m, a.node_m),
        ];
        return same && back.every(product => apart(product, 1) < 1e-9);
      }),
      { seed: 2 },
    ),
  );
});

test("the authors' example: 1 pJ at 65 nm and 1.3 V is 0.1755 pJ at 32 nm and 0.9 V", t => {
  const factor = energyFactor({ node_m: 65e-9, vdd_V: 1.3 }, { node_m: 32e-9, vdd_V: 0.9 });
  t.true(Math.abs(factor - 0.1755) < 0.0002);
});

test('logic of 28 nm takes about 0.8 of the area of 32 nm, of 65 nm 3.2 times', t => {
  t.true(Math.abs(areaFactor(32e-9, 28e-9) - 0.8) < 0.01);
  t.true(apart(areaFactor(32e-9, 65e-9), 1 / 0.31) < 1e-9);
});
