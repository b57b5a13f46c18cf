/** One training run: the loop over epochs and steps, from a state to the next. */
import { pow } from '../base/math.ts';
import { uniformStream } from '../base/random.ts';
import { buildGraph } from '../workload/graph.ts';
import { forwardAll, putBatch, type TeacherOutputs } from './batches.ts';
import { shuffled, type TrainData } from './data.ts';
import { fingerprintOf } from './fingerprint.ts';
import { copyWeights, startVector, weightsOf } from './network/parameter-vector.ts';
import type { Ending, Progress, TrainHooks, TrainOptions, TrainResult } from './options.ts';
import { type Scores, scoresOf } from './predict.ts';
import { learningRate, type Recipe } from './recipe.ts';
import { type EpochRecord, readState, stateBytes, type TrainState } from './state.ts';
import type { Engine } from './step/engine.ts';
import { calibrateCrossbars } from './variation/calibrate.ts';
import { putKeys } from './variation/draw.ts';
import { highOf, type Variation } from './variation/options.ts';

/** Samples on which ranges and errors of crossbars are found. */
const CALIBRATION_SAMPLES = 32;

export interface RunParts {
  readonly options: TrainOptions;
  readonly hooks: TrainHooks;
  readonly recipe: Recipe;
  readonly engine: Engine;
  /** The samples that it learns from, ascending. */
  readonly used: Int32Array;
  readonly taught: TeacherOutputs | undefined;
}

/** What stays the same over a run; what changes is in the engine's memory and in the state. */
export class Run {
  readonly #options: TrainOptions;
  readonly #hooks: TrainHooks;
  readonly #recipe: Recipe;
  readonly #engine: Engine;
  readonly #used: Int32Array;
  readonly #taught: TeacherOutputs | undefined;
  readonly #perEpoch: number;
  readonly #steps: number;

  constructor({ options, hooks, recipe, engine, used, taught }: RunParts) {
    this.#options = options;
    this.#hooks = hooks;
    this.#recipe = recipe;
    this.#engine = engine;
    this.#used = used;
    this.#taught = taught;
    this.#perEpoch = Math.ceil(used.length / engine.layout.spec.batch);
    this.#steps = recipe.epochs * this.#perEpoch;
  }

