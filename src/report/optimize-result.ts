/** What `trex optimize` returns: the row of a table like Table IV of TReX (arXiv 2408.12742), and how it was found. SI numbers. */
import type { RecordedFile } from '../arch/source-files.ts';
import type { SpreadRow } from './accuracy-result.ts';

/** Figures that a target can limit: s, J, m2, J s m2. */
export type TargetMetric = 'latency_s' | 'energy_J' | 'area_m2' | 'edap_Jsm2';

/** What must be met. */
export interface OptimizeTarget {
  readonly metric: TargetMetric;
  /** SI; met by what is not above it. */
  readonly limit: number;
}

/** What the paper printed for the same network and number of reuse encoders, in shares; never ours. */
export interface PublishedAccuracy {
  readonly ideal: number;
  readonly nonIdeal: number;
  readonly source: string;
}

/** The accuracy of a network: measured, and as published. */
export interface RowAccuracy {
  /** What `ideal` and `nonIdeal` are: a share of the inputs, or Matthews' correlation. */
  readonly score: 'top1' | 'matthews';
  /** Of the network as trained, float32; null without data. */
  readonly ideal: number | null;
  /** On crossbars, over draws of the device; null without data. */
  readonly nonIdeal: (SpreadRow & { readonly draws: number }) | null;
  readonly published: PublishedAccuracy | null;
}

/** One row; `--json` prints it. */
export interface OptimizeRow {
  readonly reuse: { readonly count: number; readonly encoders: readonly number[]; readonly pattern: string };
  /** Null for the network without reuse. */
  readonly target: OptimizeTarget | null;
  readonly latency_s: number;
  readonly energy_J: number;
  readonly area_m2: number;
  readonly edap_Jsm2: number;
  readonly topsPerWatt: number;
  readonly topsPerMm2: number;
  /** Null where there are neither data nor published figures. */
  readonly accuracy: RowAccuracy | null;
}

/** A uniform pattern of the number of reuse encoders, with what its partial training gave. */
export interface PatternRow {
  readonly pattern: string;
  readonly kind: string;
  readonly encoders: readonly number[];
  readonly latency_s: number;
  readonly energy_J: number;
  readonly area_m2: number;
  readonly meets: boolean;
  /** Of the partial training; null where there was none. */
  readonly loss: number | null;
  readonly accuracy: number | null;
  /** Why there is no loss: what the evaluator died of. */
  readonly failed: string | null;
}

/** A number of reuse encoders that step 1 asked the simulator for. */
export interface TriedCount {
  readonly count: number;
  readonly value: number;
}

/** The network of an optimisation, with all that was tried. */
export interface OptimizeResult {
  readonly schemaVersion: 1;
  readonly version: string;
  /** The options of the run. */
  readonly run: Readonly<Record<string, unknown>>;
  readonly model: string;
  readonly arch: string;
  readonly tech: string;
  /** How step 1 got its figures. */
  readonly method: 'closed form' | 'events';
  /** Why not in closed form; null where it was. */
  readonly methodReason: string | null;
  readonly target: OptimizeTarget;
  readonly tried: readonly TriedCount[];
  readonly baseline: OptimizeRow;
  readonly patterns: readonly PatternRow[];
  readonly row: OptimizeRow;
  /** Of the fine-tuned network, per epoch; empty without data. */
  readonly lossHistory: readonly number[];
  /** What was read; chips, technologies and networks with their texts. */
  readonly files: readonly RecordedFile[];
  readonly warnings: readonly string[];
}
