/** A worker thread that measures the error of crossbars, one point after another. */
import { wasmBackend } from '../../../numerics/mvm/wasm/backend.ts';
import type { XbarError } from '../../../report/xbar-row.ts';
import { serve } from '../../../wasm/node/serve.ts';
import { xbarError } from '../error.ts';
import type { ErrorRequest } from './error-pool.ts';

const backend = wasmBackend({ threads: 1 });

serve<ErrorRequest, XbarError>(async ({ point, options }) => xbarError(await backend, point, options));
