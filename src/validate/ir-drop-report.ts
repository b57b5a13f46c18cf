/** docs/validation.md, IR drop: what the lines of an array lose, by the whole resistive network and by the model of functional runs. */
import { uniformStream } from '../base/random.ts';
import { markdownTable } from '../report/markdown.ts';
import { IDLE_ROWS, type IdleRows } from '../tech/circuit/idle-rows.ts';
import { applyIrDrop, type IrDrop } from '../tech/noise/wires.ts';
import { columnCurrents } from './ladder.ts';

interface WiredArray {
  readonly name: string;
  readonly on_ohm: number;
  readonly ratio: number;
  readonly size: number;
  readonly row_ohm: number;
  readonly column_ohm: number;
  /** Of drivers and sense amplifiers. */
  readonly ends_ohm: number;
}

const NEUROSIM = { row_ohm: 1.79, column_ohm: 0.6, ends_ohm: 0 };
const YALE = { row_ohm: 5, column_ohm: 10, ends_ohm: 1000 };

const ARRAYS: readonly WiredArray[] = [
  { name: 'FeFET 240 kohm', on_ohm: 240e3, ratio: 100, size: 64, ...NEUROSIM },
  { name: 'FeFET 240 kohm', on_ohm: 240e3, ratio: 100, size: 128, ...NEUROSIM },
  { name: 'RRAM 25.7 kohm', on_ohm: 25.7e3, ratio: 39, size: 64, ...NEUROSIM },
  { name: 'RRAM 6 kohm', on_ohm: 6e3, ratio: 150, size: 32, ...NEUROSIM },
  { name: 'RRAM 6 kohm', on_ohm: 6e3, ratio: 150, size: 128, ...NEUROSIM },
  { name: 'RRAM 100 kohm, 5 and 10 ohm, ends of 1 kohm', on_ohm: 100e3, ratio: 10, size: 64, ...YALE },
];
const DENSITIES = [0.1, 0.5, 0.9];
/** Inputs of one array: where the driven rows are matters, and no mean knows it. */
const READS = 4;

/** Shares of the column currents that are lost over some reads: by the network, and by the model. */
function losses(array: WiredArray, idle: IdleRows, density: number): { exact: number; model: number } {
  const { on_ohm, ratio, size, row_ohm, column_ohm, ends_ohm } = array;
  const random = uniformStream(1, 'ir-drop', array.name, size, density);
  const g = Float64Array.from(
    { length: size * size },
    () => 1 / ratio + ((1 - 1 / ratio) * Math.floor(4 * random())) / 3,
  );
  const wires = { rowWire_ohm: row_ohm, colWire_ohm: column_ohm, driver_ohm: ends_ohm, sense_ohm: ends_ohm };
  const drop: IrDrop = { onResistance_ohm: on_ohm, ...wires, arrayCols: size, idle };
  const ladder = { g: g.map(v => v / on_ohm), rows: size, cols: size, ...wires, idle };
  let [ideal, exact, model] = [0, 0, 0];
  for (let read = 0; read < READS; read++) {
    const driven = Array.from({ length: size }, () => random() < density);
    driven[Math.floor(random() * size)] = true;
    const activity = (driven.filter(Boolean).length - 1) / (size - 1);
    const counted = g.slice();
    applyIrDrop({ g: counted, rows: size, cols: size, unitsOn: 1, activity }, drop);
    exact += columnCurrents(ladder, driven).reduce((sum, i) => sum + i * on_ohm, 0);
    for (let i = 0; i < g.length; i++)
      if (driven[Math.floor(i / size)]) {
        ideal += g[i];
        model += counted[i];
      }
  }
  return { exact: 1 - exact / ideal, model: 1 - model / ideal };
}

/** The section on wires, in steps. */
export function* irDropReport(): Generator<void, string> {
  const percent = (share: number): string => `${(100 * share).toFixed(2)}`;
  const rows: string[][] = [];
  for (const array of ARRAYS)
    for (const idle of IDLE_ROWS) {
      const row = [`${array.name}, ${array.size} x ${array.size}`, idle];
      for (const density of DENSITIES) {
        const { exact, model } = losses(array, idle, density);
        row.push(`${percent(exact)} / ${percent(model)}`, `${(100 * (model / exact - 1)).toFixed(1)}`);
        yield;
      }
      rows.push(row);
    }
  const heads = DENSITIES.flatMap(density => [`${100 * density} % driven`, 'off by %']);
  return [
    '## IR drop',
    'Share of the column currents that the lines lose, in %: the whole resistive network (two nodes a cell, solved by conjugate gradients,',
    '`src/validate/ladder.ts`) / ours, and by how much ours is off. Cells of four random levels; wires of 1.79 and 0.60 ohm a cell',
    '(NeuroSim, 32 nm) unless the row says more. The activity is that of the inputs.',
    '',
    markdownTable(['array', 'idle rows', ...heads], rows),
    '',
    'With rows at ground the network is linear, and only what columns differ from each other along a row is left out. In the other states the',
    'model knows how many rows are driven together, not which: what is off is where they happened to be.',
  ].join('\n');
}
