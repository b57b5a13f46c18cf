/** Colours and words of the points of a study. */
import type { StudyPoint, StudyReport, StudyValue } from '../html/study-report.ts';

/** Values of a path that get a colour of their own, at most. */
const MOST_COLORS = 7;

export const pointText = ({ point, id }: StudyPoint): string => {
  const words = Object.entries(point).map(([path, value]) => `${path}=${value}`);
  return words.length === 0 ? id : words.join(', ');
};

/** Colours by the values of the first path that has few of them. */
export function coloring({ points, paths }: StudyReport) {
  const valuesOf = (name: string): StudyValue[] => [
    ...new Set(points.map(({ point }) => point[name] ?? null)),
  ];
  const by = paths.find(name => valuesOf(name).length <= MOST_COLORS);
  const values = by === undefined ? [] : valuesOf(by).slice(0, MOST_COLORS);
  const index = (point: StudyPoint): number =>
    by === undefined ? 0 : Math.max(0, values.indexOf(point.point[by] ?? null));
  return { by, values, index };
}
