/** `trex search`: the Pareto front over encoders that reuse attention, devices of each encoder and ADC bits, with a loss that is predicted from a few partial trainings. */
import type { CommandModule } from 'yargs';
import { classesOf } from '../accuracy/samples.ts';
import { usageError } from '../errors.ts';
import { loadArch, loadModel } from '../load.ts';
import { type DesignSpace, designOf, designText } from '../optimize/search/design.ts';
import { type FreeResult, freeSearch } from '../optimize/search/free-search.ts';
import { frontCsv, frontFigure } from '../optimize/search/front.ts';
import { noiseLoss } from '../optimize/search/noise-loss.ts';
import { csv } from '../report/csv.ts';
import { table } from '../report/table.ts';
import { formatQuantity } from '../units.ts';
import { whole } from './accuracy/options.ts';
import { readBytes } from './accuracy/read-file.ts';
import { interruptible } from './interrupt.ts';
import { Bars } from './optimize/bars.ts';
import { openTrainingData } from './optimize/training-data.ts';
import { checkOutputDir, writeOutputDir } from './output-dir.ts';
import { checkTech } from './search/devices.ts';
import { lossModel } from './search/loss-model.ts';
import { type SearchArguments, searchOptions } from './search/options.ts';

/** Rows of the front that the table shows. */
const SHOWN = 20;

async function handler(args: SearchArguments): Promise<void> {
  const { out, force, quiet, seed } = args;
  if (out !== undefined) checkOutputDir(out, { force });
  const adcBits = bitsOf(args.adcBits);
  const population = whole('population', args.population, 4, 10_000);
  const generations = whole('generations', args.generations, 1, 10_000);
  whole('samples', args.samples, 2, 1000);
  const names = args.tech.split(',').map(name => name.trim());
  const arches = names.map(tech => checkTech(tech, loadArch(args.arch, { tech, set: args.set }).arch));
  const [arch] = arches;
  const { model } = loadModel(args.model, { set: args.set });
  classesOf(model);
  const space: DesignSpace = {
    encoders: model.encoders,
    devices: arches.map((one, i) => ({ name: names[i], device: one.devices.static })),
    adcBits,
  };
  const bars = new Bars(quiet);
  const tick = interruptible(async (done, total) => bars.draw(done, total));
  try {
    const data = await openTrainingData(args.data.replaceAll('\\', '/'), model, args.vocabulary, seed);
    const known = await lossModel(
      { args, model, arch, space, data, weights: readBytes(args.weights) },
      (label, done, total) => {
        bars.label(label, 'steps');
        return tick(done, total);
      },
    );
    bars.label('search', 'designs');
    const none = known.reuseLoss([]);
    const result = await freeSearch(
      {
        ...{ model, arch, space, population, generations, seed, startBits: adcBits[0] },
        predictedLoss: design =>
          known.reuseLoss(design.plan.encoders) - none + noiseLoss(design, space, known.noise),
      },
      tick,
    );
    bars.done();
    if (out !== undefined) writeOutputDir(out, filesOf(args, result, space, known), { force });
    if (args.csv) process.stdout.write(frontCsv(result, space));
    else if (args.json) process.stdout.write(`${JSON.stringify(readable(result, space), null, 2)}\n`);
    else process.stdout.write(`${frontTable(result, space)}\n`);
  } finally {
    bars.done();
  }
}

/** "5..8" or "5,6". @throws TrexError (usage) */
export function bitsOf(word: string): number[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(word) ?? [];
  const list =
    from === undefined
      ? word.split(',').map(Number)
      : Array.from({ length: Math.max(0, Number(to) - Number(from) + 1) }, (_, i) => Number(from) + i);
  if (list.length === 0 || list.some(bits => !Number.isInteger(bits) || bits < 1 || bits > 12))
    throw usageError(`--adc-bits ${word}: expected bits from 1 to 12 such as 5..8 or 5,6`);
  return list;
}

const readable = ({ front }: FreeResult, space: DesignSpace) =>
  front.map(({ genome, ...figures }) => {
    const { plan, static: known, dynamic, adcBits } = designOf(genome, space);
    const names = (list: readonly number[]): string[] => list.map(i => space.devices[i].name);
    return { reuse: plan.encoders, weights: names(known), runTime: names(dynamic), adcBits, ...figures };
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
  { model, arch, tech, adcBits, data, seed, samples }: SearchArguments,
  result: FreeResult,
  space: DesignSpace,
  known: Awaited<ReturnType<typeof lossModel>>,
): Record<string, string> => ({
  'pareto.csv': frontCsv(result, space),
  'pareto.svg': frontFigure(result, space),
  'samples.csv': csv([
    ['reuse', 'loss', 'left_out'],
    ...known.samples.map(({ encoders, loss }, i) => [encoders.join(' '), loss, known.leftOut[i]]),
  ]),
  'result.json': `${JSON.stringify(
    {
      ...{ schemaVersion: 1, run: { model, arch, tech, adcBits, data, seed, samples } },
      ...{ rankCorrelation: known.rank, front: readable(result, space) },
    },
    null,
    2,
  )}\n`,
});

export const searchCommand: CommandModule<object, SearchArguments> = {
  command: 'search',
  describe: 'The front of latency, energy, area and predicted loss over reuse, devices and ADC bits',
  builder: yargs =>
    yargs
      .options(searchOptions)
      .example(
        '$0 search --model glyph-vit --weights best/base.safetensors --data glyphs --out front',
        'The front for a network that trex optimize has trained',
      ) as never,
  handler,
};
