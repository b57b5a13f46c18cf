/** Designs for the tests of circuit laws: the shipped files, and arbitrary points around them. */
import fc from 'fast-check';
import { loadTech } from '../../../src/run/node/load.ts';
import { type CrossbarDesign, type DesignPoint, designWith } from '../../../src/tech/circuit/design.ts';
import { designOf } from '../../../src/tech/design-of.ts';

/** The shipped technologies of level circuit. */
export const FILES = [
  'fefet-32nm',
  'fefet-28nm',
  'fefet-22nm',
  'sram-32nm',
  'sram8t-32nm',
  'sram-charge-65nm',
  'sram-digital-28nm',
  'rram-32nm',
  'pcm-32nm',
] as const;

const designs = new Map<string, CrossbarDesign>();

/** The design of a shipped file, with some values replaced. */
export function design(name: (typeof FILES)[number], point: DesignPoint = {}): CrossbarDesign {
  const base = designs.get(name) ?? designOf(loadTech(name).tech);
  designs.set(name, base);
  return designWith(base, point);
}

const ADCS = ['neurosim-sar', 'neurosim-flash', 'survey', 'silicon', 'zigzag'] as const;

/** Any file's design with another size, node and converter that its laws allow. */
export const anyDesign: fc.Arbitrary<CrossbarDesign> = fc
  .record({
    name: fc.constantFrom(...FILES),
    rows: fc.integer({ min: 1, max: 1024 }),
    cols: fc.integer({ min: 1, max: 1024 }),
    mux: fc.integer({ min: 1, max: 32 }),
    node_nm: fc.double({ min: 3.1, max: 120, noNaN: true }),
    law: fc.constantFrom(...ADCS),
    bits: fc.integer({ min: 4, max: 7 }),
    inputBitsPerStep: fc.integer({ min: 1, max: 4 }),
    inputDensity: fc.double({ min: 0, max: 1, noNaN: true }),
    sampling: fc.constantFrom('mux-group' as const, 'plane' as const),
    roadmap: fc.constantFrom('LSTP' as const, 'HP' as const),
  })
  .map(({ name, node_nm, law, bits, sampling, roadmap: wished, ...point }) => {
    const mux = Math.min(point.mux, point.cols);
    // Cells that are written by voltage end at 14 nm, HP transistors at 22 nm.
    const node_m = Math.max(node_nm, name.startsWith('sram') ? 0 : 14) * 1e-9;
    const roadmap = node_m < 22e-9 ? 'LSTP' : wished;
    const base = { ...design(name, { ...point, mux, node_m }), sampling, roadmap };
    if (base.cell.law === 'digital-cim') return base;
    const { columns } = base.adc;
    // A flash converter compares currents.
    if (base.cell.law === 'sram-charge' && law === 'neurosim-flash') return base;
    const adc = law === 'survey' ? { law, bits, columns, rate: 1e8 } : { law, bits, columns };
    return { ...base, adc };
  });
