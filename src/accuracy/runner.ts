/** A network that takes inputs of any length: texts of another length get a graph of their own, with the same weights and the same cells. */
import type { ModelInput } from '../numerics/execute/input.ts';
import type { Network, RunOptions, RunResult } from '../numerics/execute/network.ts';
import { type NetworkOptions, prepare } from '../numerics/execute/prepare.ts';
import { SharedLayers } from '../numerics/execute/shared-layers.ts';
import type { Graph } from '../workload/graph.ts';
import type { ModelWeights } from '../workload/import/model-weights.ts';

/** A network and its weights. */
export interface NetworkSource {
  /** The graph of a run; `tokens`: length of a text; `past`: tokens of a decoder's cache before them. */
  graph(tokens?: number, past?: number): Graph;
  /** The learned values of a graph. @throws TrexError (3) for weights that do not fit. */
  weights(graph: Graph): ModelWeights;
}

/** Tokens of a text; undefined for an image. */
export const tokensOf = (input: ModelInput): number | undefined =>
  'words' in input ? input.words.length : undefined;

/** Runs do not overlap: await one before the next. */
export class Runner {
  readonly #source: NetworkSource;
  readonly #options: NetworkOptions;
  /** Texts of other lengths are other graphs with the same layers. */
  readonly #shared = new SharedLayers();
  #network: Network | undefined;
  #tokens: number | undefined;
  #past: number | undefined;

  constructor(source: NetworkSource, options: NetworkOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** The network for inputs like this one, of a decoder behind `past` tokens; the last one is kept. */
  network(input: ModelInput, past?: number): Network {
    const tokens = tokensOf(input);
    if (this.#network === undefined || tokens !== this.#tokens || past !== this.#past) {
      const graph = this.#source.graph(tokens, past);
      this.#network = prepare(graph, this.#source.weights(graph), this.#options, this.#shared);
      this.#tokens = tokens;
      this.#past = past;
    }
    return this.#network;
  }

  /** @throws TrexError as `Network.run`. */
  run(input: ModelInput, options?: RunOptions): Promise<RunResult> {
    return this.network(input).run(input, options);
  }

  /** Runs tokens of a decoder behind those whose keys and values stand in the cache of `options`. @throws TrexError as `Network.run`. */
  step(input: ModelInput, past: number, options: RunOptions): Promise<RunResult> {
    return this.network(input, past).run(input, options);
  }

  /** Frees what back ends hold for its networks. */
  dispose(): void {
    this.#network = undefined;
    this.#shared.dispose();
  }
}
