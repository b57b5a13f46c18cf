/** `trex optimize`: how many encoders must reuse attention to meet a target, which ones, and what accuracy is left. */
import type { CommandModule } from 'yargs';
import { VERSION } from '../base/version.ts';
import { networkYaml } from '../optimize/network-file.ts';
import { patternRow } from '../optimize/plan.ts';
import type { Measured } from '../optimize/row.ts';
import type { SearchResult } from '../optimize/search.ts';
import type { OptimizeResult } from '../report/optimize-result.ts';
import { optimizeTable, patternsCsv } from '../report/optimize-table.ts';
import { noReuse, type ReusePlan } from '../workload/reuse.ts';
import { Bars } from './io/bars.ts';
import { deviceOptions } from './io/flags.ts';
import { interruptible } from './io/interrupt.ts';
import { checkOutputDir, writeOutputDir } from './io/output-dir.ts';
import { hashOf, readBytes } from './io/read-file.ts';
import { openProgram, openTrainer } from './optimize/evaluators.ts';
import { type Hardware, planHardware } from './optimize/hardware.ts';
import { measure, techWord } from './optimize/measure.ts';
import { optimizeOptions } from './optimize/options.ts';
import { checkStore, NETWORK, type OptimizeStore, openStore, WEIGHTS } from './optimize/store.ts';
import { inFolder, trainCandidates, withOutcomes } from './optimize/train.ts';
import { openTrainingData, type TrainingData } from './optimize/training-data.ts';
import {
  budgetOf,
  checkWords,
  encodingWarnings,
  isTraining,
  type OptimizeArguments,
  recorded,
} from './optimize/words.ts';

type Tick = (done: number, total: number) => Promise<void>;

/** What training gave: the pattern, its losses, and what was measured. */
interface Trained {
  readonly winner: ReusePlan;
  readonly patterns: OptimizeResult['patterns'];
  readonly lossHistory: readonly number[];
  readonly measured: Measured;
  readonly measuredBase: Measured;
  readonly warnings: readonly string[];
}

async function handler(args: OptimizeArguments): Promise<void> {
  checkWords(args);
  const { out, force } = args;
  if (out !== undefined) isTraining(args) ? checkStore(out) : checkOutputDir(out, { force });
  const bars = new Bars(args.quiet);
  const tick = interruptible(async (done, total) => bars.draw(done, total));
  try {
    bars.label('optimize', 'runs');
    const hardware = await planHardware(args, {
      pause: () => tick(0, 0),
      onStep: (done, total) => bars.set(done, total),
    });
    const data = await dataOf(args, hardware);
    const store = isTraining(args) ? openStore(out!, beginOf(args, hardware, data), force) : undefined;
    const trained = store && (await train(args, hardware, data, store, bars, tick));
    const result = await resultOf(args, hardware, trained, () => tick(0, 0));
    bars.done();
    const plan = { encoders: result.row.reuse.encoders, pattern: result.row.reuse.pattern };
    const files = { 'result.json': jsonText(result), 'patterns.csv': patternsCsv(result.patterns) };
    if (store !== undefined) for (const [name, text] of Object.entries(files)) store.write(name, text);
    else if (out !== undefined)
      writeOutputDir(out, { ...files, [NETWORK]: networkYaml(hardware.model, plan) }, { force });
    if (!args.quiet) for (const text of result.warnings) process.stderr.write(`warning: ${text}\n`);
    print(args, result);
  } finally {
    bars.done();
  }
}

/** What our trainer learns from; a program of the user knows its own data. */
const dataOf = async (
  { data, evaluator, vocabulary, seed }: OptimizeArguments,
  { model }: Hardware,
): Promise<TrainingData | undefined> =>
  data === undefined || evaluator !== undefined
    ? undefined
    : openTrainingData(data.replaceAll('\\', '/'), model, vocabulary, seed);

const beginOf = (args: OptimizeArguments, { files }: Hardware, data: TrainingData | undefined) => ({
  schemaVersion: 1,
  version: VERSION,
  ...recorded(args),
  files,
  trainingData: data?.sha256 ?? null,
  weightsFile: args.weights && hashFile(args.weights),
});

const hashFile = (path: string): string => hashOf(path, readBytes(path)).sha256;

