/** The front of a free search as CSV, and as a figure: predicted loss against EDAP. */
import { csv } from '../report/csv.ts';
import { scatterChart } from '../report/scatter-chart.ts';
import { type DesignSpace, designOf } from './design.ts';
import type { FreeResult } from './free-search.ts';

const MJ_MS_MM2 = 1e12;

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
