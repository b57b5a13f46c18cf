/** What the results of an accuracy run depend on: progress that was begun with something else is another run's. */
export interface ProgressHeader {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly run: Readonly<Record<string, unknown>>;
  readonly backend: Readonly<Record<string, unknown>>;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly data: string;
}
