/** A run for its report: run under observation, and beside what it is compared with. */
import { type AccountingSwitch, omittedSwitches } from '../arch/accounting.ts';
import { TrexError } from '../base/errors.ts';
import {
  type Headline,
  headlineOf,
  type ReportBaseline,
  type RunReport,
  runReport,
} from '../report/html/run-report.ts';
import type { Observation } from '../report/observation.ts';
import type { Result } from '../report/result.ts';
import type { Machine } from './machine.ts';
import { type Observer, observe } from './observe.ts';
import {
  loadRun,
  overlap,
  type Run,
  type RunHooks,
  type RunInput,
  type RunRequest,
  runLoaded,
} from './run.ts';

/** What the host brings for a run and its report. */
export interface ReportHooks extends RunHooks {
  /** A run begins: which one of those that a report needs. */
  onRun?(what: string): void;
  /** Nothing stands beside it. */
  readonly alone?: boolean;
  /** The file of the result that is run again: it may hold an accuracy as well. */
  readonly held?: object | undefined;
  /** A result to stand beside this one, and what it is called; absent: the same network without reuse, where it reuses. */
  readonly baseline?: { readonly title: string; readonly figures: Headline } | undefined;
}

/** What `arch/trex.yaml` leaves out: the accounting of TReX (arXiv 2408.12742 Tables II, IV and V). */
export const PAPER_OMITS: readonly AccountingSwitch[] = [
  'inputBitPlanes',
  'embedding',
  'head',
  'transformation',
  'buffers',
  'accumulators',
  'interconnect',
  'controllers',
  'softmaxArea',
  'vectorUnit',
  'leakage',
  'dram',
];

/** A run and its report. */
export interface ReportedRun {
  readonly run: Run;
  readonly report: RunReport;
}

/** Runs what is loaded under observation, then what it is compared with. @throws TrexError as `runLoaded` for the run itself. */
export async function runReported(input: RunInput, hooks: ReportHooks): Promise<ReportedRun> {
  let observer: Observer | undefined;
  const onBuilt = (machine: Machine): void => {
    observer = observe(machine, input.arch.arch, overlap(input));
    hooks.onBuilt?.(machine);
  };
  hooks.onRun?.('run');
  const run = await runLoaded(input, { ...hooks, onBuilt });
  const seen: Observation | undefined = observer?.close();
  if (seen === undefined) throw new Error('the chip was never built');
  const baselines =
    hooks.alone === true
      ? []
      : [...(await reuseBaseline(input, run.result, hooks)), await accountingBaseline(input, hooks)];
  return {
    run,
    report: runReport({
      result: run.result,
      layers: run.layers,
      seen,
      baselines,
      held: hooks.held ?? run.result,
    }),
  };
}

async function reuseBaseline(
  input: RunInput,
  { reuse }: Result,
  hooks: ReportHooks,
): Promise<ReportBaseline[]> {
  const { baseline } = hooks;
  if (baseline !== undefined)
    return [
      { title: baseline.title, what: 'the result that was given as the baseline', figures: baseline.figures },
    ];
  if (reuse.count === 0) return [];
  return [
    await ran({
      title: 'without reuse',
      what: 'the same network on the same chip, every encoder with attention of its own',
      request: { ...input.options, reuse: 'none' },
      hooks,
    }),
  ];
}

/** The same chip with all counted, if it leaves out what the paper does; else with what the paper counts. */
async function accountingBaseline(input: RunInput, hooks: ReportHooks): Promise<ReportBaseline> {
  const { arch } = input.arch;
  const omitted = omittedSwitches(arch);
  const as = (word: string, names: readonly string[]): string[] =>
    names.map(name => `accounting.${name}=${word}`);
  const leavesOut = omitted.length > 0;
  const noc = leavesOut
    ? arch.noc.kind.clocked
      ? []
      : ['noc.kind=mesh', 'noc.broadcast=chain']
    : ['noc.kind=ideal', 'noc.broadcast=unicast'];
  const again = [...as(leavesOut ? 'counted' : 'omitted', leavesOut ? omitted : PAPER_OMITS), ...noc];
  // A path may be given once.
  const paths = new Set(again.map(pathOf));
  const set = [...input.options.set.filter(text => !paths.has(pathOf(text))), ...again];
  return ran({
    title: leavesOut ? 'everything counted' : "the paper's accounting",
    sameChip: true,
    what: leavesOut
      ? `the same chip with ${omitted.join(', ')} counted as well${noc.length > 0 ? ', on a mesh' : ''}`
      : 'the same chip with what arch/trex.yaml leaves out: only encoder crossbars and softmax, one read for all input bits, no network',
    request: { ...input.options, set },
    hooks,
  });
}

const pathOf = (text: string): string => text.split('=')[0].trim();

interface Asked {
  readonly title: string;
  readonly what: string;
  readonly sameChip?: boolean;
  readonly request: RunRequest;
  readonly hooks: ReportHooks;
}

/** What cannot run so says why, in the place of its figures. */
async function ran({ title, what, sameChip = false, request, hooks }: Asked): Promise<ReportBaseline> {
  hooks.onRun?.(title);
  try {
    // What stands beside a run is its cost; an accuracy is measured once.
    const input = loadRun({ ...request, accuracy: undefined }, hooks.files);
    const { result } = await runLoaded(input, { ...hooks, onBuilt: () => {} });
    return { title, what, sameChip, figures: headlineOf(result) };
  } catch (error) {
    if (!(error instanceof TrexError)) throw error;
    return { title, what, sameChip, figures: { refused: error.message } };
  }
}
