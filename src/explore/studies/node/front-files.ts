/** What a search leaves beside its rows: those of the front as a table, and how the hypervolume grew. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../../run/node/write-file.ts';
import { hypervolumeFigure } from '../front-text.ts';
import { exportTable } from './export-table.ts';
import type { SearchOutcome } from './search-study.ts';

const FRONT = 'front.csv';
const FIGURE = 'hypervolume.svg';

/** The files of an empty front are not there. */
export async function writeFront(
  dir: string,
  name: string,
  { front, progress }: Pick<SearchOutcome, 'front' | 'progress'>,
): Promise<void> {
  const [table, figure] = [join(dir, FRONT), join(dir, FIGURE)];
  for (const path of [table, figure]) rmSync(path, { force: true });
  if (front.length === 0) return;
  const ids = new Set(front.flatMap(point => point.ids));
  await exportTable({ results: dir, out: table, format: 'csv', ids });
  writeWhole(figure, hypervolumeFigure(name, progress));
}
