/** The result of a measurement of accuracy, as JSON keeps it. */
import type { RecordedFile } from '../arch/source-files.ts';

/** Of one network on all inputs; shares, loss in nats. */
export interface Scores {
  readonly top1: number;
  /** Null for five classes or fewer. */
  readonly top5: number | null;
  readonly loss: number;
  /** Matthews' correlation, for two classes. */
  readonly matthews: number | null;
}

/** Mean over the draws and half width of its 95 % interval (Student's t); null for one draw. */
export interface SpreadRow {
  readonly mean: number;
  readonly interval95: number | null;
}

export interface ScoreSpreads {
  readonly top1: SpreadRow;
  readonly top5: SpreadRow | null;
  readonly loss: SpreadRow;
  readonly matthews: SpreadRow | null;
}

/** One value of the sweep, or the only one. */
export interface AccuracyPoint extends ScoreSpreads {
  readonly value: number | null;
  readonly draws: readonly Scores[];
  /** Signal to noise of each op against exact integers on the same operands; null: equal. */
  readonly snr_dB: Readonly<Record<string, number | null>>;
}

/** One op: its signal to noise, and what its noise alone costs. */
export interface LayerRow {
  readonly op: string;
  readonly stage: string;
  /** At `layerPoint`. */
  readonly snr_dB: number | null;
  /** What noise in this op alone costs against int8; null if it was not measured. */
  readonly alone: { readonly top1Lost: SpreadRow; readonly lossGained: SpreadRow } | null;
}

/** A measurement of accuracy: the networks, the swept values, the layers. */
export interface AccuracyResult {
  readonly schemaVersion: 1;
  readonly version: string;
  /** The options of the run. */
  readonly run: Readonly<Record<string, unknown>>;
  readonly model: string;
  readonly reuse: string;
  readonly tech: string;
  /** In words: encoding, range of the ADCs, activity. */
  readonly assumed: string;
  readonly backend: { readonly name: string; readonly mode: string; readonly device: string };
  readonly data: {
    readonly name: string;
    /** What was done to the inputs, and who said so. */
    readonly inputs: string;
    readonly size: number;
    readonly classes: number;
    /** Inputs that were evaluated. */
    readonly images: number;
    readonly skipped: readonly { readonly name: string; readonly reason: string }[];
    readonly sha256: string;
  };
  readonly sweep: { readonly parameter: string; readonly label: string } | null;
  readonly float32: Scores;
  readonly int8: Scores;
  readonly points: readonly AccuracyPoint[];
  /** Number of the point that `layers` are of. */
  readonly layerPoint: number;
  readonly layers: readonly LayerRow[];
  /** What was read; of technologies and networks the texts as well. */
  readonly files: readonly RecordedFile[];
  readonly warnings: readonly string[];
}
