import test from 'ava';
import { crossbarDevices } from '../../src/accuracy/device.ts';
import { nominalPoint, parseSweep, sweptOptions } from '../../src/accuracy/sweep.ts';
import { SWEEPS } from '../../src/accuracy/sweep-parameters.ts';
import { TrexError } from '../../src/base/errors.ts';
import { loadTech } from '../../src/run/node/load.ts';

test('a range of whole numbers has a step of one', t => {
  t.deepEqual(parseSweep('adc=4..8'), { parameter: 'adc', values: [4, 5, 6, 7, 8] });
});

test('a range of decimals has the decimals that a person would write', t => {
  t.deepEqual(parseSweep('sigmaRead=0..0.3:0.05').values, [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]);
});

test('a step that misses the end stops before it', t => {
  t.deepEqual(parseSweep('rows=16..70:16').values, [16, 32, 48, 64]);
});

test('a list keeps its order', t => t.deepEqual(parseSweep('cellBits=4,1,2').values, [4, 1, 2]));

test('nonsense is a usage error that says what is wrong', t => {
  const refused: [string, RegExp][] = [
    ['adc', /expected parameter=from\.\.to/],
    ['acd=4..8', /did you mean adc\?/],
    ['sigmaRead=0..0.3', /needs a step/],
    ['adc=8..4', /from <= to/],
    ['adc=4..8:0', /a step above 0/],
    ['adc=4..8:1:2', /expected from\.\.to/],
    ['adc=4..x', /'x' is no number/],
    ['adc=', /is no number/],
    ['adc=0..3', /a whole number from 1 to 14, got 0/],
    ['cellBits=1.5', /whole number/],
    ['adc=4,4', /twice/],
    ['sigmaRead=0..0.9:0.0001', /at most 100/],
  ];
  for (const [text, message] of refused) {
    const error = t.throws(() => parseSweep(text), { instanceOf: TrexError, message });
    t.is(error?.exitCode, 2, text);
  }
});

test('a value replaces what the options say', t => {
  t.deepEqual(sweptOptions({ adcBits: 6, encoding: 'offset' }, 'adc', 8), { adcBits: 8, encoding: 'offset' });
});

test('every parameter moves the crossbars of a technology that has all terms', t => {
  const set = [
    'drift={nu: 0.1, nuSigma: 0.02, t0: 1 s, time: 1 ks}',
    'retention={loss: 2 %, t0: 1 s, time: 1 ks}',
    'wires={row: 5 ohm, column: 10 ohm}',
    'thermal={capacitance: 64 fF, fullScale: 0.5 V}',
    'writeVariation.matrices=all',
    'telegraph.amplitude=10 %',
  ];
  const all = loadTech('trex-fefet-32nm', { set: set.map(override => `tech.noise.${override}`) }).devices!;
  // A table of measured states stands in the place of write variation.
  const table = loadTech('neurram-130nm').devices!;
  const merging = loadTech('wang-22nm').devices!;
  for (const name of Object.keys(SWEEPS) as (keyof typeof SWEEPS)[]) {
    const { min, integer } = SWEEPS[name];
    const devices = name === 'measuredTime' ? table : name.startsWith('merge') ? merging : all;
    // Ranges that are set per layer are no number.
    const base = name === 'adcRange' ? { adcRange: 1 } : {};
    const own = SWEEPS[name].own(devices.static, base);
    const other = integer ? min : name === 'driftTime' || name === 'retentionTime' ? 10 : Math.max(min, 0.05);
    const at = (value: number) => crossbarDevices(devices, sweptOptions({}, name, value)).static;
    t.not(own, undefined, name);
    t.deepEqual(at(own!), crossbarDevices(devices, base).static, `${name} ${own} is the technology's own`);
    t.notDeepEqual(at(other), at(own!), `${name} ${other}`);
  }
});

test("layers are looked at with the technology's own value, or the last", t => {
  const devices = loadTech('trex-hybrid-32nm').devices!;
  t.is(nominalPoint(parseSweep('adc=4..8'), devices, {}), 2);
  t.is(nominalPoint(parseSweep('sigmaRead=0..0.3:0.05'), devices, {}), 2);
  t.is(nominalPoint(parseSweep('adc=7..8'), devices, {}), 1);
});
