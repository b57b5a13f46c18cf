/** What was trained, on what, for how long, and what a linear classifier makes of the images. */

import { markdownTable } from '../../src/report/markdown.ts';
import { readTrainData } from '../../src/train/data.ts';
import { taskData } from './data.ts';
import type { Experiment } from './experiment.ts';
import { NO_FILES, type Section, scoreOf, valueText } from './format.ts';
import { linearAccuracy } from './linear.ts';
import type { Optimised } from './optimise.ts';

export async function tasksSection(
  experiments: readonly Experiment[],
  all: readonly Optimised[],
): Promise<Section> {
  const [images] = experiments;
  const linear = await linearOn(images);
  const rows = experiments.map(({ task, model }, i) => [
    ...[task.name, `${model.name}: ${model.encoders} encoders, d ${model.dim}, ${model.tokens} tokens`],
    ...[
      String(task.sizes.train),
      String(task.baseEpochs),
      `${task.partialEpochs} on ${100 * task.fraction} %`,
    ],
    ...[String(task.finalEpochs), valueText(task, scoreOf(task, all[i].base.ideal, task.sizes.test))],
  ]);
  const ideal = all[0].base.ideal.top1;
  const verdict = (yes: boolean): string => (yes ? '' : 'not ');
  return {
    text: [
      markdownTable(
        ['task', 'network', 'inputs', 'epochs', 'partial epochs', 'fine-tuning', 'float32, no reuse'],
        rows,
      ),
      '',
      `\`trex data\` describes the tasks. Glyphs: the network is ${verdict(ideal > 0.95)}above 95 %; softmax regression on the pixels reaches ${(100 * linear).toFixed(1)} %, ${verdict(linear < 0.6)}below 60 %.`,
      'Grammar is scored with the correlation of Matthews, as CoLA. Candidates start from the network without reuse, which also teaches them.',
      '',
      `Crossbars: ${crossbarText}`,
    ].join('\n'),
    files: NO_FILES,
  };
}

const crossbarText =
  "TReX's 64 x 64 arrays of 2-bit FeFETs, 6-bit ADCs, 10 % read and 20 % write variation. The paper prints neither how\ncells hold a sign nor what the ADC covers: here signed weights are in pairs of arrays, counted as eight arrays for a weight, and a code\nis a level up to a third of a column (see Devices).";

const linearOn = (experiment: Experiment): Promise<number> =>
  experiment.job({
    label: 'linear classifier',
    inputs: { kind: 'linear' },
    cost: 8,
    blank: 0,
    run: async test => {
      const { task, model, context } = experiment;
      const { train } = await taskData(task, model, context.study.seed);
      const classes = model.classes ?? 2;
      return linearAccuracy(train, await readTrainData(test, model), classes, context.study.seed);
    },
  });
