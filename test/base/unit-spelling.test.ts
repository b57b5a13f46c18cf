/** The unit that was meant. */
import test from 'ava';
import { respelled } from '../../src/base/unit-spelling.ts';
import type { Dimension } from '../../src/base/units.ts';

const MEANT: readonly (readonly [string, Dimension, string | undefined])[] = [
  ['1 pj', 'J', '1 pJ'],
  ['1.5PJ', 'J', '1.5 pJ'],
  ['1 Ghz', 'Hz', '1 GHz'],
  ['2 MHZ', 'Hz', '2 MHz'],
  ['100 kΩ', 'ohm', '100 kohm'],
  ['100 kΩ', 'ohm', '100 kohm'],
  ['3 KOhm', 'ohm', '3 Kohm'],
  ['0.03 mm²', 'm2', '0.03 mm2'],
  ['0.03 mm^2', 'm2', '0.03 mm2'],
  ['8 pj/bit', 'J/bit', '8 pJ/bit'],
  ['7 MS', 's', '7 ms'],
  ['7 Mj', 'J', '7 mJ'],
  ['2 mhz', 'Hz', '2 MHz'],
  ['2 mOHM', 'ohm', '2 Mohm'],
  ['3 MM2', 'm2', '3 mm2'],
  ['8 PJ/BIT/MM', 'J/bit/m', '8 pJ/bit/mm'],
  ['25 gb/S', 'B/s', '25 GB/s'],
  ['3 mib', 'B', '3 MiB'],
  ['64 kib', 'B', '64 KiB'],
  ['3 apples', 'J', undefined],
  ['3 ns', 'J', undefined],
  ['pJ', 'J', undefined],
];

test('a slip of the unit has its right spelling; another unit has none', t => {
  for (const [text, dimension, right] of MEANT) t.is(respelled(text, dimension), right, text);
});
