/** Sums and means in the order of the items: floating-point results depend on it. */

export const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

export const mean = (values: readonly number[]): number => sum(values, value => value) / values.length;
