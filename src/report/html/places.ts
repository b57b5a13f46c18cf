/** Where the components of a chip are, in the words of a report. */
const TILE = /^(crossbar\.|buffer\.(tile|pe)$|accumulator\.(tile|pe)$|interconnect\.tile$)/;

export const isOfTile = (component: string): boolean => TILE.test(component);

const PLACES: readonly (readonly [RegExp, string])[] = [
  [TILE, 'tiles'],
  [/^(interconnect|noc)\./, 'network on chip'],
  [/^(buffer|accumulator)\./, 'buffers and accumulators of the chip'],
  [/^(softmax|vector)/, 'softmax and vector units'],
];

/** "tiles", "network on chip"; a component that stands alone by its own name. */
export const placeOf = (component: string): string =>
  PLACES.find(([pattern]) => pattern.test(component))?.[1] ?? component.replace(/^extra\./, 'extra: ');
