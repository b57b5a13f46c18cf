/** What travels to whoever evaluates points, and what comes back: plain data, without code and without paths to read. */
import type { StoredFile } from '../../arch/source-files.ts';
import { EXIT, type ExitCode } from '../../base/errors.ts';
import { sealedLine } from '../../base/sealed.ts';
import type { MetricName } from './metric-names.ts';
import type { Values } from './value.ts';

/** Of the rows of a study. */
export const ROW_SCHEMA_VERSION = 1;

/** One point. */
export interface Job {
  /** The hash of all that its row depends on: `h` and 32 hexadecimal digits. */
  readonly id: string;
  /** Of the values that the study varies, by the paths that it names. */
  readonly point: Values;
  readonly seed: number;
  /** SHA-256 of the files that the point reads, the first 16 digits. */
  readonly inputs: string;
}

/** Some points with all that they need: whoever gets a block needs nothing else of the study. */
export interface Block {
  readonly version: string;
  readonly metrics: readonly MetricName[];
  /** What all points have, by path. */
  readonly iso: Values;
  /** Every file that a point of the block reads, with its text. */
  readonly files: readonly StoredFile[];
  readonly jobs: readonly Job[];
}

/** What is known of where a row comes from. */
export interface RowProvenance {
  readonly version: string;
  /** As of its job. */
  readonly inputs: string;
  /** Where crossbars were computed: of mvm and accuracy. */
  readonly backend?: string;
}

/** One point with what was measured: `run` at the top level, other metrics under their names, or `error`. */
export interface Row {
  readonly schemaVersion: typeof ROW_SCHEMA_VERSION;
  readonly id: string;
  readonly point: Values;
  readonly seed: number;
  readonly error?: { readonly message: string; readonly exitCode: ExitCode };
  readonly provenance: RowProvenance;
  readonly [metric: string]: unknown;
}

/** A row as it is kept: its line, behind its checksum and with its end. Text travels faster than what it says. */
export interface SealedRow {
  readonly id: string;
  readonly line: string;
  /** Of a row with an error: its message. */
  readonly error?: string;
}

/** The row of a point that whoever evaluated it could not end. */
export const failedRow = (
  { version }: Pick<Block, 'version'>,
  { id, point, seed, inputs }: Job,
  message: string,
): SealedRow =>
  sealedRow({
    schemaVersion: ROW_SCHEMA_VERSION,
    id,
    point,
    seed,
    error: { message, exitCode: EXIT.failed },
    provenance: { version, inputs },
  });

export const sealedRow = (row: Row): SealedRow => ({
  id: row.id,
  line: sealedLine(row),
  ...(row.error !== undefined && { error: row.error.message }),
});
