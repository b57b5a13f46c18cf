/** The front of a search as CSV, as plain data, as a table, and as a figure: predicted loss against EDAP. */
import { formatQuantity, MJ_MS_MM2 } from '../base/units.ts';
import { csv } from '../report/csv.ts';
import { scatterChart } from '../report/scatter-chart.ts';
import { table, WIDTH } from '../report/table.ts';
import { wrap } from '../report/text-width.ts';
import { type DesignSpace, designOf, designText } from './design.ts';
import type { FreeDesign, FreeResult } from './free-search.ts';
import type { Keep } from './keep.ts';

/** Rows of the front that the table shows. */
const SHOWN = 20;

/** The front as CSV, a design per line, in SI units. */
export const frontCsv = ({ front }: FreeResult, space: DesignSpace): string =>
  csv([
    [
      ...['reuse', 'weights', 'run_time', 'adc_bits', 'keep'],
      ...['latency_s', 'energy_J', 'area_m2', 'predicted_loss'],
    ],
    ...front.map(({ genome, latency_s, energy_J, area_m2, predictedLoss }) => {
      const { plan, static: known, dynamic, adcBits, keep } = designOf(genome, space);
      const names = (list: readonly number[]): string => list.map(i => space.devices[i].name).join(' ');
      return [
        plan.encoders.join(' '),
        names(known),
        names(dynamic),
        adcBits,
        keep.join(' '),
        latency_s,
        energy_J,
        area_m2,
        predictedLoss,
      ];
    }),
  ]);

/** A design of the front with its figures. */
export interface FrontDesign extends Omit<FreeDesign, 'genome'> {
  readonly reuse: readonly number[];
  /** Devices by encoder: of known weights, and of run-time matrices. */
  readonly weights: readonly string[];
  readonly runTime: readonly string[];
  readonly adcBits: number;
  readonly keep: Keep;
}

/** The front as plain data. */
export const frontDesigns = ({ front }: FreeResult, space: DesignSpace): FrontDesign[] =>
  front.map(({ genome, ...figures }) => {
    const { plan, static: known, dynamic, adcBits, keep } = designOf(genome, space);
    const names = (list: readonly number[]): string[] => list.map(i => space.devices[i].name);
    return {
      reuse: plan.encoders,
      weights: names(known),
      runTime: names(dynamic),
      adcBits,
      keep,
      ...figures,
    };
  });

/** The first designs of the front as a table for people, in `width` columns of a terminal. */
export function frontTable(
  { front, evaluated, uniform }: FreeResult,
  space: DesignSpace,
  width = WIDTH,
): string {
  const rows = front
    .slice(0, SHOWN)
    .map(d => [
      designText(designOf(d.genome, space), space),
      ...[formatQuantity(d.latency_s, 's', 4), formatQuantity(d.energy_J, 'J', 4)],
      ...[formatQuantity(d.area_m2, 'm2', 4), d.predictedLoss.toFixed(3)],
    ]);
  const more = front.length > SHOWN ? `\n   and ${front.length - SHOWN} more: --csv, --out` : '';
  const title = `${front.length} designs of ${evaluated.length} are on the front; ${uniform.length} uniform patterns were among them`;
  return `${wrap(title, width).join('\n')}\n\n${table([['design', 'D', 'E', 'A', 'predicted loss'], ...rows], { width })}${more}`;
}

/** The front as SVG: predicted loss (nats) against EDAP (mJ ms mm2). */
export function frontFigure({ front, uniform, evaluated }: FreeResult, space: DesignSpace): string {
  const xy = (list: readonly FreeResult['front'][number][]): number[] =>
    list.flatMap(d => [d.latency_s * d.energy_J * d.area_m2 * MJ_MS_MM2, d.predictedLoss]);
  const edge: { x: number; y: number; label: string }[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const design of front.toSorted((a, b) => xy([a])[0] - xy([b])[0])) {
    const [x, y] = xy([design]);
    if (y >= least) continue;
    least = y;
    edge.push({ x, y, label: `${designOf(design.genome, space).plan.encoders.length} reuse` });
  }
  return scatterChart({
    title: 'Free search: predicted loss against EDAP',
    xLabel: 'EDAP, mJ ms mm2',
    yLabel: 'predicted loss, nats',
    series: [
      { name: 'designs', xy: xy(evaluated) },
      { name: 'uniform patterns, FeFET', xy: xy(uniform) },
    ],
    front: edge,
  });
}
