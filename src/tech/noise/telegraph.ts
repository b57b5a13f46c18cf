/**
 * Random telegraph noise: a trap near the conducting path holds an electron or does not, and a cell whose trap is filled
 * conducts less by a fixed share (Ielmini, Nardi and Cagli, Applied Physics Letters 96, 053503 (2010), for RRAM). Traps are
 * slow against one image: each cell is caught in one of its two states, once per chip. One trap a cell with the same share
 * at every level is assumed; in filaments the share grows as the conductance falls.
 */
import { usageError } from '../../base/errors.ts';
import { block, quantity } from '../../base/fields.ts';
import { noiseTerm } from '../noise-term.ts';

export interface Telegraph {
  /** What a cell with a filled trap lacks, as a share of its conductance. */
  readonly amplitude: number;
  /** Of a filled trap. */
  readonly probability: number;
}

const share = { min: 0, max: 1 };

export const term = noiseTerm({
  name: 'telegraph',
  place: 50,
  of: 'cells',
  schema: block({
    amplitude: quantity('%', share).meta({
      description: 'of its conductance that a cell with a filled trap lacks',
    }),
    probability: quantity('%', share).prefault('50 %').meta({ description: 'of a filled trap' }),
  }),
  numbers: {
    telegraph: {
      option: 'telegraphAmplitude',
      label: 'Telegraph noise amplitude',
      min: 0,
      max: 1,
      own: file => file?.amplitude ?? 0,
    },
    telegraphProbability: {
      option: 'telegraphProbability',
      label: 'Probability of a filled trap',
      min: 0,
      max: 1,
      own: file => file?.probability,
    },
  },
  choices: {},
  params: ({ file, options }): Telegraph | undefined => {
    const amplitude = options.telegraphAmplitude ?? file?.amplitude;
    const probability = options.telegraphProbability ?? file?.probability ?? 0.5;
    if (amplitude === undefined) {
      if (options.telegraphProbability === undefined) return undefined;
      throw usageError(
        'this technology has no telegraph noise: give it an amplitude, e.g. --set tech.noise.telegraph.amplitude="5 %"',
      );
    }
    return amplitude === 0 || probability === 0 ? undefined : { amplitude, probability };
  },
  effects: ({ amplitude, probability }: Telegraph) => {
    if (!(amplitude >= 0 && amplitude <= 1 && probability >= 0 && probability <= 1))
      throw usageError(`telegraph noise: shares from 0 to 1, got ${amplitude} and ${probability}`);
    return [{ kind: 'partialLoss', probability, share: amplitude }];
  },
});
