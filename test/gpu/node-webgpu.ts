/**
 * Checks mode webgpu of gpu.js in Node: `node dist/test/gpu/node-webgpu.js`. The package webgpu comes from the folder in
 * TREX_GPU_MODULES, and its Vulkan driver from VK_ICD_FILENAMES: SwiftShader stands in for a GPU.
 */
import { createRequire, register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gpuBackend } from '../../src/numerics/mvm/gpu/backend.ts';
import { runChecks } from './checks.ts';

const folder = process.env.TREX_GPU_MODULES;
if (folder !== undefined) {
  const url = pathToFileURL(createRequire(join(folder, 'package.json')).resolve('webgpu')).href;
  const hook = `export const resolve = (name, context, next) =>
    name === 'webgpu' ? { url: ${JSON.stringify(url)}, shortCircuit: true } : next(name, context);`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

const backend = await gpuBackend({ mode: 'webgpu' });
console.log(`webgpu in Node on ${backend.info.device}`);
const failed = await runChecks(backend, console.log);
await backend.dispose();
process.exitCode = failed === 0 ? 0 : 1;
