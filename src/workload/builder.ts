/** Collects the ops of a graph in topological order; each method adds one op and returns its id. */
import type { ConvWindow } from './conv-window.ts';
import type { Dep, DynamicOp, GroupedOp, LayoutOp, Op, Stage, TokensOp } from './op.ts';
import { areaOf } from './size.ts';
import type { FunctionShape, VectorFunction } from './vector-function.ts';
import { type FunctionName, functionOf } from './vector-functions.ts';
import type { WeightCodec } from './weight-codec.ts';

/** Where an op stands: its name, its stage, and the encoder (null outside). */
export interface Place {
  readonly id: string;
  readonly stage: Stage;
  readonly encoder: number | null;
  /** Whose crossbars a matrix is on, where that is not the op itself. */
  readonly weightId?: string;
  /** What it stores is collected from images and never trained. */
  readonly buffer?: true;
}

/** Sizes of a linear layer: rows of its input, columns of its input and output. */
export interface LinearShape {
  readonly rows: number;
  readonly in: number;
  readonly out: number;
  /** Absent: true. */
  readonly bias?: boolean;
  readonly codec?: WeightCodec | undefined;
}

/** `batch` absent: 1; `parameters` absent: 0. */
export type VectorShape = Pick<FunctionShape, 'rows' | 'rowLength'> &
  Partial<Omit<FunctionShape, 'id' | 'rows' | 'rowLength'>>;

/** Same token's row of the producer. */
const row = (op: string): Dep => ({ op, mode: 'row' });
/** The producer's whole matrix. */
const all = (op: string): Dep => ({ op, mode: 'all' });

function outRowsOf(
  gives: VectorFunction['gives'],
  rows: number,
  { window, routes }: Partial<FunctionShape>,
): number {
  if (gives === 'rows') return rows;
  if (gives === 'routed' && routes !== undefined) return rows / routes.top;
  return window === undefined ? 1 : areaOf(window.output);
}

export class GraphBuilder {
  readonly ops: Op[] = [];
  /** Parameters of the checkpoint that no op uses. */
  idleParameters = 0;
  /** Encoders that can take over, or do, the attention output of an earlier one. */
  readonly able: number[] = [];

  /** Linear layer (rows x in)(in x out) on the rows of `input`. */
  linear(place: Place, input: string, shape: LinearShape): string {
    const { rows, in: inSize, out, bias = true, codec } = shape;
    const weightId = place.weightId ?? place.id;
    const op = {
      ...place,
      kind: 'static',
      rows,
      in: inSize,
      out,
      weightId,
      bias,
      deps: [row(input)],
    } as const;
    return this.#add(codec === undefined ? op : { ...op, codec });
  }

  /** Dense convolution, im2col'd; `input` null reads the image. */
  conv(place: Place, input: string | null, conv: ConvWindow, out: number, bias: boolean): string {
    const rows = areaOf(conv.output);
    const inSize = areaOf(conv.kernel) * conv.inChannels;
    const deps = input === null ? [] : [all(input)];
    return this.#add({
      ...place,
      kind: 'static',
      rows,
      in: inSize,
      out,
      weightId: place.id,
      bias,
      conv,
      deps,
    });
  }

  /** So many matrices of in x out, each on the rows of columns of its own; with a window, a grouped convolution. */
  grouped(
    place: Place,
    input: string,
    shape: Pick<GroupedOp, 'rows' | 'groups' | 'in' | 'out' | 'conv' | 'copies'> & {
      readonly bias?: boolean;
    },
  ): string {
    const { bias = true, ...own } = shape;
    const weightId = place.weightId ?? place.id;
    const deps = [shape.conv === undefined ? row(input) : all(input)];
    return this.#add({ ...place, kind: 'grouped', ...own, weightId, bias, deps });
  }

  /** batch x (m x k)(k x n): the rows of `streamed` (its columns, if transposed) meet the whole of `stationary`. */
  dynamic(
    place: Place,
    streamed: string,
    stationary: string,
    shape: Pick<
      DynamicOp,
      'batch' | 'm' | 'k' | 'n' | 'transposed' | 'streamedTransposed' | 'cached' | 'entries' | 'streamedBits'
    >,
  ): string {
    const deps = [shape.streamedTransposed ? all(streamed) : row(streamed), all(stationary)];
    const weightId = place.weightId ?? place.id;
    return this.#add({ ...place, kind: 'dynamic', ...shape, weightId, stationary, streamed, deps });
  }

  /**
   * Function `fn` on `rows` rows of `rowLength`; what reduces columns waits for every row.
   * @throws Error for an option that the function does not read.
   */
  vector(place: Place, fn: FunctionName, inputs: readonly string[], shape: VectorShape): string {
    const { rows, rowLength, batch = 1, parameters = 0, ...rest } = shape;
    const { reduction: reduce, gives, options, outLength } = functionOf({ id: place.id, fn });
    const read: readonly string[] = options;
    for (const option of Object.keys(rest))
      if (!read.includes(option)) throw new Error(`${place.id}: ${fn} does not read ${option}`);
    const outRows = outRowsOf(gives, rows, rest);
    const one = (place: number): boolean => place === 1 && rest.second === 'row';
    const deps = inputs.map((input, place) => (reduce === 'column' || one(place) ? all : row)(input));
    return this.#add({
      ...place,
      kind: 'vector',
      fn,
      rows,
      rowLength,
      batch,
      reduce,
      outRows,
      parameters,
      ...(outLength !== undefined && { outLength: outLength(shape) }),
      ...rest,
      deps,
    });
  }

  /** LayerNorm over each row, with gain and shift. */
  layerNorm(place: Place, input: string, rows: number, rowLength: number, eps: number): string {
    const parameters = 2 * rowLength;
    return this.vector(place, 'layernorm', [input], { rows, rowLength, parameters, eps });
  }

  /** RMSNorm over each of `segments` segments of a row (one: the row), with one gain for each column of a segment. */
  rmsNorm(
    place: Place,
    input: string,
    shape: Pick<FunctionShape, 'rows' | 'rowLength' | 'batch'>,
    eps: number,
  ): string {
    const parameters = shape.rowLength;
    return this.vector(place, 'rmsnorm', [input], { ...shape, parameters, second: 'row', eps });
  }

  /** Another number of tokens: learned rows in front, a slice, or those with the best `scores`. */
  tokens(
    place: Place,
    input: string,
    change: Pick<
      TokensOp,
      'from' | 'to' | 'width' | 'change' | 'start' | 'heads' | 'scoreColumns' | 'firstAbsent' | 'expert'
    >,
    scores?: string,
  ): string {
    const parameters = change.change === 'prepend' ? (change.to - change.from) * change.width : 0;
    const own = { ...place, kind: 'tokens', ...change, parameters } as const;
    if (scores === undefined) return this.#add({ ...own, deps: [all(input)] });
    return this.#add({ ...own, scores, deps: [all(input), all(scores)] });
  }

  /** The values of `inputs` in another order; each row from the same row of the operands where `byRow` says so. */
  layout(
    place: Place,
    inputs: readonly string[],
    order: Omit<LayoutOp, 'id' | 'stage' | 'encoder' | 'kind' | 'deps'>,
    byRow = false,
  ): string {
    return this.#add({ ...place, kind: 'layout', ...order, deps: inputs.map(byRow ? row : all) });
  }

  #add(op: Op): string {
    this.ops.push(op);
    return op.id;
  }
}
