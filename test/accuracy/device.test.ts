import test from 'ava';
import { crossbarDevices } from '../../src/accuracy/device.ts';
import { loadTech } from '../../src/run/node/load.ts';
import type { EncodingName } from '../../src/tech/encodings.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { tinyVit } from '../numerics/execute/tiny.ts';

const devicesOf = (name: string, ...set: string[]) => loadTech(name, { set }).devices!;

test("TReX's FeFET: 2-bit cells, 6 bits for 193 levels, on/off 100, verified static layers", t => {
  const { static: known, dynamic } = crossbarDevices(devicesOf('trex-fefet-32nm'));
  t.deepEqual(known, {
    arrayRows: 64,
    arrayCols: 64,
    cellBits: 2,
    encoding: 'offset',
    adc: { bits: 6, levelsPerLsb: 'full-scale' },
    window: 'layer',
    noise: {
      onOff: { ratio: 100, reference: 'column' },
      read: { kind: 'multiplicative', sigma: 0.1, when: 'device' },
    },
  });
  t.deepEqual(dynamic.noise.write, { kind: 'clipformer', gamma: 1, sigma: 0.2 });
});

test("the encoding is the technology's, unless a caller names one; a reference column is one of the columns", t => {
  const of = (tech: string, encoding?: EncodingName) => crossbarDevices(devicesOf(tech), { encoding }).static;
  t.like(of('fefet-32nm'), { encoding: 'differential', arrayCols: 64 });
  t.like(of('sram-32nm'), { encoding: 'offset', arrayCols: 64 });
  t.like(of('fefet-32nm', 'reference-column'), { encoding: 'reference-column', arrayCols: 63 });
  // Beside the columns of published totals.
  t.like(of('trex-fefet-32nm', 'reference-column'), { encoding: 'reference-column', arrayCols: 64 });
});

test('an ADC with a code for every level is lossless', t => {
  const { static: known } = crossbarDevices(devicesOf('trex-fefet-32nm'), { adcBits: 8 });
  t.deepEqual(known.adc, { bits: 8, levelsPerLsb: 'lossless' });
});

test('rows that are read in groups stand on lines of the whole array', t => {
  const of = (set: string) => crossbarDevices(devicesOf('fefet-32nm', set)).static;
  t.like(of('tech.activeRows=16'), { arrayRows: 16, lineRows: 64 });
  t.false('lineRows' in of('tech.activeRows=64'));
});

test('a part of the range is a share of a full column of the inputs that there are', t => {
  const { static: device } = crossbarDevices(devicesOf('trex-fefet-32nm'), { adcBits: 4, adcRange: 0.5 });
  t.deepEqual(device.adc, { bits: 4, levelsPerLsb: { ofFullScale: 0.5 } });
});

test('options about cells leave the SRAM of a hybrid alone, those about arrays do not', t => {
  const options = { sigmaRead: 0.3, sigmaWrite: 0.1, cellBits: 1, arrayRows: 32 };
  const { static: fefet, dynamic: sram } = crossbarDevices(devicesOf('trex-hybrid-32nm'), options);
  t.is(fefet.noise.read?.sigma, 0.3);
  t.deepEqual([fefet.cellBits, fefet.arrayRows], [1, 32]);
  t.deepEqual(sram.noise, {});
  t.deepEqual([sram.cellBits, sram.arrayRows], [1, 32]);
  t.is(crossbarDevices(devicesOf('trex-sram-32nm'), options).dynamic.noise.read?.sigma, 0.3);
});

test('write variation of all weights, multiplicative, and read variation in every read, on demand', t => {
  const { static: known } = crossbarDevices(
    devicesOf('trex-fefet-32nm', 'tech.noise.writeVariation.sigma=5 %'),
    {
      writeNoise: 'all',
      writeForm: 'multiplicative',
      readNoise: 'read',
    },
  );
  t.deepEqual(known.noise.write, { kind: 'multiplicative', sigma: 0.05 });
  t.is(known.noise.read?.when, 'read');
});

test('an adder tree has a code for every sum, whatever the options say about ADCs', t => {
  const options = { adcBits: 4, adcRange: 0.5 };
  const { adc, noise } = crossbarDevices(devicesOf('sram-digital-28nm'), options).static;
  t.deepEqual(adc, { bits: 7, levelsPerLsb: 'lossless' });
  t.deepEqual(noise, {});
});

test('single layers have the device that their names match, known or written', t => {
  const { static: sram } = devicesOf('trex-sram-32nm');
  const { static: fefet } = devicesOf('trex-fefet-32nm');
  const devices = {
    static: fefet,
    dynamic: sram,
    layers: [
      { match: 'e0.fc*', device: sram },
      { match: '*.sv', device: fefet },
    ],
  };
  const graph = buildGraph(tinyVit());
  const { layers = {} } = crossbarDevices(devices, { sigmaRead: 0.3 }, graph);
  t.deepEqual(Object.keys(layers).sort(), ['e0.fc1', 'e0.fc2', 'e0.sv', 'e1.sv']);
  t.deepEqual([layers['e0.fc1'].cellBits, layers['e0.sv'].cellBits], [1, 2]);
  t.deepEqual(layers['e0.fc1'].noise, {});
  t.is(layers['e0.sv'].noise.write?.kind, 'clipformer', 'written at run time');
});

test('several input bits a step and rows in groups are those of the technology', t => {
  const at = (...set: string[]) =>
    crossbarDevices(devicesOf('sram-32nm', ...set), { adcRange: 1, adcBits: 10 }).static;
  t.false('inputBitsPerStep' in at());
  const four = at('tech.inputBitsPerStep=4');
  t.is(four.inputBitsPerStep, 4);
  // 64 rows of one bit: 960 levels.
  t.deepEqual(four.adc, { bits: 10, levelsPerLsb: 'lossless' });
  t.is(at('tech.inputBitsPerStep=5').adc.levelsPerLsb, 'full-scale');
  t.is(at('tech.activeRows=16').arrayRows, 16);
  t.is(crossbarDevices(devicesOf('sram-32nm', 'tech.activeRows=16'), { arrayRows: 8 }).static.arrayRows, 8);
  const { adc } = crossbarDevices(devicesOf('sram-digital-28nm', 'tech.inputBitsPerStep=8')).static;
  t.deepEqual(adc, { bits: 14, levelsPerLsb: 'lossless' });
});
