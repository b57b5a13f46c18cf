/** What is read again and again to make up for drift, and what that takes. */
import type { CompensationScope } from '../tech/drift-compensation-schema.ts';

/** The readings of one technology's crossbars. */
export interface DriftReadingResult {
  readonly tech: string;
  readonly scope: CompensationScope;
  /** Of one reading; `columns` of each array hold references, 0: those of weights are read. */
  readonly vectors: number;
  readonly columns: number;
  /** From one to the next. */
  readonly interval_s: number;
  readonly crossbars: number;
  /** Of one reading of all of them. */
  readonly energy_J: number;
  readonly time_s: number;
}

/** Of a chip that makes up for drift. */
export interface DriftCompensationResult {
  readonly readings: readonly DriftReadingResult[];
  /** In which the chip reads references and nothing else; the throughput is less by it. */
  readonly shareOfTime: number;
  /** Of one image, part of its energy. */
  readonly energy_J: number;
}
