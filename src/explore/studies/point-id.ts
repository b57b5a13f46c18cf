/** The name of a point: a hash of all that its row depends on, so that a point that is done is known wherever it was done. */
import type { FileHash } from '../../arch/source-files.ts';
import { VERSION } from '../../base/version.ts';
import { ROW_SCHEMA_VERSION } from './job.ts';
import type { MetricName } from './metric-names.ts';
import { CanonicalOn, type Values } from './value.ts';

const DIGITS = 32;

/** SHA-256 of a text, hexadecimal; the host brings it. */
export type Hash = (text: string) => string;

export interface IdInput {
  readonly metrics: readonly MetricName[];
  /** What stays and what varies, together: which of both a value is changes nothing. */
  readonly values: Values;
  /** What stays, where `values` are only what varies. */
  readonly iso?: Values;
  readonly seed: number;
  /** The hash of the files that the point reads. */
  readonly inputs: string;
}

/** The hash of files by their names and contents. */
export const inputsHash = (files: readonly FileHash[], hash: Hash): string =>
  hash(
    files
      .map(({ path, sha256 }) => `${sha256} ${path}`)
      .sort()
      .join('\n'),
  ).slice(0, INPUT_DIGITS);

const INPUT_DIGITS = 16;

/** `h` and hexadecimal digits: never a number, never a `:`. */
export function pointId({ metrics, values, iso = NOTHING, seed, inputs }: IdInput, hash: Hash): string {
  const head = `${VERSION} ${ROW_SCHEMA_VERSION} ${[...metrics].sort().join(',')} ${seed} ${inputs} `;
  return `h${hash(head + onIso(iso).text(values)).slice(0, DIGITS)}`;
}

const NOTHING: Values = {};
/** By what stays, which is one object for all points of a study. */
const known = new WeakMap<Values, CanonicalOn>();

function onIso(iso: Values): CanonicalOn {
  const found = known.get(iso) ?? new CanonicalOn(iso);
  known.set(iso, found);
  return found;
}
