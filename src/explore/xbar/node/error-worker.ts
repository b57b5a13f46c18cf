/** A worker thread that measures the error of crossbars, one point after another. */
import { parentPort } from 'node:worker_threads';
import { EXIT, type ExitCode, TrexError } from '../../../base/errors.ts';
import { wasmBackend } from '../../../numerics/mvm/wasm/backend.ts';
import type { XbarError } from '../../../report/xbar-row.ts';
import { type ErrorOptions, type ErrorPoint, xbarError } from '../error.ts';

export interface ErrorRequest {
  readonly id: number;
  readonly point: ErrorPoint;
  readonly options: ErrorOptions;
}

export type ErrorReply =
  | { readonly id: number; readonly error: XbarError }
  | { readonly id: number; readonly message: string; readonly exitCode: ExitCode; readonly isBug: boolean };

const backend = wasmBackend({ threads: 1 });

parentPort?.on('message', async ({ id, point, options }: ErrorRequest) => {
  parentPort?.postMessage(await reply(id, point, options));
});

async function reply(id: number, point: ErrorPoint, options: ErrorOptions): Promise<ErrorReply> {
  try {
    return { id, error: await xbarError(await backend, point, options) };
  } catch (error) {
    const isBug = !(error instanceof TrexError);
    const message = isBug ? String((error as Error).stack) : error.message;
    return { id, message, exitCode: isBug ? EXIT.failed : error.exitCode, isBug };
  }
}
