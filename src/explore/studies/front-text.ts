/** The front of a search for people, and how its hypervolume grew. */
import { formatQuantity, significant } from '../../base/units.ts';
import { lineChart } from '../../report/svg-chart.ts';
import { table } from '../../report/table.ts';
import { unitOf } from './constraint.ts';
import type { Box, Progress } from './rated.ts';
import type { SearchSpec } from './search-spec.ts';
import { shownValue, type Values } from './value.ts';

/** Rows of the front that are shown, and generations. */
const MOST_SHOWN = 20;
const DIGITS = 4;

/** What is shown of a search. */
export interface ShownFront {
  readonly front: readonly { readonly values: Values; readonly objectives: readonly number[] }[];
  readonly progress: readonly Progress[];
  readonly box: Box | undefined;
}

/** A figure in its unit; one whose unit has no prefixes as it is. */
function shownFigure(path: string, value: number): string {
  if (value === Number.POSITIVE_INFINITY) return 'unlimited';
  const unit = unitOf(path);
  return unit !== undefined && ['s', 'J', 'W', 'Hz', 'm2', 'm', 'V', 'K'].includes(unit)
    ? formatQuantity(value, unit, DIGITS)
    : significant(value, DIGITS);
}

const nameOf = ({ path, sense }: SearchSpec['objectives'][number]): string =>
  sense === 'max' ? `max:${path}` : path;

/** Lines for a terminal of `width` columns; none ends the last. */
export function frontText(spec: SearchSpec, { front, progress, box }: ShownFront, width: number): string {
  const { objectives, constraints, method } = spec;
  const last = progress.at(-1);
  const held = constraints.length === 0 ? '' : ` that keep ${constraints.map(({ text }) => text).join(', ')}`;
  const head = `front: ${front.length} of ${last?.feasible ?? 0} designs${held}; ${last?.evaluated ?? 0} evaluated`;
  if (box === undefined) return `${head}\nno design keeps all constraints`;
  const paths = [...new Set(front.flatMap(({ values }) => Object.keys(values)))];
  const rows = front
    .slice(0, MOST_SHOWN)
    .map(({ values, objectives: figures }) => [
      ...paths.map(path => (Object.hasOwn(values, path) ? shownValue(values[path]) : '')),
      ...figures.map((figure, i) => shownFigure(objectives[i].path, figure)),
    ]);
  const more = front.length > MOST_SHOWN ? [`... and ${front.length - MOST_SHOWN} more: front.csv`] : [];
  const ends = objectives.map(
    (objective, i) =>
      `${nameOf(objective)} ${shownFigure(objective.path, box.best[i])} to ${shownFigure(objective.path, box.worst[i])}`,
  );
  const skip = Math.ceil(progress.length / MOST_SHOWN);
  const curve = progress
    .map((at, generation) => ({ ...at, generation }))
    .filter(({ generation }) => generation % skip === 0 || generation === progress.length - 1)
    .map(({ generation, evaluated, feasible, hypervolume }) => [
      ...(method.method === 'nsga2' ? [`${generation}`] : []),
      ...[`${evaluated}`, `${feasible}`, hypervolume.toFixed(DIGITS)],
    ]);
  const columns = ['generation', 'evaluated', 'feasible', 'hypervolume'];
  return [
    head,
    table([[...paths, ...objectives.map(nameOf)], ...rows], { width, keys: paths.length }),
    ...more,
    '',
    `hypervolume, a share of the box from the best to the worst feasible value (the reference point): ${ends.join(', ')}`,
    table([method.method === 'nsga2' ? columns : columns.slice(1), ...curve], { width }),
  ].join('\n');
}

/** SVG. */
export const hypervolumeFigure = (name: string, progress: readonly Progress[]): string =>
  lineChart({
    title: `${name}: hypervolume of the front`,
    xLabel: 'designs evaluated',
    yLabel: 'share of the box of feasible figures',
    series: [
      {
        name: 'hypervolume',
        points: progress.map(({ evaluated, hypervolume: y }) => ({ x: evaluated, y, low: y, high: y })),
      },
    ],
  });
