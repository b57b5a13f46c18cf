/** A network ready to run: walks the op graph that the timing run walks, with real values. */
import { unknownName } from '../../base/errors.ts';
import { turn } from '../../base/turn.ts';
import { outputShape } from '../../workload/check.ts';
import { macs } from '../../workload/count.ts';
import type { Graph } from '../../workload/graph.ts';
import { isMatmul, type MatmulOp } from '../../workload/matmul.ts';
import type { Op, Stage } from '../../workload/op.ts';
import { streamedRows } from './heads.ts';
import { im2col } from './im2col.ts';
import { imageRows, type ModelInput } from './input.ts';
import type { KvCache } from './kv-cache.ts';
import { type Matrix, zeros } from './matrix.ts';
import { snr_dB } from './snr.ts';
import type { Compute, RunContext, Unit } from './unit.ts';

/** About a tenth of a second on noisy crossbars, and less in exact arithmetic. */
const MACS_BETWEEN_TURNS = 2 ** 26;

/** What `prepare` made of the graph. */
export interface NetworkParts {
  readonly graph: Graph;
  computeOf(op: MatmulOp): Compute;
  /** Made on first use and kept. */
  matmul(op: MatmulOp, compute: Compute): Unit;
  /** All other ops, by id. */
  readonly vectors: ReadonlyMap<string, Unit>;
  dispose(): void;
}

/** What a run of a network does beside its output. */
export interface RunOptions {
  /** Number of the image: names its own noise streams. Default 0. */
  readonly image?: number;
  /** Ops whose outputs are given back. */
  readonly taps?: readonly string[];
  /** Called after each op, with its operands in the order of its deps (the image's pixels for the first one). */
  readonly onOp?: (op: Op, operands: readonly Matrix[], output: Matrix) => void;
  /** The last op that is computed: the output is what it gives. Absent: all are. */
  readonly until?: string;
  /** The only ops that use their crossbars in this run: the other analog ops are exact integers. Absent: all. */
  readonly crossbars?: readonly string[];
  /** Keys and values of a decoder's earlier tokens, to which this run adds its own; absent: there are no earlier ones. */
  readonly cache?: KvCache;
  /** Compute each matmul in this arithmetic too, on the same operands, and compare. */
  readonly snrAgainst?: 'int8' | 'float32';
}

/** Signal to noise of one matmul against exact arithmetic on the same operands, in dB. */
export interface LayerSnr {
  readonly op: string;
  readonly stage: Stage;
  readonly snr_dB: number;
}

/** What a run of a network gives. */
export interface RunResult {
  /** Output of the last op that was computed: 1 x classes, or tokens x dim of a network without head. */
  readonly logits: Matrix;
  readonly taps: ReadonlyMap<string, Matrix>;
  /** In the order of the graph; without the matmuls that are computed in that arithmetic anyway. */
  readonly snr: readonly LayerSnr[];
}

/** Runs do not overlap: await one before the next. */
export class Network {
  readonly graph: Graph;
  readonly #parts: NetworkParts;
  readonly #lastUse: ReadonlyMap<string, number>;
  readonly #past: number;
  /** Since signals were let in. */
  #macs = 0;

  constructor(parts: NetworkParts) {
    this.graph = parts.graph;
    this.#parts = parts;
    this.#lastUse = lastUses(parts.graph.ops);
    const { model } = parts.graph;
    this.#past = 'past' in model ? model.past : 0;
  }

