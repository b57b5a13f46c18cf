/** What an input makes a network do, decided by the values of a run: which patches go on where a threshold chooses (DynamicViT, A-ViT, IRET), and which path answers where the entropy of a cheaper one does (PIVOT). */
import { usageError } from '../base/errors.ts';
import type { ModelInput } from '../numerics/execute/input.ts';
import type { Matrix } from '../numerics/execute/matrix.ts';
import type { Network } from '../numerics/execute/network.ts';
import { type NetworkOptions, prepare } from '../numerics/execute/prepare.ts';
import { SharedLayers } from '../numerics/execute/shared-layers.ts';
import { attended, predicted } from '../numerics/execute/vector/tokens.ts';
import { buildGraph } from '../workload/graph.ts';
import type { ModelWeights } from '../workload/import/model-weights.ts';
import type { InputSpace, InputWork } from '../workload/input-dependent.ts';
import type { Op, TokensOp } from '../workload/op.ts';
import type { ReusePlan } from '../workload/reuse.ts';
import type { Threshold } from '../workload/token-rule.ts';

/** How inputs differ. */
export type Decision =
  /** At every place the patches that are on the right side of it go on, the best one in any case. */
  | { readonly by: 'threshold'; readonly threshold: number }
  /** Encoders whose attention each effort skips, the cheapest effort first; the next one runs where the entropy of the classes, nats, is above. */
  | { readonly by: 'entropy'; readonly entropy: number; readonly efforts: readonly (readonly number[])[] }
  /** Routers alone: the network does as its file says, and how many rows go to each expert is counted. */
  | { readonly by: 'router' };

/** What one input made the network do. */
export interface DecidedInput {
  /** Runs of the network, one after another; the last one answers. */
  readonly passes: readonly InputWork[];
  readonly logits: Matrix;
  /** Rows that went to each expert in the run that answers, by the layer of experts. */
  readonly experts: ReadonlyMap<string, readonly number[]>;
}

export interface DecidingNetwork {
  readonly space: InputSpace;
  readonly reuse: ReusePlan;
  /** Of the network as its file says. */
  readonly weights: ModelWeights;
}

/** Networks that are kept ready: one for each work that inputs had. */
const KEPT = 64;

/** Runs do not overlap: await one before the next. */
export class DecidingRunner {
  readonly #network: DecidingNetwork;
  readonly #decision: Decision;
  readonly #options: NetworkOptions;
  /** Whatever an input makes of them, layers are the same, on the same cells. */
  readonly #shared = new SharedLayers();
  readonly #known = new Map<string, Network>();

  /** @throws TrexError (usage) for a decision that the network cannot make. */
  constructor(network: DecidingNetwork, decision: Decision, options: NetworkOptions = {}) {
    checkDecision(network.space, decision);
    this.#network = network;
    this.#decision = decision;
    this.#options = options;
  }

  /** `image`: its own streams of noise. */
  run(input: ModelInput, image = 0): Promise<DecidedInput> {
    const decision = this.#decision;
    if (decision.by === 'router') return this.#answer({ patches: [], skip: [] }, input, image);
    return decision.by === 'entropy'
      ? this.#byEntropy(input, image, decision)
      : this.#byThreshold(input, image, decision.threshold);
  }

  /** Frees what back ends hold. */
  dispose(): void {
    this.#known.clear();
    this.#shared.dispose();
  }

