import test from 'ava';
import { type AccountingSwitch, counts } from '../../src/arch/accounting.ts';
import { chip, network, run, tinyVit } from '../helpers/chips.ts';

const SWITCHES = Object.keys(chip('trex').accounting).filter(
  (name): name is AccountingSwitch => name !== 'opCount' && name !== 'source',
);

/** A small network in which the switch has something to count. */
const networkFor = (name: AccountingSwitch) => (name === 'predictor' ? network('dynamic-deit-s') : tinyVit());

for (const name of SWITCHES) {
  // Interconnect needs a network to count.
  const noc = name === 'interconnect' ? 'mesh' : 'ideal';
  test(`accounting.${name} changes what a run costs`, async t => {
    const figures = ['counted', 'omitted'].map(async value => {
      const arch = chip('trex', { set: [`noc.kind=${noc}`, `accounting.${name}=${value}`] });
      t.is(counts(arch.accounting, name), value === 'counted');
      const { result } = await run(arch, networkFor(name), { reuse: 'encoders:1' });
      return [result.energy_J, result.latency_s, result.area_m2];
    });
    const [counted, omitted] = await Promise.all(figures);
    t.notDeepEqual(counted, omitted);
  });
}

test('there are thirteen switches, each with an answer of the inventory and of the mapper', t => {
  t.is(SWITCHES.length, 13);
});

test('accumulators have an adder for every converter of a PE', async t => {
  const adders = async (banks: number) => {
    const { result } = await run(chip('trex-full', { set: [`pe.adcBanks=${banks}`] }), tinyVit());
    return result.breakdown.component.find(row => row.name === 'accumulator.pe')?.area_m2 ?? 0;
  };
  const [one, four] = [await adders(1), await adders(4)];
  t.true(one > 0);
  t.true(Math.abs(four / one - 4) < 1e-12);
});
