/** The library: load files, run a network on a chip, read the Result. */
export type { ArchConfig } from './arch/config.ts';
export type { LoadedArch } from './arch/load.ts';
export { chipPeak, type Peak } from './arch/peak.ts';
export { EXIT, TrexError } from './base/errors.ts';
export { formatQuantity, parseQuantity } from './base/units.ts';
export { VERSION } from './base/version.ts';
export { type CompareHooks, type CompareOptions, compare } from './explore/compare/compare.ts';
export { planXbar, type XbarOptions, type XbarPlan, xbarPoints } from './explore/xbar/plan.ts';
export { xbarRows } from './explore/xbar/rows.ts';
export * from './functional.ts';
export { type NocRunOptions, runNoc } from './hw/noc/run.ts';
export { linearCka, type Representation } from './optimize/cka.ts';
export { type ClosedForm, closedForm, closedFormApplies, type EncoderStack } from './optimize/closed-form.ts';
export { layersCsv } from './report/csv.ts';
export type { LayerRow, Result, RunOutput } from './report/result.ts';
export { runSummary } from './report/summary.ts';
export { buildMachine, type Machine, type RunSpec } from './run/machine.ts';
export { type LoadedModel, loadArch, loadModel, loadTech } from './run/node/load.ts';
export { type RunHooks, simulate } from './run/simulate.ts';
export { type Candidate, nsga2, type Problem } from './search/nsga2.ts';
export type { Breakdown } from './tech/circuit/breakdown.ts';
export {
  type CrossbarDesign,
  type CrossbarFigures,
  type DesignPoint,
  designWith,
} from './tech/circuit/design.ts';
export { designOf, evaluateCrossbar } from './tech/circuit/evaluate.ts';
export { buildGraph } from './workload/graph.ts';
export type { ModelConfig } from './workload/model.ts';
export type { Graph, Op } from './workload/op.ts';
export { parseReuse, type ReusePlan, reusePlan } from './workload/reuse.ts';
export { listPatterns, type ModelSummary, modelSummary } from './workload/summary.ts';
