/** CKA between the attention outputs of all encoders of the network without reuse (TReX, arXiv 2408.12742, Fig. 17). */
import { mean } from '../../src/base/sum.ts';
import { attentionSimilarity } from '../../src/optimize/attention-similarity.ts';
import { spearman } from '../../src/optimize/rank-correlation.ts';
import { markdownTable } from '../../src/report/markdown.ts';
import { lineChart } from '../../src/report/svg-chart.ts';
import { noReuse } from '../../src/workload/reuse.ts';
import { drawn } from './data.ts';
import type { Experiment } from './experiment.ts';
import type { Section } from './format.ts';
import { inputsOf, sourceOf } from './measure.ts';

/** Test inputs whose tokens are compared. */
const INPUTS = 64;

/** CKA of encoder i and j at [i][j]. */
export async function similarityOf(experiment: Experiment): Promise<number[][]> {
  const { model } = experiment;
  const trained = await experiment.base();
  return experiment.job<number[][]>({
    label: 'CKA of attention outputs',
    inputs: { kind: 'similarity', network: trained.id, count: INPUTS },
    cost: 3,
    blank: Array.from({ length: model.encoders }, () => new Array(model.encoders).fill(1)),
    run: async test => {
      const network = { model, plan: noReuse, weights: trained.bytes as Uint8Array };
      const inputs = await inputsOf(drawn(test, INPUTS, 'similarity'), model);
      return attentionSimilarity(sourceOf(network), inputs);
    },
  });
}

export async function similaritySection(experiment: Experiment): Promise<Section> {
  const matrix = await similarityOf(experiment);
  const { encoders } = experiment.model;
  const pairs = matrix.flatMap((row, i) =>
    row.slice(0, i).map((cka, j) => ({ distance: i - j, cka, between: `${j} and ${i}` })),
  );
  const at = (distance: number): number[] => pairs.filter(p => p.distance === distance).map(p => p.cka);
  const distances = Array.from({ length: encoders - 1 }, (_, i) => i + 1);
  const rank = spearman(
    pairs.map(p => p.distance),
    pairs.map(p => p.cka),
  );
  const falls =
    rank < -0.5
      ? 'falls with the distance, as in the paper'
      : 'does not clearly fall with the distance, other than in the paper';
  const [near, far] = [mean(at(1)), mean(at(encoders - 1))];
  const least = pairs.filter(p => p.distance === 1).reduce((a, b) => (b.cka < a.cka ? b : a));
  return {
    text: [
      `Linear CKA between the attention outputs of two encoders of the network without reuse, over all tokens of ${INPUTS} test inputs.`,
      '',
      markdownTable(
        ['encoder', ...matrix.map((_, i) => String(i))],
        matrix.map((row, i) => [String(i), ...row.map((cka, j) => (j > i ? '' : cka.toFixed(2)))]),
      ),
      '',
      `- CKA ${falls}: mean ${near.toFixed(2)} of neighbours, ${far.toFixed(2)} of the first and the last; rank correlation of distance and CKA ${rank.toFixed(2)}.`,
      `- The neighbours that are least alike are encoders ${least.between}: ${least.cka.toFixed(2)}.`,
      '',
      '![CKA by distance](similarity.svg)',
    ].join('\n'),
    files: {
      'similarity.svg': lineChart({
        title: 'CKA between attention outputs, by distance of the encoders',
        xLabel: 'distance, encoders',
        yLabel: 'linear CKA',
        series: [
          {
            name: 'mean, least and largest',
            points: distances.map(x => {
              const all = at(x);
              return { x, y: mean(all), low: Math.min(...all), high: Math.max(...all) };
            }),
          },
        ],
      }),
    },
  };
}
