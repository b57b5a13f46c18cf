/** Whole attentions and rotary embeddings as nodes (onnx Operators.md 23; onnxruntime ContribOperators.md). */
import type { OnnxNode } from './graph.ts';
import { attributes } from './node.ts';
import type { Opening } from './opening.ts';
import { onnxProblem } from './problem.ts';

/** How heads meet. */
interface Meeting {
  readonly scale: number | undefined;
  readonly causal: boolean;
  readonly softcap: number;
  /** Added to the scores. */
  readonly mask: string | undefined;
  /** The mask says what counts, by truth values. */
  readonly truth: boolean;
}

/** Attention of [1, heads, tokens, width] each; gives the same of the values. */
function meet(o: Opening, q: string, k: string, v: string, how: Meeting): string {
  const { scale, causal, softcap, mask } = how;
  const turned = o.add('Transpose', [k], { perm: [0, 1, 3, 2] });
  let scores = o.add('MatMul', [q, turned]);
  if (scale === undefined) {
    const width = o.add('Cast', [o.add('Gather', [o.add('Shape', [q]), o.constant([3])])], { to: 1 });
    scores = o.add('Div', [scores, o.add('Sqrt', [width])]);
  } else scores = o.add('Mul', [scores, o.number(scale)]);
  if (softcap > 0)
    scores = o.add('Mul', [o.add('Tanh', [o.add('Div', [scores, o.number(softcap)])]), o.number(softcap)]);
  if (causal) {
    const shape = o.add('Shape', [scores]);
    const square = o.add('Slice', [shape, o.constant([2]), o.constant([4]), o.constant([0])]);
    const seen = o.add('Trilu', [o.add('Expand', [o.number(1), square])], { upper: 0 });
    scores = o.add('Where', [o.add('Cast', [seen], { to: 9 }), scores, o.number(MASKED)]);
  }
  if (mask !== undefined && how.truth)
    scores = o.add('Where', [o.add('Cast', [mask], { to: 9 }), scores, o.number(MASKED)]);
  else if (mask !== undefined) scores = o.add('Add', [scores, mask]);
  return o.add('MatMul', [o.add('Softmax', [scores], { axis: -1 }), v]);
}

const MASKED = -3.4028234663852886e38;

/** [1, tokens, heads width] to [1, heads, tokens, width]. */
const toHeads = (o: Opening, x: string, heads: number): string =>
  o.add('Transpose', [o.add('Reshape', [x, o.constant([0, 0, heads, -1])])], { perm: [0, 2, 1, 3] });

const fromHeads = (o: Opening, x: string, out: string): void =>
  o.put('Reshape', [o.add('Transpose', [x], { perm: [0, 2, 1, 3] }), o.constant([0, 0, -1])], [out]);

/** So many heads for each of fewer: copies side by side. */
function repeated(o: Opening, x: string, times: number): string {
  if (times === 1) return x;
  const apart = o.add('Unsqueeze', [x, o.constant([2])]);
  const [a, b] = [o.constant([0]), o.constant([2])];
  const shape = o.add('Shape', [x]);
  const heads = o.add('Slice', [shape, a, b, a]);
  const rest = o.add('Slice', [shape, b, o.constant([4]), a]);
  const wide = o.add('Concat', [heads, o.constant([times]), rest], { axis: 0 });
  const grown = o.add('Expand', [apart, wide]);
  const count = o.add('Slice', [shape, o.constant([1]), b, a]);
  const all = o.add('Mul', [count, o.constant([times])]);
  return o.add('Reshape', [grown, o.add('Concat', [o.constant([1]), all, rest], { axis: 0 })]);
}

function refuse(node: OnnxNode, places: Readonly<Record<number, string>>): void {
  for (const [place, what] of Object.entries(places))
    if (node.in[Number(place)]) throw onnxProblem(`${node.op}: ${what} is not supported`);
  node.out.forEach((name, i) => {
    if (i > 0 && name !== '') throw onnxProblem(`${node.op}: output ${i} is not supported`);
  });
}

