/** The library on Node: what `index.ts` has, with the files of this machine and its threads. */
export { diskFiles, openDiskData } from './data/node/disk-files.ts';
export { startErrorPool } from './explore/xbar/node/error-pool.ts';
export * from './index.ts';
/** On as many threads as are asked for; that of `index.ts` has one. */
export { wasmBackend } from './numerics/mvm/node/wasm-backend.ts';
export { nodeFiles } from './run/node/files.ts';
export { loadArch, loadModel, loadTech } from './run/node/load.ts';
export { startThreads } from './train/node/threads.ts';
