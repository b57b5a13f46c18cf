/** transformers' text networks in plain float64, from their forward passes (models/bert, roberta, distilbert), and tiny checkpoints of them. */
import { add, type Rows } from '../../numerics/execute/oracle.ts';
import { activations, attention, type Checkpoint, layer, map, type Shapes } from './checkpoint.ts';

const [WIDTH, HEADS, HIDDEN] = [12, 3, 16];
export const VOCABULARY = 20;

/** Names of one encoder's layers. */
interface Names {
  readonly q: string;
  readonly k: string;
  readonly v: string;
  readonly out: string;
  readonly norm1: string;
  readonly fc1: string;
  readonly fc2: string;
  readonly norm2: string;
}

const bertNames = (prefix: string, i: number): Names => {
  const at = `${prefix}encoder.layer.${i}`;
  const [q, k, v] = ['query', 'key', 'value'].map(n => `${at}.attention.self.${n}`);
  return {
    q,
    k,
    v,
    out: `${at}.attention.output.dense`,
    norm1: `${at}.attention.output.LayerNorm`,
    fc1: `${at}.intermediate.dense`,
    fc2: `${at}.output.dense`,
    norm2: `${at}.output.LayerNorm`,
  };
};

const distilNames = (prefix: string, i: number): Names => {
  const at = `${prefix}transformer.layer.${i}`;
  const [q, k, v, out] = ['q_lin', 'k_lin', 'v_lin', 'out_lin'].map(n => `${at}.attention.${n}`);
  return {
    q,
    k,
    v,
    out,
    norm1: `${at}.sa_layer_norm`,
    fc1: `${at}.ffn.lin1`,
    fc2: `${at}.ffn.lin2`,
    norm2: `${at}.output_layer_norm`,
  };
};

const layersOf = (n: Names): Shapes => [
  ...[n.q, n.k, n.v, n.out].flatMap(name => layer(name, WIDTH, WIDTH)),
  ...layer(n.norm1, WIDTH),
  ...layer(n.fc1, HIDDEN, WIDTH),
  ...layer(n.fc2, WIDTH, HIDDEN),
  ...layer(n.norm2, WIDTH),
];

interface TextParts {
  readonly prefix: string;
  readonly positions: number;
  readonly distil?: boolean;
}

/** Two encoders of width 12, a vocabulary of 20, segment types unless it is a DistilBERT. */
export function textShapes({ prefix, positions, distil = false }: TextParts, ...heads: Shapes[]): Shapes {
  const names = distil ? distilNames : bertNames;
  const types: Shapes = distil ? [] : [[`${prefix}embeddings.token_type_embeddings.weight`, 2, WIDTH]];
  return [
    [`${prefix}embeddings.word_embeddings.weight`, VOCABULARY, WIDTH],
    [`${prefix}embeddings.position_embeddings.weight`, positions, WIDTH],
    ...types,
    ...layer(`${prefix}embeddings.LayerNorm`, WIDTH),
    ...layersOf(names(prefix, 0)),
    ...layersOf(names(prefix, 1)),
    ...heads.flat(),
  ];
}

interface TextNetwork {
  readonly prefix: string;
  readonly distil?: boolean;
  /** RoBERTa's: positions begin behind it. */
  readonly padding?: number;
  readonly act?: string;
  readonly eps?: number;
  readonly types?: readonly number[];
}

/** last_hidden_state. */
export function textForward(c: Checkpoint, words: readonly number[], network: TextNetwork): Rows {
  const { prefix, distil = false, padding, act = 'gelu', eps = 1e-12, types } = network;
  const table = (name: string): Rows => c.rows(`${prefix}embeddings.${name}_embeddings.weight`);
  let seen = 0;
  const places = words.map((word, i) => {
    if (padding === undefined) return i;
    return word === padding ? padding : padding + ++seen;
  });
  let x = words.map((word, i) => {
    const type = distil ? new Array<number>(WIDTH).fill(0) : table('token_type')[types?.[i] ?? 0];
    return table('word')[word].map((v, j) => v + table('position')[places[i]][j] + type[j]);
  });
  x = c.norm(x, `${prefix}embeddings.LayerNorm`, eps);
  for (const i of [0, 1]) {
    const n = (distil ? distilNames : bertNames)(prefix, i);
    const mixed = attention(c.linear(x, n.q), c.linear(x, n.k), c.linear(x, n.v), HEADS);
    const y = c.norm(add(x, c.linear(mixed, n.out)), n.norm1, eps);
    x = c.norm(add(y, c.linear(map(c.linear(y, n.fc1), activations[act]), n.fc2)), n.norm2, eps);
  }
  return x;
}

/** A layer on the first token, its activation, and a classifier. */
export const pooledLogits = (
  c: Checkpoint,
  hidden: Rows,
  pooler: string,
  classifier: string,
  act: (v: number) => number = Math.tanh,
): Rows => c.linear(map(c.linear([hidden[0]], pooler), act), classifier);

/** A masked language model's head: layer, activation, norm, and the words. */
export function wordLogits(
  c: Checkpoint,
  hidden: Rows,
  names: { dense: string; norm: string; weight: string; bias: string; eps?: number },
  act = 'gelu',
): Rows {
  const y = c.norm(map(c.linear(hidden, names.dense), activations[act]), names.norm, names.eps ?? 1e-12);
  return c.product(y, names.weight, names.bias);
}
