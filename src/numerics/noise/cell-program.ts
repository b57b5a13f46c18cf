/** Programming one cell in fixed point: its level, then one effect after the other. */
import { type StreamKey, subKey } from '../../base/random.ts';
import { type CellKind, lowLevels, STAGES, type TermEffect } from '../../tech/noise-effects.ts';
import { applyStep, type CellStep, cellStep, inReference, largestAfter } from './cell-step.ts';
import { numberedKey } from './numbered-key.ts';

/** Effects worked out for the levels of one kind of cell, in units of conductance. */
export interface CellProgram {
  /** Conductance of each level. */
  readonly levelUnits: Int32Array;
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
  const levelUnits = Int32Array.from({ length: maxLevel + 1 }, (_, level) =>
    Math.round((level + low) * levelStep),
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
  return { levelUnits, steps };
}

const actsOnCells = (effect: TermEffect): effect is Extract<TermEffect, { readonly kind: CellKind }> =>
  STAGES[effect.kind] === 'cell';

/** The program of a reference cell. */
export const referenceProgram = ({ levelUnits, steps }: CellProgram): CellProgram => ({
  levelUnits,
  steps: steps.filter(inReference),
});

/** Conductance of one cell in units, never negative; `counter` numbers the cells of an array. */
export function programCell(
  { levelUnits, steps }: CellProgram,
  level: number,
  keys: CellKeys,
  counter: number,
): number {
  let g = levelUnits[level];
  for (let i = 0; i < steps.length; i++) g = applyStep(g, steps[i], level, keys[i], counter);
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
