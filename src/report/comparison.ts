/** What `trex compare` returns: figures side by side, their ratios to the first, what must be equal, and what makes the difference. */
import type { AccuracyResult } from './accuracy-result.ts';
import type { Figures } from './metrics.ts';
import type { Lifetime, NetworkInput, Result } from './result.ts';

/** What can be asked to be equal (CiMLoop's `variables_iso`). */
export const ISO = ['node', 'precision', 'network', 'area', 'arrays'] as const;
/** A name of `ISO`. */
export type Iso = (typeof ISO)[number];

/** An error that all subjects are brought to: a signal to noise of products in dB, or a share of right answers. */
export interface IsoTarget {
  readonly name: 'snr' | 'accuracy';
  readonly value: number;
}

/** The figures of one subject; each is a column of the CSV. */
export interface ComparedFigures
  extends Omit<Figures, 'power_W'>,
    Pick<Result, 'latency_s' | 'throughput_Hz' | 'energy_J' | 'area_m2' | 'tiles' | 'crossbars'> {
  /** Null: the accounting leaves it out. */
  readonly leakage_W: number | null;
  /** Programming K^T and V, for one image. */
  readonly writeEnergy_J: number;
  /** Until the cells that are written most reach their endurance, image after image; null: none is known to wear. */
  readonly lifetime_s: number | null;
}

/** Signal to noise of a matrix product on the crossbars of a subject; null: exact. */
export interface ProductSnr {
  /** Of known weights; noise averaged over layers by their MACs where they are made of several devices. */
  readonly static_dB: number | null;
  /** Of a matrix that is written at run time, as K^T and V. */
  readonly dynamic_dB: number | null;
  /** In words: encoding, range of the ADCs, activity. */
  readonly assumed: string;
}

/** One of the chips. */
export interface ComparedSubject {
  readonly name: string;
  readonly arch: string;
  readonly tech: string;
  readonly figures: ComparedFigures;
  readonly lifetime: Lifetime;
  /** To the first subject; null where that has 0, or one of them has no figure. */
  readonly ratios: { readonly [K in keyof ComparedFigures]: number | null };
  /** Absent if it was not asked for. */
  readonly snr?: ProductSnr;
  /** Of trained weights on this chip, as `accuracy()` gives it; absent if it was not asked for. */
  readonly accuracy?: AccuracyResult;
  readonly breakdown: Result['breakdown'];
}

/** A value and the line that gives it. */
export interface CitedValue {
  readonly text: string;
  /** "arch/trex.yaml:9", "--set precision.inputs=4", "default" or a formula. */
  readonly place: string;
}

/** One thing that should be equal, and whether it is. */
export interface IsoRow {
  readonly name: Iso | IsoTarget['name'];
  readonly equal: boolean;
  readonly allowed: boolean;
  /** What is equal, for people; where it is not, which value differs. */
  readonly text: string;
}

/** A value that differs between the subjects; one entry per subject, undefined where it has none. */
export interface DifferingValue {
  readonly path: string;
  readonly values: readonly (CitedValue | null)[];
}

/** One component's share of a difference. */
export interface DifferenceRow {
  readonly name: string;
  readonly first: number;
  readonly other: number;
  readonly difference: number;
  /** Of the whole difference; the shares of all rows sum to 1. Null where the whole is 0. */
  readonly share: number | null;
}

/** A difference in one figure, its components in the order of their size. */
export interface Difference {
  readonly first: number;
  readonly other: number;
  readonly difference: number;
  readonly rows: readonly DifferenceRow[];
}

/** A setting that acts on the figures and is not the same for both. */
export interface Cause {
  readonly what: string;
  readonly first: string;
  readonly other: string;
  /** Other over first, where both are numbers. */
  readonly ratio: number | null;
}

/** Why one subject's figures are not the first one's. */
export interface Attribution {
  readonly name: string;
  /** Settings that differ, those that everything else follows from first. */
  readonly causes: readonly Cause[];
  readonly energy: Difference;
  /** By what was waited for: the unit at work that sets the pace, interconnect, or words on their way. */
  readonly latency: Difference;
  readonly area: Difference;
}

/** TReX's own statement beside what came out. */
export interface ExpectedRow {
  readonly what: string;
  readonly paper: string;
  readonly ours: string;
  /** Null: the comparison has no figure for it. */
  readonly agrees: boolean | null;
}

/** Chips side by side, and why they differ. */
export interface Comparison {
  readonly schemaVersion: 1;
  readonly version: string;
  /** The options of the run. */
  readonly run: Readonly<Record<string, unknown>>;
  readonly model: string;
  readonly tokens: number;
  readonly input: NetworkInput;
  readonly reuse: string;
  readonly opCount: string;
  readonly iso: readonly IsoRow[];
  readonly subjects: readonly ComparedSubject[];
  readonly why: readonly Attribution[];
  readonly expected: readonly ExpectedRow[];
  readonly differing: readonly DifferingValue[];
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly warnings: readonly string[];
}
