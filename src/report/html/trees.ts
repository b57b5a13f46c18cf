/** Energy, latency and area of a run as trees: chip to place to tile to component, and network to encoder to op to component. */
import { sum } from '../../base/sum.ts';
import type { Observation, StepEnergy } from '../observation.ts';
import type { LayerRow, Result } from '../result.ts';
import { isOfTile, placeOf } from './places.ts';

/** A part of a figure, and its parts. */
export interface TreeNode {
  readonly name: string;
  readonly value: number;
  readonly children?: readonly TreeNode[];
}

/** A figure of a run, divided. */
export interface Tree {
  /** Name of a figure of the result. */
  readonly metric: 'energy_J' | 'latency_s' | 'area_m2';
  /** What it is divided by: hardware, or network. */
  readonly by: 'hardware' | 'network';
  /** Parts may overlap in time, and then they do not add up. */
  readonly adds: boolean;
  readonly root: TreeNode;
}

type TreeResult = Pick<Result, 'energy_J' | 'latency_s' | 'area_m2' | 'breakdown' | 'arch' | 'model'>;

export function treesOf(result: TreeResult, layers: readonly LayerRow[], seen: Observation): Tree[] {
  const { energy_J, latency_s, area_m2, arch, model, breakdown } = result;
  const rows = new Map(layers.map(row => [row.step, row]));
  const encoderOf = (step: string): string => encoderName(rows.get(step)?.encoder ?? null);
  const stageOf = (step: string): string => rows.get(step)?.stage ?? step;
  const byComponent = (entries: readonly StepEnergy[]): TreeNode[] =>
    grouped(entries, e => e.component, energy);
  const counted = new Map<string, number>();
  for (const { component, energy_J } of seen.energies)
    counted.set(component, (counted.get(component) ?? 0) + energy_J);
  const tileArea = sum(breakdown.component, row => (isOfTile(row.name) ? (row.area_m2 ?? 0) : 0));

  const inTiles = seen.energies.filter(e => isOfTile(e.component));
  const tiles = grouped(
    inTiles,
    e => encoderOf(e.step),
    energy,
    own => grouped(own, e => tilesName(e.step, seen), energy, byComponent),
  );
  const components = breakdown.component.filter(row => row.energy_J > 0);
  const energyByHardware = grouped(
    components,
    row => placeOf(row.name),
    energy,
    (own, place) => {
      if (place === 'tiles') return [...tiles, ...idle(own, counted)];
      if (own.length === 1 && own[0].name === place) return undefined;
      return own.map(({ name, energy_J }) => ({
        name,
        value: energy_J,
        children: grouped(
          [
            ...seen.energies
              .filter(e => e.component === name)
              .map(e => ({ name: stageOf(e.step), energy_J: e.energy_J })),
            ...idle([{ name, energy_J }], counted).map(n => ({ name: n.name, energy_J: n.value })),
          ],
          e => e.name,
          energy,
        ),
      }));
    },
  );
  const standing = breakdown.stage.filter(row => row.time_s === undefined && row.energy_J > 0);
  const energyByNetwork = [
    ...grouped(
      seen.energies,
      e => encoderOf(e.step),
      energy,
      own => grouped(own, e => e.step, energy, byComponent),
    ),
    ...standing.map(({ name, energy_J }) => ({ name, value: energy_J })),
  ];

  const latencyBy = (nameOf: (row: LayerRow) => string, then: (row: LayerRow) => string): TreeNode[] =>
    grouped(layers, nameOf, busyTime, own =>
      grouped(own, then, busyTime, inner =>
        inner.length === 1 && inner[0].step === then(inner[0])
          ? undefined
          : inner.map(row => ({ name: row.step, value: row.end_s - row.start_s })),
      ),
    );
  const latencies = [
    latencyBy(
      row => UNITS[row.kind],
      row => row.stage,
    ),
    latencyBy(
      row => encoderName(row.encoder),
      row => row.step,
    ),
  ];

  const areas = breakdown.component.filter(row => (row.area_m2 ?? 0) > 0);
  const areaByHardware = grouped(
    areas,
    row => placeOf(row.name),
    rows => sum(rows, row => row.area_m2 ?? 0),
    (own, place) =>
      own.length === 1 && own[0].name === place
        ? undefined
        : own.map(row => ({ name: row.name, value: row.area_m2 ?? 0 })),
  );
  const perTile = seen.tiles.length === 0 ? 0 : tileArea / seen.tiles.length;
  const units = seen.layers.filter(layer => layer.unit === layer.id);
  const used = sum(units, layer => layer.tiles.length);
  const areaByNetwork = [
    ...grouped(
      units,
      layer => encoderOf(layer.steps[0] ?? layer.id),
      layers => sum(layers, layer => layer.tiles.length * perTile),
      own =>
        own.map(layer => ({
          name: `${layer.id}: ${count(layer.tiles.length, 'tile')}`,
          value: layer.tiles.length * perTile,
        })),
    ),
    ...positive('tiles without a layer', (seen.tiles.length - used) * perTile),
    ...positive('beside the tiles', area_m2 - tileArea),
  ];
  const adds = latencies.map(
    nodes => Math.abs(sum(nodes, node => node.value) - latency_s) <= 1e-9 * latency_s,
  );
  return [
    {
      metric: 'energy_J',
      by: 'hardware',
      adds: true,
      root: { name: arch, value: energy_J, children: energyByHardware },
    },
    {
      metric: 'energy_J',
      by: 'network',
      adds: true,
      root: { name: model, value: energy_J, children: energyByNetwork },
    },
    {
      metric: 'latency_s',
      by: 'hardware',
      adds: adds[0],
      root: { name: arch, value: latency_s, children: latencies[0] },
    },
    {
      metric: 'latency_s',
      by: 'network',
      adds: adds[1],
      root: { name: model, value: latency_s, children: latencies[1] },
    },
    {
      metric: 'area_m2',
      by: 'hardware',
      adds: true,
      root: { name: arch, value: area_m2, children: areaByHardware },
    },
    {
      metric: 'area_m2',
      by: 'network',
      adds: true,
      root: { name: model, value: area_m2, children: areaByNetwork },
    },
  ];
}