async function train(
  args: OptimizeArguments,
  hardware: Hardware,
  data: TrainingData | undefined,
  store: OptimizeStore,
  bars: Bars,
  tick: Tick,
): Promise<Trained> {
  const { plan, model } = hardware;
  const dir = args.out!;
  const evaluator =
    args.evaluator !== undefined
      ? openProgram(args, hardware, line => bars.say(line))
      : await openTrainer(args, hardware, store, data!);
  let result: SearchResult;
  try {
    const plans = plan.candidates.filter(c => c.meets).map(c => c.plan);
    result = await trainCandidates({ model, plans, budget: budgetOf(args), dir }, evaluator, store, {
      onEpochs: (label, done, total) => {
        bars.label(label, 'epochs');
        bars.set(done, total);
      },
      pause: () => tick(0, 0),
    });
  } finally {
    await evaluator.close();
  }
  const score = async (file: string | undefined, reuse: string): Promise<Measured> => {
    const test = data?.test ?? args.data;
    if (file === undefined || test === undefined) return null;
    const words = {
      weights: file,
      network: inFolder(dir, NETWORK),
      reuse,
      data: test,
      vocabulary: data?.vocabulary ?? args.vocabulary,
      set: args.set.filter(w => w.startsWith('tech.')),
      tech: args.tech ?? techWord(hardware.arch.techName, hardware.files),
      inputs: args.images,
      draws: args.draws,
      seed: args.seed,
      device: deviceOptions(args),
    };
    return measure(words, async (what, done, total) => {
      bars.label(`${reuse}: ${what}`, 'inputs');
      await tick(done, total);
    });
  };
  const written = (name: string): string | undefined =>
    store.read(name) === undefined ? undefined : inFolder(dir, name);
  return {
    winner: result.winner,
    patterns: withOutcomes(plan.candidates.map(patternRow), result),
    lossHistory: result.final.lossHistory,
    warnings: [...baseWarnings(result), ...result.final.warnings],
    measuredBase: await score(args.weights ?? written(WEIGHTS.base), noReuse.pattern),
    measured: await score(written(WEIGHTS.final), result.winner.pattern),
  };
}

const baseWarnings = ({ base }: SearchResult): string[] =>
  base === null || 'failed' in base ? [] : base.warnings.map(text => `the network without reuse: ${text}`);

async function resultOf(
  args: OptimizeArguments,
  hardware: Hardware,
  trained: Trained | undefined,
  pause: () => Promise<void>,
): Promise<OptimizeResult> {
  const { plan, target, arch, model, method, methodReason, files } = hardware;
  await pause();
  const chosen = trained?.winner ?? plan.candidates.find(c => c.meets)!.plan;
  const baseline = await hardware.row(noReuse, null, trained?.measuredBase ?? null);
  return {
    schemaVersion: 1,
    version: VERSION,
    run: recorded(args),
    model: model.name,
    arch: arch.name,
    tech: arch.techName,
    method,
    methodReason,
    target,
    tried: plan.tried,
    baseline,
    patterns: trained?.patterns ?? plan.candidates.map(patternRow),
    row: await hardware.row(chosen, target, trained?.measured ?? null),
    lossHistory: trained?.lossHistory ?? [],
    files,
    warnings: [...hardware.warnings, ...encodingWarnings(args, arch), ...(trained?.warnings ?? [])],
  };
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function print(args: OptimizeArguments, result: OptimizeResult): void {
  if (args.json) process.stdout.write(jsonText(result.row));
  else if (args.csv) process.stdout.write(patternsCsv(result.patterns));
  else {
    const files = args.out === undefined ? '' : `files   ${args.out}\n`;
    const { pattern } = result.row.reuse;
    const next = `next    trex run ${args.arch} --model ${args.model} --reuse ${pattern}\n`;
    process.stdout.write(`${optimizeTable(result)}\n\n${files}${next}`);
  }
}

export const optimizeCommand: CommandModule<object, OptimizeArguments> = {
  command: 'optimize',
  describe: 'Choose the encoders that reuse attention for a delay, energy, area or EDAP',
  builder: yargs =>
    yargs
      .options(optimizeOptions)
      .example('$0 optimize --model deit-s --arch trex --target-delay 7ms', 'The row of Table IV for 7 ms')
      .example(
        '$0 optimize --model net.yaml --target-delay 60us --evaluator "python my_eval.py" --out best',
        'Candidates trained by your own program',
      ) as never,
  handler,
};
