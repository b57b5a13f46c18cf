/** A graph of ONNX nodes that is a decoder: the fields of its model file, and where its ops find what they have learned. */
import { networkOf, type OnnxFields } from '../../workload/families/onnx.ts';
import type { OnnxGraph } from '../../workload/onnx/graph.ts';
import { graphText } from '../../workload/onnx/graph-text.ts';
import { hasOpenTokens, networkInput } from '../../workload/onnx/inputs.ts';
import type { TensorSource } from '../../workload/onnx/lower.ts';
import { allSources, type Nd } from '../../workload/onnx/nd.ts';
import type { OnnxNetwork } from '../../workload/onnx/network.ts';
import { OnnxProblem, onnxProblem } from '../../workload/onnx/problem.ts';
import type { StaticOp, VectorOp } from '../../workload/op.ts';
import type { Learned } from '../../workload/vector-function.ts';
import { type Block, blockAt, normKind, normOf, OpGraph } from './blocks.ts';
import { type Core, coreOf } from './core.ts';

/** What a decoder's op has learned, by its id: the op of the graph that has it. */
export interface FoundDecoder {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly network: OnnxNetwork;
  /** Of matrices and norms. */
  readonly ops: ReadonlyMap<string, string>;
  readonly words: Nd;
  /** The whole table of positions, by the name of its tensor. */
  readonly positions: string | undefined;
}

/** Tokens that a graph is tried at: few, and no size of anything else. */
const TOKENS = 5;
/** Texts of rotary positions end nowhere in a file (assumed: as far as Llama 2's, arXiv 2307.09288). */
const LONGEST = 4096;

/** The decoder; a text that says why it is none; undefined for a network that writes no words. */
export function findDecoder(graph: OnnxGraph, source: TensorSource): FoundDecoder | string | undefined {
  try {
    const input = networkInput(graph, { tokens: TOKENS });
    if (input.kind !== 'text') return undefined;
    const open = hasOpenTokens(graph);
    const network = at(graph, open ? TOKENS : input.tokens, source);
    if (network.shape.length !== 2 || network.encoders.count === 0) return undefined;
    if (!open)
      return `it was exported for ${input.tokens} tokens alone: name the axis of tokens in dynamic_axes`;
    return found(graph, network, source);
  } catch (error) {
    if (error instanceof OnnxProblem) return error.message;
    throw error;
  }
}

const at = (graph: OnnxGraph, tokens: number, source: TensorSource): OnnxNetwork =>
  networkOf({ graph: graphText(graph), tokens, unsupported: 'vector' } as OnnxFields, source);

function found(graph: OnnxGraph, network: OnnxNetwork, source: TensorSource): FoundDecoder {
  const { constants, encoders } = network;
  const g = new OpGraph(network.ops);
  const words = g.ops.find(op => op.kind === 'vector' && op.fn === 'lookup' && op.formula === 'words');
  if (words?.kind !== 'vector' || g.ops.filter(op => op.deps.length === 0).length !== 1)
    throw onnxProblem('its input is no table of words alone');
  g.found(words);
  const learned = learnedOf(network);
  const dim = words.rowLength;
  const places = positionsOf(g, network, words, source);
  const blocks: Block[] = [];
  const cores: Core[] = [];
  let x = places.end;
  for (let i = 0; i < encoders.count; i++) {
    const block = blockAt(g, i, x);
    blocks.push(block);
    cores.push(coreOf(block, dim, learned, `block ${i}`));
    x = block.end;
  }
  const last = g.ops[g.ops.length - 1];
  if (last.kind !== 'static' || last.bias)
    throw onnxProblem('its last op is no matrix of words without a bias');
  const norm = normOf(g, last.deps[0].op, 'the words');
  if (norm.deps[0].op !== x) throw onnxProblem('the words are not those of the last block');
  g.found(last);
  g.checkAll();
  const table = constants.rows.get(words.id)!;
  const vocabulary = words.parameters / dim;
  if (last.out !== vocabulary) throw onnxProblem(`${vocabulary} words come in and ${last.out} go out`);
  const [block] = blocks;
  const { heads, attention } = same(cores.map(({ heads, attention }) => ({ heads, attention })));
  const shared = same(blocks.map(block => sizesOf(block, norm)));
  const hidden = block.fc1.out;
  const maxTokens = longest(graph, network, blocks, places.rows ?? LONGEST);
  return {
    fields: {
      family: 'decoder',
      tokens: Math.min(128, maxTokens),
      maxTokens,
      vocabulary,
      positions: places.table === undefined ? 'none' : 'learned',
      ...(places.offset > 0 && { positionOffset: places.offset }),
      encoders: encoders.count,
      dim,
      heads,
      mlpRatio: hidden / dim,
      ...shared,
      attention,
      tiedWords: tied(table, constants.linear.get(last.weightId)!.weight),
    },
    network,
    ops: namesOf(blocks, cores, norm, last),
    words: table,
    positions: places.table,
  };
}

/** What the arrays of a graph are, for ops that are tried on numbers. */
function learnedOf({ constants }: OnnxNetwork): Learned {
  const floats = (nd: Nd): Float32Array => Float32Array.from(nd.data());
  return {
    norm(id) {
      const { gain, shift } = constants.norm.get(id)!;
      return { gain: floats(gain), shift: floats(shift) };
    },
    rows: id => floats(constants.rows.get(id)!),
    embedding(): never {
      throw new Error('a table within attention');
    },
  };
}

