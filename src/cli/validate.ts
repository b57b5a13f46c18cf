/** `trex validate`: re-creates published results and writes docs/validation.md. */
import { renameSync, writeFileSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { closedForm } from '../optimize/closed-form.ts';
import type { Result } from '../report/result.ts';
import { loadArch, loadModel } from '../run/node/load.ts';
import { digitalReport } from '../validate/digital-report.ts';
import { levelsReport } from '../validate/levels-report.ts';
import { methodsReport } from '../validate/methods-report.ts';
import { networksReport } from '../validate/networks-report.ts';
import { neurosimReport } from '../validate/neurosim-report.ts';
import { nocReport } from '../validate/noc-report.ts';
import { siliconReport } from '../validate/silicon-report.ts';
import { trendsReport } from '../validate/trends-report.ts';
import { trexReport } from '../validate/trex-report.ts';
import { modelSummary } from '../workload/summary.ts';
import { runWords } from './run.ts';

/** The whole page; `log` is told what runs. */
export async function validationPage(log: (what: string) => void): Promise<string> {
  const deit = loadModel('deit-s').model;
  const run = async (
    arch: string,
    reuse: number,
    set: readonly string[] = [],
    model = 'deit-s',
  ): Promise<Result> => {
    const words = {
      arch,
      tech: null,
      model,
      reuse: `count:${reuse}`,
      tokens: null,
      images: 1,
      seed: 1,
      set,
    };
    return (await runWords(words)).output.result;
  };
  const trex = await trexReport(run, reused => closedForm(deit, loadArch('trex').arch, reused), log);
  const methods = await methodsReport((model, reuse, set) => run('trex', reuse, set, model), log);
  const levels = await levelsReport((arch, set) => run(arch, 0, set), log);
  const networks = networksReport((name, tokens) => modelSummary(loadModel(name).model, { tokens }));
  const noc = nocReport(log);
  const intro = [
    '# Validation',
    '',
    'Written by `npm run validate`; do not edit by hand. Each row: what is published, what we get, and why they differ. Nothing is tuned',
    'until a row fits: the constants that come from Tables IV and V themselves say so at their place (`trex explain trex`).',
  ].join('\n');
  const circuits = [neurosimReport(), trendsReport(), digitalReport(), siliconReport()];
  return `${[intro, trex, methods, levels, ...circuits, networks, noc].join('\n\n')}\n`;
}

export const validateCommand: CommandModule<object, { write: string | undefined; quiet: boolean }> = {
  command: 'validate',
  describe: 'Re-create published results: docs/validation.md',
  builder: yargs =>
    yargs
      .option('write', { type: 'string', describe: 'Write the page to this file instead of stdout' })
      .option('quiet', { type: 'boolean', default: false, describe: 'No progress' }),
  handler: async args => {
    const page = await validationPage(what => {
      if (!args.quiet) process.stderr.write(`${what}\n`);
    });
    if (args.write === undefined) process.stdout.write(page);
    else {
      writeFileSync(`${args.write}.tmp`, page);
      renameSync(`${args.write}.tmp`, args.write);
    }
  },
};