/** ONNX 23: Attention(Q, K, V, mask). */
export function attention23(o: Opening, node: OnnxNode): void {
  refuse(node, { 4: 'a cache of keys', 5: 'a cache of values', 6: 'padding by counts' });
  const at = attributes(node);
  const [q, k, v] = node.in;
  const heads = at.number('q_num_heads', 0);
  const ofKeys = at.number('kv_num_heads', 0);
  const scale = at.has('scale') ? at.number('scale') : undefined;
  const how = {
    scale,
    causal: at.number('is_causal', 0) === 1,
    softcap: at.number('softcap', 0),
    mask: node.in[3] || undefined,
    truth: node.in[3] !== undefined && o.isTruth(node.in[3]),
  };
  if (heads === 0) {
    o.put('Identity', [meet(o, q, k, v, how)], [node.out[0]]);
    return;
  }
  const times = heads / (ofKeys || heads);
  const [qs, ks, vs] = [toHeads(o, q, heads), toHeads(o, k, ofKeys || heads), toHeads(o, v, ofKeys || heads)];
  fromHeads(o, meet(o, qs, repeated(o, ks, times), repeated(o, vs, times), how), node.out[0]);
}

/** com.microsoft: one matrix for queries, keys and values, and their biases. */
export function microsoftAttention(o: Opening, node: OnnxNode): void {
  refuse(node, { 4: 'a cache', 6: 'a past length' });
  const at = attributes(node);
  if (at.has('qkv_hidden_sizes'))
    throw onnxProblem('Attention: widths of queries, keys and values that differ');
  if (at.number('do_rotary', 0) === 1) throw onnxProblem('Attention: rotary positions within it');
  const heads = at.number('num_heads');
  const input = o.has(node, 3) ? o.add('trex:Padding', [node.in[0], node.in[3]]) : node.in[0];
  const product = o.add('MatMul', [input, node.in[1]]);
  const all = o.has(node, 2) ? o.add('Add', [product, node.in[2]]) : product;
  const apart = o.add('Reshape', [all, o.constant([0, 0, 3, heads, -1])]);
  const turned = o.add('Transpose', [apart], { perm: [2, 0, 3, 1, 4] });
  const part = (i: number): string =>
    o.add('Squeeze', [
      o.add('Slice', [turned, o.constant([i]), o.constant([i + 1]), o.constant([0])]),
      o.constant([0]),
    ]);
  const scale = at.has('scale') && at.number('scale') !== 0 ? at.number('scale') : undefined;
  const how = {
    scale,
    causal: at.number('unidirectional', 0) === 1,
    softcap: 0,
    mask: o.has(node, 5) ? node.in[5] : undefined,
    truth: false,
  };
  fromHeads(o, meet(o, part(0), part(1), part(2), how), node.out[0]);
}

/** com.microsoft: queries, keys and values of their own. */
export function multiHeadAttention(o: Opening, node: OnnxNode): void {
  refuse(node, { 6: 'a cache of keys', 7: 'a cache of values' });
  const at = attributes(node);
  const heads = at.number('num_heads');
  if (!o.has(node, 1) || !o.has(node, 2))
    throw onnxProblem('MultiHeadAttention with packed queries, keys and values');
  const scale = at.has('scale') && at.number('scale') !== 0 ? at.number('scale') : undefined;
  const how = {
    scale,
    causal: at.number('unidirectional', 0) === 1,
    softcap: 0,
    mask: o.has(node, 5) ? node.in[5] : undefined,
    truth: false,
  };
  const widths = (place: number): string =>
    o.add('Gather', [o.add('Shape', [node.in[place]]), o.constant([2])]);
  const parts = [0, 1, 2].map(place => {
    if (!o.has(node, 3)) return node.in[place];
    // Biases of the three stand one behind the other.
    const zero = o.constant([0]);
    const sizes = [0, 1, 2].slice(0, place + 1).map(widths);
    const end = sizes.reduce((a, b) => o.add('Add', [a, b]));
    const start = place === 0 ? zero : sizes.slice(0, -1).reduce((a, b) => o.add('Add', [a, b]));
    return o.add('Add', [node.in[place], o.add('Slice', [node.in[3], start, end, zero])]);
  });
  if (o.has(node, 4)) parts[0] = o.add('trex:Padding', [parts[0], node.in[4]]);
  const [q, k, v] = parts.map(part => toHeads(o, part, heads));
  fromHeads(o, meet(o, q, k, v, how), node.out[0]);
}