  async #byEntropy(
    input: ModelInput,
    image: number,
    { efforts, entropy }: Extract<Decision, { by: 'entropy' }>,
  ): Promise<DecidedInput> {
    const passes: InputWork[] = [];
    let answer: DecidedInput | undefined;
    for (const skip of efforts) {
      const work = { patches: [], skip };
      answer = await this.#answer(work, input, image);
      passes.push(work);
      if (entropyOf(answer.logits.data) <= entropy) break;
    }
    return { ...answer!, passes };
  }

  /**
   * Place by place: scores do not depend on how many patches go on behind them, so that a run of any number shows them. The
   * network with those numbers then keeps exactly the patches that the threshold lets through.
   */
  async #byThreshold(input: ModelInput, image: number, threshold: number): Promise<DecidedInput> {
    const { places, patches: all } = this.#network.space;
    const decided: number[] = [];
    for (const place of places.keys()) {
      const left = decided.at(-1) ?? all;
      // The best one goes on anyway, and a choice of all is no choice that could be looked at.
      const rest = places.slice(place).map(() => left - 1);
      decided.push(
        left === 1 ? 1 : await this.#goOn(input, { image, place, threshold }, [...decided, ...rest]),
      );
    }
    return await this.#answer({ patches: decided, skip: [] }, input, image);
  }

  /** How many patches the threshold lets through at a place. */
  async #goOn(
    input: ModelInput,
    { image, place, threshold }: { image: number; place: number; threshold: number },
    patches: readonly number[],
  ): Promise<number> {
    const network = this.#ready({ patches, skip: [] });
    // With the class token so many rows as patches came: earlier choices leave more, or are none.
    const choice = network.graph.ops.find(
      (op): op is TokensOp =>
        op.kind === 'tokens' && op.change === 'keep' && !op.firstAbsent && op.to === patches[place] + 1,
    );
    const { scores: until, heads, from } = choice ?? { from: 0 };
    if (until === undefined) throw new Error(`no choice at place ${place}`);
    const { logits: scores } = await network.run(input, { image, until });
    const score = heads === undefined ? predicted(scores) : attended(scores.data, heads, from);
    const { goesOn } = this.#network.space.threshold as Threshold;
    const map = { heads: heads ?? 1, rows: from };
    const rows = Array.from({ length: from - 1 }, (_, i) => i + 1);
    return Math.max(1, rows.filter(row => goesOn(score(row), threshold, map)).length);
  }

  async #answer(work: InputWork, input: ModelInput, image: number): Promise<DecidedInput> {
    const experts = new Map<string, number[]>();
    const onOp = (op: Op, _: readonly Matrix[], { rows }: Matrix): void => {
      if (op.kind !== 'tokens' || op.expert === undefined) return;
      const layer = op.id.slice(0, op.id.lastIndexOf('.'));
      experts.set(layer, [...(experts.get(layer) ?? []), rows]);
    };
    const { logits } = await this.#ready(work).run(input, { image, onOp });
    return { passes: [work], logits, experts };
  }

  #ready(work: InputWork): Network {
    const key = JSON.stringify(work);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size === KEPT) this.#known.clear();
    const { space, reuse, weights } = this.#network;
    const graph = buildGraph(space.modelOf(work, space.places), { reuse });
    const network = prepare(graph, weights, this.#options, this.#shared);
    this.#known.set(key, network);
    return network;
  }
}

/** Of the softmax of logits, nats. */
export function entropyOf(logits: Float32Array): number {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const shares = Array.from(logits, logit => Math.exp(logit - most));
  const total = shares.reduce((all, share) => all + share, 0);
  return shares.reduce(
    (all, share) => (share === 0 ? all : all - (share / total) * Math.log(share / total)),
    0,
  );
}

function checkDecision({ model, threshold, unskippable }: InputSpace, decision: Decision): void {
  if (decision.by === 'router') return;
  if (decision.by === 'threshold') {
    if (threshold === undefined)
      throw usageError(
        `a threshold has no effect on ${model.name}: patches go by one in networks of DynamicViT (pruning by predictor), A-ViT (by halting) and IRET (layers keep)`,
      );
    const [least, most] = threshold.range;
    if (!(decision.threshold >= least && decision.threshold <= most))
      throw usageError(
        `threshold ${decision.threshold}: expected ${threshold.describe}, ${most === Number.MAX_VALUE ? `at least ${least}` : `from ${least} to ${most}`}`,
      );
    return;
  }
  const { efforts, entropy } = decision;
  if (unskippable !== undefined) throw usageError(`efforts: ${unskippable}`);
  if (efforts.length < 2)
    throw usageError('efforts: expected two or more, cheapest first, e.g. --efforts "1 3 5 7/1 5/none"');
  if (!(entropy >= 0)) throw usageError(`entropy ${entropy}: expected nats, 0 or more`);
}
