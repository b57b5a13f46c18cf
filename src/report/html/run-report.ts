/** All that a report of one run shows. */
import type { Observation } from '../observation.ts';
import type { LayerRow, Result } from '../result.ts';
import { accuracyNumbers } from './accuracy-numbers.ts';
import { type FloorplanData, floorplanOf } from './floorplan.ts';
import { type Roofline, rooflineOf } from './roofline.ts';
import { numbersOf } from './study-report.ts';
import { type PackedTimeline, packedTimeline } from './timeline.ts';
import { type Tree, treesOf } from './trees.ts';

/** Figures that a comparison shows, in the order of the page. */
export const HEADLINE = [
  'latency_s',
  'energy_J',
  'area_m2',
  'edap_Jsm2',
  'edp_Js',
  'tops',
  'topsPerWatt',
  'topsPerMm2',
  'power_W',
] as const;
/** A figure of the headline. */
export type HeadlineName = (typeof HEADLINE)[number];
/** Figures of one run, in SI units. */
export type Headline = Readonly<Record<HeadlineName, number>>;

/** Another run to stand beside this one. */
export interface ReportBaseline {
  readonly title: string;
  /** What it is, in a sentence. */
  readonly what: string;
  /** It differs in what is counted alone: neither is better. */
  readonly sameChip?: boolean;
  /** Its figures; or why there are none. */
  readonly figures: Headline | { readonly refused: string };
}

/** A result as it stands in a page: the texts of its files stay in the result. */
export type PageResult = Omit<Result, 'files'> & {
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
};

/** What the page of one run shows. */
export interface RunReport {
  readonly kind: 'run';
  readonly result: PageResult;
  readonly layers: readonly LayerRow[];
  readonly baselines: readonly ReportBaseline[];
  /** Errors and accuracies that stand in the result beside its costs, by their paths. */
  readonly measured: Readonly<Record<string, number>>;
  readonly trees: readonly Tree[];
  readonly floorplan: FloorplanData;
  readonly timeline: PackedTimeline;
  readonly roofline: Roofline;
}

/** What a report is made of. */
export interface ReportInput {
  readonly result: Result;
  readonly layers: readonly LayerRow[];
  readonly seen: Observation;
  readonly baselines: readonly ReportBaseline[];
  /** The file of the result, which may hold more than a run gives. */
  readonly held?: object | undefined;
}

/** Blocks of a result that say how well it computes, and not what it costs. */
export const MEASURED: readonly string[] = ['accuracy', 'xbar', 'mvm', 'error'];

function measuredIn(held: object = {}): Record<string, number> {
  const blocks = Object.entries(held).filter(([name]) => MEASURED.includes(name));
  return Object.assign(
    {},
    ...blocks.map(([name, block]) =>
      name === 'accuracy' ? accuracyNumbers(block) : numbersOf({ [name]: block }),
    ),
  );
}

export const headlineOf = (result: Headline): Headline => ({
  latency_s: result.latency_s,
  energy_J: result.energy_J,
  area_m2: result.area_m2,
  edap_Jsm2: result.edap_Jsm2,
  edp_Js: result.edp_Js,
  tops: result.tops,
  topsPerWatt: result.topsPerWatt,
  topsPerMm2: result.topsPerMm2,
  power_W: result.power_W,
});

const isHeadline = (held: Readonly<Record<string, unknown>>): held is Headline & typeof held =>
  HEADLINE.every(name => typeof held[name] === 'number');

/** Of a file of a result; undefined where one of them is no number. */
export const headlineIn = (held: Readonly<Record<string, unknown>>): Headline | undefined =>
  isHeadline(held) ? headlineOf(held) : undefined;

/** From one image to the next. */
const perImage_s = ({ latency_s, throughput_Hz, pipeline, turns }: Result): number =>
  pipeline === undefined && (turns?.batch ?? 1) === 1 ? latency_s : 1 / throughput_Hz;

/** From what a run left behind; pure. */
export function runReport({ result, layers, seen, baselines, held }: ReportInput): RunReport {
  const files = result.files.map(({ path, sha256 }) => ({ path, sha256 }));
  return {
    kind: 'run',
    result: { ...result, files },
    layers,
    baselines,
    measured: measuredIn(held),
    trees: treesOf(result, layers, seen),
    floorplan: floorplanOf(seen, layers, perImage_s(result)),
    timeline: packedTimeline(seen, layers),
    roofline: rooflineOf(seen, layers),
  };
}
