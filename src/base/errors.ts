/** Errors that a user can act on: one message, the exit code that scripts rely on, no stack trace. */

/** What `trex` exits with. */
export const EXIT = { ok: 0, failed: 1, usage: 2, invalidFile: 3, missing: 4, interrupted: 130 } as const;
/** 0 ok, 1 failed, 2 usage, 3 invalid file, 4 missing file, 130 interrupted. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A failure with a message for the user; anything else that is thrown is a bug. */
export class TrexError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.failed) {
    super(message);
    this.name = 'TrexError';
    this.exitCode = exitCode;
  }
}

/** A bad option, on the command line or of a call. */
export const usageError = (message: string): TrexError => new TrexError(message, EXIT.usage);

/** A file or a folder that is not there, or cannot be read. */
export const missingError = (message: string): TrexError => new TrexError(message, EXIT.missing);

/** A name that is not there, with the nearest one that is. */
export function unknownName(kind: string, name: string, known: readonly string[]): TrexError {
  const near = nearest(name, known);
  const hint = near === undefined ? `known: ${known.join(', ')}` : `did you mean ${near}?`;
  return usageError(`unknown ${kind} '${name}': ${hint}`);
}

/** The known name closest to `name` by edit distance, if it is close enough to be a slip. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 2)) + 1;
  for (const k of known) {
    const d = editDistance(name.toLowerCase(), k.toLowerCase());
    if (d < least) [best, least] = [k, d];
  }
  return best;
}

/** The `count` known names with the least edit distance, nearest first, whether or not they are close. */
export function nearestFew(name: string, known: readonly string[], count: number): string[] {
  const distances = new Map(known.map(k => [k, editDistance(name.toLowerCase(), k.toLowerCase())]));
  return known.toSorted((a, b) => distances.get(a)! - distances.get(b)!).slice(0, count);
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
