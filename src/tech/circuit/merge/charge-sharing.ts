/**
 * Capacitors of 2^(c s) units that are charged by their columns and then connected (four columns of a 7T SRAM array before one
 * flash converter at 65 nm: ISCAS 2022, pp. 1556-1560). Its only inner node is the output.
 */
import { type MergeShape, mergeLaw } from '../merge-law.ts';

const places = ({ slices, cellBits }: MergeShape): number[] =>
  Array.from({ length: slices }, (_, s) => 2 ** (cellBits * s));
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

export const law = mergeLaw({
  law: 'charge-sharing',
  units: shape => sum(places(shape)),
  output: shape => sum(places(shape)),
  gain: () => 1,
  weights: (shape, errors, parasitic) => {
    const ideal = places(shape);
    let unit = 0;
    const real = ideal.map(units => {
      let capacitance = 0;
      for (let i = 0; i < units; i++) capacitance += 1 + errors(unit++);
      return capacitance;
    });
    const gain = sum(ideal) / (sum(real) + parasitic);
    return real.map(capacitance => capacitance * gain);
  },
});
