/** Programming cells in fixed point: their levels, then one effect after the other. */
import { type StreamKey, subKey } from '../../base/random.ts';
import { type CellKind, lowLevels, ofKind, STAGES, type TermEffect } from '../../tech/noise-effects.ts';
import { applyStep, type CellStep, cellStep, inReference, largestAfter } from './cell-step.ts';
import { numberedKey } from './numbered-key.ts';

/** Effects worked out for the levels of one kind of cell, in units of conductance. */
export interface CellProgram {
  /** Conductance of each level. */
  readonly levelUnits: Int32Array;
  /** What the highest level is meant to conduct. */
  readonly unitsOn: number;
  readonly steps: readonly CellStep[];
}

/** Streams of random numbers of the steps of a program, in their order. */
export type CellKeys = readonly StreamKey[];

/** Those of one matrix, or of another purpose that has a name. */
export const cellKeys = ({ steps }: CellProgram, key: StreamKey, ...ids: (string | number)[]): CellKeys =>
  steps.map(({ stream }) => subKey(key, stream, ...ids));

/** Those of one of its arrays. */
export const arrayCellKeys = (keys: CellKeys, array: number): CellKeys =>
  keys.map(key => numberedKey(key, array));

/** `levelStep`: units of one level. */
export function cellProgram(
  effects: readonly TermEffect[],
  maxLevel: number,
  levelStep: number,
): CellProgram {
  const low = lowLevels(effects);
  const shifts = ofKind(effects, 'levelShift');
  const levelUnits = Int32Array.from({ length: maxLevel + 1 }, (_, level) =>
    Math.max(0, Math.round(shifts.reduce((sum, { shift }) => sum + shift[level], level + low) * levelStep)),
  );
  const steps: CellStep[] = [];
  let bound = levelUnits[maxLevel] + 1;
  for (const effect of effects) {
    if (!actsOnCells(effect)) continue;
    const before = steps.filter(({ term }) => term === effect.term).length;
    const stream = before === 0 ? effect.term : `${effect.term}/${before}`;
    const next = cellStep(effect, stream, { levelUnits, levelStep, bound });
    steps.push(next.step);
    bound = next.bound;
  }
  return { levelUnits, unitsOn: Math.round((maxLevel + low) * levelStep), steps };
}

const actsOnCells = (effect: TermEffect): effect is Extract<TermEffect, { readonly kind: CellKind }> =>
  STAGES[effect.kind] === 'cell';

/** The program of a reference cell. */
export const referenceProgram = ({ levelUnits, unitsOn, steps }: CellProgram): CellProgram => ({
  levelUnits,
  unitsOn,
  steps: steps.filter(inReference),
});

/**
 * Conductances in units, never negative, of cells of one array programmed to `levels`; the place of a cell is the counter of
 * its random numbers.
 */
export function programArray(
  { levelUnits, steps }: CellProgram,
  levels: Int16Array,
  keys: CellKeys,
): Int32Array {
  const g = new Int32Array(levels.length);
  for (let i = 0; i < g.length; i++) g[i] = levelUnits[levels[i]];
  for (const [i, step] of steps.entries()) applyStep({ g, levels }, step, keys[i]);
  return g;
}

/** No cell is larger, in units. */
export const largestCell = ({ levelUnits, steps }: CellProgram): number =>
  levelUnits.reduce(
    (most, units, level) =>
      Math.max(
        most,
        steps.reduce((g, step) => largestAfter(g, step, level), units),
      ),
    0,
  );
