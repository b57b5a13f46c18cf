/** The rows of an array are cut into groups that are read one after another: by one function, whoever asks. */
import test from 'ava';
import fc from 'fast-check';
import { crossbarDevice } from '../../src/accuracy/device.ts';
import { crossbarGrid, fillOf } from '../../src/map/grid.ts';
import { mvmSpec } from '../../src/numerics/execute/crossbar-device.ts';
import { planMvm } from '../../src/numerics/mvm/spec.ts';
import { loadTech } from '../../src/run/node/load.ts';
import { rowCut } from '../../src/tech/circuit/input-steps.ts';
import { crossbarCost } from '../../src/tech/crossbar-cost.ts';
import type { Circuit } from '../../src/tech/schema.ts';

const tech = loadTech('fefet-32nm').tech as Circuit;
const NOWHERE = { interconnect: false, buffers: false, accumulators: false };
const INPUT = { bits: 8, signed: false } as Parameters<typeof mvmSpec>[4];

test('groups are as few as the rows take and as large as one another; less than a row a group is left over', t => {
  t.deepEqual(rowCut({ rows: 128, activeRows: 32 }), { group: 32, rows: 128 });
  t.deepEqual(rowCut({ rows: 100, activeRows: 64 }), { group: 50, rows: 100 });
  t.deepEqual(rowCut({ rows: 101, activeRows: 64 }), { group: 50, rows: 100 });
  t.deepEqual(rowCut({ rows: 129, activeRows: 64 }), { group: 43, rows: 129 });
  t.deepEqual(rowCut({ rows: 64 }), { group: 64, rows: 64 });
});

test('timing, cost and the functional core cut any matrix into the same groups', t => {
  const sizes = fc.record({
    rows: fc.integer({ min: 2, max: 130 }),
    activeRows: fc.integer({ min: 1, max: 130 }),
    inputs: fc.integer({ min: 1, max: 700 }),
  });
  fc.assert(
    fc.property(sizes, ({ rows, activeRows, inputs }) => {
      const active = Math.min(rows, activeRows);
      const device: Circuit = { ...tech, crossbar: { rows, cols: 64 }, activeRows: active };
      const op = { kind: 'static', in: inputs, out: 8, tokens: 1 } as never;
      const grid = crossbarGrid(op, device, 8);
      const cost = crossbarCost(device, { weights: 8, inputs: 8 }, true, NOWHERE);
      let reads = 0;
      for (let block = 0; block < grid.rowBlocks; block++)
        reads += cost.filled(fillOf(grid, block * grid.slices)).planes / 8;
      const { blocks, spec } = planMvm(mvmSpec(crossbarDevice(device, false), inputs, 8, 8, INPUT));
      t.is(blocks, reads, `${rows} rows, ${active} at once, ${inputs} inputs`);
      return spec.arrayRows <= active && grid.rows % spec.arrayRows === 0;
    }),
    { seed: 11, numRuns: 60 },
  );
});
