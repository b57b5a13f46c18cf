/** The library on Node: what `index.ts` has, with the files of this machine and its threads. */
export { diskFiles, openDiskData } from './data/node/disk-files.ts';
export { type DryRun, dryRun, dryRunText } from './explore/studies/node/dry-run.ts';
export type { Engine, EngineHooks } from './explore/studies/node/engine.ts';
export type { DataPlace } from './explore/studies/node/evaluation-host.ts';
export { type Exported, type ExportOptions, exportTable } from './explore/studies/node/export-table.ts';
export { writeFront } from './explore/studies/node/front-files.ts';
export { inlineEngine } from './explore/studies/node/inline-engine.ts';
export { type MergeOutcome, merge } from './explore/studies/node/merge.ts';
export { type PoolOptions, poolEngine } from './explore/studies/node/pool-engine.ts';
export { type EngineUrl, parseEngineUrl } from './explore/studies/node/redis/engine-url.ts';
export { type RedisEngineOptions, redisEngine } from './explore/studies/node/redis/redis-engine.ts';
export { type WorkOptions, workOnStudies } from './explore/studies/node/redis/redis-worker.ts';
export { RESULTS } from './explore/studies/node/results-file.ts';
export {
  type FrontPoint,
  type SearchedStudy,
  type SearchOutcome,
  searchStudy,
} from './explore/studies/node/search-study.ts';
export { type SweepOptions, type SweepOutcome, sweep } from './explore/studies/node/sweep.ts';
export { TABLE_FORMATS, type TableFormat } from './explore/studies/node/table-writers.ts';
export { startSystemPool } from './explore/systems/node/system-pool.ts';
export { startErrorPool } from './explore/xbar/node/error-pool.ts';
export * from './index.ts';
export { type BackendCheck, checkBackends } from './numerics/mvm/node/doctor.ts';
export {
  BACKENDS,
  type BackendOptions,
  backendText,
  defaultThreads,
  openBackend,
} from './numerics/mvm/node/open-backend.ts';
/** On as many threads as are asked for; that of `index.ts` has one. */
export { wasmBackend } from './numerics/mvm/node/wasm-backend.ts';
export {
  type OptimizedFiles,
  type OptimizeFileHooks,
  optimizeFiles,
} from './optimize/node/optimize-files.ts';
export {
  TRAIN_DEFAULTS,
  type TrainFileHooks,
  type TrainFileOptions,
  type TrainFileResult,
  trainFiles,
} from './optimize/node/train-files.ts';
export { nodeFiles, PACKAGE } from './run/node/files.ts';
export { loadArch, loadModel, loadTech } from './run/node/load.ts';
export { reportScript } from './run/node/report-script.ts';
export { type SearchedFiles, searchFiles } from './search/node/search-files.ts';
export { startThreads } from './train/node/threads.ts';
export { validationPage } from './validate/page.ts';
export type { AskPool } from './wasm/node/ask-pool.ts';
