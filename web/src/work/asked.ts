/** A run, and the files that it reads. */

/** A run as the page asks for it: the words of `trex run`. */
export interface Asked {
  readonly arch: string;
  readonly model: string;
  readonly tech: string | null;
  readonly reuse: string;
  readonly tokens: number | null;
  readonly seed: number;
  readonly set: readonly string[];
}

/** Files of the visitor, by path: what was dropped, or lies in the folders that `trex ui` serves. */
export type UserFiles = Readonly<Record<string, string>>;

export interface RunQuestion {
  readonly asked: Asked;
  readonly files: UserFiles;
}
