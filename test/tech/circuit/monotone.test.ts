/** The physics is monotone: what grows in a design never makes the crossbar smaller. */
import test from 'ava';
import fc from 'fast-check';
import type { CrossbarDesign, DesignPoint } from '../../../src/tech/circuit/design.ts';
import { designWith } from '../../../src/tech/circuit/design.ts';
import { evaluateCrossbar } from '../../../src/tech/circuit/evaluate.ts';
import { losslessBits } from '../../../src/tech/circuit/lossless.ts';
import { anyDesign } from './designs.ts';

const area = (design: CrossbarDesign): number => evaluateCrossbar(design).area_m2.total;

// Rows that drive gates have switches as good as their own wires, whatever that takes where they are short (NeuroSim).
const wideEnough = ({ cols, cell }: CrossbarDesign): boolean => cols >= 48 || cell.device !== 'sram';

const GROWS: Record<string, (design: CrossbarDesign) => DesignPoint> = {
  rows: ({ rows }) => ({ rows: rows + 1 + (rows >> 1) }),
  columns: ({ cols }) => ({ cols: cols + 1 }),
  'twice the columns': ({ cols }) => ({ cols: 2 * cols }),
  'ADC bits': ({ adc }) => ({ adcBits: adc.bits + 1 }),
  'input bits a step': ({ inputBitsPerStep }) => ({ inputBitsPerStep: inputBitsPerStep + 1 }),
  node: ({ node_m }) => ({ node_m: node_m * 1.07 }),
};

for (const [what, grow] of Object.entries(GROWS)) {
  test(`more never lowers the area: ${what}`, t => {
    t.notThrows(() =>
      fc.assert(
        fc.property(
          what.includes('columns') ? anyDesign.filter(wideEnough) : anyDesign,
          design => area(designWith(design, grow(design))) >= area(design) * (1 - 1e-12),
        ),
        { seed: 7, numRuns: 400 },
      ),
    );
  });
}

test('more bits in a cell never lower the area', t => {
  const resistive = anyDesign.filter(({ cell }) => cell.device !== 'sram');
  t.notThrows(() =>
    fc.assert(
      fc.property(
        resistive,
        fc.integer({ min: 1, max: 3 }),
        (design, cellBits) =>
          area(designWith(design, { cellBits: cellBits + 1 })) >= area(designWith(design, { cellBits })),
      ),
      { seed: 8 },
    ),
  );
});

test('more rows and columns never lower read energy, write energy, write time and leakage', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(anyDesign, fc.boolean(), (design, taller) => {
        const { rows, cols } = design;
        const larger = designWith(design, taller ? { rows: 2 * rows } : { cols: 2 * cols });
        const [a, b] = [design, larger].map(d => evaluateCrossbar(d));
        // A flash converter waits for the smallest of its references: more rows, a larger one, and less time.
        const faster = taller && design.adc.law === 'neurosim-flash';
        return (['readEnergy_J', 'writeEnergy_J', 'writeTime_s', 'leakage_W'] as const).every(
          name => (faster && name === 'readEnergy_J') || b[name].total >= a[name].total * (1 - 1e-12),
        );
      }),
      { seed: 9, numRuns: 300 },
    ),
  );
});

test('more rows, cell bits or input bits never need fewer bits of a lossless ADC', t => {
  const integer = (max: number) => fc.integer({ min: 1, max });
  t.notThrows(() =>
    fc.assert(
      fc.property(integer(4095), integer(3), integer(7), (rows, cell, input) => {
        const bits = losslessBits(rows, cell, input);
        return (
          losslessBits(rows + 1, cell, input) >= bits &&
          losslessBits(rows, cell + 1, input) >= bits &&
          losslessBits(rows, cell, input + 1) >= bits
        );
      }),
      { seed: 10 },
    ),
  );
});
