/** One law a file: the index is written from the folders, and every law is the one that its file is named after. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { ADC_LAWS } from '../../../src/tech/circuit/adc/all.ts';
import { partOf } from '../../../src/tech/circuit/breakdown.ts';
import { CELL_LAWS } from '../../../src/tech/circuit/cell/all.ts';
import { INPUT_DRIVES } from '../../../src/tech/circuit/drive/all.ts';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import {
  ADC_ARCHITECTURES,
  adcLawOf,
  cellLawOf,
  DEVICES,
  storageOf,
} from '../../../src/tech/circuit/laws.ts';
import { nodeConstants } from '../../../src/tech/circuit/nodes.ts';
import { apart } from '../../helpers/chips.ts';
import { design } from './designs.ts';

const ROOT = new URL('../../../../', import.meta.url);

const filesOf = (folder: string): string[] =>
  readdirSync(new URL(`src/tech/circuit/${folder}/`, ROOT))
    .map(file => file.replace(/\.ts$/, ''))
    .filter(file => file !== 'all')
    .sort();

test('the index of laws is current', t => {
  const script = fileURLToPath(new URL('scripts/write-indexes.mjs', ROOT));
  t.notThrows(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' }));
});

test('a law has the name of its file', t => {
  t.deepEqual(CELL_LAWS.map(law => law.law).sort(), filesOf('cell'));
  t.deepEqual(ADC_LAWS.map(law => law.law).sort(), filesOf('adc'));
  t.deepEqual(INPUT_DRIVES.map(law => law.law).sort(), filesOf('drive'));
});

test('a name that is no law is told, with the nearest one', t => {
  t.throws(() => adcLawOf({ law: 'survei' }), { message: "unknown ADC law 'survei': did you mean survey?" });
  t.throws(() => cellLawOf({ law: 'sram-6' }), {
    message: "unknown cell law 'sram-6': did you mean sram-6t?",
  });
});

const CONTEXT = {
  node: nodeConstants(32e-9, 'LSTP'),
  roadmap: 'LSTP',
  rows: 64,
  arrayRows: 64,
  stepBits: 1,
  weightBits: 8,
  inputDensity: 0.5,
  readVoltage_V: 0.5,
  column_S: 0,
  reference_S: 0,
  reference_J: 0,
  columnWire_F: 0,
  cell_m2: 0,
  columns_m: 0,
} as const;

const convert = (law: string, params: object, context: object = {}) =>
  adcLawOf({ law }).figures({ law, columns: 8, ...params } as never, { ...CONTEXT, ...context });

test("NeuroSim's SAR without column current takes 0.110 pJ for 6 bits and 0.161 pJ for 8 at 32 nm", t => {
  t.true(Math.abs(convert('neurosim-sar', { bits: 6 }).energy_J - 0.1097e-12) < 0.0002e-12);
  t.true(Math.abs(convert('neurosim-sar', { bits: 8 }).energy_J - 0.1614e-12) < 0.0002e-12);
  const node = nodeConstants(65e-9, 'LSTP');
  t.true(Math.abs(convert('neurosim-sar', { bits: 6 }, { node }).energy_J - 0.338e-12) < 0.001e-12);
  t.true(apart(convert('neurosim-sar', { bits: 6 }).time_s, 9.8e-9) < 1e-12);
});

test('the survey regression: energy of 4 to 10 bits and area at 10 MS/s and 1 GS/s', t => {
  for (const [nm, bits, energy_pJ, area_um2, fast_um2] of [
    [65, 4, 3.5, 6504, 14948],
    [65, 8, 6.49, 7824, 17983],
    [32, 6, 1.065, 2254, 5180],
    [32, 8, 1.71, 2598, 5972],
    [22, 6, 0.527, 1258, 2892],
  ]) {
    const node = nodeConstants(nm * 1e-9, 'LSTP');
    const at = (rate: number) => convert('survey', { bits, rate }, { node });
    t.true(Math.abs(at(1e7).energy_J * 1e12 - energy_pJ) < 0.004 * energy_pJ, `${nm} nm ${bits} bit`);
    t.true(Math.abs(at(1e7).area_m2 * 1e12 - area_um2) < 0.002 * area_um2, `${nm} nm ${bits} bit`);
    t.true(Math.abs(at(1e9).area_m2 * 1e12 - fast_um2) < 0.002 * fast_um2, `${nm} nm ${bits} bit`);
  }
});

test('ZigZag: 6 bits take 618 um2, 8 bits 2085 um2; the silicon law is twice its energy', t => {
  t.true(Math.abs(convert('zigzag', { bits: 6 }).area_m2 - 618e-12) < 1e-12);
  t.true(Math.abs(convert('zigzag', { bits: 8 }).area_m2 - 2085e-12) < 2e-12);
  // (100 x 8 + 0.001 x 4^8) fJ x 0.9^2 V^2
  t.true(apart(convert('zigzag', { bits: 8 }).energy_J, 865.536e-15 * 0.81) < 1e-12);
  t.is(convert('silicon', { bits: 8 }).energy_J, 2 * convert('zigzag', { bits: 8 }).energy_J);
});

test('a given converter costs what is given', t => {
  t.deepEqual(convert('given', { bits: 8, energy: 1.56e-12, time: 0.78e-9, area: 1.2e-9 }), {
    energy_J: 1.56e-12,
    time_s: 0.78e-9,
    area_m2: 1.2e-9,
  });
});

test('an adder tree of 64 words of 8 bits has 561 full adders', t => {
  const node = { ...nodeConstants(28e-9, 'LSTP'), nominal_V: 0.9, node_m: 28e-9 };
  const { area_m2, energy_J } = convert('adder-tree', { bits: 16 }, { node });
  // An eighth of 561 adders of 3 NAND2 + 2 x 2.4, and 64 NAND2 of 0.614 um2 that multiply.
  t.true(apart(area_m2, ((561 / 8) * 7.8 + 64) * 0.614e-12) < 1e-9);
  t.true(energy_J > 0 && energy_J < 1e-13);
});

test('digital computing in memory at 28 nm comes to the efficiency of published chips, 19.5 to 36.6 TOPS/W', t => {
  const { readEnergy_J } = evaluateCrossbar(design('sram-digital-28nm'));
  // 64 rows x 8 words, 8 planes a vector, 2 operations a MAC, 8-bit weights and inputs.
  const tops_per_W = (2 * 64 * 8) / (8 * readEnergy_J.total) / 1e12;
  t.true(tops_per_W > 15 && tops_per_W < 40, `${tops_per_W}`);
});

test('an SRAM cell conducts as its transistors do, or as the file says', t => {
  const context = { node: nodeConstants(32e-9, 'LSTP'), writeVoltage_V: 0.9, pulse_s: 1e-9, erase_s: 0 };
  const of = (params: object) =>
    cellLawOf({ law: 'sram-6t' }).figures({ area: 280, ...params } as never, context);
  t.true(Math.abs(1 / of({}).onConductance_S - 41.1e3) < 0.2e3);
  t.true(apart(1 / of({ onResistance: 50e3 }).onConductance_S, 50e3) < 1e-12);
});

const RAMP = {
  law: 'ramp',
  bits: 6,
  columns: 8,
  step: 1e-9,
  comparator: 2e-15,
  comparatorArea: 50e-12,
  generator: 1e-12,
  generatorArea: 4000e-12,
} as const;

test('a ramp converter pays for its one generator once a crossbar, whatever the columns', t => {
  const at = (cols: number) => evaluateCrossbar({ ...design('fefet-32nm', { cols }), adc: RAMP });
  const [small, large] = [at(64), at(128)];
  const adc = (figures: typeof small, of: 'area_m2' | 'readEnergy_J'): number => partOf(figures[of], 'adc');
  // 8 and 16 comparators of 50 um2 and one generator; 8 rounds of 64 steps of it in both.
  t.true(apart(adc(small, 'area_m2'), (8 * 50 + 4000) * 1e-12) < 1e-12);
  t.true(apart(adc(large, 'area_m2'), (16 * 50 + 4000) * 1e-12) < 1e-12);
  t.true(apart(adc(small, 'readEnergy_J'), 64 * (64 * 2e-15 + 8 * 1e-12)) < 1e-12);
  t.true(apart(adc(large, 'readEnergy_J'), 64 * (128 * 2e-15 + 8 * 1e-12)) < 1e-12);
  t.is(small.steps.convert_s, 64e-9);
});

test('the cells of one device family store in the same manner, and macros may name what laws declare', t => {
  for (const { device, storage } of CELL_LAWS) t.is(storageOf(device), storage);
  t.deepEqual(DEVICES.toSorted(), ['ecram', 'edram', 'fefet', 'flash', 'mram', 'pcm', 'rram', 'sram']);
  t.deepEqual(ADC_ARCHITECTURES.toSorted(), ['current-sar', 'flash', 'ramp', 'sar', 'shared-counter', 'tdc']);
  t.throws(() => storageOf('srm' as never), { message: /unknown device 'srm': did you mean sram/ });
});
