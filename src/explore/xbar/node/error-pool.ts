/** Measures the errors of crossbars on worker threads: no memory that they share, but whole points, each to whichever thread is free. */
import type { XbarError } from '../../../report/xbar-row.ts';
import { startAskPool } from '../../../wasm/node/ask-pool.ts';
import { siblingScript } from '../../../wasm/node/thread.ts';
import type { ErrorOptions, ErrorPoint } from '../error.ts';
import type { ErrorPool } from '../xbar.ts';

export interface ErrorRequest {
  readonly point: ErrorPoint;
  readonly options: ErrorOptions;
}

/** Starts `threads` workers, which keep the process alive while they measure. */
export function startErrorPool(threads: number, options: ErrorOptions): ErrorPool {
  const script = siblingScript(import.meta.url, 'error-worker');
  const pool = startAskPool<ErrorRequest, XbarError>(script, threads);
  return { threads, measure: point => pool.ask({ point, options }), close: pool.close };
}
