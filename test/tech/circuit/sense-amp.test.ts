/** Flash converters: sense amplifiers over nodes, column currents and bits. */
import test from 'ava';
import fc from 'fast-check';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import { meanMirror_W, mirror_W, senseAmp, senseTime_s } from '../../../src/tech/circuit/sense-amp.ts';
import { apart } from '../../helpers/chips.ts';
import { design } from './designs.ts';

const flash = (name: 'fefet-32nm' | 'rram-32nm', bits: number, node_m: number) =>
  evaluateCrossbar({
    ...design(name, { rows: 128, cols: 128, node_m }),
    adc: { law: 'neurosim-flash', bits, columns: 8 },
  });

test('the mean power of mirrors is the mean over evenly spread references', t => {
  const positive = fc.double({ min: 1e-6, max: 1e-2, noNaN: true });
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.constantFrom(14e-9, 22e-9, 32e-9, 65e-9), positive, (node_m, largest_S) => {
        const amp = senseAmp(node_m);
        const n = 4000;
        let sum = 0;
        for (let i = 0; i < n; i++) sum += mirror_W(amp, ((i + 0.5) / n) * largest_S);
        return Math.abs(sum / n - meanMirror_W(amp, largest_S)) < 1e-3 * amp.most_W;
      }),
      { seed: 3 },
    ),
  );
});

// MultilevelSenseAmp.cpp of NeuroSim V1.4: 8.02517e-15 R + 0.852 ns at 22 nm with 4.5 fF, 1.155e-14 R + 1.195 ns at 32 nm with 6.55 fF.
test('at the load of its simulations a sense amplifier takes the time of its table', t => {
  for (const [nm, base_ns, slope_F, load_F] of [
    [22, 0.852, 8.025e-15, 4.5e-15],
    [32, 1.195, 11.55e-15, 6.55e-15],
    [45, 1.603, 15.46e-15, 9.21e-15],
    [65, 2.143, 21.24e-15, 13.3e-15],
    [14, 0.818, 6.183e-15, 2.86e-15],
    [7, 0.702, 3.721e-15, 1.43e-15],
  ]) {
    for (const ohm of [2e4, 2e5]) {
      const time_s = senseTime_s(senseAmp(nm * 1e-9), ohm, load_F);
      t.true(Math.abs(time_s / (base_ns * 1e-9 + slope_F * ohm) - 1) < 0.01, `${nm} nm, ${ohm} ohm`);
    }
  }
});

test('more bits, smaller currents and older nodes make a conversion longer; the converter leaks by its slices', t => {
  const sense = (name: 'fefet-32nm' | 'rram-32nm', bits: number, node_m: number): number =>
    flash(name, bits, node_m).steps.convert_s;
  t.true(sense('fefet-32nm', 8, 32e-9) > 2 * sense('fefet-32nm', 6, 32e-9));
  t.true(sense('fefet-32nm', 8, 32e-9) > sense('rram-32nm', 8, 32e-9));
  t.true(sense('fefet-32nm', 6, 45e-9) > sense('fefet-32nm', 6, 22e-9));
  // 16 converters; a NAND gate and five inverters a slice, wide NANDs in the encoder, 8.65 pW an inverter.
  const own_W = flash('fefet-32nm', 8, 32e-9).leakage_W.parts.find(p => p.component === 'adc')?.value ?? 0;
  const inverters = 16 * (255 * (5 + 1.92) + 0.31 * 8 * 256);
  t.true(Math.abs(own_W / (inverters * 8.65e-12) - 1) < 0.01, `${own_W}`);
});

test('NeuroSim 1.4 at its defaults, 22 nm, 5 bits: 21.3 pJ a plane and 1.91 ns a group', t => {
  const { readEnergy_J, steps } = evaluateCrossbar(
    Object.assign({}, design('fefet-22nm', { rows: 128, cols: 128 }), {
      adc: { law: 'neurosim-flash', bits: 5, columns: 8 },
    }),
  );
  t.true(Math.abs(readEnergy_J.total / 21.3e-12 - 1) < 0.1, `${readEnergy_J.total}`);
  t.true(Math.abs((steps.settle_s + steps.convert_s) / 1.906e-9 - 1) < 0.1);
});

test('rows of few columns have switches as good against their wires as long ones', t => {
  // Energy of a row switch at 32 columns is twice that at 64: its wire has half the resistance.
  const [short, long] = [32, 64].map(cols => {
    const { readEnergy_J } = evaluateCrossbar(design('sram-32nm', { cols }));
    const driver_J = readEnergy_J.parts.find(p => p.component === 'driver')?.value ?? 0;
    return driver_J - 64 * 8 * 2.72e-15;
  });
  t.true(apart(short, 2 * long) < 1e-9);
});