export const UNITS: Readonly<Record<LayerRow['kind'], string>> = {
  read: 'crossbars, read',
  write: 'crossbars, write',
  softmax: 'softmax units',
  vector: 'vector unit',
  load: 'crossbars, reload',
  fetch: 'DRAM port',
  store: 'DRAM port',
};

const encoderName = (encoder: number | null): string =>
  encoder === null ? 'outside encoders' : `encoder ${encoder}`;

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

function tilesName(step: string, { layers }: Observation): string {
  const layer = layers.find(({ steps }) => steps.includes(step));
  if (layer === undefined) return step;
  const last = layer.firstTile + layer.tiles.length - 1;
  const tiles = last === layer.firstTile ? `tile ${last}` : `tiles ${layer.firstTile}-${last}`;
  return `${tiles}: ${layer.id}`;
}

/** What components take all the time, and no step counts. */
function idle(
  rows: readonly { readonly name: string; readonly energy_J: number }[],
  counted: ReadonlyMap<string, number>,
): TreeNode[] {
  const rest = sum(rows, row => row.energy_J - (counted.get(row.name) ?? 0));
  return rest > 1e-9 * sum(rows, row => row.energy_J) ? [{ name: 'drawn all the time', value: rest }] : [];
}

const positive = (name: string, value: number): TreeNode[] => (value > 0 ? [{ name, value }] : []);

/** A node per name, in the order of first appearance; `total` is of all that have the name. */
function grouped<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  total: (items: readonly T[]) => number,
  below?: (items: readonly T[], name: string) => readonly TreeNode[] | undefined,
): TreeNode[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return [...groups].map(([name, own]) => {
    const children = below?.(own, name);
    return { name, value: total(own), ...(children !== undefined && children.length > 0 && { children }) };
  });
}

const energy = (entries: readonly { readonly energy_J: number }[]): number => sum(entries, e => e.energy_J);

/** Length of the union of the steps' times. */
function busyTime(rows: readonly LayerRow[]): number {
  let time_s = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { start_s, end_s } of rows.toSorted((a, b) => a.start_s - b.start_s)) {
    time_s += Math.max(0, end_s - Math.max(start_s, until));
    until = Math.max(until, end_s);
  }
  return time_s;
}
