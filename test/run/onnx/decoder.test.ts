/** Decoders in .onnx files, made byte by byte: found where they are, and said why where they are none. */
import test from 'ava';
import { openNetwork } from '../../../src/accuracy/network-file.ts';
import { Runner } from '../../../src/accuracy/runner.ts';
import { KvCache } from '../../../src/numerics/execute/kv-cache.ts';
import { nodeFiles } from '../../../src/run/node/files.ts';
import { paramTotal } from '../../../src/workload/count.ts';
import { memoryFiles } from '../../data/memory-files.ts';
import { numbers } from '../../workload/onnx/run.ts';
import { type Bytes, model, node, tensor, value } from '../../workload/onnx/writer.ts';

const [D, V, P, HIDDEN] = [8, 11, 12, 16];

/** GPT-2's block, fused; `causal` 0: each token sees all. */
function gpt({ causal = 1, tokens = 'tokens' as number | string, parallel = false } = {}): Uint8Array {
  const nodes: Bytes[] = [];
  const tensors: Bytes[] = [];
  const put = (op: string, inputs: readonly string[], out: string, attributes = {}): string => {
    nodes.push(node(op, inputs, [out], attributes));
    return out;
  };
  const weight = (name: string, shape: readonly number[], seed: number): string => {
    tensors.push(
      tensor(
        name,
        shape,
        numbers(
          shape.reduce((a, b) => a * b, 1),
          seed,
        ),
      ),
    );
    return name;
  };
  const whole = (name: string, list: readonly number[], shape = [list.length]): string => {
    tensors.push(tensor(name, shape, list, 'i64'));
    return name;
  };
  const norm = (x: string, name: string): string =>
    put('LayerNormalization', [x, weight(`${name}.g`, [D], 3), weight(`${name}.b`, [D], 4)], name);
  put('Gather', ['wte', 'ids'], 'word');
  weight('wte', [V, D], 21);
  const length = put('Gather', [put('Shape', ['ids'], 's'), whole('one', [1], [])], 'n', { axis: 0 });
  put('Range', [whole('zero', [0], []), length, 'one'], 'range');
  put('Gather', [weight('wpe', [P, D], 22), 'range'], 'place');
  const x = put('Add', ['word', 'place'], 'x0');
  const inputs = [norm(x, 'ln1'), weight('w', [D, 3 * D], 5), weight('wb', [3 * D], 6)];
  const mixed = put('com.microsoft:Attention', inputs, 'a', {
    num_heads: 2,
    unidirectional: causal,
  });
  const projected = put(
    'Add',
    [put('MatMul', [mixed, weight('wp', [D, D], 7)], 'p'), weight('bp', [D], 8)],
    'pb',
  );
  const y = put('Add', [x, projected], 'x1');
  const wide = put('MatMul', [norm(parallel ? x : y, 'ln2'), weight('w1', [D, HIDDEN], 9)], 'h');
  const h = put('Gelu', [wide], 'g');
  put('Add', [y, put('MatMul', [h, weight('w2', [HIDDEN, D], 10)], 'm')], 'x2');
  put('MatMul', [norm('x2', 'ln'), put('Transpose', ['wte'], 'head', { perm: [1, 0] })], 'y');
  return model({ nodes, tensors, inputs: [value('ids', ['batch', tokens], 'i64')], opset: 20 });
}

const open = (bytes: Uint8Array) =>
  openNetwork(
    { model: 'net.onnx', reuse: 'none' },
    { files: nodeFiles, disk: memoryFiles({ 'net.onnx': bytes }) },
  );

test('a causal graph of words is a decoder, whose sizes and parameters are those of the file', async t => {
  const { model: config, graph } = await open(gpt());
  t.like(config, {
    family: 'decoder',
    encoders: 1,
    dim: D,
    heads: 2,
    hidden: HIDDEN,
    vocabulary: V,
    maxTokens: P,
    positions: 'learned',
    activation: 'gelu',
    qkvBias: true,
    mlpBias: false,
    tiedWords: true,
  });
  const { ops, idleParameters } = graph(4);
  // Words, positions, three norms, attention, MLP.
  const expected = V * D + P * D + 6 * D + 3 * D * D + 3 * D + D * D + D + 2 * D * HIDDEN;
  t.is(paramTotal(ops) + idleParameters, expected);
});

test('token by token on its cache it gives the logits of its whole graph', async t => {
  const words = Int32Array.of(3, 9, 0, 7, 7);
  const whole = new Runner(await open(gpt()), {});
  const { logits } = await whole.run({ words });
  // The graph of a fixed length is executed node by node.
  const nodes = await open(gpt({ tokens: words.length }));
  t.is(nodes.model.family, 'onnx');
  const { logits: expected } = await new Runner(nodes, {}).run({ words });
  const cache = new KvCache();
  for (let at = 0; at < words.length; at++) {
    const { logits: one } = await whole.step({ words: words.subarray(at, at + 1) }, at, { cache, image: 0 });
    for (let j = 0; j < V; j++) {
      t.true(Math.abs(one.data[j] - expected.data[at * V + j]) < 1e-5);
      t.true(Math.abs(logits.data[at * V + j] - expected.data[at * V + j]) < 1e-5);
    }
  }
});

const others: readonly (readonly [name: string, bytes: Uint8Array, why: RegExp])[] = [
  ['each token sees all', gpt({ causal: 0 }), /block 0: what it makes of Q, K and V is not causal attention/],
  ['its length is fixed', gpt({ tokens: 6 }), /exported for 6 tokens alone/],
  ['its MLP stands beside attention', gpt({ parallel: true }), /block 0, MLP: no LayerNorm/],
];

for (const [name, bytes, why] of others)
  test(`no decoder, and the model says why: ${name}`, async t => {
    const { model: config } = await open(bytes);
    t.is(config.family, 'onnx');
    t.regex(config.family === 'onnx' ? (config.noDecoder ?? '') : '', why);
  });
