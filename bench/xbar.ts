/** Speed of one crossbar design point: the circuit laws against what else a sweep does for a point, and over distinct points. */
import { loadTech } from '../src/run/node/load.ts';
import { designWith } from '../src/tech/circuit/design.ts';
import { evaluateCrossbar } from '../src/tech/circuit/evaluate.ts';
import { designOf } from '../src/tech/design-of.ts';
import { circuitSchema } from '../src/tech/schema.ts';
import { Bench, printTable } from './harness.ts';

const POINTS = 1000;
const TECHS = ['fefet-32nm', 'sram-32nm', 'sram-digital-28nm'];

const bench = new Bench();
for (const name of TECHS) {
  const base = designOf(loadTech(name).tech);
  const figures = evaluateCrossbar(base);
  bench
    .add(name, 'evaluateCrossbar, distinct sizes', POINTS, () => {
      const points = Array.from({ length: POINTS }, (_, i) =>
        designWith(base, { rows: 16 + (i % 241), cols: 16 + ((i * 7) % 251) }),
      );
      return () => points.reduce((sum, point) => sum + evaluateCrossbar(point).area_m2.total, 0);
    })
    .add(name, 'evaluateCrossbar, another node every point', POINTS, () => {
      const points = Array.from({ length: POINTS }, (_, i) =>
        designWith(base, { node_m: (23 + (i % 42)) * 1e-9 }),
      );
      return () => points.reduce((sum, point) => sum + evaluateCrossbar(point).area_m2.total, 0);
    })
    .add(name, 'figures written and read as JSON', 1, () => () => {
      return JSON.parse(JSON.stringify(figures)).area_m2.total as number;
    });
}
bench.add(
  'fefet-32nm',
  'loading and checking the file',
  1,
  () => () => loadTech('fefet-32nm').origins.length,
);
bench.add('fefet-32nm', 'zod check of the parsed file', 1, () => {
  const plain = {
    name: 'x',
    level: 'circuit',
    node: '32 nm',
    cell: { law: 'fefet', bits: 2, onResistance: '240 kohm', offResistance: '24 Mohm' },
    crossbar: { rows: 64, cols: 64 },
    adc: { law: 'neurosim-sar', bits: 6, columns: 8 },
    write: { voltage: '4 V', pulse: '50 ns', erase: '50 ns' },
  };
  return () => circuitSchema.parse(plain).crossbar.rows;
});

const rates = bench.run(0.5);
const slowest = (name: string): number =>
  Math.min(...rates.filter(r => r.name.startsWith(name)).map(r => r.opsPerSecond));
const point = slowest('evaluateCrossbar');
printTable(
  ['technology', 'what', 'us', 'over the slowest point'],
  rates.map(r => [
    r.group,
    r.name,
    (1e6 / r.opsPerSecond).toFixed(2),
    `${(point / r.opsPerSecond).toFixed(1)} x`,
  ]),
);
console.log(
  `slowest point ${(1e6 / point).toFixed(2)} us (goal: below 50); ${bench.sink > 0 ? 'ok' : 'nothing ran'}`,
);
