/** `trex map`: the best mapping of a network for its latency, throughput or EDAP, found by runs. */

import type { CommandModule } from 'yargs';
import { usageError } from '../base/errors.ts';
import { parseQuantity } from '../base/units.ts';
import { MAPPING_DEFAULTS, type MappingRequest, searchMapping } from '../explore/mapping/map.ts';
import { MAPPING_OBJECTIVES, type MappingResult } from '../report/mapping-result.ts';
import { mappingText } from '../report/mapping-table.ts';
import { nodeFiles } from '../run/node/files.ts';
import { checkTarget, writeWhole } from '../run/node/write-file.ts';
import { RUN_DEFAULTS } from '../run/run.ts';
import { modelFlag, number, quietFlag, seedFlag, setFlag, text, tokensFlag } from './io/flags.ts';
import { keeps } from './io/interrupt.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';
import { commandLine, options } from './io/shell.ts';

const SEARCH = 'Search:';

interface MapArguments extends FormatArguments {
  readonly arch: string;
  readonly model: string | undefined;
  readonly objective: (typeof MAPPING_OBJECTIVES)[number];
  readonly area: string | undefined;
  readonly budget: number;
  readonly images: number | undefined;
  readonly tech: string | undefined;
  readonly reuse: string | undefined;
  readonly tokens: number | undefined;
  readonly seed: number | undefined;
  readonly set: string[];
  readonly out: string | undefined;
  readonly quiet: boolean;
}

interface Shown {
  readonly args: MapArguments;
  readonly result: MappingResult;
}

const output = commandOutput<Shown>({
  formats: { json: { describe: 'All that was tried as JSON on stdout', value: ({ result }) => result } },
  text: ({ args, result }, width) => `${mappingText(result, width)}\n${nextStep(args, result)}`,
});

/** The run that gives the best row again. */
function nextStep(
  { arch, model, tech, reuse, tokens, images, seed, set, out }: MapArguments,
  result: MappingResult,
): string {
  if (out !== undefined) return `next     ${commandLine(['run', out])}\n`;
  const { set: found } = result.trials[result.best];
  const given = {
    model,
    tech,
    reuse,
    tokens,
    images: images ?? (result.objective === 'throughput' ? MAPPING_DEFAULTS.throughputImages : undefined),
    seed,
  };
  return `next     ${commandLine(['run', arch, ...options(Object.assign(given, { set: [...set, ...found] }))])}\n`;
}

function requestOf(args: MapArguments): MappingRequest {
  const { arch, model, objective, area, budget, images, tech, reuse, tokens, seed, set } = args;
  if (model === undefined) throw usageError('map needs --model, e.g. --model deit-s; see trex list models');
  const area_m2 = area === undefined ? undefined : parseQuantity(area, 'm2');
  if (area !== undefined && (area_m2 === undefined || area_m2 <= 0))
    throw usageError(`--area ${area}: expected an area above 0, such as 800mm2`);
  return { arch, model, objective, area_m2, budget, images, tech, reuse, tokens, seed, set };
}

async function handler(args: MapArguments): Promise<void> {
  output.chosen(args);
  const { out } = args;
  if (out !== undefined) checkTarget(out);
  const request = requestOf(args);
  const bars = new ProgressBars(args.quiet);
  try {
    const count = bars.counting('map', 'runs');
    const result = await searchMapping(request, {
      files: nodeFiles,
      onTrial: count,
      pause: bars.pause,
      onBest: (_, config) => {
        if (out === undefined) return;
        writeWhole(out, config);
        keeps(`the best so far is in ${out}`);
      },
    });
    bars.done();
    output.print(args, { args, result });
  } finally {
    bars.done();
  }
}

export const mapCommand: CommandModule<object, MapArguments> = {
  command: 'map <arch>',
  describe: 'Find copies of layers, their order and the schedule for latency, throughput or EDAP',
  builder: yargs =>
    yargs
      .positional('arch', {
        type: 'string',
        demandOption: true,
        describe: 'A name of `trex list arch`, or a YAML file',
      })
      .options({
        model: modelFlag,
        reuse: text('Encoders that reuse attention, as in trex run', 'Model:'),
        tokens: tokensFlag,
        objective: {
          type: 'string',
          choices: MAPPING_OBJECTIVES,
          default: MAPPING_DEFAULTS.objective,
          describe: 'What is to be best',
          group: SEARCH,
        },
        area: text(
          'Area that no mapping exceeds, such as 800mm2  [default: of the chip as it is; of edap any]',
          SEARCH,
        ),
        budget: {
          type: 'number',
          default: MAPPING_DEFAULTS.budget,
          describe: 'Mappings that are run, at most',
          group: SEARCH,
        },
        images: number(
          `Images of each run  [default: ${MAPPING_DEFAULTS.throughputImages} for throughput, else 1]`,
          SEARCH,
        ),
        tech: text('Technology of the crossbars', 'Run:'),
        seed: Object.assign({}, seedFlag(), {
          default: undefined,
          defaultDescription: String(RUN_DEFAULTS.seed),
        }),
        set: setFlag('Override a value: pe.adcBanks=2, schedule.images=pipelined', 'Run:'),
        ...output.flags,
        out: text('File for the best chip with its network, which trex run takes', 'Output:'),
        quiet: quietFlag,
      })
      .example(
        '$0 map trex-full --model deit-t --objective edap',
        'Copies, order and schedule with the least EDAP',
      )
      .example(
        '$0 map isaac-ce --model glyph-vit --objective throughput --set schedule.images=pipelined',
        'Tiles that are left over become copies of the layers that take longest',
      ) as never,
  handler,
};