  /** Runs one image or text. @throws TrexError for an input that does not fit, or an unknown op among the options. */
  async run(input: ModelInput, options: RunOptions = {}): Promise<RunResult> {
    const { image = 0, taps: tapped = [], crossbars, onOp, until } = options;
    this.#checkIds('tap', tapped);
    this.#checkIds('crossbars', crossbars);
    this.#checkIds('until', until === undefined ? [] : [until]);
    const live = new Map<string, Matrix>();
    const taps = new Map<string, Matrix>();
    const snr: LayerSnr[] = [];
    let logits: Matrix | undefined;
    for (const [index, op] of this.graph.ops.entries()) {
      const operands = this.#operands(op, live, input);
      const output = await this.#output(op, operands, { input, image, past: this.#past }, options, snr);
      onOp?.(op, operands, output);
      await this.#rest(op);
      if (tapped.includes(op.id)) taps.set(op.id, output);
      live.set(op.id, output);
      for (const dep of op.deps) if (this.#lastUse.get(dep.op) === index) live.delete(dep.op);
      logits = output;
      if (op.id === until) break;
    }
    if (logits === undefined) throw new Error('a graph without ops');
    return { logits, taps, snr };
  }

  /** Lets signals in now and then: no op waits for anything but threads, and threads are not waited for where there is one. */
  async #rest(op: Op): Promise<void> {
    if (!isMatmul(op)) return;
    this.#macs += macs(op);
    if (this.#macs < MACS_BETWEEN_TURNS) return;
    this.#macs = 0;
    await turn();
  }

  /** Frees what back ends hold for this network; the back ends themselves are their owner's. */
  dispose(): void {
    this.#parts.dispose();
  }

  #operands(op: Op, live: ReadonlyMap<string, Matrix>, input: ModelInput): Matrix[] {
    if ((op.kind === 'static' || op.kind === 'layout') && op.deps.length === 0)
      return [imageRows(this.graph.model, input)];
    return op.deps.map(dep => {
      const operand = live.get(dep.op);
      if (operand === undefined) throw new Error(`${op.id} runs before ${dep.op}`);
      return operand;
    });
  }

  async #output(
    op: Op,
    operands: readonly Matrix[],
    context: RunContext,
    { crossbars, snrAgainst, cache }: RunOptions,
    snr: LayerSnr[],
  ): Promise<Matrix> {
    // No row has chosen this expert.
    if (operands[0]?.rows === 0 && op.kind !== 'layout') return zeros(0, outputShape(op).columns);
    const unit = this.#parts.vectors.get(op.id);
    if (unit !== undefined) return await unit(operands, context);
    const matmul = op as MatmulOp;
    const own = this.#parts.computeOf(matmul);
    const off = own === 'analog' && crossbars !== undefined && !crossbars.includes(op.id);
    const compute = off ? 'int8' : own;
    const given = whole(matmul, operands, cache);
    const streamed = streamedOperands(matmul, given);
    const output = await this.#parts.matmul(matmul, compute)(streamed, context);
    if (snrAgainst !== undefined && snrAgainst !== compute) {
      const reference = await this.#parts.matmul(matmul, snrAgainst)(streamed, context);
      snr.push({ op: op.id, stage: op.stage, snr_dB: snr_dB(output, reference) });
    }
    return output;
  }

  #checkIds(what: string, ids: readonly string[] = []): void {
    const known = this.graph.ops.map(op => op.id);
    for (const id of ids) if (!known.includes(id)) throw unknownName(`op for ${what}`, id, known);
  }
}

/** The operands with what stands in the cache of a decoder. */
function whole(op: MatmulOp, operands: readonly Matrix[], cache: KvCache | undefined): readonly Matrix[] {
  if (op.kind !== 'dynamic' || op.cached === undefined) return operands;
  if (cache !== undefined) return [operands[0], cache.added(op, operands[1])];
  if (op.cached > 0) throw new Error(`${op.id} reads ${op.cached} rows of a cache that is not there`);
  return operands;
}

/** A convolution's windows, or the rows that stream into a dynamic op beside what is written. */
function streamedOperands(op: MatmulOp, operands: readonly Matrix[]): readonly Matrix[] {
  if (op.kind === 'dynamic') return [streamedRows(op, operands[0]), operands[1]];
  return op.conv === undefined ? operands : [im2col(operands[0], op.conv)];
}

/** Index of the last op that reads each op's output. */
function lastUses(ops: readonly Op[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const [index, op] of ops.entries()) for (const dep of op.deps) last.set(dep.op, index);
  return last;
}
