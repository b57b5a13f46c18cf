/** Capacitors that merge the slices of a weight: they differ, and hold a charge that is uncertain by kT C. */
import { usageError } from '../../base/errors.ts';
import { block, quantity } from '../../base/fields.ts';
import type { MergeParams } from '../circuit/merge/all.ts';
import { UNIT_F, unitMismatch } from '../circuit/merge-law.ts';
import { nodeConstants } from '../circuit/nodes.ts';
import { mergeLawOf } from '../circuit/slice-merge.ts';
import { noiseTerm } from '../noise-term.ts';
import { thermalShare } from './thermal.ts';

const ROOM_K = 300;

export interface MergeErrors {
  readonly law: MergeParams['law'];
  readonly at: MergeParams['at'];
  readonly unit_F: number;
  /** Standard deviation of a unit capacitor, over its value. */
  readonly mismatch: number;
  /** Capacitance of an inner node to ground, over a unit. */
  readonly parasitic: number;
  /** What a full column hands over. */
  readonly fullScale_V: number;
  readonly temperature_K: number;
}

export const term = noiseTerm({
  name: 'merge',
  place: 85,
  of: 'converters',
  schema: block({
    mismatch: quantity('%', { max: 0.1 })
      .optional()
      .meta({ description: 'of a unit capacitor; absent: 0.85 % at 1 fF, by the square root of its size' }),
    parasitic: quantity('%', { max: 1 }).prefault('0 %').meta({
      description:
        'of an inner node to ground, over a unit; 0 %: taken off by its capacitors (Cong, TCAS-II 2001)',
    }),
  }),
  numbers: {
    mergeMismatch: {
      option: 'mergeMismatch',
      label: 'Mismatch of unit capacitors',
      min: 0,
      max: 0.1,
      own: (file, { merge, cell }) =>
        merge === undefined ? undefined : (file?.mismatch ?? unitMismatch(unitOf(merge, cell))),
    },
    mergeParasitic: {
      option: 'mergeParasitic',
      label: 'Parasitic of inner nodes',
      min: 0,
      max: 1,
      own: (file, { merge }) => (merge === undefined ? undefined : (file?.parasitic ?? 0)),
    },
  },
  choices: {},
  params: ({ file, options, device }): MergeErrors | undefined => {
    const { merge, cell, vdd, node, temperature = ROOM_K } = device;
    if (merge === undefined) {
      if (file === undefined && options.mergeMismatch === undefined && options.mergeParasitic === undefined)
        return undefined;
      throw usageError(
        'this technology merges no slices: give it merge, e.g. --set tech.merge="{law: c-2c}" --set tech.sampling=plane',
      );
    }
    const unit_F = unitOf(merge, cell);
    return {
      law: merge.law,
      at: merge.at,
      unit_F,
      mismatch: options.mergeMismatch ?? file?.mismatch ?? unitMismatch(unit_F),
      parasitic: options.mergeParasitic ?? file?.parasitic ?? 0,
      fullScale_V: vdd ?? nodeConstants(node, 'LSTP').vdd_V,
      temperature_K: temperature,
    };
  },
  effects: ({ law, at, unit_F, mismatch, parasitic, fullScale_V, temperature_K }: MergeErrors) => {
    if (!(mismatch >= 0 && mismatch <= 0.1 && parasitic >= 0 && parasitic <= 1))
      throw usageError('merged slices: mismatch from 0 to 0.1, parasitic from 0 to 1');
    const { units, output, gain, weights } = mergeLawOf({ law });
    return [
      {
        kind: 'mergeSpread',
        at,
        mismatch,
        units,
        weights: (shape, errors) => weights(shape, errors, parasitic),
      },
      {
        kind: 'mergeNoise',
        // Networks at the cells lie in parallel at the line of the sum.
        ofColumn: (shape, rows) => {
          const capacitance_F = output(shape) * unit_F * (at === 'cell' ? rows : 1);
          return thermalShare({ capacitance_F, fullScale_V: gain(shape) * fullScale_V, temperature_K });
        },
      },
    ];
  },
});

const unitOf = (
  { unit, at }: MergeParams,
  { capacitor }: { readonly capacitor?: number | undefined },
): number => unit ?? (at === 'cell' ? (capacitor ?? UNIT_F) : UNIT_F);
