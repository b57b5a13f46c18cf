import test from 'ava';
import { type ErrorPoint, xbarError } from '../../../src/explore/xbar/error.ts';
import { referenceBackend } from '../../../src/numerics/mvm/reference.ts';
import { loadTech } from '../../../src/run/node/load.ts';

const options = { trials: 2, seed: 1, adcRange: 0.75 };

function point(tech: string, more: Partial<ErrorPoint> = {}): ErrorPoint {
  const { devices } = loadTech(tech);
  const device = devices!.static;
  return {
    device,
    rows: 32,
    cols: 32,
    cellBits: device.cell.bits,
    adcBits: 6,
    weightBits: 8,
    inputBits: 8,
    density: 0.5,
    digital: false,
    ...more,
  };
}

test('an ADC with a code for every sum leaves SRAM exact, a coarse one does not', async t => {
  const exact = await xbarError(referenceBackend(), point('sram-32nm'), options);
  t.is(exact.snr_dB, null);
  t.is(exact.rmse.mean, 0);
  const coarse = await xbarError(referenceBackend(), point('sram-32nm', { adcBits: 3 }), options);
  t.true(coarse.rmse.mean > 0);
  t.true(coarse.snr_dB!.interval95! >= 0);
});

test('an adder tree makes no error', async t => {
  const digital = await xbarError(
    referenceBackend(),
    point('sram-32nm', { adcBits: 3, digital: true }),
    options,
  );
  t.is(digital.rmse.mean, 0);
});

test('more bits in a cell of the same variation make a larger error', async t => {
  const at = async (cellBits: number) =>
    (await xbarError(referenceBackend(), point('fefet-32nm', { cellBits, adcBits: 10 }), options)).rmse.mean;
  t.true((await at(4)) !== (await at(1)));
  t.deepEqual(await at(2), await at(2));
});

test('junctions of 1.4 kohm lose their products in wires of 64 rows, those of 1 Mohm do not', async t => {
  const at = async (tech: string): Promise<number | null | undefined> =>
    (
      await xbarError(referenceBackend(), point(tech, { rows: 64 }), {
        trials: 2,
        seed: 1,
        adcRange: 'layer',
      })
    ).snr_dB?.mean;
  t.true((await at('stt-mram-22nm'))! < 5);
  t.is(await at('sot-mram-22nm'), undefined);
});

test('a bit a cell is what the measured spreads of RRAM and PCM carry: 2 bits lose more than half of the decibels', async t => {
  const snr_dB = async (tech: string, cellBits: number): Promise<number> => {
    const { snr_dB } = await xbarError(referenceBackend(), point(tech, { rows: 64, cellBits }), {
      trials: 2,
      seed: 1,
      adcRange: 'layer',
    });
    return snr_dB!.mean;
  };
  for (const tech of ['rram-32nm', 'pcm-32nm']) {
    const { devices } = loadTech(tech);
    t.is(devices!.static.cell.bits, 1, tech);
    const [one, two] = [await snr_dB(tech, 1), await snr_dB(tech, 2)];
    t.true(one > 17 && two < 14 && one > two + 6, `${tech}: ${one} and ${two} dB`);
  }
});

test('read noise of PCM grows with the state: a table has less of it at the lowest level than at the highest', t => {
  const { points = [] } = loadTech('pcm-32nm').devices!.static.noise!.measured!;
  const [prog, read] = [
    (g: number) => 0.2864 + 0.07586 * g - 0.001788 * g * g,
    (g: number) => 0.0088 * 25 ** 0.65 * g ** 0.35 * Math.sqrt(Math.log((20 + 250e-9) / 500e-9)),
  ];
  for (const { target, sigma } of points) {
    const g = 1e6 * target;
    t.true(Math.abs(1e6 * sigma - Math.sqrt(prog(g) ** 2 + read(g) ** 2)) < 0.001, `${g} uS`);
  }
});
