/** Writes docs/drift.md and its figures: perplexity of a trained prose-gpt against the time since its crossbars were programmed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { significant } from '../../src/base/units.ts';
import { diskFiles } from '../../src/data/node/disk-files.ts';
import { COMPENSATIONS, languageAccuracy, nodeFiles } from '../../src/index.node.ts';
import { openBackend } from '../../src/numerics/mvm/node/open-backend.ts';
import type { LanguageResult } from '../../src/report/language-result.ts';
import { markdownTable } from '../../src/report/markdown.ts';
import { lineChart } from '../../src/report/svg-chart.ts';

/** The folder that `trex train` wrote, and that of `trex data prose`. */
const [WEIGHTS, PROSE] = process.argv.slice(2);
const [PAGE, FIGURES] = ['docs/drift.md', 'docs/drift'];
const [CONTEXT, WINDOWS] = [64, 4];
const HOUR = 3600;
const DAY = 24 * HOUR;
const LATER = [HOUR, DAY, 30 * DAY, 365 * DAY];

const SUBJECTS = [
  { tech: 'pcm-32nm', name: 'PCM', sweep: 'driftTime', times: [20, ...LATER] },
  { tech: 'fefet-28nm', name: 'FeFET', sweep: 'retentionTime', times: [1, ...LATER] },
];
const LABEL = 'Time since programming (s)';
const DIGITS = 4;

const backend = await openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined });

async function measured({ tech, sweep, times }: (typeof SUBJECTS)[number]): Promise<LanguageResult[]> {
  const all: LanguageResult[] = [];
  for (const driftCompensation of COMPENSATIONS) {
    console.error(`${tech}, ${driftCompensation}`);
    const request = {
      model: `${WEIGHTS}/weights.safetensors`,
      modelName: `${WEIGHTS}/network.yaml`,
      data: `${PROSE}/test.txt`,
      context: CONTEXT,
      images: WINDOWS,
      draws: 1,
      tech,
      sweep: `${sweep}=${times.join(',')}`,
      device: { driftCompensation },
    };
    all.push(await languageAccuracy(request, { files: nodeFiles, disk: diskFiles, backend }));
  }
  return all;
}

const lines: string[] = [];
mkdirSync(FIGURES, { recursive: true });
for (const subject of SUBJECTS) {
  const results = await measured(subject);
  const { int8 } = results[0];
  const chart = lineChart({
    title: `prose-gpt on ${subject.tech}: perplexity of the next byte against time`,
    xLabel: LABEL,
    yLabel: 'Perplexity',
    series: results.map(({ points }, i) => ({
      name: COMPENSATIONS[i] === 'none' ? 'no compensation' : `one factor: ${COMPENSATIONS[i]}`,
      points: points.map(({ value, mean: { perplexity } }) => ({
        x: value!,
        y: perplexity,
        low: perplexity,
        high: perplexity,
      })),
    })),
    lines: [{ name: 'int8, exact', y: int8.perplexity }],
  });
  writeFileSync(`${FIGURES}/${subject.tech}.svg`, chart);
  const rows = subject.times.map((time, at) => [
    `${time} s`,
    ...results.map(({ points }) => significant(points[at].mean.perplexity, DIGITS)),
  ]);
  lines.push(
    `## ${subject.name}: \`${subject.tech}\``,
    `![perplexity against time](drift/${subject.tech}.svg)`,
    '',
    markdownTable(['time', 'none', 'global', 'layer'], rows),
    '',
    `In exact integers ${significant(int8.perplexity, DIGITS)}.`,
    '',
  );
}
await backend.dispose();

writeFileSync(
  PAGE,
  `# Accuracy against time

Written by \`node dist/studies/drift/main.js w prose\` (after \`npm run build\`); do not edit by hand. \`w\` and \`prose\` are what docs/decoders.md trains:
perplexity of the next byte of the text, ${WINDOWS} windows of ${CONTEXT} bytes, one chip, known weights on cells that change; keys and values are written at run time and
do not. The compensation is that of docs/numerics.md: \`none\`, one factor for the chip (\`global\`) or for each layer (\`layer\`); the same by

    trex accuracy --model w/weights.safetensors --model-name w/network.yaml --data prose/test.txt --task lm --context ${CONTEXT} --images ${WINDOWS} --draws 1 --tech pcm-32nm --sweep driftTime=20,3600 --drift-compensation layer

${lines.join('\n')}
A factor gives back the size of the sums and nothing else. The steps of the converters stay the levels as they were programmed: with one bit a cell the
sums of cells that are verified are whole levels, and rounding takes their errors away; of cells at half their level it adds its own, which the
factor doubles. Where errors are as large as sums, what counts more has more error, and no compensation is better.
`,
);