interface Places {
  readonly end: string;
  readonly table: string | undefined;
  readonly offset: number;
  /** Positions that the table has; undefined: there is none. */
  readonly rows: number | undefined;
}

/** Rows of a table that are added to the words, and where in it they begin. */
function positionsOf(g: OpGraph, { constants }: OnnxNetwork, words: VectorOp, source: TensorSource): Places {
  const sum = g.users(words.id).find(op => op.kind === 'vector' && op.fn === 'add' && op.deps.length === 1);
  if (sum?.kind !== 'vector') return { end: words.id, table: undefined, offset: 0, rows: undefined };
  const rows = constants.rows.get(sum.id)!;
  const names = [...(rows.sources ?? [])];
  const dim = words.rowLength;
  if (sum.scale !== undefined || names.length !== 1 || rows.size !== TOKENS * dim)
    throw onnxProblem('what is added to its words is no table of positions');
  const [[name, size]] = names;
  const [table, own] = [source(name), rows.data()];
  const isAt = (offset: number): boolean =>
    own.every((value, i) => Object.is(table[offset * dim + i], value));
  const offset = Array.from({ length: size / dim - TOKENS + 1 }, (_, i) => i).find(isAt);
  if (offset === undefined) throw onnxProblem('its positions are no rows of a table, one after another');
  g.found(sum);
  return { end: sum.id, table: name, offset, rows: size / dim - offset };
}

/** The longest text that masks and tables of angles in the file are made for. */
function longest(
  graph: OnnxGraph,
  { constants }: OnnxNetwork,
  blocks: readonly Block[],
  most: number,
): number {
  const shapes = new Map(graph.tensors.map(({ name, shape }) => [name, shape]));
  const matrices = allSources([...constants.linear.values()].flatMap(one => [one.weight, one.bias]));
  // Masks are square; angles have a row for each place.
  const squares = graph.tensors.filter(
    ({ name, shape }) => shape.length > 1 && shape.at(-1) === shape.at(-2) && !matrices.has(name),
  );
  const rows = blocks.flatMap(({ core }) => core.filter(op => op.kind === 'vector' && op.fn !== 'rmsnorm'));
  const tables = [...allSources(rows.map(op => constants.rows.get(op.id))).keys()].map(
    name => shapes.get(name)!,
  );
  const bounds = [...squares.map(one => one.shape), ...tables].map(shape => shape.at(-2) ?? most);
  return bounds.reduce((least, bound) => (bound < TOKENS ? least : Math.min(least, bound)), most);
}

/** What all blocks have in common, in the words of a model file. */
function sizesOf(
  { norm1, q, k, v, projection, norm2, fc1, fc1Value, activation, fc2 }: Block,
  norm: VectorOp,
) {
  const one = <T>(values: readonly T[], what: string): T => {
    if (values.some(value => value !== values[0])) throw onnxProblem(`${what} differ within a block`);
    return values[0];
  };
  return {
    hidden: fc1.out,
    qkvBias: one([q.bias, k.bias, v.bias], 'biases of Q, K and V'),
    projectionBias: projection.bias,
    mlpBias: one([fc1.bias, fc1Value?.bias ?? fc1.bias, fc2.bias], 'biases of the MLP'),
    activation,
    gatedMlp: fc1Value !== undefined,
    normBy: one([norm1, norm2, norm].map(normKind), 'norms'),
    normEps: Number(
      one(
        [norm1, norm2, norm].map(n => n.eps),
        'epsilons of norms',
      )!.toPrecision(6),
    ),
  };
}

/** @throws OnnxProblem where blocks differ */
function same<T extends object>(all: readonly T[]): Omit<T, 'hidden'> {
  const [first] = all;
  const other = all.findIndex(one => JSON.stringify(one) !== JSON.stringify(first));
  if (other >= 0) throw onnxProblem(`block ${other} is not as block 0`);
  const { hidden: _, ...rest } = first as T & { hidden?: number };
  return rest;
}

function namesOf(
  blocks: readonly Block[],
  cores: readonly Core[],
  norm: VectorOp,
  words: StaticOp,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>([
    ['norm', norm.id],
    ['words', words.weightId],
  ]);
  blocks.forEach((block, i) => {
    for (const name of ['norm1', 'norm2'] as const) names.set(`e${i}.${name}`, block[name].id);
    for (const name of ['q', 'k', 'v', 'projection', 'fc1', 'fc1Value', 'fc2'] as const) {
      const op = block[name];
      if (op !== undefined) names.set(`e${i}.${name}`, op.weightId);
    }
    const norms = cores[i].headNorms;
    if (norms === undefined) return;
    names.set(`e${i}.qNorm`, norms[0].id);
    names.set(`e${i}.kNorm`, norms[1].id);
  });
  const matrices = [...names].filter(([name]) => !/norm/i.test(name)).map(([, id]) => id);
  if (new Set(matrices).size !== matrices.length) throw onnxProblem('layers that share one matrix');
  return names;
}

/** Values of two arrays that are compared; of larger ones the file holds both. */
const MOST_COMPARED = 2 ** 26;

/** The last matrix is the table of words, turned: the same array, or a copy of it. */
function tied(table: Nd, last: Nd): boolean {
  if (table.key !== undefined && last.key === `${table.key}^1,0`) return true;
  const [rows, columns] = table.shape;
  if (table.size > MOST_COMPARED || last.size !== table.size) return false;
  const [a, b] = [table.data(), last.data()];
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) if (a[i * columns + j] !== b[j * rows + i]) return false;
  return true;
}
