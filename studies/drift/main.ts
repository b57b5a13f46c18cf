/** Writes docs/drift.md and its figures from results of `trex accuracy --task lm`: perplexity against the time since programming. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { significant } from '../../src/base/units.ts';
import { COMPENSATIONS } from '../../src/index.node.ts';
import type { LanguageResult } from '../../src/report/language-result.ts';
import { markdownTable } from '../../src/report/markdown.ts';
import { lineChart } from '../../src/report/svg-chart.ts';

/** The folder with the results, as the page names them. */
const [RESULTS] = process.argv.slice(2);
const [PAGE, FIGURES] = ['docs/drift.md', 'docs/drift'];
const TECHS = {
  'pcm-32nm': 'driftTime=20,1e3,86400,3.15e7',
  'fefet-28nm': 'retentionTime=1,1e3,86400,3.15e7',
};
const DIGITS = 4;

const lines: string[] = [];
mkdirSync(FIGURES, { recursive: true });
for (const tech of Object.keys(TECHS)) {
  const results = COMPENSATIONS.map(
    scope => JSON.parse(readFileSync(`${RESULTS}/${tech}-${scope}.json`, 'utf8')) as LanguageResult,
  );
  const { int8, points: first } = results[0];
  const chart = lineChart({
    title: `prose-gpt on ${tech}: the next byte against time`,
    xLabel: 'time since programming, s',
    yLabel: 'perplexity',
    series: results.map(({ points }, i) => ({
      name: COMPENSATIONS[i] === 'none' ? 'no compensation' : `one factor: ${COMPENSATIONS[i]}`,
      points: points.map(({ value, mean: { perplexity: y } }) => ({ x: value ?? 0, y, low: y, high: y })),
    })),
    lines: [{ name: 'int8, exact', y: int8.perplexity }],
  });
  writeFileSync(`${FIGURES}/${tech}.svg`, chart);
  const rows = first.map(({ value }, at) => [
    `${value} s`,
    ...results.map(({ points }) => significant(points[at].mean.perplexity, DIGITS)),
  ]);
  lines.push(
    `## \`${tech}\``,
    `![perplexity against time](drift/${tech}.svg)`,
    '',
    markdownTable(['time', ...COMPENSATIONS], rows),
    '',
    `In exact integers ${significant(int8.perplexity, DIGITS)}.`,
    '',
  );
}

const commands = Object.entries(TECHS).map(
  ([tech, sweep]) =>
    `        trex accuracy --model w/weights.safetensors --model-name w/network.yaml --data prose/test.txt --task lm --context 64 \\
          --images 6 --draws 1 --tech ${tech} --sweep ${sweep} --drift-compensation $s --json > results/${tech}-$s.json`,
);
writeFileSync(
  PAGE,
  `# Accuracy against time

Written by \`node dist/studies/drift/main.js results\` (after \`npm run build\`); do not edit by hand. \`w\` and \`prose\` are what docs/decoders.md
trains: perplexity of the next byte, 6 windows of 64 bytes, one chip. Known weights are on cells that change; keys and values are written
at run time and do not. The compensation is that of docs/numerics.md: \`none\`, one factor for the chip, or for each layer.

    for s in ${COMPENSATIONS.join(' ')}; do
${commands.join('\n')}
    done

${lines.join('\n')}
## What a factor does not mend
It gives back the size of the sums, and most of the loss on PCM stays. One reading of it, which no run here separates from the spread of
the exponents: the steps of the converters stay the levels as they were programmed. Sums of verified cells of one bit are whole levels,
and rounding takes small errors away; sums of cells at half their level it rounds anew, and the factor doubles that.
Where errors are as large as sums, what counts more has more error, and no compensation may be better.
`,
);
