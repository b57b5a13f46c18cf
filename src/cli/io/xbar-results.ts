/** What a finished microbenchmark leaves in its folder beside its rows: a CSV and the figure. */
import { join } from 'node:path';
import type { XbarSummary } from '../../explore/xbar/summary.ts';
import { type XbarParts, xbarCsvHeader, xbarCsvLine } from '../../report/xbar-table.ts';
import { writeWhole } from '../../run/node/write-file.ts';
import { COMPONENTS } from '../../tech/circuit/breakdown.ts';
import { RESULTS, storedRows, writeStreamed } from './rows-file.ts';

const CSV_PIECE = 65536;

export const XBAR_PARTS: XbarParts = {
  components: COMPONENTS,
  steps: ['settle', 'sampleHold', 'adc', 'adderTree', 'shiftAdd'],
};

export async function writeResults(dir: string, summary: XbarSummary): Promise<void> {
  await writeStreamed(join(dir, RESULTS.csv), storedCsv(dir));
  const figure = summary.figure();
  if (figure !== undefined) writeWhole(join(dir, RESULTS.figure), figure);
}

/** In pieces of many lines: a write for each would take long. */
async function* storedCsv(dir: string): AsyncGenerator<string> {
  let piece = xbarCsvHeader(XBAR_PARTS);
  for await (const row of storedRows(dir)) {
    piece += xbarCsvLine(row, XBAR_PARTS);
    if (piece.length < CSV_PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}
