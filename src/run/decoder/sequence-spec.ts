/** A decoder on a chip, with what it is asked to write. */
import type { Generation } from '../../report/generation.ts';
import type { RunSpec } from '../machine.ts';

/** A run of a decoder, with its files loaded. */
export interface SequenceSpec extends Pick<RunSpec, 'arch' | 'model' | 'reuse' | 'seed' | 'fold'> {
  readonly generation: Generation;
}
