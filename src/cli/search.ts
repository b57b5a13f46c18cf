/** `trex search`: the Pareto front over encoders that reuse attention, devices and token keep ratios of each encoder and ADC bits, with a loss that is predicted from a few partial trainings. */
import type { CommandModule } from 'yargs';
import { classesOf } from '../accuracy/samples.ts';
import type { ArchConfig } from '../arch/config.ts';
import { formatQuantity } from '../base/units.ts';
import { VERSION } from '../base/version.ts';
import type { Figures } from '../optimize/target.ts';
import { csv } from '../report/csv.ts';
import { table } from '../report/table.ts';
import { loadArch, loadModel } from '../run/node/load.ts';
import { type DesignSpace, designOf, designText } from '../search/design.ts';
import { type FreeResult, freeSearch } from '../search/free-search.ts';
import { frontCsv, frontFigure } from '../search/front.ts';
import { noiseLoss } from '../search/noise-loss.ts';
import { Bars } from './io/bars.ts';
import { interruptible } from './io/interrupt.ts';
import { hashOf, readBytes } from './io/read-file.ts';
import { checkStore, memoryStore, openStore } from './optimize/store.ts';
import { kept } from './optimize/train.ts';
import { openTrainingData } from './optimize/training-data.ts';
import { encodingWarnings, recorded } from './optimize/words.ts';
import { checkTech } from './search/devices.ts';
import { type LossModel, type LossModelSpec, lossModel } from './search/loss-model.ts';
import { type SearchArguments, searchOptions } from './search/options.ts';
import { bitsOf, checkWords, keepOf } from './search/words.ts';
import { worthOf, worthText } from './search/worth.ts';

const RESULTS = ['result.json', 'pareto.csv', 'pareto.svg', 'samples.csv'] as const;
/** Rows of the front that the table shows. */
const SHOWN = 20;

async function handler(args: SearchArguments): Promise<void> {
  checkWords(args);
  const { out, force, quiet, seed } = args;
  if (out !== undefined) checkStore(out);
  const adcBits = bitsOf(args.adcBits);
  const names = args.tech.split(',').map(name => name.trim());
  const loaded = names.map(tech => loadArch(args.arch, { tech, set: args.set }));
  const arches = loaded.map(({ arch }, i) => checkTech(names[i], arch));
  const [arch] = arches;
  const network = loadModel(args.model, { set: args.set });
  const { model } = network;
  classesOf(model);
  const space: DesignSpace = {
    encoders: model.encoders,
    devices: arches.map((one, i) => ({ name: names[i], device: one.devices.static })),
    adcBits,
    keep: keepOf(args.keep, model),
  };
  const weights = readBytes(args.weights);
  const bars = new Bars(quiet);
  const tick = interruptible(async (done, total) => bars.draw(done, total));
  try {
    const data = await openTrainingData(args.data.replaceAll('\\', '/'), model, args.vocabulary, seed);
    const files = [...loaded.flatMap(one => one.files), ...network.files];
    const begin = {
      schemaVersion: 1,
      version: VERSION,
      command: 'search',
      ...recorded(args),
      files,
      trainingData: data.sha256,
      weightsFile: hashOf(args.weights, weights).sha256,
    };
    const folder = out === undefined ? undefined : openStore(out, begin, force, RESULTS);
    const store = folder ?? memoryStore();
    const { known, result } = await searched({ args, model, arch, space, data, weights, store }, bars, tick);
    bars.done();
    for (const [name, text] of Object.entries(filesOf(args, result, space, known))) folder?.write(name, text);
    if (!quiet) for (const text of encodingWarnings(args, arch)) process.stderr.write(`warning: ${text}\n`);
    if (args.csv) process.stdout.write(frontCsv(result, space));
    else if (args.json) process.stdout.write(`${JSON.stringify(readable(result, space), null, 2)}\n`);
    else process.stdout.write(`${frontTable(result, space)}\n\n${worthText(worthOf(known))}\n`);
  } finally {
    bars.done();
  }
}

