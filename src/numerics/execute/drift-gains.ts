/** The factors against drift of the layers of a chip: each is found when a run first needs it, and kept. */
import { usageError } from '../../base/errors.ts';
import type { DriftReferences } from '../../tech/drift-compensation.ts';
import type { MvmBackend } from '../mvm/backend.ts';
import { gainOf, type Readings, type ReferenceMatrix, readReferences } from '../mvm/drift-reading.ts';
import type { Matrix } from './matrix.ts';

interface Layer {
  readonly references: DriftReferences;
  /** Its arrays, in the order in which they are read. */
  readonly matrices: () => readonly ReferenceMatrix[];
  readings?: Promise<Readings>;
}

export class DriftGains {
  readonly #backend: MvmBackend;
  readonly #layers = new Map<string, Layer>();

  constructor(backend: MvmBackend) {
    this.#backend = backend;
  }

  /** A layer whose crossbars make up for drift, by op id. */
  add(id: string, references: DriftReferences, matrices: Layer['matrices']): void {
    this.#layers.set(id, { references, matrices });
  }

  /** How many times the sums of a layer count; undefined where it is not compensated. */
  async of(id: string): Promise<number | undefined> {
    const layer = this.#layers.get(id);
    if (layer === undefined) return undefined;
    if (layer.references.scope === 'layer') return gainOf(await this.#readingsOf(layer));
    let [programmed, read] = [0, 0];
    for (const one of this.#layers.values()) {
      if (one.references.scope !== 'global') continue;
      const readings = await this.#readingsOf(one);
      programmed += readings.programmed;
      read += readings.read;
    }
    return gainOf({ programmed, read });
  }

  #readingsOf(layer: Layer): Promise<Readings> {
    layer.readings ??= this.#read(layer);
    return layer.readings;
  }

  async #read({ references, matrices }: Layer): Promise<Readings> {
    let [programmed, read] = [0, 0];
    for (const matrix of matrices()) {
      const readings = await readReferences(this.#backend, matrix, references);
      programmed += readings.programmed;
      read += readings.read;
    }
    return { programmed, read };
  }
}

/** The inputs that a layer is read with. @throws TrexError (usage) where no calibration has found any. */
export function referenceRows(id: string, references: Readonly<Record<string, Matrix>> = {}): Matrix {
  const rows = references[id];
  if (rows !== undefined) return rows;
  throw usageError(
    `drift compensation of ${id} reads inputs that a calibration has seen: give the references of SeenOperands.settings()`,
  );
}
