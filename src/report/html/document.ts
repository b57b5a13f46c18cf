/** A report as one file of HTML that asks for nothing: data, style and script stand inside. */

import { shown, titleOf } from '../figures/quantity.ts';
import { escaped } from '../svg.ts';
import { loadSection, timelineWords } from './load-section.ts';
import type { ReportBaseline, RunReport } from './run-report.ts';
import { HEADLINE } from './run-report.ts';
import { isBetterMore, type StudyReport } from './study-report.ts';
import { STYLE } from './style-sheet.ts';

/** Nothing leaves the page and nothing comes in: figures are saved from blobs that it makes itself. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'";

/** What the script inside the page is bundled from stands in src/report/page; `script` is its text. */
export function reportDocument(report: RunReport | StudyReport, script: string): string {
  const { title, body } = report.kind === 'run' ? runBody(report) : studyBody(report);
  // A name could end the element that it stands in.
  const data = JSON.stringify(report).replaceAll('<', '\\u003c');
  const code = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the figures</a>
${body}
<script type="application/json" id="data">${data}</script>
<script>${code}</script>
</body>
</html>
`;
}

const header = (
  title: string,
  below: string,
  links: readonly (readonly [string, string])[],
): string => `<header>
<div class="bar"><h1>${escaped(title)}</h1><button type="button" id="theme" aria-pressed="false">Dark</button></div>
<p>${below}</p>
<nav aria-label="Sections">${links.map(([id, name]) => `<a href="#${id}">${name}</a>`).join('')}</nav>
</header>`;

/** A section whose chart the script draws. */
const chartSection = (
  id: string,
  title: string,
  text: string,
): string => `<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p>${text}</p>
<div class="controls" data-controls="${id}"></div>
<div class="chart" data-chart="${id}"></div>
</section>`;

/** A number with its exact value, as the result file has it. */
const exact = (path: string, value: number): string =>
  `<data data-path="${escaped(path)}" value="${value}" title="${value}">${escaped(shown(path, value))}</data>`;

/** Of a path in the block of an accuracy, as people say it; any other path as it is. */
const measuredTitle = (path: string): string =>
  path
    .replace(/^accuracy\.points\.0\.(\w+)\.mean$/, 'on this chip: $1')
    .replace(/^accuracy\.points\.0\.(\w+)\.interval95$/, 'on this chip: $1, half of its 95 % interval')
    .replace(/^accuracy\.(float32|int8)\.(\w+)$/, '$1: $2')
    .replace(/^accuracy\.data\.images$/, 'inputs')
    .replace(/\btop([15])\b/, 'top-$1')
    .replace(/\bloss\b/, 'loss (nats)');

/** "1.24x", and a word for what it means where the two are different chips or networks. */
function ratioText(name: string, value: number, other: number, sameChip = false): string {
  if (!(other > 0) || !(value > 0)) return '';
  const ratio = value / other;
  const text = `${ratio >= 100 ? ratio.toFixed(0) : ratio.toPrecision(3)}x`;
  if (sameChip || Math.abs(ratio - 1) < 5e-4) return text;
  return `${text}, ${ratio > 1 === isBetterMore(name) ? 'better' : 'worse'}`;
}

function runBody({ result, baselines, layers, measured }: RunReport): { title: string; body: string } {
  const { model, tokens, arch, tech, reuse, images, input } = result;
  const reused = reuse.count === 0 ? 'no reuse' : `reuse ${reuse.pattern}`;
  const title = `${model} on ${arch}`;
  const below = `${escaped(`${tokens} tokens, ${tech}, ${reused}${images === 1 ? '' : `, mean of ${images} ${input}s`}`)}; <code>trex ${escaped(result.version)}</code>`;
  const links = [
    ['headline', 'Figures'],
    ['breakdown', 'Breakdown'],
    ['floorplan', 'Floorplan'],
    ['timeline', 'Timeline'],
    ['roofline', 'Roofline'],
    ['steps', 'Steps'],
    ['result', 'Result'],
  ] as const;
  const accuracy =
    Object.keys(measured).length === 0
      ? ''
      : `<section aria-labelledby="measured-title"><h2 id="measured-title">Error and accuracy beside the cost</h2>
<table><tbody>${Object.entries(measured)
          .map(
            ([name, value]) =>
              `<tr><th scope="row">${escaped(measuredTitle(name))}</th><td class="n">${exact(name, value)}</td></tr>`,
          )
          .join('')}</tbody></table></section>`;
  const body = `${header(title, below, links)}
<main id="main">
${warnings(result.warnings)}
${headline(result, baselines)}
${loadSection(result)}
${accuracy}
${chartSection('breakdown', 'Where it goes', 'A bar opens what lies below it: click it, or press Enter on it. The chip divides into places, tiles and components; the network into encoders, steps and components.')}
${chartSection('floorplan', 'Floorplan', 'The tiles where they stand on the network on chip, around the hub that holds the units of the chip.')}
${chartSection('timeline', ...timelineWords(result))}
${chartSection('roofline', 'Roofline', 'Layers under what the crossbars reach if all of them read all the time. A colour names the unit that bounds a layer: one that is at work for at least half of its time. Operations here are 2 a MAC.')}
<section id="steps" aria-labelledby="steps-title"><h2 id="steps-title">Steps</h2>
<p>One ${input}, in the order of the program. Headings sort.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Table of steps"><table class="sortable"><thead><tr>${STEP_COLUMNS.map(([name, kind]) => `<th scope="col" class="${kind}">${name}</th>`).join('')}</tr></thead><tbody>
${layers
  .map(
    row =>
      `<tr><th scope="row">${escaped(row.step)}</th><td>${escaped(row.stage)}</td><td class="n">${row.encoder ?? ''}</td><td>${row.kind}</td>${cells(
        [
          ['jobs', row.jobs],
          ['start_s', row.start_s],
          ['time_s', row.end_s - row.start_s],
          ['energy_J', row.energy_J],
          ['tiles', row.tiles],
          ['macs', row.macs],
        ],
      )}</tr>`,
  )
  .join('\n')}
</tbody></table></div></section>
${resultSection(result)}
</main>`;
  return { title: `${title}: report`, body };
}

/** Headings of the table of steps; `n`: of numbers. */
const STEP_COLUMNS = [
  ['step', ''],
  ['stage', ''],
  ['encoder', 'n'],
  ['unit', ''],
  ['jobs', 'n'],
  ['start', 'n'],
  ['time', 'n'],
  ['energy', 'n'],
  ['tiles', 'n'],
  ['MACs', 'n'],
] as const;

const cells = (values: readonly (readonly [string, number])[]): string =>
  values
    .map(([name, value]) => `<td class="n" data-value="${value}">${escaped(shown(name, value))}</td>`)
    .join('');

function headline(result: RunReport['result'], baselines: readonly ReportBaseline[]): string {
  const ratios = (name: (typeof HEADLINE)[number]): string =>
    baselines
      .map(({ title, figures, sameChip }) =>
        'refused' in figures
          ? ''
          : `<span class="ratio">${escaped(ratioText(name, result[name], figures[name], sameChip))} <small>against ${escaped(title)}</small></span>`,
      )
      .join('');
  const cards = (['latency_s', 'energy_J', 'area_m2', 'edap_Jsm2'] as const)
    .map(
      name =>
        `<div class="card"><h3>${escaped(titleOf(name))}</h3><p class="big">${exact(name, result[name])}</p>${ratios(name)}</div>`,
    )
    .join('\n');
  const rows = HEADLINE.map(
    name =>
      `<tr><th scope="row">${escaped(titleOf(name))}</th><td class="n" title="${result[name]}">${escaped(shown(name, result[name]))}</td>${baselines
        .map(({ figures, sameChip }) =>
          'refused' in figures
            ? '<td></td><td></td>'
            : `<td class="n" title="${figures[name]}">${escaped(shown(name, figures[name]))}</td><td class="n">${escaped(ratioText(name, result[name], figures[name], sameChip))}</td>`,
        )
        .join('')}</tr>`,
  ).join('\n');
  const notes = baselines
    .map(
      ({ title, what, figures }) =>
        `<li><b>${escaped(title)}</b>: ${escaped(what)}${'refused' in figures ? `; cannot run so: ${escaped(figures.refused)}` : ''}</li>`,
    )
    .join('');
  return `<section id="headline" aria-labelledby="headline-title"><h2 id="headline-title">Figures of one ${result.input}</h2>
<div class="cards">${cards}</div>
<div class="scroll" tabindex="0" role="region" aria-label="Comparison"><table><thead><tr><th scope="col">figure</th><th scope="col" class="n">this run</th>${baselines.map(({ title }) => `<th scope="col" class="n">${escaped(title)}</th><th scope="col" class="n">this run / that</th>`).join('')}</tr></thead><tbody>
${rows}
</tbody></table></div>
<ul>${notes}</ul></section>`;
}

const warnings = (lines: readonly string[]): string =>
  lines.length === 0
    ? ''
    : `<aside aria-label="Warnings"><ul>${lines.map(line => `<li>${escaped(line)}</li>`).join('')}</ul></aside>`;

/** Every number of the result under its path, exactly. */
function resultSection(result: RunReport['result']): string {
  const rows = leaves(result, '').map(
    ([path, value]) =>
      `<tr><th scope="row"><code>${escaped(path)}</code></th><td class="${typeof value === 'number' ? 'n' : ''}"${typeof value === 'number' ? ` data-result="${escaped(path)}"` : ''}>${escaped(String(value))}</td></tr>`,
  );
  return `<section id="result" aria-labelledby="result-title"><h2 id="result-title">Result</h2>
<details><summary>All figures of result.json, in SI units</summary>
<table><tbody>${rows.join('\n')}</tbody></table></details></section>`;
}

function leaves(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

const STUDY_CHARTS = `${chartSection('pareto', 'Trade-off', 'Points by two figures; the line joins those than which none is better in both. Drag over points to choose them: the other figures and the table follow.')}
${chartSection('parallel', 'Parallel coordinates', 'A line a point, over what was varied and what came of it.')}
${chartSection('effects', 'Main effects', 'The mean over all points that share a value; of more than 48 values over 12 groups of neighbours, each named by its middle.')}
<section id="points" aria-labelledby="points-title"><h2 id="points-title">Points</h2><p>Headings sort.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Table of points" data-points></div></section>`;

/** Instead of charts that would be empty. */
const NO_CHARTS = `<p>No figure stands in every point: there is nothing to compare.</p>`;

function studyBody({ name, points, failures, paths, metrics }: StudyReport): { title: string; body: string } {
  const below = escaped(
    `${points.length} points, ${failures.length} failed; varied: ${paths.join(', ') || 'nothing'}`,
  );
  const hasCharts = points.length > 0 && metrics.length > 0;
  const charts = [
    ['pareto', 'Trade-off'],
    ['parallel', 'Parallel coordinates'],
    ['effects', 'Main effects'],
    ['points', 'Points'],
  ] as const;
  const links = [
    ...(hasCharts ? charts : []),
    ...(failures.length > 0 ? [['failures', 'Failures'] as const] : []),
  ] as const;
  const failed = failures
    .map(
      ({ id, point, error }) =>
        `<tr><th scope="row"><code>${escaped(id.slice(0, 12))}</code></th><td>${escaped(
          Object.entries(point)
            .map(([path, value]) => `${path}=${value}`)
            .join(', '),
        )}</td><td>${escaped(error)}</td></tr>`,
    )
    .join('\n');
  const body = `${header(name, below, links)}
<main id="main">
${hasCharts ? STUDY_CHARTS : points.length > 0 ? NO_CHARTS : '<p>All points failed.</p>'}
${
  failures.length === 0
    ? ''
    : `<section id="failures" aria-labelledby="failures-title"><h2 id="failures-title">Failures</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Table of failures"><table><thead><tr><th scope="col">point</th><th scope="col">values</th><th scope="col">why</th></tr></thead><tbody>${failed}</tbody></table></div></section>`
}
</main>`;
  return { title: `${name}: report`, body };
}