/** x cos + turned x sin, by halves or by neighbours. */
function turn(o: Opening, x: string, cos: string, sin: string, interleaved: boolean): string {
  const half = (start: number): string =>
    interleaved
      ? o.add('Slice', [x, o.constant([start]), o.constant([2 ** 31]), o.constant([3]), o.constant([2])])
      : o.add('trex:Half', [x], { part: start });
  const [a, b] = [half(0), half(1)];
  const real = o.add('Sub', [o.add('Mul', [a, cos]), o.add('Mul', [b, sin])]);
  const imaginary = o.add('Add', [o.add('Mul', [a, sin]), o.add('Mul', [b, cos])]);
  if (!interleaved) return o.add('Concat', [real, imaginary], { axis: -1 });
  const pair = o.add(
    'Concat',
    [real, imaginary].map(y => o.add('Unsqueeze', [y, o.constant([4])])),
    { axis: 4 },
  );
  const shape = o.add('Shape', [x]);
  return o.add('Reshape', [pair, shape]);
}

/** ONNX 23: RotaryEmbedding(x, cos, sin, positions). */
export function rotaryEmbedding(o: Opening, node: OnnxNode): void {
  rotary(o, node, { cos: node.in[1], sin: node.in[2], positions: node.in[3] || undefined });
}

/** com.microsoft: RotaryEmbedding(x, positions, cos, sin). */
export function microsoftRotary(o: Opening, node: OnnxNode): void {
  rotary(o, node, { cos: node.in[2], sin: node.in[3], positions: node.in[1] || undefined });
}

function rotary(
  o: Opening,
  node: OnnxNode,
  {
    cos,
    sin,
    positions,
  }: { readonly cos: string; readonly sin: string; readonly positions: string | undefined },
): void {
  const at = attributes(node);
  if (at.number('rotary_embedding_dim', 0) !== 0) throw onnxProblem('RotaryEmbedding of a part of each head');
  const heads = at.number('num_heads', 0);
  const x = heads === 0 ? node.in[0] : toHeads(o, node.in[0], heads);
  // Rows of the tables for the positions: [1, 1, tokens, width / 2].
  const rows = (table: string): string => o.add('trex:Rows', [table, x, positions ?? '']);
  const y = turn(o, x, rows(cos), rows(sin), at.number('interleaved', 0) === 1);
  if (heads === 0) o.put('Identity', [y], [node.out[0]]);
  else fromHeads(o, y, node.out[0]);
}

/** com.microsoft: causal attention whose heads share keys, behind a cache that begins empty. */
export function groupQueryAttention(o: Opening, node: OnnxNode): void {
  const at = attributes(node);
  const [heads, ofKeys] = [at.number('num_heads'), at.number('kv_num_heads')];
  const [q, k, v] = node.in;
  if (!o.has(node, 1) || !o.has(node, 2))
    throw onnxProblem('GroupQueryAttention with packed queries, keys and values');
  for (const place of [9, 10, 11])
    if (o.has(node, place))
      throw onnxProblem('GroupQueryAttention with positions, biases or sinks of its own');
  const interleaved = at.number('rotary_interleaved', 0) === 1;
  const turned = (x: string): string => {
    if (at.number('do_rotary', 0) !== 1) return x;
    const [cos, sin] = [7, 8].map(place => o.add('trex:Rows', [node.in[place], x, '']));
    return turn(o, x, cos, sin, interleaved);
  };
  // What the cache holds before stands in front: nothing.
  const cached = (x: string, place: number): string =>
    o.has(node, place) ? o.add('Concat', [node.in[place], x], { axis: 2 }) : x;
  const keys = cached(turned(toHeads(o, k, ofKeys)), 3);
  const values = cached(toHeads(o, v, ofKeys), 4);
  const scale = at.number('scale', 0);
  const how = {
    scale: scale === 0 ? undefined : scale,
    causal: true,
    softcap: at.number('softcap', 0),
    mask: undefined,
    truth: false,
  };
  const times = heads / ofKeys;
  const mixed = meet(
    o,
    turned(toHeads(o, q, heads)),
    repeated(o, keys, times),
    repeated(o, values, times),
    how,
  );
  fromHeads(o, mixed, node.out[0]);
}
