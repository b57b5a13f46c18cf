/** The functional core as a library: checkpoints, data, networks on crossbars with their noise, and accuracy. */
export { calibrateOn, calibratorOf } from './accuracy/calibration.ts';
export { type CollectOptions, collect, type Figures } from './accuracy/collect.ts';
export {
  type CrossbarDevices,
  crossbarDevice,
  crossbarDevices,
  type DeviceOptions,
} from './accuracy/device.ts';
export { deviceNoise, type NoiseOptions } from './accuracy/device-noise.ts';
export { type Evaluation, evaluate } from './accuracy/evaluate.ts';
export { type Job, type JobRecord, jobsOf } from './accuracy/jobs.ts';
export { type MvmTrialOptions, type MvmTrials, mvmTrials } from './accuracy/mvm-trials.ts';
export { type NetworkSource, Runner } from './accuracy/runner.ts';
export { readSamples, type Sample, type Samples } from './accuracy/samples.ts';
export { type Spread, spread } from './accuracy/statistics.ts';
export { parseSweep, type Sweep, sweptOptions } from './accuracy/sweep.ts';
export { streamKey } from './base/random.ts';
export type { DataSet, Item } from './data/data-set.ts';
export { openDiskData } from './data/node/disk-files.ts';
export { type DataOptions, openData } from './data/open-data.ts';
export { subset } from './data/subset.ts';
export { SeenOperands } from './numerics/execute/adc-windows.ts';
export type { AnalogOptions, CrossbarDevice } from './numerics/execute/crossbar-device.ts';
export type { ModelInput } from './numerics/execute/input.ts';
export type { Matrix } from './numerics/execute/matrix.ts';
export type { LayerSnr, Network, RunOptions, RunResult } from './numerics/execute/network.ts';
export { type NetworkOptions, prepare } from './numerics/execute/prepare.ts';
export { randomWeights } from './numerics/execute/random-weights.ts';
export { WindowFit } from './numerics/mvm/adc-window.ts';
export type { MvmBackend, MvmStats } from './numerics/mvm/backend.ts';
export { gpuBackend } from './numerics/mvm/gpu/backend.ts';
export { GPU_MODES, type GpuMode } from './numerics/mvm/gpu/gpu-js.ts';
export { multiply } from './numerics/mvm/multiply.ts';
export { program } from './numerics/mvm/program.ts';
export { referenceBackend } from './numerics/mvm/reference.ts';
export { type AdcSpec, type MvmPlan, type MvmSpec, planMvm } from './numerics/mvm/spec.ts';
export { wasmBackend } from './numerics/mvm/wasm/backend.ts';
export { IDEAL, type NoiseModel } from './numerics/noise/model.ts';
export type { Calibration, Quantisation } from './numerics/quantize/quantisation.ts';
export { readTrainData, type TrainData } from './train/data.ts';
export { startThreads } from './train/node/threads.ts';
export { predict, scoresOf } from './train/predict.ts';
export { fullRecipe, type Recipe } from './train/recipe.ts';
export { trainNetwork } from './train/train-network.ts';
export { modelFromConfigJson } from './workload/import/config-json.ts';
export { modelFromShapes } from './workload/import/infer-timm.ts';
export { loadWeights } from './workload/import/load-weights.ts';
export type { ModelWeights } from './workload/import/model-weights.ts';
export { parseNpy } from './workload/import/npy.ts';
export { writeNpy } from './workload/import/npy-writer.ts';
export { npzTensors, parseNpz } from './workload/import/npz.ts';
export { parseSafetensors } from './workload/import/safetensors.ts';
export { writeSafetensors } from './workload/import/safetensors-writer.ts';
export { weightTensors } from './workload/import/save-weights.ts';
