import test from 'ava';
import { energyByComponent, Ledger } from '../../src/hw/ledger.ts';

test('energy is counts times unit costs, for the steps that are asked for', t => {
  const ledger = new Ledger(2);
  const read = ledger.meter('reads', [
    { component: 'adc', energy_J: 5 },
    { component: 'array', energy_J: 2 },
  ]);
  const other = ledger.meter('conversions', [{ component: 'adc', energy_J: 1 }]);
  read.counts[0] += 3;
  read.counts[1] += 4;
  other.counts[1] += 10;
  const all = energyByComponent(ledger, () => true);
  t.deepEqual(
    [...all],
    [
      ['adc', 7 * 5 + 10],
      ['array', 7 * 2],
    ],
  );
  t.deepEqual(
    [...energyByComponent(ledger, step => step === 0)],
    [
      ['adc', 15],
      ['array', 6],
    ],
  );
});

test('two callers of one action share its meter', t => {
  const ledger = new Ledger(1);
  ledger.meter('reads', []).counts[0] += 2;
  ledger.meter('reads', []).counts[0] += 3;
  t.is(ledger.meters.length, 1);
  t.is(ledger.meters[0].counts[0], 5);
});

test('what happens once has an entry after the steps', t => {
  const ledger = new Ledger(3);
  const meter = ledger.meter('writes', [{ component: 'crossbar.write', energy_J: 1 }]);
  meter.counts[ledger.once] += 9;
  t.is(meter.counts.length, 4);
  t.is(energyByComponent(ledger, step => step !== ledger.once).get('crossbar.write'), 0);
});
