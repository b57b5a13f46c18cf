import test from 'ava';
import { energyByComponent, Ledger } from '../../src/hw/ledger.ts';
import { macroCost } from '../helpers/blocks.ts';

test('energy is counts times unit costs, for the steps that are asked for', t => {
  const ledger = new Ledger(2);
  const read = ledger.meter('crossbar.read', [
    { component: 'crossbar.adc', energy_J: 5 },
    { component: 'crossbar.array', energy_J: 2 },
  ]);
  const other = ledger.meter('htree.bit', [{ component: 'crossbar.adc', energy_J: 1 }]);
  read.counts[0] += 3;
  read.counts[1] += 4;
  other.counts[1] += 10;
  const all = energyByComponent(ledger, () => true);
  t.deepEqual(
    [...all],
    [
      ['crossbar.adc', 7 * 5 + 10],
      ['crossbar.array', 7 * 2],
    ],
  );
  t.deepEqual(
    [...energyByComponent(ledger, step => step === 0)],
    [
      ['crossbar.adc', 15],
      ['crossbar.array', 6],
    ],
  );
});

test('two callers of one action share its meter, and each kind of crossbar has one', t => {
  const ledger = new Ledger(1);
  ledger.meter('dram.bit', []).counts[0] += 2;
  ledger.meter('dram.bit', []).counts[0] += 3;
  t.is(ledger.meters.length, 1);
  t.is(ledger.meters[0].counts[0], 5);
  // Two technologies may have one name: their crossbars do not share a meter.
  const [first, second] = [macroCost({ readTime: 1 }), macroCost({ readTime: 2 })];
  ledger.meter('crossbar.read', first.readParts, first).counts[0] += 4;
  ledger.meter('crossbar.read', second.readParts, second).counts[0] += 6;
  ledger.meter('crossbar.read', first.readParts, first).counts[1] += 1;
  t.deepEqual([ledger.total('crossbar.read', first), ledger.total('crossbar.read', second)], [5, 6]);
  t.is(ledger.total('crossbar.write', first), 0);
});

test('what happens once has an entry after the steps', t => {
  const ledger = new Ledger(3);
  const meter = ledger.meter('crossbar.write', [{ component: 'crossbar.write', energy_J: 1 }]);
  meter.counts[ledger.once] += 9;
  t.is(meter.counts.length, 4);
  t.is(energyByComponent(ledger, step => step !== ledger.once).get('crossbar.write'), 0);
});
