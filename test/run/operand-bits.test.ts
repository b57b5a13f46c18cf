/** The operand's own width decides: K^T and V are as wide as activations, whatever the weights are. */
import test from 'ava';
import type { LayerRow } from '../../src/report/result.ts';
import { buildMachine } from '../../src/run/machine.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { chip, network, run, tinyVit } from '../helpers/chips.ts';

const model = tinyVit({ dim: 192, heads: 3, encoders: 1 });
const TECHS = ['trex-fefet-32nm', 'fefet-32nm'] as const;

const rowsOf = async (tech: string, set: readonly string[]): Promise<Map<string, LayerRow>> => {
  // Without a network, whose links are as long as the chip is wide.
  const without = ['noc.kind=ideal', 'noc.broadcast=unicast', 'accounting.interconnect=omitted'];
  const { layers } = await run(chip('trex-full', { tech, set: [...without, ...set] }), model);
  return new Map(layers.map(row => [row.step, row]));
};

for (const tech of TECHS) {
  test(`${tech}: writes and reads of K^T and V do not follow precision.weights`, async t => {
    const [eight, four] = await Promise.all([8, 4].map(bits => rowsOf(tech, [`precision.weights=${bits}`])));
    for (const step of ['e0.qk.write', 'e0.sv.write', 'e0.qk', 'e0.sv']) {
      const [a, b] = [eight.get(step), four.get(step)];
      // Leakage is added in another order where fewer tiles hold weights: the last digits.
      t.true(Math.abs((a?.energy_J ?? 0) / (b?.energy_J ?? 1) - 1) < 1e-12, step);
      t.is(a?.crossbars, b?.crossbars, step);
    }
    t.not(eight.get('e0.q')?.energy_J, four.get('e0.q')?.energy_J);
  });

  test(`${tech}: they follow precision.inputs, and known weights are stored as before`, async t => {
    const [eight, four] = await Promise.all([8, 4].map(bits => rowsOf(tech, [`precision.inputs=${bits}`])));
    const ratio = (step: string): number =>
      (eight.get(step)?.energy_J ?? 0) / (four.get(step)?.energy_J ?? 1);
    // Half of the crossbars are written, and half of the bits travel.
    t.is(eight.get('e0.qk.write')?.crossbars, 2 * (four.get('e0.qk.write')?.crossbars ?? 0));
    t.true(ratio('e0.qk.write') > 1.9 && ratio('e0.qk.write') < 2.2);
    t.is(eight.get('e0.q')?.crossbars, four.get('e0.q')?.crossbars);
  });
}

test('fewer input bits need no more buffer: what fits a tile at 8 bits fits at 4', t => {
  for (const bits of [8, 4]) {
    const arch = chip('trex-full', { set: [`precision.inputs=${bits}`] });
    const model = network('deit-s');
    t.notThrows(() => buildMachine({ arch, model, reuse: noReuse }), `${bits}`);
  }
});

test('a matrix pays for its part of an array: QK^T in rows that it does not fill', async t => {
  const qk = async (rows: number): Promise<number> => {
    const tech = { tech: 'fefet-32nm', set: [`crossbar.rows=${rows}`] };
    const { layers } = await run(chip('trex', tech), model);
    return layers.find(row => row.step === 'e0.qk')?.energy_J ?? Number.NaN;
  };
  const [fits, larger] = [await qk(64), await qk(1024)];
  // Column wires 16 times as long have a share in it, converters and rows that are not used have none.
  t.true(larger < 1.1 * fits, `${larger / fits}`);
});
