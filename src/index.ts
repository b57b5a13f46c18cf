/**
 * The library: chips, networks and crossbars, from files to figures. Nothing here touches a disk or a thread, so that it
 * runs in a browser; `index.node.ts` adds those. The nine questions of the command line are `run`, `compare`, `xbar`,
 * `noc`, `mvm`, `infer`, `accuracy`, `checkFiles` and the lists; each takes options as plain data, and hooks for what the
 * host brings: files, back ends, pauses.
 */

// Networks on crossbars with their noise: weights in, logits and accuracy out.
export { type AccuracyChip, type AccuracyHooks, accuracy, type JobStore } from './accuracy/accuracy.ts';
export {
  ACCURACY_DEFAULTS,
  type AccuracyOptions,
  type AccuracyRequest,
  accuracyOptions,
} from './accuracy/accuracy-options.ts';
export { type ArrayPlane, type ArrayView, type ArrayViewOptions, arrayView } from './accuracy/array-view.ts';
export type { CacheOptions } from './accuracy/cache-options.ts';
export {
  CALIBRATOR_NAMES,
  type CalibrationHooks,
  calibrateOn,
  calibratorOf,
} from './accuracy/calibration.ts';
export { type ChipAccuracyHooks, chipAccuracy } from './accuracy/chip-accuracy.ts';
export { type CollectOptions, collect, type Figures } from './accuracy/collect.ts';
export {
  CALIBRATION_INPUTS,
  CROSSBAR_DEFAULTS,
  CROSSBAR_RUN_DEFAULTS,
  type CrossbarRunOptions,
  OPERAND_BITS,
} from './accuracy/defaults.ts';
export {
  type AdcRange,
  type CrossbarDevices,
  crossbarDevice,
  crossbarDevices,
  type DeviceOptions,
} from './accuracy/device.ts';
export { type CrossbarTexts, deviceOptions, parseAdcRange } from './accuracy/device-options.ts';
export { type Evaluation, type EvaluationHooks, evaluate } from './accuracy/evaluate.ts';
export {
  type GenerateOptions,
  type GenerateRequest,
  type GenerateResult,
  generate,
} from './accuracy/generate.ts';
export {
  checkInferOptions,
  INFER_DEFAULTS,
  type InferHooks,
  type InferOptions,
  type InferRequest,
  type InferResult,
  infer,
  networkOptions,
  PRECISIONS,
} from './accuracy/infer.ts';
export {
  type Job,
  type JobOptions,
  type JobRecord,
  jobsOf,
  type NoiseSum,
  type Variant,
} from './accuracy/jobs.ts';
export {
  LANGUAGE_DEFAULTS,
  type LanguageHooks,
  type LanguageOptions,
  type LanguageRequest,
  languageAccuracy,
} from './accuracy/language.ts';
export {
  accuracyProfile,
  type MeasuredProfileHooks,
  measuredProfileCsv,
  type ProfileRequest,
} from './accuracy/measured-profile.ts';
export type { Tally } from './accuracy/metrics.ts';
export {
  MVM_DEFAULTS,
  type MvmHooks,
  type MvmOptions,
  type MvmRequest,
  type MvmResult,
  mvm,
} from './accuracy/mvm.ts';
export { type MvmTrial, type MvmTrialOptions, type MvmTrials, mvmTrials } from './accuracy/mvm-trials.ts';
export {
  type NetworkFile,
  type NetworkFileOptions,
  type NetworkFiles,
  openNetwork,
} from './accuracy/network-file.ts';
export { nextToken, type Sampling } from './accuracy/next-token.ts';
export type { ProgressHeader } from './accuracy/progress-header.ts';
export { type NetworkSource, Runner } from './accuracy/runner.ts';
export {
  readSamples,
  type Sample,
  type SampleOptions,
  type Samples,
  type SkippedSample,
} from './accuracy/samples.ts';
export { type ShareInterval, type Spread, spread, wilson95 } from './accuracy/statistics.ts';
export { parseSweep, type Sweep, sweptOptions } from './accuracy/sweep.ts';
export { SWEEPS, type SweepName, type SweepParameter } from './accuracy/sweep-parameters.ts';
export type { InventoryRow } from './arch/accounting-switches.ts';
export type { ChipCost } from './arch/build.ts';
// Files: chips, technologies and networks by name.
export type { ArchConfig } from './arch/config.ts';
export type { LoadArchOptions, LoadedArch, LoadedTech } from './arch/load.ts';
export type { Origin, OriginPlace } from './arch/origins.ts';
export type { PathCycles } from './arch/path-cycles.ts';
export { chipPeak, type Peak } from './arch/peak.ts';
export {
  type FileHash,
  type FileKind,
  type FileRef,
  type Files,
  type FileText,
  isPath,
  type RecordedFile,
  type StoredFile,
} from './arch/source-files.ts';
// Errors and units.
export { EXIT, type ExitCode, TrexError } from './base/errors.ts';
// Optimisation of the encoders that reuse attention, free search, and training.
export type { PartProgress, ProgressHooks } from './base/progress.ts';
export { type RandomStream, type StreamKey, streamKey } from './base/random.ts';
export type { RandomBytes } from './base/random-bytes.ts';
export { formatQuantity, parseQuantity } from './base/units.ts';
export { VERSION } from './base/version.ts';
// Data, and checkpoints.
export type { DataFiles, Entry, FileStat } from './data/data-files.ts';
export { type DataFormat, dataFormat, type Place } from './data/data-format.ts';
export type { DataOption, DataOptions, ReaderOptions } from './data/data-options.ts';
export type { DataKind, DataSet, Item } from './data/data-set.ts';
export { DATA_FORMATS } from './data/formats/all.ts';
export type { Centre, Crop, HeightWidth, Resize } from './data/geometry.ts';
export { type Canvas as InkCanvas, drawStroke, emptyCanvas, type PenStroke } from './data/glyphs/canvas.ts';
export type { Stroke } from './data/glyphs/shapes.ts';
export { writeIdx } from './data/idx-writer.ts';
export { memoryData } from './data/memory-data.ts';
export type { Normalization, NormalizationName } from './data/normalization.ts';
export { openData, takes } from './data/open-data.ts';
export { FILTERS, type Filter } from './data/resample.ts';
export { subset } from './data/subset.ts';
export {
  COUNTS as TASK_SIZES,
  checkTask,
  makeData,
  makingData,
  TASKS,
  type Task,
  type TaskFiles,
  type TaskName,
  type TaskOptions,
} from './data/tasks.ts';
// Comparisons, microbenchmarks of crossbars, the network on chip.
export {
  COMPARE_DEFAULTS,
  type CompareHooks,
  type CompareOptions,
  type CompareRequest,
  compare,
  type OpCount,
} from './explore/compare/compare.ts';
export { type IsoChoice, parseIso, parseIsoChoice } from './explore/compare/iso.ts';
export type { TrainedNetwork } from './explore/compare/target.ts';
export {
  type LinearCycles,
  linearCycles,
  type MaskedHead,
  type SplitCycles,
  type SplitMachine,
  type SplitNetwork,
  splitAttention,
  VITCOD,
} from './explore/dense-sparse.ts';
export {
  MAPPING_DEFAULTS,
  type MappingHooks,
  type MappingRequest,
  searchMapping,
} from './explore/mapping/map.ts';
export {
  arrivalRate,
  type ProfileHooks,
  type ProfileOptions,
  runProfile,
} from './explore/profile/profile.ts';
export type { Shard } from './explore/studies/blocks-of.ts';
export type { Constraint } from './explore/studies/constraint.ts';
export { frontText, type ShownFront } from './explore/studies/front-text.ts';
export type { Block, Job as PointJob, SealedRow } from './explore/studies/job.ts';
export type { MetricName } from './explore/studies/metric-names.ts';
export type { Designs, Point, Points } from './explore/studies/points.ts';
export type { Box, Progress as SearchProgress } from './explore/studies/rated.ts';
export type { Objective, SearchMethod, SearchSpec } from './explore/studies/search-spec.ts';
export { loadStudy, type Study } from './explore/studies/study.ts';
export type { Column, ColumnType } from './explore/studies/tables/columns.ts';
export type { Value, Values } from './explore/studies/value.ts';
export {
  SYSTEMS_DEFAULTS,
  type SystemRequest,
  type SystemsHooks,
  type SystemsOptions,
  systems,
} from './explore/systems/systems.ts';
export type { ErrorOptions, ErrorPoint } from './explore/xbar/error.ts';
export {
  planXbar,
  type SweptOptions,
  type XbarDevice,
  type XbarPlan,
  type XbarPoint,
  xbarPoints,
} from './explore/xbar/plan.ts';
export {
  parseEncodings,
  parseNodes,
  parseQuantities,
  parseRange,
  type QuantityRule,
  type RangeRule,
} from './explore/xbar/ranges.ts';
export { type Measure, xbarRows } from './explore/xbar/rows.ts';
export type { XbarSummary } from './explore/xbar/summary.ts';
export type { VariantOptions, XbarVariant } from './explore/xbar/variants.ts';
export {
  DEFAULT_TRIALS as XBAR_TRIALS,
  type ErrorPool,
  MEASURED_POINTS as XBAR_MEASURED_POINTS,
  type RowStore,
  type RowsHead,
  XBAR_DEFAULTS,
  type XbarHooks,
  type XbarOptions,
  type XbarRequest,
  type XbarRun,
  xbar,
} from './explore/xbar/xbar.ts';
export type { BufferLevel, PerLevel } from './hw/buffer-levels.ts';
export type { Chip } from './hw/chip.ts';
export type {
  AccumulatorComponent,
  AccumulatorLevel,
  Action,
  BufferComponent,
  ComponentId,
  CrossbarComponent,
  ExtraComponent,
  SoftmaxPhase,
} from './hw/components.ts';
export type { Controller, StepTime } from './hw/controller.ts';
export type { EnergyPart, Ledger, Meter } from './hw/ledger.ts';
export type {
  BatchResult as NocBatchResult,
  NocHooks,
  OpenLoopResult as NocOpenLoopResult,
  PairLatency,
} from './hw/noc/drive.ts';
export { type ChipPlace, type Floorplan, type GridFloorplan, gridFloorplan } from './hw/noc/floorplan.ts';
export {
  BROADCASTS as NOC_BROADCASTS,
  type Broadcast as NocBroadcast,
  type NocBlocks,
  type NocComponent,
  type NocDeclaration,
  type NocEnergy,
  type NocKind,
  type NocLayout,
  type NocOption,
  type NocOptions,
  type NocSite,
  nocKind,
} from './hw/noc/kind.ts';
export type { MulticastNoc, Noc, NocCounts } from './hw/noc/noc.ts';
export {
  NOC_DEFAULTS,
  type NocBatch,
  type NocOpenLoop,
  type NocResult,
  type NocRunOptions,
  type NocSetup,
  runNoc as noc,
} from './hw/noc/run.ts';
export { TRAFFIC_NAMES } from './hw/noc/traffic.ts';
export type {
  Fills,
  Layer as PlacedLayer,
  PeBlock,
  Step,
  StepDep,
  StepKind,
  TileBlock,
  TileWait,
  VectorWork,
} from './hw/program.ts';
export type { Placement, StandingTiles } from './map/place.ts';
export { SeenOperands } from './numerics/execute/adc-windows.ts';
export type { CalibrationWidths } from './numerics/execute/calibrate.ts';
export type {
  AnalogOptions,
  CrossbarDevice,
  DeviceChoice,
  LayerSettings,
} from './numerics/execute/crossbar-device.ts';
export type { ImageInput, ModelInput, TextInput } from './numerics/execute/input.ts';
export { KvCache } from './numerics/execute/kv-cache.ts';
export type { Matrix } from './numerics/execute/matrix.ts';
export type {
  LayerSnr,
  Network,
  RunOptions as NetworkRunOptions,
  RunResult as NetworkResult,
} from './numerics/execute/network.ts';
export { type NetworkOptions, prepare } from './numerics/execute/prepare.ts';
export { randomWeights } from './numerics/execute/random-weights.ts';
export type { SharedLayers } from './numerics/execute/shared-layers.ts';
export type { Compute } from './numerics/execute/unit.ts';
export { WindowFit } from './numerics/mvm/adc-window.ts';
export type {
  BackendInfo,
  MatrixWeights,
  MvmBackend,
  MvmHandle,
  MvmInput,
  MvmRun,
  MvmStats,
  OutputScale,
  ScaledRun,
} from './numerics/mvm/backend.ts';
export { type GpuBackend, gpuBackend } from './numerics/mvm/gpu/backend.ts';
export { GPU_MODES, type GpuMode } from './numerics/mvm/gpu/gpu-js.ts';
export type { InputPlane } from './numerics/mvm/input-planes.ts';
export { knowsAnswer } from './numerics/mvm/known-answer.ts';
export { multiply } from './numerics/mvm/multiply.ts';
export { program } from './numerics/mvm/program.ts';
export type { ProgrammedMatrix } from './numerics/mvm/programmed-matrix.ts';
export {
  type OnConversion,
  type ReadInputs,
  type ReadPlace,
  readConversions,
  referenceBackend,
} from './numerics/mvm/reference.ts';
export {
  type AdcSpec,
  type AdcWindow,
  type MvmPlan,
  type MvmSpec,
  planMvm,
} from './numerics/mvm/spec.ts';
export { type WasmOptions, wasmBackend } from './numerics/mvm/wasm/backend.ts';
export type { MvmPool } from './numerics/mvm/wasm/pool.ts';
export type { ColumnNoise, ConversionNoise } from './numerics/noise/column-noise.ts';
export type { Inl } from './numerics/noise/inl.ts';
export type { CacheQuantisation, Calibration, Quantisation } from './numerics/quantize/quantisation.ts';
export type { Calibrator, Observer, Range } from './numerics/quantize/range.ts';
// Training, and searches.
export { linearCka, type Representation } from './optimize/cka.ts';
// Runs of a network on a chip.
export { type ClosedForm, closedForm, closedFormApplies, type EncoderStack } from './optimize/closed-form.ts';
export {
  type Checkpoint,
  type Evaluation as TrainingEvaluation,
  EvaluationFailed,
  type EvaluationHooks as TrainingEvaluationHooks,
  type EvaluationJob,
  type Evaluator,
  type Stage,
} from './optimize/evaluator.ts';
export { type HardwareOptions, type HardwarePlan, planHardware } from './optimize/hardware.ts';
export {
  type CandidateTraining,
  type OptimizeOptions,
  optimize,
  type ResultOrigin,
} from './optimize/optimize.ts';
export {
  type CrossbarOptions,
  isTraining,
  type OptimizeFileOptions,
  optimizeDefaults,
} from './optimize/options.ts';
export type { Candidate as PatternCandidate, Plan } from './optimize/plan.ts';
export type { Measured } from './optimize/row.ts';
export {
  type Measurements,
  memoryStore,
  type Outcome,
  type OutcomeStore,
  type ProgressStore,
  type TrainedOutcome,
} from './optimize/store.ts';
export { type Figures as CostFigures, parseTarget, type TargetOptions } from './optimize/target.ts';
export type { Budget } from './optimize/train-candidates.ts';
export { type TrainingOptions, trainingEvaluator } from './optimize/training-evaluator.ts';
export type { Rated } from './pareto/dominance.ts';
export type { BatchProblem, Genome, Nsga2Options, Nsga2Result } from './pareto/nsga2.ts';
export { type Candidate, nsga2, type Problem } from './pareto/nsga2.ts';
export type {
  AccuracyPoint,
  AccuracyResult,
  LayerRow as AccuracyLayerRow,
  Scores,
  SpreadRow,
} from './report/accuracy-result.ts';
export type { ChipAccuracy, ChipAccuracyRequest } from './report/chip-accuracy.ts';
export {
  type Attribution,
  type Cause,
  type CitedValue,
  type ComparedFigures,
  type ComparedSubject,
  type Comparison,
  type Difference,
  type DifferenceRow,
  type DifferingValue,
  type ExpectedRow,
  ISO,
  type Iso,
  type IsoRow,
  type IsoTarget,
  type ProductSnr,
} from './report/comparison.ts';
export { layersCsv, type RunRows } from './report/csv.ts';
export type { DriftCompensationResult, DriftReadingResult } from './report/drift-readings.ts';
export type { Generation, GenerationFigures } from './report/generation.ts';
export { reportDocument } from './report/html/document.ts';
export type { FloorplanData, TileData } from './report/html/floorplan.ts';
export type { Roofline, RooflinePoint } from './report/html/roofline.ts';
export {
  HEADLINE,
  type Headline,
  type HeadlineName,
  type PageResult,
  type ReportBaseline,
  type RunReport,
} from './report/html/run-report.ts';
export {
  type StudyFailure,
  type StudyPoint,
  type StudyReport,
  type StudyValue,
  studyReport,
} from './report/html/study-report.ts';
export type { PackedTimeline } from './report/html/timeline.ts';
export type { Tree, TreeNode } from './report/html/trees.ts';
export {
  type LanguagePoint,
  type LanguageResult,
  type LanguageScores,
  languageCsv,
  languageTable,
} from './report/language-result.ts';
export {
  MAPPING_OBJECTIVES,
  type MappingObjective,
  type MappingResult,
  type MappingTrial,
} from './report/mapping-result.ts';
export { mappingText } from './report/mapping-table.ts';
export { type MeasuredProfile, type MeasuredRow, measuredProfileText } from './report/measured-profile.ts';
export type {
  OptimizeResult,
  OptimizeRow,
  OptimizeTarget,
  PatternRow as OptimizePatternRow,
  PublishedAccuracy,
  RowAccuracy,
  TargetMetric,
  TriedCount,
} from './report/optimize-result.ts';
export type { Percentiles } from './report/percentiles.ts';
export type { PipelineLimit, PipelineResult, ResourceRow, StageRow } from './report/pipeline-result.ts';
export type {
  ArrivalResult,
  Distribution,
  HistogramBin,
  ProfileResult,
  ProfileRow,
} from './report/profile-result.ts';
export { profileCsv, profileText } from './report/profile-table.ts';
export type {
  BreakdownRow,
  ComponentName,
  LayerRow,
  Lifetime,
  NetworkInput,
  Result,
  RunOptions,
  RunOutput,
} from './report/result.ts';
export { runSummary } from './report/summary.ts';
export type { SystemFigures, SystemRow, SystemsTable } from './report/system-row.ts';
export {
  type TrialMean,
  XBAR_METRICS,
  type XbarError,
  type XbarMetric,
  type XbarMetricName,
  type XbarRow,
} from './report/xbar-row.ts';
export { ARRIVAL_GRAMMAR, type Arrival, parseArrival, type RatedArrival } from './run/arrivals.ts';
export { type BatchMade, batchWarnings } from './run/batch-warnings.ts';
export { type CheckReport, checkFiles, kindOfFile, type OtherKind } from './run/check.ts';
export { differenceWarnings } from './run/differences.ts';
export { type FitLayer, type FitReport, fitReport, type LayerStay } from './run/fit-report.ts';
export { type FrameRecorder, type Frames, recordFrames } from './run/frames.ts';
export { type FileRow, fileRows, modelRows, patternRows } from './run/list.ts';
export {
  type LoadedFor,
  type LoadedModel,
  type LoadTechOptions,
  loadArchFrom,
  loadModelFrom,
  loadTechFrom,
  type SetOptions,
} from './run/load.ts';
export { buildMachine, type Machine, type RunPlan, type RunSpec, type Site } from './run/machine.ts';
export { memoryFiles } from './run/memory-files.ts';
export { type ReportedRun, type ReportHooks, runReported } from './run/report.ts';
export { type Rerun, requestOfConfig, rerunOf } from './run/rerun.ts';
export {
  configOf,
  loadRun,
  type MeasureAccuracy,
  type MeasuredChip,
  RUN_DEFAULTS,
  type Run,
  type RunHooks,
  type RunInput,
  type RunRequest,
  run,
  runLoaded,
  runOptions,
  runSpecOf,
} from './run/run.ts';
export { schemaFile } from './run/schema-file.ts';
export { type SimulateHooks, simulate } from './run/simulate.ts';
export { storedFiles } from './run/stored-files.ts';
export { type Design, type DesignSpace, designOf as designOfGenome, designText } from './search/design.ts';
export { type FreeDesign, type FreeResult, type FreeSearch, freeSearch } from './search/free-search.ts';
export { type FrontDesign, frontCsv, frontDesigns, frontFigure, frontTable } from './search/front.ts';
export type { Keep } from './search/keep.ts';
export type { KeepLoss } from './search/keep-loss.ts';
export {
  type LossModel,
  type LossModelOptions,
  type LossParts,
  lossModel,
  type PartialTraining,
  predictedLoss,
} from './search/loss-model.ts';
export type { NoiseTable } from './search/noise-loss.ts';
export { type SearchFileOptions, searchDefaults } from './search/options.ts';
export { type PredictionQuality, predictionQuality, qualityText } from './search/prediction-quality.ts';
export type { ReuseLoss, ReuseSample } from './search/reuse-loss.ts';
export { type SearchOptions, type SearchResult, search } from './search/search.ts';
export { designSpace, type Technology } from './search/space.ts';
export type { Clock } from './sim/clock.ts';
export type { Component, Stat } from './sim/component.ts';
export type { Handler, Kernel } from './sim/kernel.ts';
export type { Listener, ProbePoint } from './sim/probe.ts';
export type { Served } from './sim/resource.ts';
export type { Phase } from './sim/tick.ts';
export type { BufferCost } from './tech/buffer-cost.ts';
export {
  type Breakdown,
  COMPONENTS as CROSSBAR_COMPONENTS,
  type Part as BreakdownPart,
} from './tech/circuit/breakdown.ts';
export {
  type CalibrationFactors,
  type CircuitCalibration,
  type CrossbarDesign,
  type CrossbarFigures,
  type DesignFinding,
  type DesignPoint,
  designWith,
  type GivenFigures,
  type PlaneSteps,
  type SliceMerge,
  type WriteScheme,
} from './tech/circuit/design.ts';
export { evaluateCrossbar } from './tech/circuit/evaluate.ts';
export type { Fill } from './tech/circuit/fill.ts';
export type { Roadmap } from './tech/circuit/nodes.ts';
export type {
  CrossbarCost,
  CrossbarUse,
  EnergyPart as CrossbarEnergyPart,
  PlaneTiming,
  Programming,
} from './tech/crossbar-cost.ts';
export { designOf, type WordBits } from './tech/design-of.ts';
export type { Devices, LayerDevice } from './tech/devices.ts';
export type { DriftReferences } from './tech/drift-compensation.ts';
export { COMPENSATIONS, type CompensationScope } from './tech/drift-compensation-schema.ts';
export { ENCODING_NAMES, type EncodingName } from './tech/encodings.ts';
export {
  type DeviceWithNoise,
  deviceNoise,
  IDEAL,
  type Noise,
  type NoiseModel,
  type NoiseOptions,
  type NoiseSweep,
} from './tech/noise-model.ts';
export type { NoiseClock } from './tech/noise-term.ts';
export type { CrossbarPart, PePlace, StandingPart } from './tech/pe-parts.ts';
export type { Circuit, Device, Digital, Macro, VectorEntry } from './tech/schema.ts';
export type { ReferenceLevels, WeightSlice } from './tech/weight-encoding.ts';
export type { TeacherOutputs } from './train/batches.ts';
export { readTrainData, type TrainData } from './train/data.ts';
export type {
  Checkpoint as TrainCheckpoint,
  Ending,
  KnownNetwork,
  Progress as TrainProgress,
  TrainHooks,
  TrainOptions,
  TrainResult,
} from './train/options.ts';
export type { Scores as TrainScores, Threads } from './train/predict.ts';
export { predict, scoresOf } from './train/predict.ts';
export { fullRecipe, type Recipe } from './train/recipe.ts';
export type { EpochRecord } from './train/state.ts';
export type { Helpers, StartHelpers } from './train/step/engine.ts';
export { train } from './train/train.ts';
export type { Variation } from './train/variation/options.ts';
export type { ThreadPool } from './wasm/pool.ts';
export type { AttentionOptions } from './workload/attention.ts';
export type { Causal } from './workload/causal.ts';
export type { ConvWindow } from './workload/conv-window.ts';
export type { MacTotals } from './workload/count.ts';
export type { DecoderStep, StepOptions } from './workload/decoder-step.ts';
export type { Graph, GraphOptions } from './workload/graph.ts';
// Networks as graphs.
export { buildGraph } from './workload/graph.ts';
export { type ConfigOptions, modelFromConfigJson } from './workload/import/config-json.ts';
export { type LoadedWeights, loadWeights } from './workload/import/load-weights.ts';
export { modelFromShapes, type ShapeOptions } from './workload/import/model-from-shapes.ts';
export type { LinearWeights, ModelWeights } from './workload/import/model-weights.ts';
export { type NpyArray, type NpyData, parseNpy } from './workload/import/npy.ts';
export { writeNpy } from './workload/import/npy-writer.ts';
export { type NpzOptions, npzTensors, parseNpz } from './workload/import/npz.ts';
export { parseSafetensors, type Safetensors } from './workload/import/safetensors.ts';
export { type TensorToWrite, writeSafetensors } from './workload/import/safetensors-writer.ts';
export { weightTensors } from './workload/import/save-weights.ts';
export type { Tensor, Tensors } from './workload/import/tensor.ts';
export type { TimmFields } from './workload/import/timm-fields.ts';
export type { ModelConfig } from './workload/model.ts';
export type {
  Dep,
  DynamicOp,
  ExpertChoice,
  FilterCopies,
  GroupedOp,
  LayoutOp,
  Op,
  Stage as OpStage,
  StaticOp,
  TokensOp,
  VectorOp,
} from './workload/op.ts';
export { type PatternKind, patternKinds } from './workload/patterns.ts';
export type { Pruning } from './workload/pruning.ts';
export {
  parseReuse,
  REUSE_GRAMMAR,
  type ReusePlan,
  type ReuseRoom,
  type ReuseSpace,
  reusePlan,
} from './workload/reuse.ts';
export { reuseSpace } from './workload/reuse-space.ts';
export type { Rotary, RotaryOptions } from './workload/rotary.ts';
export type { Size } from './workload/size.ts';
export { listPatterns, type ModelSummary, modelSummary, type PatternRow } from './workload/summary.ts';
export type { Affine, Distances, EmbeddingTables, Reduction, Routes } from './workload/vector-function.ts';
export type { WeightCodec } from './workload/weight-codec.ts';
