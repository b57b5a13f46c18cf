/** The script of a report: draws the figures of the data that the page holds. */
import type { RunReport } from '../html/run-report.ts';
import type { StudyReport } from '../html/study-report.ts';
import { breakdown } from './breakdown.ts';
import { find, sortable } from './dom.ts';
import { floorplan, roofline } from './plans.ts';
import { study } from './study.ts';
import { startTheme } from './theme.ts';
import { timeline } from './timeline.ts';

const report: RunReport | StudyReport = JSON.parse(find('#data').textContent ?? '');
startTheme();
for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) sortable(table);
if (report.kind === 'run') {
  breakdown(report);
  floorplan(report);
  timeline(report);
  roofline(report);
} else study(report);
