/** The noise of technology files: every term by its name and with its unit, and what is refused. */
import test from 'ava';
import { jsonSchema } from '../../src/arch/json-schema.ts';
import { TrexError } from '../../src/base/errors.ts';
import { loadArch, loadTech } from '../../src/run/node/load.ts';
import { DEVICE_FIT_NAMES, DEVICE_FITS } from '../../src/tech/device-fits.ts';
import { noiseSchema } from '../../src/tech/noise-schema.ts';

test('every term can be given, each value with its unit, and comes out in SI', t => {
  const noise = noiseSchema.parse({
    onOff: { ratio: 45, reference: 'none' },
    writeVariation: {
      form: 'polynomial',
      coefficients: ['0.26348 uS', '1.965 uS', '-1.1731 uS'],
      full: '25 uS',
    },
    measured: {
      points: [
        { target: '0 uS', mean: '1 uS', sigma: '2 uS', time: '1 s' },
        { target: '10 uS', mean: '9 uS', sigma: '2 uS', time: '1 s' },
      ],
      time: '1 s',
    },
    stuck: { on: '0.1 %' },
    drift: { nu: 0.1, t0: '20 s', time: '86.4 ks' },
    readVariation: { sigma: '5 %', drawn: 'read' },
    wires: { row: '5 ohm', column: '10 ohm', driver: '1 kohm', sense: '1 kohm' },
    adc: { offset: '0.5 LSB', gain: '7.1 %', inl: '-0.5 LSB' },
    thermal: { capacitance: '64 fF', fullScale: '0.5 V' },
  });
  t.deepEqual(noise, {
    onOff: { ratio: 45, reference: 'none' },
    writeVariation: {
      form: 'polynomial',
      coefficients: [0.26348e-6, 1.965e-6, -1.1731e-6],
      full: 25e-6,
      matrices: 'dynamic',
      verified: false,
    },
    measured: {
      points: [
        { target: 0, mean: 1e-6, sigma: 2e-6, time: 1 },
        { target: 10e-6, mean: 9e-6, sigma: 2e-6, time: 1 },
      ],
      time: 1,
      matrices: 'all',
      verified: false,
    },
    stuck: { on: 0.001, off: 0 },
    drift: { nu: 0.1, nuSigma: 0, t0: 20, time: 86400 },
    readVariation: { form: 'multiplicative', sigma: 0.05, drawn: 'read' },
    wires: { row: 5, column: 10, driver: 1000, sense: 1000 },
    adc: { offset: 0.5, gain: 0.071, inl: -0.5 },
    thermal: { capacitance: 64e-15, fullScale: 0.5 },
  });
});

test('the devices of the schema are those whose spread is known', t =>
  t.deepEqual([...DEVICE_FIT_NAMES].sort(), Object.keys(DEVICE_FITS).sort()));

const refused: [string, RegExp][] = [
  ['adcs.gain=5 %', /noise\.adcs: unknown key, did you mean adc\?/],
  ['thermal.capacitanc=1 fF', /capacitanc: unknown key, did you mean capacitance\?/],
  ['adc.offset=0.5', /noise\.adc\.offset: expected a quantity in LSB \(e\.g\. "0\.5 LSB"\), got 0\.5/],
  ['adc.inl=5 LSB', /expected -4 LSB to 4 LSB/],
  ['stuck={on: 60 %, off: 50 %}', /noise\.stuck\.off: expected on \+ off of at most 100 %/],
  ['drift={nu: 0.1, t0: 20 s, time: 1 s}', /noise\.drift\.time: expected a time of at least t0/],
  ['drift.nu=0.1', /noise\.drift\.t0: missing, expected a quantity in s/],
  ['writeVariation=20 %', /noise\.writeVariation: expected a block, got "20 %"/],
  [
    'writeVariation.form=clipforme',
    /expected one of clipformer, multiplicative, .*did you mean clipformer\?/,
  ],
  ['writeVariation={form: device, device: pcm-josh}', /did you mean pcm-joshi\?/],
  ['writeVariation={form: multiplicative, sigma: 5 %, gamma: 3}', /gamma: unknown key/],
  ['readVariation.drawn=chip', /expected one of device, read, got "chip"/],
];

for (const [word, message] of refused)
  test(`${word} is refused with the place and what was expected`, t => {
    const error = t.throws(() => loadTech('trex-fefet-32nm', { set: [`tech.noise.${word}`] }), {
      instanceOf: TrexError,
    });
    t.is(error?.exitCode, 2);
    t.regex(error?.message ?? '', message);
  });

test('explain tells the noise of a chip with its sources and defaults', t => {
  const { origins } = loadArch('trex', {});
  const of = (path: string) => origins.find(o => o.path === `tech.noise.${path}`);
  t.like(of('readVariation.sigma'), { value: 0.1, text: '10 %' });
  t.regex(of('readVariation.sigma')?.source ?? '', /Table III/);
  t.deepEqual(of('writeVariation.gamma')?.origin, { kind: 'default' });
});

test('shipped technologies say what they have: TReX neither drift nor wires, SRAM nothing but its ADC', t => {
  const noiseOf = (name: string) => {
    const { devices } = loadTech(name);
    const { source: _, ...terms } = devices!.static.noise!;
    return Object.keys(terms);
  };
  t.deepEqual(noiseOf('trex-fefet-32nm'), ['writeVariation', 'readVariation']);
  t.deepEqual(noiseOf('trex-sram-32nm'), []);
});

test('editors know the keys, the units and what they are for', t => {
  const text = JSON.stringify(jsonSchema('tech'));
  for (const word of ['clipformer', 'nuSigma', 'LSB', 'virtual ground', 'rram-milo'])
    t.true(text.includes(word), word);
});