  async toEnd(): Promise<TrainResult> {
    const { checkpoint, signal } = this.#hooks;
    const { epochs } = this.#recipe;
    const start = this.#startVector();
    const fingerprint = await fingerprintOf(this.#options, this.#recipe, start, this.#taught);
    const saved = await checkpoint?.load();
    let state =
      saved === undefined
        ? startState(start, fingerprint)
        : readState(saved, fingerprint, this.#engine.layout.parameters.size);
    this.#restore(state);
    while (state.epoch < epochs) {
      if (this.#patienceIsOver(state)) return this.#result(state, 'early');
      const record = await this.#epoch(state);
      if (record === undefined)
        return this.#result(state, signal?.aborted === true ? 'interrupted' : 'diverged');
      state = this.#stateAfter(state, record);
      await checkpoint?.save(stateBytes(state));
    }
    return this.#result(state, 'done');
  }

  #startVector(): Float32Array {
    const { layout } = this.#engine;
    const { base, seed } = this.#options;
    const vector = startVector(layout.parameters, seed);
    if (base !== undefined) {
      const known = new Set(buildGraph(base.model, { reuse: base.reuse }).ops.map(op => op.id));
      copyWeights(layout.spec.graph, layout.parameters, base.weights, vector, id => known.has(id));
    }
    return vector;
  }

  #restore({ vector, first, second }: TrainState): void {
    const { layout, floats } = this.#engine;
    floats.set(vector, layout.vector / 4);
    floats.set(first, layout.first / 4);
    floats.set(second, layout.second / 4);
  }

  /** One epoch; undefined if it was interrupted or diverged. */
  async #epoch({ epoch, step: begin }: TrainState): Promise<EpochRecord | undefined> {
    const { data, seed, variation, validation, augment } = this.#options;
    const { onProgress, signal } = this.#hooks;
    const engine = this.#engine;
    const { batch } = engine.layout.spec;
    const order = shuffled(this.#used.length, uniformStream(seed, 'train/order', epoch));
    const samples = order.map(i => this.#used[i]);
    if (variation !== undefined) await this.#calibrate(variation);
    const changed = augment && this.#augment(augment, epoch);
    let sum = 0;
    for (let i = 0; i < this.#perEpoch; i++) {
      if (signal?.aborted === true) return undefined;
      const step = begin + i;
      const indices = samples.subarray(i * batch, Math.min(samples.length, (i + 1) * batch));
      putBatch(engine, data, indices, this.#taught, changed);
      const loss = await this.#step(step, indices.length);
      if (loss === undefined) return undefined;
      sum += loss;
      if (i + 1 < this.#perEpoch) onProgress?.(this.#progress(epoch, step, sum / (i + 1)));
    }
    // A step may leave what only the next one would notice.
    if (!engine.vector.every(Number.isFinite)) return undefined;
    const loss = sum / this.#perEpoch;
    const scores = validation && (await this.#validate(validation));
    onProgress?.({ ...this.#progress(epoch, begin + this.#perEpoch - 1, loss), ...(scores && { scores }) });
    return {
      epoch: epoch + 1,
      loss,
      accuracy: scores?.accuracy ?? null,
      validationLoss: scores?.loss ?? null,
    };
  }

  /** Ranges and errors of the crossbars for the weights as they are now, on the first samples. */
  async #calibrate(variation: Variation): Promise<void> {
    const engine = this.#engine;
    const samples = this.#used.subarray(0, Math.min(CALIBRATION_SAMPLES, engine.layout.spec.batch));
    putBatch(engine, this.#options.data, samples);
    await calibrateCrossbars(engine, variation, samples.length, this.#options.seed);
  }

  /** One step of AdamW; the mean loss of its batch, or undefined if that is no number. */
  async #step(step: number, samples: number): Promise<number | undefined> {
    const { variation, seed } = this.#options;
    const { labelSmoothing, softLabels, featureLoss, beta1, beta2, eps, clipNorm, weightDecay } =
      this.#recipe;
    const engine = this.#engine;
    const noisy = variation !== undefined;
    if (noisy) putKeys(engine, seed, 'noise', step);
    await pause();
    await engine.run({ kind: 'pack', noisy, high: noisy ? highOf(variation) : 0 });
    const loss = { labelSmoothing, softLabels, features: featureLoss };
    await engine.run({ kind: 'train', samples, noisy, taught: this.#taught !== undefined, loss });
    let sum = 0;
    for (const one of new Float64Array(engine.memory, engine.layout.losses, samples)) sum += one;
    await engine.run({ kind: 'reduce' });
    const norm = engine.gradientNorm();
    if (!Number.isFinite(sum) || !Number.isFinite(norm)) return undefined;
    const rate = learningRate(this.#recipe, step, this.#steps, this.#perEpoch);
    await engine.run({
      kind: 'update',
      clip: clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1,
      beta1,
      beta2,
      eps,
      step: rate / (1 - pow(beta1, step + 1)),
      rootCorrection: 1 / Math.sqrt(1 - pow(beta2, step + 1)),
      decay: 1 - rate * weightDecay,
    });
    return sum / samples;
  }

  /** With crossbars: as a chip of one seed sees the data. */
  async #validate(validation: TrainData): Promise<Scores> {
    const { variation, seed } = this.#options;
    const engine = this.#engine;
    const noisy = variation !== undefined;
    const keys = (purpose: number): void => {
      if (noisy) putKeys(engine, seed, 'validation-noise', purpose);
    };
    keys(0);
    await engine.run({ kind: 'pack', noisy, high: noisy ? highOf(variation) : 0 });
    const { logits } = await forwardAll(engine, validation, noisy, keys);
    return scoresOf(logits, validation.labels);
  }

  #augment(augment: NonNullable<TrainOptions['augment']>, epoch: number) {
    return (image: Float32Array, sample: number): void =>
      augment(image, uniformStream(this.#options.seed, 'train/augment', epoch, sample));
  }

  #progress(epoch: number, step: number, loss: number): Progress {
    return { epoch: epoch + 1, epochs: this.#recipe.epochs, step: step + 1, steps: this.#steps, loss };
  }

  #stateAfter(state: TrainState, record: EpochRecord): TrainState {
    const { layout } = this.#engine;
    const copy = (at: number): Float32Array => this.#engine.view(at, layout.parameters.size).slice();
    const history = [...state.history, record];
    const vector = copy(layout.vector);
    const better = record.accuracy === null || isBetter(record, state.history[state.best - 1]);
    return {
      ...state,
      epoch: record.epoch,
      step: state.step + this.#perEpoch,
      history,
      vector,
      first: copy(layout.first),
      second: copy(layout.second),
      best: better ? record.epoch : state.best,
      bestVector: better ? vector : state.bestVector,
    };
  }

  #patienceIsOver({ epoch, best, history }: TrainState): boolean {
    const { patience } = this.#recipe;
    return patience > 0 && history.at(-1)?.accuracy != null && epoch - best >= patience;
  }

  #result(state: TrainState, ending: Ending): TrainResult {
    const { layout } = this.#engine;
    const { graph } = layout.spec;
    return {
      graph,
      weights: weightsOf(graph, layout.parameters, state.bestVector),
      ending,
      history: state.history,
      lossHistory: state.history.map(({ loss }) => loss),
      epoch: state.best,
      accuracy: state.history[state.best - 1]?.accuracy ?? null,
    };
  }
}

function startState(vector: Float32Array, fingerprint: string): TrainState {
  const zeros = (): Float32Array => new Float32Array(vector.length);
  const numbers = { fingerprint, epoch: 0, step: 0, history: [], best: 0 };
  return { ...numbers, vector, first: zeros(), second: zeros(), bestVector: vector };
}

/** More labels met, or as many with a lower loss. */
function isBetter(record: EpochRecord, than: EpochRecord | undefined): boolean {
  if (than === undefined || than.accuracy === null || record.accuracy === null) return true;
  if (record.accuracy !== than.accuracy) return record.accuracy > than.accuracy;
  return record.validationLoss! < than.validationLoss!;
}

/** Lets signals and timers in. */
const pause = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));
