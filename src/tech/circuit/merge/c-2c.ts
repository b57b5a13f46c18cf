/**
 * C-2C ladder: a unit capacitor from every bit to its node, two units from node to node, one unit at the end of least weight
 * (Wang et al., VLSI 2022 and JSSC 2023: 8 bits at 22 nm). Nodes between slices of several bits stand at ground.
 */
import { type MergeShape, mergeLaw } from '../merge-law.ts';

const nodes = ({ slices, cellBits }: MergeShape): number => cellBits * (slices - 1) + 1;

/** Two units in parallel between neighbouring nodes. */
const COUPLING = 2;

export const law = mergeLaw({
  law: 'c-2c',
  units: shape => nodes(shape) * (1 + COUPLING) - COUPLING + 1,
  // A node sees one unit of its bit and one of the rest of the ladder.
  output: () => 2,
  // 1/2 + 1/2^(c + 1) + ... of the slices.
  gain: ({ slices, cellBits }) => {
    let sum = 0;
    for (let s = 0; s < slices; s++) sum += 2 ** -(1 + cellBits * s);
    return sum;
  },
  weights: (shape, errors, parasitic) => {
    const { slices, cellBits } = shape;
    const count = nodes(shape);
    let unit = 0;
    const next = (): number => 1 + errors(unit++);
    // From the end of least weight to the output: what is seen to the left of a node, and each slice's share of its voltage.
    const shares = new Array<number>(slices).fill(0);
    let seen = next();
    for (let node = 0; node < count; node++) {
      if (node > 0) {
        const coupling = next() + next();
        seen = (seen * coupling) / (seen + coupling);
      }
      const own = next();
      const all = own + seen + parasitic;
      // Charge is divided: what came so far counts by the capacitance that it comes through.
      for (let s = 0; s < slices; s++) shares[s] *= node === 0 ? 0 : seen / all;
      if (node % cellBits === 0) shares[node / cellBits] = own / all;
      seen = all;
    }
    return shares.map(share => share * 2 ** count);
  },
});
