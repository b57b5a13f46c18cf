/** Several sets of weights in an array: one at a time, and to take another costs its time and energy. */
import test from 'ava';
import { AdcBank } from '../../src/hw/adc-bank.ts';
import { MacroCrossbar } from '../../src/hw/crossbar.ts';
import { JobOrder } from '../../src/hw/job-order.ts';
import { JobTable, loadSlot } from '../../src/hw/job-table.ts';
import { slotOf } from '../../src/hw/program.ts';
import { WriteDriver } from '../../src/hw/write-driver.ts';
import { Bench, endsAt, macroCost, stepOfKind } from '../helpers/blocks.ts';

const STEPS = [stepOfKind(0, 'read', { layer: 'a' }), stepOfKind(1, 'read', { layer: 'b' })];

test('the steps of a layer are about its set; the load of a set is a job of its own', t => {
  const jobs = new JobTable(STEPS, ['a', 'b']);
  t.is(jobs.size, 128);
  t.is(jobs.setOf(slotOf(0, 7)), 0);
  t.is(jobs.setOf(slotOf(1, 7)), 1);
  t.deepEqual(
    [0, 1, 5].map(set => jobs.setOf(loadSlot(2, set))),
    [0, 1, 5],
  );
});

test('vectors of two sets are read one after another, 12 ticks after a change, none after no change', t => {
  const bench = new Bench();
  const jobs = new JobTable(STEPS, ['a', 'b']);
  const ports = {
    adc: new AdcBank(bench.root, 'adcBank', 2),
    writer: new WriteDriver(bench.root, 'writeDriver', 1),
    jobs: new JobOrder(128),
    setOf: (slot: number) => jobs.setOf(slot),
    onRead: bench.done,
    onWritten: bench.done,
  };
  const cost = macroCost({ select: { energy_J: 1, time: 12 } });
  const crossbar = new MacroCrossbar(bench.root, 'x', cost, ports);
  const slots = [slotOf(0, 0), slotOf(0, 1), slotOf(1, 0), slotOf(0, 2)];
  for (const slot of slots) crossbar.read(slot);
  // The array stands at set 0 when it is built.
  endsAt(t, bench, slots[0], 100);
  endsAt(t, bench, slots[1], 200);
  endsAt(t, bench, slots[2], 312);
  endsAt(t, bench, slots[3], 424);
});
