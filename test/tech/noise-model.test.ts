import { readFileSync } from 'node:fs';
import test from 'ava';
import { crossbarDevices } from '../../src/accuracy/device.ts';
import { TrexError } from '../../src/base/errors.ts';
import { loadTech } from '../../src/run/node/load.ts';
import {
  deviceNoise,
  NOISE_SWEEPS,
  type NoiseOptions,
  TERM_NAMES,
  TERMS,
} from '../../src/tech/noise-model.ts';

/** For costs, as files whose noise does not hold are refused for errors. */
const deviceOf = (set: readonly string[] = [], name = 'trex-fefet-32nm') =>
  loadTech(name, { set: set.map(override => `tech.noise.${override}`), purpose: 'costs' }).devices!.static;
const known = (set: readonly string[], options: NoiseOptions = {}) =>
  deviceNoise(deviceOf(set), false, options);

test('each term of a file becomes the term of the model', t => {
  const noise = known([
    'onOff={ratio: 20, reference: none}',
    'stuck={on: 1.75 %, off: 9.04 %}',
    'drift={nu: 0.1, nuSigma: 0.02, t0: 20 s, time: 1 ks}',
    'readVariation={form: lognormal, sigma: 8 %}',
    'wires={row: 5 ohm, column: 10 ohm, driver: 1 kohm, activity: 50 %}',
    'adc={offset: 0.5 LSB, gain: 2 %, inl: 1 LSB}',
    'thermal={capacitance: 64 fF, fullScale: 0.5 V}',
  ]);
  t.deepEqual(noise, {
    onOff: { ratio: 20, reference: 'none' },
    stuck: { on: 0.0175, off: 0.0904 },
    drift: { nu: 0.1, nuSigma: 0.02, t0_s: 20, time_s: 1000 },
    read: { kind: 'multiplicative', sigma: 0.08, when: 'device', distribution: 'lognormal' },
    irDrop: {
      onResistance_ohm: 100e3,
      rowWire_ohm: 5,
      colWire_ohm: 10,
      driver_ohm: 1000,
      sense_ohm: 0,
      arrayCols: 64,
      idle: 'cut-off',
      activity: 0.5,
    },
    adc: { offset_LSB: 0.5, gain: 0.02, inl_LSB: 1, columns: 8 },
    thermal: { capacitance_F: 64e-15, fullScale_V: 0.5, temperature_K: 300 },
  });
});

test('thermal noise has the temperature and the supply of its device where it has none of its own', t => {
  const thermal = (...set: readonly string[]) =>
    known([]) && deviceNoise(loadTech('sram-charge-65nm', { set: [...set] }).devices!.static, false).thermal;
  const block = 'tech.noise.thermal={capacitance: 64 fF}';
  t.deepEqual(thermal(block), { capacitance_F: 64e-15, fullScale_V: 1.1, temperature_K: 300 });
  t.deepEqual(thermal(block, 'tech.vdd=0.85 V', 'tech.temperature=350 K'), {
    capacitance_F: 64e-15,
    fullScale_V: 0.85,
    temperature_K: 350,
  });
});

test('a measured spread stands over the conductances of the cell: 10 uS down to a hundredth', t => {
  const pcm = known(['writeVariation={form: device, device: pcm-joshi, matrices: all}']).write;
  t.deepEqual(pcm, { kind: 'device', device: 'pcm-joshi', range_uS: [0.1, 10] });
  const own = ['writeVariation={form: polynomial, coefficients: [1 uS, -2 uS], full: 20 uS, matrices: all}'];
  t.like(known(own).write, { kind: 'polynomial', coefficients_uS: [1, -2], full_uS: 20 });
});

test('known weights have no write variation unless the file or an option says so', t => {
  t.is(known([]).write, undefined);
  const clipformer = { kind: 'clipformer', gamma: 1, sigma: 0.2 } as const;
  t.deepEqual(known(['writeVariation.matrices=all']).write, clipformer);
  t.deepEqual(known([], { writeNoise: 'all' }).write, clipformer);
  t.is(known(['writeVariation.matrices=all'], { writeNoise: 'dynamic' }).write, undefined);
});

