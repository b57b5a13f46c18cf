/** From the tensors of a checkpoint, in whatever layout, to the weights that a graph asks for. */
import type { Graph } from '../graph.ts';
import type { Affine } from '../vector-function.ts';
import { fitTensors, type Slot } from './fit.ts';
import type { LinearWeights, ModelWeights } from './model-weights.ts';
import { invalidFile, type Tensors } from './tensor.ts';
import { transpose } from './transpose.ts';

/** torch.nn.BatchNorm2d's default, which no checkpoint stores. */
const BATCHNORM_EPS = 1e-5;

/** The weights of a checkpoint, in the order of our ops. */
export interface LoadedWeights {
  readonly weights: ModelWeights;
  /** Name of the layout that the checkpoint has. */
  readonly layout: string;
  /** For the user: tensors that are in the file and change nothing of the result, with the reason. */
  readonly warnings: readonly string[];
}

/**
 * The weights of `graph` in `tensors`. Values are converted when they are asked for, each time anew; a value that is
 * NaN or infinite is found then. `file` stands in front of every message.
 * @throws TrexError (invalid file) if the checkpoint does not fit, with everything that is missing or misshapen.
 */
export function loadWeights(tensors: Tensors, graph: Graph, file = 'checkpoint'): LoadedWeights {
  const { layout, slots, warnings } = fitTensors(tensors, graph, file);
  return { weights: new CheckpointWeights(slots, file, graph), layout: layout.name, warnings };
}

class CheckpointWeights implements ModelWeights {
  readonly #slots: ReadonlyMap<string, Slot>;
  readonly #file: string;
  readonly #padding: number | undefined;
  /** Rows of learned tokens, by the id of their op. */
  readonly #tokens = new Map<string, number>();

  constructor(slots: ReadonlyMap<string, Slot>, file: string, { model }: Graph) {
    this.#slots = slots;
    this.#file = file;
    this.#padding = 'padding' in model ? model.padding : undefined;
    for (const name of slots.keys()) {
      const [, op, index] = /^(.*)\.(\d+)$/.exec(name) ?? [];
      if (op !== undefined) this.#tokens.set(op, Number(index) + 1);
    }
  }

  linear(weightId: string): LinearWeights {
    const { tensor, shape, from, to } = this.#slot(`${weightId}.weight`);
    const out = shape[0];
    const size = (to - from) / out;
    const bias = this.#slots.has(`${weightId}.bias`) ? this.#values(`${weightId}.bias`) : null;
    const values = tensor.view?.(from, to) ?? tensor.data(from, to);
    return { in: size, out, weight: transpose(values, out, size), bias };
  }

  norm(opId: string): Affine {
    const gain = this.#values(`${opId}.weight`);
    const shift = this.#values(`${opId}.bias`);
    if (!this.#slots.has(`${opId}.running_var`)) return { gain, shift };
    const mean = this.#values(`${opId}.running_mean`);
    const variance = this.#values(`${opId}.running_var`);
    for (let i = 0; i < gain.length; i++) {
      if (variance[i] < 0)
        throw invalidFile(
          `${this.#file}: tensor ${this.#slot(`${opId}.running_var`).tensor.name}: element ${i} is ${variance[i]}, but a variance is never negative`,
        );
      const factor = gain[i] / Math.sqrt(variance[i] + BATCHNORM_EPS);
      gain[i] = factor;
      shift[i] -= mean[i] * factor;
    }
    return { gain, shift };
  }

  rows(opId: string): Float32Array {
    const count = this.#tokens.get(opId);
    if (count === undefined) return this.#values(opId);
    const tokens = Array.from({ length: count }, (_, i) => this.#values(`${opId}.${i}`));
    const all = new Float32Array(count * tokens[0].length);
    for (const [i, token] of tokens.entries()) all.set(token, i * token.length);
    return all;
  }

  embedding(opId: string) {
    return {
      words: this.#values(`${opId}.words`),
      positions: this.#table(`${opId}.positions`),
      types: this.#table(`${opId}.types`),
      padding: this.#padding,
    };
  }

  /** Empty where the network has none. */
  #table(name: string): Float32Array {
    return this.#slots.has(name) ? this.#values(name) : new Float32Array(0);
  }

  #values(name: string): Float32Array {
    const { tensor, from, to } = this.#slot(name);
    return tensor.data(from, to);
  }

  #slot(name: string): Slot {
    const slot = this.#slots.get(name);
    if (slot === undefined) throw new Error(`the graph has no parameter ${name}`);
    return slot;
  }
}
