/** The library: load files, run a network on a chip, read the Result. */
export type { ArchConfig } from './arch/config.ts';
export type { LoadedArch } from './arch/load.ts';
export { chipPeak, type Peak } from './arch/peak.ts';
export { EXIT, TrexError } from './base/errors.ts';
// Optimise, search, train: calls on files and threads are in folders named node.
export type { PartProgress, ProgressHooks } from './base/progress.ts';
export { formatQuantity, parseQuantity } from './base/units.ts';
export { VERSION } from './base/version.ts';
export { type CompareHooks, type CompareWords, compare } from './explore/compare/compare.ts';
export { planXbar, type XbarPlan, type XbarWords, xbarPoints } from './explore/xbar/plan.ts';
export { xbarRows } from './explore/xbar/rows.ts';
export * from './functional.ts';
export { type Floorplan, type GridFloorplan, gridFloorplan } from './hw/noc/floorplan.ts';
export { type NocKind, type NocSite, nocKind } from './hw/noc/kind.ts';
export type { Noc, NocCounts } from './hw/noc/noc.ts';
export { type NocResult, type NocRunOptions, runNoc } from './hw/noc/run.ts';
export { linearCka, type Representation } from './optimize/cka.ts';
export { type ClosedForm, closedForm, closedFormApplies, type EncoderStack } from './optimize/closed-form.ts';
export {
  type Checkpoint,
  type Evaluation as TrainingEvaluation,
  EvaluationFailed,
  type EvaluationHooks,
  type EvaluationJob,
  type Evaluator,
  type Stage,
} from './optimize/evaluator.ts';
export { type HardwareOptions, type HardwarePlan, planHardware } from './optimize/hardware.ts';
export {
  type OptimizedFiles,
  type OptimizeFileHooks,
  optimizeFiles,
} from './optimize/node/optimize-files.ts';
export {
  type CandidateTraining,
  type OptimizeOptions,
  optimize,
  type ResultOrigin,
} from './optimize/optimize.ts';
export { type CrossbarOptions, type OptimizeFileOptions, optimizeDefaults } from './optimize/options.ts';
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
export { layersCsv } from './report/csv.ts';
export { nocTable } from './report/noc-table.ts';
export type {
  OptimizeResult,
  OptimizeRow,
  OptimizeTarget,
  PatternRow,
  PublishedAccuracy,
  RowAccuracy,
  TargetMetric,
  TriedCount,
} from './report/optimize-result.ts';
export type { LayerRow, Result, RunOutput } from './report/result.ts';
export { runSummary } from './report/summary.ts';
export { buildMachine, type Machine, type RunSpec } from './run/machine.ts';
export { type LoadedModel, loadArch, loadModel, loadTech } from './run/node/load.ts';
export { type RunHooks, simulate } from './run/simulate.ts';
export { type Design, type DesignSpace, designOf as designOfGenome, designText } from './search/design.ts';
export { type FreeDesign, type FreeResult, type FreeSearch, freeSearch } from './search/free-search.ts';
export { type FrontDesign, frontCsv, frontDesigns, frontFigure, frontTable } from './search/front.ts';
export type { Keep } from './search/keep.ts';
export {
  type LossModel,
  type LossModelOptions,
  type LossParts,
  lossModel,
  type PartialTraining,
  predictedLoss,
} from './search/loss-model.ts';
export { type SearchedFiles, searchFiles } from './search/node/search-files.ts';
export type { NoiseTable } from './search/noise-loss.ts';
export type { Genome, Nsga2Options, Nsga2Result } from './search/nsga2.ts';
export { type Candidate, nsga2, type Problem } from './search/nsga2.ts';
export { type SearchFileOptions, searchDefaults } from './search/options.ts';
export { type PredictionQuality, predictionQuality } from './search/prediction-quality.ts';
export { type SearchOptions, type SearchResult, search } from './search/search.ts';
export { designSpace, type Technology } from './search/space.ts';
export type { Breakdown } from './tech/circuit/breakdown.ts';
export {
  type CrossbarDesign,
  type CrossbarFigures,
  type DesignPoint,
  designWith,
} from './tech/circuit/design.ts';
export { evaluateCrossbar } from './tech/circuit/evaluate.ts';
export { designOf } from './tech/design-of.ts';
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
export type { EpochRecord } from './train/state.ts';
export type { Variation } from './train/variation/options.ts';
export type { Graph } from './workload/graph.ts';
export { buildGraph } from './workload/graph.ts';
export type { ModelConfig } from './workload/model.ts';
export type { Op } from './workload/op.ts';
export { parseReuse, type ReusePlan, reusePlan } from './workload/reuse.ts';
export { listPatterns, type ModelSummary, modelSummary } from './workload/summary.ts';