test('a matrix written at run time is read at once: it does not drift', t => {
  const device = deviceOf(['drift={nu: 0.1, t0: 20 s, time: 1 ks}']);
  t.is(deviceNoise(device, true).drift, undefined);
  t.is(deviceNoise(device, false).drift?.nu, 0.1);
});

test('options replace numbers of the file, and zero takes a term away', t => {
  const all = known(['drift={nu: 0.1, t0: 1 s, time: 1 ks}', 'stuck.on=1 %'], {
    sigmaRead: 0,
    stuckOn: 0,
    driftTime_s: 1,
    rowWire_ohm: 0,
    adcGain: 0,
  });
  t.deepEqual(Object.keys(all), ['onOff']);
  const more = known([], { adcOffset_LSB: 0.3, columnWire_ohm: 2, stuckOff: 0.1, onOff: 45 });
  t.like(more, { adc: { offset_LSB: 0.3, gain: 0 }, irDrop: { rowWire_ohm: 0, colWire_ohm: 2 } });
  t.like(more, { stuck: { on: 0, off: 0.1 }, onOff: { ratio: 45 } });
});

test('a sigma of write variation keeps the form and the factor of the file', t => {
  const gamma = ['writeVariation={form: clipformer, sigma: 10 %, gamma: 4, matrices: all}'];
  t.deepEqual(known(gamma, { sigmaWrite: 0.05 }).write, { kind: 'clipformer', gamma: 4, sigma: 0.05 });
  t.deepEqual(known(gamma, { writeForm: 'multiplicative' }).write, { kind: 'multiplicative', sigma: 0.1 });
  const measured = ['writeVariation={form: device, device: pcm-joshi, matrices: all}'];
  t.deepEqual(known(measured, { sigmaWrite: 0.05 }).write, { kind: 'clipformer', gamma: 1, sigma: 0.05 });
});

test('what lacks a number without a default is refused, and says which', t => {
  const refused: [() => unknown, RegExp][] = [
    [() => known([], { driftNu: 0.1 }), /does not drift: give it nu, t0 and time/],
    [() => known([], { capacitance_F: 1e-15 }), /no thermal noise: give it capacitance and fullScale/],
    [
      () => deviceNoise(deviceOf(['wires={row: 1 ohm, column: 1 ohm}'], 'trex-sram-32nm'), false),
      /give cell\.onResistance/,
    ],
    [
      () => {
        const { cell, ...device } = deviceOf(['wires={row: 1 ohm, column: 1 ohm}']);
        deviceNoise({ ...device, cell: { onResistance: cell.onResistance } }, false);
      },
      /give cell\.idle, one of grounded, cut-off, floating/,
    ],
    [
      () =>
        known(['writeVariation={form: device, device: rram-wan, matrices: all}'], {
          writeForm: 'clipformer',
        }),
      /--write-form clipformer: this technology has a measured spread/,
    ],
  ];
  for (const [run, message] of refused) t.is(t.throws(run, { instanceOf: TrexError, message })?.exitCode, 2);
});

test('options about cells and lines leave the SRAM of a hybrid alone, those about converters do not', t => {
  const options = { stuckOn: 0.1, driver_ohm: 1000, onOff: 10, adcGain: 0.05 };
  const { static: fefet, dynamic: sram } = crossbarDevices(loadTech('trex-hybrid-32nm').devices!, options);
  t.deepEqual(Object.keys(fefet.noise), ['onOff', 'stuck', 'read', 'irDrop', 'adc']);
  t.deepEqual(Object.keys(sram.noise), ['adc']);
});

test('terms act in an order of their own: no two have the same place, and names are told apart', t => {
  t.is(new Set(TERMS.map(([, { place }]) => place)).size, TERMS.length);
  t.is(new Set(TERM_NAMES).size, TERMS.length);
  t.deepEqual(TERM_NAMES.slice(0, 3), ['onOff', 'write', 'measured']);
});

test('the page about numbers has a row for every term and the name of every sweep', t => {
  const page = readFileSync(new URL('../../../docs/numerics.md', import.meta.url), 'utf8');
  for (const [block] of TERMS) t.regex(page, new RegExp(`\\| \`${block}\``), block);
  for (const name of Object.keys(NOISE_SWEEPS)) t.true(page.includes(`\`${name}\``), name);
});
