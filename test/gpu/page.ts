/** The side of the browser: runs the checks in one mode of gpu.js and posts every line to the server that gave the page. */
import { gpuBackend } from '../../src/numerics/mvm/gpu/backend.ts';
import { runChecks } from './checks.ts';

/** `post` sends text to a path of the server. Ends with the number of failed checks in `/done`. */
export async function runPage(
  mode: string,
  post: (path: string, text: string) => Promise<void>,
): Promise<void> {
  try {
    const backend = await gpuBackend({ mode: mode as 'webgl2' });
    await post('/line', `${mode} in the browser on ${backend.info.device}`);
    const failed = await runChecks(backend, line => post('/line', line));
    await backend.dispose();
    await post('/done', String(failed));
  } catch (error) {
    await post('/line', `FAILED  ${mode}: ${error}`);
    await post('/done', '1');
  }
}
