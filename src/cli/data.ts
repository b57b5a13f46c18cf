/** `trex data`: the tasks that the project makes itself, as files that every loader reads. */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { CommandModule } from 'yargs';
import { COUNTS, checkTask, makingData, TASKS, type TaskName, type TaskOptions } from '../data/tasks.ts';
import { flag, number, replaceFlag, seedFlag } from './io/flags.ts';
import { stepByStep } from './io/interrupt.ts';
import { checkOutputDir, writeOutputDir } from './io/output-dir.ts';

interface DataArguments extends TaskOptions {
  readonly what: TaskName;
  readonly out: string;
  readonly force: boolean;
  readonly quiet: boolean;
}

async function handler(args: DataArguments): Promise<void> {
  const { what, out, force } = args;
  checkTask(what, args);
  // What would be refused is refused before the work.
  if (!existsSync(out)) checkOutputDir(out, { force });
  const files = await stepByStep(makingData(what, args));
  // Same options, same bytes: who asks for what is there already has it.
  if (!holds(out, files)) {
    checkOutputDir(out, { force });
    writeOutputDir(out, files, { force });
  }
  if (!args.quiet) process.stdout.write(summary(what, out));
}

function holds(folder: string, files: Readonly<Record<string, string | Uint8Array>>): boolean {
  return Object.entries(files).every(([name, content]) => {
    try {
      return readFileSync(join(folder, name)).equals(Buffer.from(content));
    } catch {
      return false;
    }
  });
}

function summary(what: TaskName, out: string): string {
  const path = isAbsolute(out) ? out : relative('.', out);
  const { read } = TASKS[what];
  const data = read === '' ? path : `${path}/${read}`;
  const task = what === 'prose' ? ' --task lm' : '';
  return `files   ${path}\nnext    trex accuracy --model WEIGHTS --data ${data}${task}\n`;
}

export const dataCommand: CommandModule<object, DataArguments> = {
  command: 'data <what>',
  describe: 'Make the data of a task: images of glyphs or scenes, sentences, stories of races, or prose',
  builder: yargs =>
    yargs
      .positional('what', {
        choices: Object.keys(TASKS) as TaskName[],
        demandOption: true,
        describe: 'Which task',
      })
      .options({
        images: number(`glyphs, scenes: training images [default: ${COUNTS.images}]`, 'Data:'),
        size: number('glyphs, scenes: side of an image, pixels [default: 20]', 'Data:'),
        sentences: number(
          `grammar, races, prose: training sentences [default: ${COUNTS.sentences}]`,
          'Data:',
        ),
        dev: number(`grammar, races, prose: sentences to choose by [default: ${COUNTS.dev}]`, 'Data:'),
        test: number(
          `Inputs of the test set [default: ${COUNTS.testImages} images, ${COUNTS.testSentences} sentences]`,
          'Data:',
        ),
        seed: seedFlag('Data:'),
        out: {
          type: 'string',
          demandOption: true,
          describe: 'Folder for the files',
          group: 'Output:',
        },
        force: replaceFlag,
        quiet: flag('Say nothing'),
      })
      .example('$0 data glyphs --out glyphs', 'Twelve classes of pen-drawn forms, as MNIST stores them')
      .example('$0 data scenes --out scenes', 'Four forms in an image: which is the odd one?')
      .example('$0 data grammar --out grammar --seed 2', 'Minimal pairs in the format of CoLA') as never,
  handler,
};
