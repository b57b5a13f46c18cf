/** How a long call of the library says how far it is, and learns that it should stop. */

export interface PartProgress {
  /** The part of the work: calls have several, one after another. */
  readonly label: string;
  /** What is counted. */
  readonly unit: string;
  readonly done: number;
  readonly total: number;
}

/** What a long call tells its caller. */
export interface ProgressHooks {
  /** Called as the work goes on. */
  readonly onProgress?: ((progress: PartProgress) => void) | undefined;
  /** Called often, so that signals and timers get in; throws to stop the call. */
  readonly pause?: (() => Promise<void>) | undefined;
}
