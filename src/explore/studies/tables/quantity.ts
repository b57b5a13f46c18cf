/** Texts that are quantities, such as "0.5 GHz", as SI numbers with the unit that a column is named by. */
import { DIMENSIONS, type Dimension, parseQuantity } from '../../../base/units.ts';
import { measureOf } from '../value.ts';

export interface Quantity {
  readonly dimension: Dimension;
  readonly si: number;
}

const NAMES = Object.keys(DIMENSIONS) as Dimension[];

/** Dimensions of units that were asked for: columns repeat a few of them. */
const known = new Map<string, Dimension | undefined>();
const MOST_KNOWN = 1000;

/** The dimension of a unit such as "GHz"; undefined for a word that is none. */
function dimensionOf(unit: string): Dimension | undefined {
  if (known.has(unit)) return known.get(unit);
  const dimension = NAMES.find(name => parseQuantity(`1 ${unit}`, name) !== undefined);
  if (known.size < MOST_KNOWN) known.set(unit, dimension);
  return dimension;
}

/** Undefined for a text that is no quantity. */
export function quantityOf(text: string): Quantity | undefined {
  const unit = measureOf(text)?.unit;
  const dimension = unit === undefined ? undefined : dimensionOf(unit);
  const si = dimension && parseQuantity(text, dimension);
  return dimension === undefined || si === undefined ? undefined : { dimension, si };
}

/** How the name of a column ends that is in SI: `Hz`, `J_per_bit`; a share of one for per cent. */
export const unitSuffix = (dimension: Dimension): string =>
  dimension === '%' ? 'share' : dimension.replaceAll('/', '_per_');
