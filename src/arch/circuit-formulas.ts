/** What a component's figure of a crossbar of level circuit is made of, in words: docs/technology.md has the laws. */
import { adcLawOf, cellLawOf } from '../tech/circuit/laws.ts';
import type { Circuit } from '../tech/schema.ts';

type Figure = 'area' | 'energy';
type Formulas = Readonly<Record<string, (device: Circuit) => string>>;

const drives = ({ sampling, adc }: Circuit): string =>
  sampling === 'plane' || adcLawOf(adc).digital ? '' : ' x adc.columns';

/** Of one row, b = inputBitsPerStep. */
const DRIVE = {
  amplitude: {
    area: '0.166 um2 x 2^(inputBitsPerStep - 1)',
    energy: 'inputDensity x 0.05 pJ/V2 x inputBitsPerStep x V^2',
    swings: 'inputDensity',
  },
  'pulse-width': {
    area: 'inputBitsPerStep x adder',
    energy: '(2^inputBitsPerStep - 1) x 2 x adder',
    swings: 'one for every level but 0',
  },
  'pulse-count': {
    area: 'inputBitsPerStep x (adder + register)',
    energy: 'inputDensity x (2^inputBitsPerStep - 1) x 2 x (adder + register)',
    swings: 'inputDensity x (2^inputBitsPerStep - 1)',
  },
} as const satisfies Record<Circuit['drive']['law'], object>;

const AREA: Formulas = {
  driver: () => 'rows x (inputBitsPerStep x register + switch as wide as the current or the wire asks)',
  dac: d => `rows x ${DRIVE[d.drive.law].area}`,
  levelShifter: () => "(rows + 2 cols) x the node's level shifter: write.voltage is above 1.5 V",
  array: ({ sets }) => `rows x cols x ${sets > 1 ? 'sets x ' : ''}the cell`,
  columnSwitch: ({ cell }) =>
    cellLawOf(cell).column === 'precharge'
      ? 'cols x (precharge + write driver) of the cell width'
      : 'cols x switch of the cell width',
  mux: () => 'cols x gates of adc.columns rows of the cell width',
  sampleHold: () => 'cols x 0.039 um2, by the square of the node',
  merge: ({ merge }) => `capacitors of ${merge?.law} at 2.3 fF/um2 (22 nm), a gate a column`,
  adc: ({ adc }) => `cols / adc.columns converters of law ${adc.law}`,
  adderTree: () => 'inputBitsPerStep trees of full adders a word of weightBits columns, as many gates a cell',
  shiftAdd: () => 'converters x (adders + registers of two stages)',
};

const ENERGY: Formulas = {
  driver: d => `rows${drives(d)} x (inputBitsPerStep x register + swings x switch)`,
  dac: d => `rows${drives(d)} x ${DRIVE[d.drive.law].energy}`,
  array: d => `rows${drives(d)} x swings (${DRIVE[d.drive.law].swings}) x C_row x V^2`,
  cells: ({ cell, adc }) =>
    cellLawOf(cell).readout === 'charge'
      ? 'active cells x capacitor x V^2'
      : `cols x current of the active cells, for as long as law ${adc.law} has it`,
  columnSwitch: () => 'cols x 0.36 C_column x V^2: precharge',
  mux: () => 'cols x adc.columns x gate x V^2',
  sampleHold: () => 'cols x 0.97 fJ, by the node',
  merge: () => 'C V^2 of all capacitors',
  adc: ({ adc, merge }) => `${merge === undefined ? 'cols' : 'weights x'} conversions of law ${adc.law}`,
  adderTree: () => 'full adders x inputDensity / 2 x gate',
  shiftAdd: () => 'cols x (additions over slices and planes)',
};

/** The formula; for an explicit figure, where it stands. */
export function partFormula(device: Circuit, figure: Figure, component: string): string {
  const own: unknown = device.given?.[component as keyof Circuit['given']];
  if (typeof own === 'object' && own !== null && figure in own) return `given.${component}.${figure}`;
  const formula = (figure === 'area' ? AREA : ENERGY)[component];
  return formula?.(device) ?? `laws ${device.cell.law} and ${device.adc.law}`;
}
