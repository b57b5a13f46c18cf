/** Chips of equal area, or of as many arrays: those that may have any number of tiles get more; tiles without weights stand and leak. */
import { largest } from '../../base/extremes.ts';
import { buildMachine, inventoryOf, type RunSpec } from '../../run/machine.ts';

/** What a chip measures before it runs. */
export interface ChipMeasure {
  readonly area_m2: number;
  /** On the chip, in use or not. */
  readonly crossbars: number;
  readonly tiles: number;
  /** Its area without added tiles. */
  readonly own_m2: number;
  /** Tiles could be added, until it came nearest to what it should be. */
  readonly sized: boolean;
}

/** Chips as they run, and what they measure. */
export interface SizedChips {
  readonly specs: readonly RunSpec[];
  readonly measures: readonly ChipMeasure[];
}

/**
 * The chips with tiles added where `chip.tiles` is auto, so that all are what the largest is, as near as whole tiles come;
 * without a name, as they are.
 */
export function sizeChips(name: 'area' | 'arrays' | undefined, specs: readonly RunSpec[]): SizedChips {
  const own = specs.map(measure);
  const sized = specs.map((spec, i) => withTiles(spec, tilesFor(name, i, specs, own)));
  const measures = sized.map((spec, i) => {
    const { area_m2, crossbars, tiles } = spec === specs[i] ? own[i] : measure(spec);
    return { area_m2, crossbars, tiles, own_m2: own[i].area_m2, sized: spec !== specs[i] };
  });
  return { specs: sized, measures };
}

type Measure = Pick<ChipMeasure, 'area_m2' | 'crossbars' | 'tiles'>;

/** Of a machine that has not run. */
function measure(spec: RunSpec): Measure {
  const machine = buildMachine(spec);
  const rows = inventoryOf(machine, spec.arch);
  const tiles = machine.placement.chipTiles;
  return {
    area_m2: rows.reduce((sum, row) => sum + row.area_m2, 0),
    crossbars: tiles * perTile(spec),
    tiles,
  };
}

/** Tiles of one chip; undefined: as it is. */
function tilesFor(
  name: 'area' | 'arrays' | undefined,
  i: number,
  specs: readonly RunSpec[],
  own: readonly Measure[],
): number | undefined {
  if (name === undefined || specs[i].arch.chip.tiles !== 'auto') return undefined;
  if (name === 'area') return tilesOfArea(specs[i], own[i], largest(own.map(m => m.area_m2)));
  const most = largest(own.map(m => m.crossbars));
  if (own.every(({ crossbars }) => crossbars === most)) return own[i].tiles;
  const step = specs.map(perTile).reduce(leastCommonMultiple);
  return (Math.ceil(most / step) * step) / perTile(specs[i]);
}

const perTile = ({ arch: { tile, pe } }: RunSpec): number => tile.pes * pe.crossbars;

function withTiles(spec: RunSpec, tiles: number | undefined): RunSpec {
  if (tiles === undefined) return spec;
  const { arch } = spec;
  return { ...spec, arch: { ...arch, chip: { ...arch.chip, tiles } } };
}

/** Area grows with tiles, nearly in proportion: the line between two counts tells the next. */
function tilesOfArea(spec: RunSpec, own: Measure, area_m2: number): number {
  if (own.area_m2 >= area_m2) return own.tiles;
  const areaOf = (tiles: number): number => measure(withTiles(spec, tiles)).area_m2;
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
