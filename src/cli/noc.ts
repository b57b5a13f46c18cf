/** `trex noc`: the mesh under synthetic traffic, open loop, pair by pair, or in batches. */
import type { CommandModule } from 'yargs';
import { usageError } from '../base/errors.ts';
import { NOC_DEFAULTS, type NocResult, type NocRunOptions, runNoc } from '../hw/noc/run.ts';
import { TRAFFIC_NAMES } from '../hw/noc/traffic.ts';
import { nocTable } from '../report/noc-table.ts';
import { noProgressFlag } from './io/flags.ts';
import type { FormatArguments } from './io/output-format.ts';
import { commandOutput } from './io/print.ts';
import { ProgressBars } from './io/progress-bars.ts';

/** What yargs hands over: options without a default may be missing. */
interface NocFlags
  extends Required<Pick<NocRunOptions, 'mesh' | 'traffic' | 'rate' | 'packet' | 'router'>>,
    FormatArguments {
  readonly vcs: number;
  readonly depth: number;
  readonly 'credit-delay': number;
  readonly 'wait-for-tail-credit': boolean;
  readonly speculative: boolean;
  readonly hotspot: string | undefined;
  readonly seed: number;
  readonly warmup: number;
  readonly measure: number | undefined;
  readonly 'zero-load': boolean;
  readonly batch: number | undefined;
  readonly quiet: boolean;
}

const output = commandOutput<NocResult>({
  formats: { json: { describe: 'The result as JSON', value: result => result } },
  text: (result, width) => `${nocTable(result, width)}\n`,
});

export const nocCommand: CommandModule<object, NocFlags> = {
  command: 'noc',
  describe: 'Measure the network on chip under synthetic traffic',
  builder: yargs =>
    yargs
      .option('mesh', { type: 'string', describe: 'ROWSxCOLS', default: NOC_DEFAULTS.mesh })
      .option('traffic', {
        type: 'string',
        describe: TRAFFIC_NAMES.join(' | '),
        default: NOC_DEFAULTS.traffic,
      })
      .option('rate', {
        type: 'number',
        describe: 'flits per node and cycle, 0 .. 1',
        default: NOC_DEFAULTS.rate,
      })
      .option('packet', { type: 'number', describe: 'flits of a packet', default: NOC_DEFAULTS.packet })
      .option('router', { type: 'number', describe: 'pipeline stages, 3 or 4', default: NOC_DEFAULTS.router })
      .option('vcs', { type: 'number', describe: 'virtual channels of a port', default: NOC_DEFAULTS.vcs })
      .option('depth', {
        type: 'number',
        describe: 'flits that a VC buffer holds',
        default: NOC_DEFAULTS.depth,
      })
      .option('credit-delay', {
        type: 'number',
        describe: 'cycles a router takes to process a credit',
        default: NOC_DEFAULTS.creditDelay,
      })
      .option('wait-for-tail-credit', {
        type: 'boolean',
        describe: 'reuse a VC only when its buffer is empty',
        default: NOC_DEFAULTS.waitForTailCredit,
      })
      .option('speculative', {
        type: 'boolean',
        describe: 'a head asks for the switch together with its VC: 5 + 3H + P - 1 cycles alone',
        default: NOC_DEFAULTS.speculative,
      })
      .option('hotspot', { type: 'string', describe: 'nodes that hotspot traffic goes to: 0,5 [default: 0]' })
      .option('seed', { type: 'number', describe: 'of the random numbers', default: NOC_DEFAULTS.seed })
      .option('warmup', {
        type: 'number',
        describe: 'cycles before the measurement',
        default: NOC_DEFAULTS.warmup,
      })
      .option('measure', { type: 'number', describe: 'cycles measured [default: 7000, more at a low rate]' })
      .option('zero-load', {
        type: 'boolean',
        describe: 'latency of every pair of nodes alone',
        default: false,
      })
      .option('batch', { type: 'number', describe: 'packets per node; measures the time to deliver all' })
      .option('quiet', noProgressFlag)
      .options(output.flags)
      .example('$0 noc --mesh 8x8 --rate 0.2', 'Latency of uniform traffic') as never,
  handler: async args => {
    const { mesh, traffic, rate, packet, router, vcs, depth, seed, warmup, measure, batch, hotspot } = args;
    const hotspots = hotspot === undefined ? undefined : parseNodes(hotspot);
    const options = {
      mesh,
      traffic,
      rate,
      packet,
      router,
      vcs,
      depth,
      seed,
      warmup,
      creditDelay: args['credit-delay'],
      waitForTailCredit: args['wait-for-tail-credit'],
      speculative: args.speculative,
      zeroLoad: args['zero-load'],
      ...(measure !== undefined && { measure }),
      ...(batch !== undefined && { batch }),
      ...(hotspots !== undefined && { hotspots }),
    };
    const bars = new ProgressBars(args.quiet);
    const unit = batch !== undefined ? 'packets' : args['zero-load'] ? 'pairs' : 'cycles';
    try {
      const result = await runNoc(options, { pause: bars.counting('noc', unit) });
      bars.done();
      output.print(args, result);
    } finally {
      bars.done();
    }
  },
};

function parseNodes(text: string): number[] {
  if (!/^\d+(,\d+)*$/.test(text)) throw usageError(`--hotspot ${text}: expected node numbers such as 0,5`);
  return text.split(',').map(Number);
}
