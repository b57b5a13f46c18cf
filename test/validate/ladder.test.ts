/** The network that IR drop is held against, on cases that can be worked out by hand. */
import test from 'ava';
import { columnCurrents, type Ladder } from '../../src/validate/ladder.ts';

const LADDER: Ladder = {
  g: Float64Array.of(1e-2, 1e-2),
  rows: 2,
  cols: 1,
  rowWire_ohm: 1,
  colWire_ohm: 2,
  driver_ohm: 9,
  sense_ohm: 4,
  idle: 'cut-off',
};

const currentOf = (idle: Ladder['idle'], driven: boolean[]): number =>
  columnCurrents({ ...LADDER, idle }, driven)[0];
const near = (a: number, b: number): boolean => Math.abs(a / b - 1) < 1e-9;

test('a row that is cut off leaves a divider: driver, wire, cell, two column segments and the sense amplifier', t =>
  t.true(near(currentOf('cut-off', [true, false]), 1 / (9 + 1 + 100 + 2 + 2 + 4))));

test('a row at ground takes current off the column: 110 ohm beside 6 ohm', t => {
  const [shunt, sense] = [9 + 1 + 100, 2 + 4];
  const beside = (shunt * sense) / (shunt + sense);
  const all = 1 / (9 + 1 + 100 + 2 + beside);
  t.true(near(currentOf('grounded', [true, false]), (all * beside) / sense));
});

test('a row that floats on one column carries nothing', t =>
  t.true(near(currentOf('floating', [true, false]), currentOf('cut-off', [true, false]))));

test('where all rows are driven, no state of idle rows matters', t => {
  for (const idle of ['grounded', 'floating'] as const)
    t.true(near(currentOf(idle, [true, true]), currentOf('cut-off', [true, true])));
});