/** The loss model and the front; what is done stays in the store. */
async function searched(
  spec: LossModelSpec & { readonly arch: ArchConfig },
  bars: Bars,
  tick: (done: number, total: number) => Promise<void>,
): Promise<{ known: LossModel; result: FreeResult }> {
  const { args, model, arch, space, store } = spec;
  const { population, generations, seed, out } = args;
  try {
    const known = await lossModel(spec, (label, done, total) => {
      bars.label(label, 'steps');
      return tick(done, total);
    });
    bars.label('search', 'designs');
    const none = known.reuseLoss([]);
    const prices = new Map((store.measured.get('prices') as [string, Figures][] | undefined) ?? []);
    const result = await freeSearch(
      {
        model,
        arch,
        space,
        population,
        generations,
        seed,
        startBits: space.adcBits[0],
        prices,
        predictedLoss: async design =>
          known.reuseLoss(design.plan.encoders, await known.keepLoss(design.keep)) -
          none +
          noiseLoss(design, space, known.noise),
        onGeneration() {
          store.measure('prices', [...prices]);
          known.save();
        },
      },
      tick,
    );
    return { known, result };
  } catch (error) {
    throw out === undefined ? error : kept(error, out);
  }
}

const readable = ({ front }: FreeResult, space: DesignSpace) =>
  front.map(({ genome, ...figures }) => {
    const { plan, static: known, dynamic, adcBits, keep } = designOf(genome, space);
    const names = (list: readonly number[]): string[] => list.map(i => space.devices[i].name);
    return {
      reuse: plan.encoders,
      weights: names(known),
      runTime: names(dynamic),
      adcBits,
      keep,
      ...figures,
    };
  });

function frontTable({ front, evaluated, uniform }: FreeResult, space: DesignSpace): string {
  const rows = front
    .slice(0, SHOWN)
    .map(d => [
      designText(designOf(d.genome, space), space),
      ...[formatQuantity(d.latency_s, 's', 4), formatQuantity(d.energy_J, 'J', 4)],
      ...[formatQuantity(d.area_m2, 'm2', 4), d.predictedLoss.toFixed(3)],
    ]);
  const more = front.length > SHOWN ? `\n   and ${front.length - SHOWN} more: --csv, --out` : '';
  const title = `${front.length} designs of ${evaluated.length} are on the front; ${uniform.length} uniform patterns were among them`;
  return `${title}\n\n${table([['design', 'D', 'E', 'A', 'predicted loss'], ...rows])}${more}`;
}

const filesOf = (
  args: SearchArguments,
  result: FreeResult,
  space: DesignSpace,
  known: LossModel,
): Record<(typeof RESULTS)[number], string> => ({
  'pareto.csv': frontCsv(result, space),
  'pareto.svg': frontFigure(result, space),
  'samples.csv': csv([
    ['reuse', 'keep', 'loss', 'left_out', 'pruned_untrained'],
    ...known.samples.map(({ encoders, keep, keepLoss, loss }, i) => [
      ...[encoders.join(' '), keep.join(' '), loss, known.leftOut[i], keepLoss],
    ]),
  ]),
  'result.json': `${JSON.stringify(
    {
      schemaVersion: 1,
      version: VERSION,
      run: recorded(args),
      prediction: worthOf(known),
      front: readable(result, space),
    },
    null,
    2,
  )}\n`,
});

export const searchCommand: CommandModule<object, SearchArguments> = {
  command: 'search',
  describe:
    'The front of latency, energy, area and predicted loss over reuse, devices, ADC bits and tokens kept',
  builder: yargs =>
    yargs
      .options(searchOptions)
      .example(
        '$0 search --model glyph-vit --weights best/base.safetensors --data glyphs --out front',
        'The front for a network that trex optimize has trained',
      ) as never,
  handler,
};
