/**
 * What a noise term can do to an array: the vocabulary between the terms of `noise/` and the back ends. A term says its
 * effects in these kinds; each consumer has a table over them, so that a new kind does not compile before every one of them
 * has an answer. Conductances are in levels, N is a standard normal number.
 */
import type { MergeShape, UnitErrors } from './circuit/merge-law.ts';

export interface EffectKinds {
  /** Level 0 conducts as much as `levels` levels; `column`: a reference column of such cells is subtracted before the ADC. */
  readonly offConductance: { readonly levels: number; readonly reference: 'none' | 'column' };
  /** What cells of each level conduct in the mean beyond their level, in levels. */
  readonly levelShift: { readonly shift: readonly number[] };
  /** G' = max(0, G + sigma[level] N), drawn once per cell. */
  readonly levelSpread: { readonly sigma: readonly number[] };
  /** G' = max(0, G + (ofRange (G_max - G_min) + ofCell G) N), drawn once per cell; one of the two is 0. */
  readonly cellSpread: { readonly ofRange: number; readonly ofCell: number };
  /** Cells that stay at level 0 or at the highest level: probabilities. A reference cell that did would be replaced at test. */
  readonly stuckAt: { readonly off: number; readonly on: number };
  /** G' = G (1 - share) for cells drawn with `probability`, once per cell. */
  readonly partialLoss: { readonly probability: number; readonly share: number };
  /**
   * G' = G factor(N, level), drawn once per cell, in real numbers. `variance`: of the factor, if its mean is 1 at every level; a
   * factor of another mean has none.
   */
  readonly factor: { factor(n: number, level: number): number; readonly variance?: number };
  /**
   * Changes the cells `g` [rows][cols] of a whole array in place; `unitsOn` is a cell at its highest level, `activity` the
   * share of the other rows that are driven while a row is (`MvmSpec`).
   */
  readonly wholeArray: {
    apply(g: Float64Array, rows: number, cols: number, unitsOn: number, activity: number): void;
  };
  /**
   * What slice s of a weight counts where slices are merged before one conversion: as `weights` makes it of relative errors of
   * its unit capacitors, drawn once per network with a standard deviation of `mismatch`. There are `units` of them.
   */
  readonly mergeSpread: {
    readonly at: 'column' | 'cell';
    readonly mismatch: number;
    units(shape: MergeShape): number;
    weights(shape: MergeShape, errors: UnitErrors): number[];
  };
  /** Normal noise of every conversion of merged slices: `ofColumn` N of a full column of so many rows. */
  readonly mergeNoise: { ofColumn(shape: MergeShape, rows: number): number };
  /**
   * Normal noise of every read, independent between cells and reads: (ofRange (G_max - G_min) + ofCell G) N of each active
   * cell (one of the two is 0), and ofCodes N of the range of all codes at the converter.
   */
  readonly readSpread: { readonly ofRange: number; readonly ofCell: number; readonly ofCodes: number };
  /** Standard deviations between converters, each shared by `columns` neighbouring columns. */
  readonly converterSpread: { readonly offset_LSB: number; readonly gain: number; readonly columns: number };
  /** The bow of a converter's curve: adds 4 inl x (1 - x), x from 0 to 1 over the codes. */
  readonly bow: { readonly inl_LSB: number };
}

export type EffectKind = keyof EffectKinds;
export type Effect<K extends EffectKind = EffectKind> = {
  [P in K]: { readonly kind: P } & EffectKinds[P];
}[K];

/** Where it acts: on what a level is, on single cells, on arrays, in a read, in the converter. Everything before `read` stays in the cells. */
type Stage = 'level' | 'cell' | 'array' | 'read' | 'converter';

export const STAGES = {
  offConductance: 'level',
  levelShift: 'level',
  levelSpread: 'cell',
  cellSpread: 'cell',
  stuckAt: 'cell',
  partialLoss: 'cell',
  factor: 'cell',
  wholeArray: 'array',
  mergeSpread: 'array',
  mergeNoise: 'read',
  readSpread: 'read',
  converterSpread: 'converter',
  bow: 'converter',
} as const satisfies Record<EffectKind, Stage>;

/** The kinds of one stage. */
type KindsAt<S extends Stage> = {
  [K in EffectKind]: (typeof STAGES)[K] extends S ? K : never;
}[EffectKind];
export type CellKind = KindsAt<'cell'>;

/** An effect, and the term that has it. */
export type TermEffect = Effect & { readonly term: string };

/** The effects of one kind. */
export const ofKind = <K extends EffectKind>(
  effects: readonly TermEffect[],
  kind: K,
): Extract<TermEffect, { readonly kind: K }>[] =>
  effects.filter((effect): effect is Extract<TermEffect, { readonly kind: K }> => effect.kind === kind);

/** Conductance of level 0, in levels. */
export const lowLevels = (effects: readonly TermEffect[]): number =>
  ofKind(effects, 'offConductance').reduce((sum, { levels }) => sum + levels, 0);
