/** A worker thread that runs networks on a chip, one after another. */
import type { SystemFigures } from '../../../report/system-row.ts';
import { nodeFiles } from '../../../run/node/files.ts';
import { serve } from '../../../wasm/node/serve.ts';
import { measureSystem, type SystemRequest } from '../systems.ts';

serve<SystemRequest, SystemFigures>(request => measureSystem(request, nodeFiles));
