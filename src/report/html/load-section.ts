/** What a page says of images that overlap: what the chip takes, how long they are there, which stages and resources are taken for how long. */
import { shown } from '../figures/quantity.ts';
import { pipelineRows } from '../pipeline-text.ts';
import { escaped } from '../svg.ts';
import type { RunReport } from './run-report.ts';

const ROWS = 8;
const TIMELINE_HELP =
  'then how many of each kind of resource are at work. Drag to move; + and - or Ctrl and the wheel to zoom; arrow keys to move;';

/** Empty where images come one after another. */
export function loadSection(result: RunReport['result']): string {
  const { pipeline, input } = result;
  if (pipeline === undefined) return '';
  const facts = pipelineRows(pipeline, result).map(
    ([name, text]) => `<tr><th scope="row">${escaped(name)}</th><td>${escaped(text)}</td></tr>`,
  );
  const taken = [
    ...pipeline.stages.map(stage => ({ name: stage.steps.join(', '), what: 'stage', of: stage })),
    ...pipeline.resources.map(one => ({
      name: one.step === null ? one.kind : `${one.kind} of ${one.step}`,
      what: 'resource',
      of: one,
    })),
  ].toSorted((a, b) => b.of.utilization - a.of.utilization);
  const rows = taken
    .slice(0, ROWS)
    .map(
      ({ name, what, of }) =>
        `<tr><th scope="row">${escaped(name)}</th><td>${what}</td><td class="n" title="${of.busy_s}">${shown('_s', of.busy_s)}</td><td class="n" title="${of.utilization}">${(100 * of.utilization).toPrecision(3)} %</td></tr>`,
    );
  return `<section aria-labelledby="load-title"><h2 id="load-title">Under load</h2>
<table><tbody>${facts.join('')}</tbody></table>
<h3>What is taken longest</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Stages and resources"><table><thead><tr><th scope="col">name</th><th scope="col"></th><th scope="col" class="n">for one ${input}</th><th scope="col" class="n">of the time</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

/** Heading of the timeline, and what it shows. */
export const timelineWords = ({ pipeline }: RunReport['result']): [title: string, text: string] =>
  pipeline === undefined
    ? [
        'Timeline of one image',
        `Each unit with its steps and the jobs in flight below them; ${TIMELINE_HELP} 0 for the whole image.`,
      ]
    : [
        'Timeline of images that overlap',
        `The last of the images, each with its steps and the jobs in flight below them; ${TIMELINE_HELP} 0 for all of them.`,
      ];
