/** Chips of equal area, or of as many arrays: those that may have any number of tiles get more; tiles without weights stand and leak. */
import { buildMachine, inventoryOf, type RunSpec } from '../../run/machine.ts';

/** What a chip measures before it runs. */
export interface ChipMeasure {
  readonly area_m2: number;
  /** On the chip, in use or not. */
  readonly crossbars: number;
  readonly tiles: number;
}

/** Of a machine that has not run. */
export function measureChip(spec: RunSpec): ChipMeasure {
  const machine = buildMachine(spec);
  const rows = inventoryOf(machine, spec.arch);
  const tiles = machine.placement.chipTiles;
  return {
    area_m2: rows.reduce((sum, row) => sum + row.area_m2, 0),
    crossbars: tiles * perTile(spec),
    tiles,
  };
}

/** The specs with tiles added where `chip.tiles` is auto, so that all are what the largest is, as near as whole tiles come. */
export function sizeChips(name: 'area' | 'arrays', specs: readonly RunSpec[]): RunSpec[] {
  const own = specs.map(measureChip);
  if (name === 'arrays') {
    const step = specs.map(perTile).reduce(leastCommonMultiple);
    const most = Math.max(...own.map(({ crossbars }) => crossbars));
    const all = Math.ceil(most / step) * step;
    // Arrays that are the same number already stay.
    if (own.every(({ crossbars }) => crossbars === most)) return [...specs];
    return specs.map(spec => withTiles(spec, all / perTile(spec)));
  }
  const largest = Math.max(...own.map(({ area_m2 }) => area_m2));
  return specs.map((spec, i) => withTiles(spec, tilesFor(spec, own[i], largest)));
}

const perTile = ({ arch: { tile, pe } }: RunSpec): number => tile.pes * pe.crossbars;

/** Tiles that a file or the command line gives stay. */
function withTiles(spec: RunSpec, tiles: number): RunSpec {
  const { arch } = spec;
  return arch.chip.tiles === 'auto' ? { ...spec, arch: { ...arch, chip: { ...arch.chip, tiles } } } : spec;
}

/** Area grows with tiles, nearly in proportion: the line between two counts tells the next. */
function tilesFor(spec: RunSpec, own: ChipMeasure, area_m2: number): number {
  if (spec.arch.chip.tiles !== 'auto' || own.area_m2 >= area_m2) return own.tiles;
  const areaOf = (tiles: number): number => measureChip(withTiles(spec, tiles)).area_m2;
  let [low, lowArea] = [own.tiles, own.area_m2];
  let high = Math.max(low + 1, Math.ceil((low * area_m2) / lowArea));
  let highArea = areaOf(high);
  while (highArea < area_m2) {
    [low, lowArea] = [high, highArea];
    high = Math.ceil(high * 1.1) + 1;
    highArea = areaOf(high);
  }
  for (let step = 0; high - low > 1; step++) {
    // Every other step halves, for areas that grow in jumps.
    const share = step % 2 === 1 ? 0.5 : (area_m2 - lowArea) / (highArea - lowArea);
    const guess = low + Math.round((high - low) * share);
    const middle = Math.min(high - 1, Math.max(low + 1, guess));
    const area = areaOf(middle);
    if (area < area_m2) [low, lowArea] = [middle, area];
    else [high, highArea] = [middle, area];
  }
  return area_m2 - lowArea < highArea - area_m2 ? low : high;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
