/** Decoders as `transformers` writes them: logits by a forward pass of their own in float64, and fields of config.json that change them. */
import test from 'ava';
import { uniformStream } from '../../../src/base/random.ts';
import { prepare } from '../../../src/numerics/execute/prepare.ts';
import { buildGraph } from '../../../src/workload/graph.ts';
import { modelFromConfigJson } from '../../../src/workload/import/config-json.ts';
import { loadWeights } from '../../../src/workload/import/load-weights.ts';
import type { Tensor, Tensors } from '../../../src/workload/import/tensor.ts';

type Rows = number[][];

/** Values of a checkpoint by name, drawn when they are first asked for. */
class Drawn {
  readonly #next = uniformStream(7, 'decoder');
  readonly all = new Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>();

  /** Centred at 1 for gains. */
  get(name: string, ...shape: number[]): Float32Array {
    const known = this.all.get(name);
    if (known !== undefined) return known.data;
    const size = shape.reduce((all, side) => all * side, 1);
    const centre = /(norm|ln_\w)\.weight$/.test(name) ? 1 : 0;
    const data = Float32Array.from({ length: size }, () => centre + (this.#next() - 0.5) * 0.7);
    this.all.set(name, { shape, data });
    return data;
  }

  tensors(): Tensors {
    return new Map(
      [...this.all].map(([name, { shape, data }]): [string, Tensor] => [
        name,
        { name, dtype: 'F32', shape, size: data.length, data: (from, to) => data.slice(from, to) },
      ]),
    );
  }
}

const [DIM, HEADS, LAYERS, HIDDEN, VOCABULARY, POSITIONS] = [12, 3, 2, 20, 31, 24];

/** x (rows x in) times W, which is [out, in], or [in, out] if `conv`. */
function linear(x: Rows, w: Float32Array, out: number, bias?: Float32Array, conv = false): Rows {
  const size = x[0].length;
  const at = (i: number, j: number): number => (conv ? w[i * out + j] : w[j * size + i]);
  return x.map(row =>
    Array.from({ length: out }, (_, j) => row.reduce((sum, v, i) => sum + v * at(i, j), bias?.[j] ?? 0)),
  );
}

function norm(x: Rows, gain: Float32Array, eps: number, shift?: Float32Array): Rows {
  return x.map(row => {
    const mean = shift === undefined ? 0 : row.reduce((a, b) => a + b, 0) / row.length;
    const power = row.reduce((a, b) => a + (b - mean) ** 2, 0) / row.length;
    return row.map((v, j) => ((v - mean) / Math.sqrt(power + eps)) * gain[j] + (shift?.[j] ?? 0));
  });
}

const columns = (x: Rows, from: number, size: number): Rows => x.map(row => row.slice(from, from + size));
const plus = (a: Rows, b: Rows): Rows => a.map((row, i) => row.map((v, j) => v + b[i][j]));
const sideBySide = (parts: Rows[]): Rows => parts[0].map((_, i) => parts.flatMap(part => part[i]));

/** One head: softmax of q k over the keys up to the query's own, the last `span` of them, times v. */
function attend(q: Rows, k: Rows, v: Rows, scale: number, span = POSITIONS): Rows {
  return q.map((row, i) => {
    const from = Math.max(0, i + 1 - span);
    const scores = k
      .slice(from, i + 1)
      .map(key => scale * key.reduce((sum, value, j) => sum + value * row[j], 0));
    const most = Math.max(...scores);
    const exponents = scores.map(s => Math.exp(s - most));
    const sum = exponents.reduce((a, b) => a + b, 0);
    return v[0].map((_, j) => exponents.reduce((all, e, at) => all + (e / sum) * v[from + at][j], 0));
  });
}

function gpt2(w: Drawn, ids: readonly number[]): Rows {
  const [words, places] = [w.get('wte.weight', VOCABULARY, DIM), w.get('wpe.weight', POSITIONS, DIM)];
  let x: Rows = ids.map((id, i) =>
    Array.from({ length: DIM }, (_, j) => words[id * DIM + j] + places[i * DIM + j]),
  );
  const normed = (name: string, rows: Rows): Rows =>
    norm(rows, w.get(`${name}.weight`, DIM), 1e-3, w.get(`${name}.bias`, DIM));
  const conv = (name: string, rows: Rows, out: number): Rows =>
    linear(rows, w.get(`${name}.weight`, rows[0].length, out), out, w.get(`${name}.bias`, out), true);
  for (let i = 0; i < LAYERS; i++) {
    const qkv = conv(`h.${i}.attn.c_attn`, normed(`h.${i}.ln_1`, x), 3 * DIM);
    const d = DIM / HEADS;
    const heads = Array.from({ length: HEADS }, (_, h) => {
      const [q, k, v] = [0, 1, 2].map(part => columns(qkv, part * DIM + h * d, d));
      return attend(q, k, v, 1 / Math.sqrt(d) / (i + 1));
    });
    x = plus(x, conv(`h.${i}.attn.c_proj`, sideBySide(heads), DIM));
    const inner = conv(`h.${i}.mlp.c_fc`, normed(`h.${i}.ln_2`, x), HIDDEN).map(row =>
      row.map(v => 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3)))),
    );
    x = plus(x, conv(`h.${i}.mlp.c_proj`, inner, DIM));
  }
  return linear(normed('ln_f', x), words, VOCABULARY);
}

const GPT2 = {
  model_type: 'gpt2',
  architectures: ['GPT2LMHeadModel'],
  n_embd: DIM,
  n_layer: LAYERS,
  n_head: HEADS,
  n_inner: HIDDEN,
  vocab_size: VOCABULARY,
  n_positions: POSITIONS,
  layer_norm_epsilon: 1e-3,
  scale_attn_by_inverse_layer_idx: true,
};

const [KV, WIDE] = [1, 6];

/** Qwen3: heads of a width of their own, normed, turned by halves; all heads share one of keys. */
function qwen3(w: Drawn, ids: readonly number[]): Rows {
  const words = w.get('model.embed_tokens.weight', VOCABULARY, DIM);
  let x: Rows = ids.map(id => [...words.subarray(id * DIM, (id + 1) * DIM)]);
  const layer = (name: string, rows: Rows, out: number): Rows =>
    linear(rows, w.get(`${name}.weight`, out, rows[0].length), out);
  const turned = (rows: Rows, gain: Float32Array): Rows =>
    norm(rows, gain, 1e-4).map((row, at) =>
      row.map((v, j) => {
        const half = WIDE / 2;
        const angle = at / 2 / 300 ** ((j % half) / half);
        return v * Math.cos(angle) + (j < half ? -row[j + half] : row[j - half]) * Math.sin(angle);
      }),
    );
  for (let i = 0; i < LAYERS; i++) {
    const p = `model.layers.${i}`;
    const y = norm(x, w.get(`${p}.input_layernorm.weight`, DIM), 1e-4);
    const [q, k, v] = ['q', 'k', 'v'].map((name, at) =>
      layer(`${p}.self_attn.${name}_proj`, y, (at === 0 ? HEADS : KV) * WIDE),
    );
    const [qGain, kGain] = ['q', 'k'].map(name => w.get(`${p}.self_attn.${name}_norm.weight`, WIDE));
    const keys = turned(k, kGain);
    const heads = Array.from({ length: HEADS }, (_, h) =>
      attend(
        turned(columns(q, h * WIDE, WIDE), qGain),
        keys,
        v,
        1 / Math.sqrt(WIDE),
        i === 1 ? 3 : POSITIONS,
      ),
    );
    x = plus(x, layer(`${p}.self_attn.o_proj`, sideBySide(heads), DIM));
    const z = norm(x, w.get(`${p}.post_attention_layernorm.weight`, DIM), 1e-4);
    const gate = layer(`${p}.mlp.gate_proj`, z, HIDDEN);
    const up = layer(`${p}.mlp.up_proj`, z, HIDDEN);
    const inner = gate.map((row, r) => row.map((v, j) => (v / (1 + Math.exp(-v))) * up[r][j]));
    x = plus(x, layer(`${p}.mlp.down_proj`, inner, DIM));
  }
  return layer('lm_head', norm(x, w.get('model.norm.weight', DIM), 1e-4), VOCABULARY);
}

const QWEN3 = {
  model_type: 'qwen3',
  architectures: ['Qwen3ForCausalLM'],
  hidden_size: DIM,
  num_hidden_layers: LAYERS,
  num_attention_heads: HEADS,
  num_key_value_heads: KV,
  head_dim: WIDE,
  intermediate_size: HIDDEN,
  vocab_size: VOCABULARY,
  max_position_embeddings: POSITIONS,
  rms_norm_eps: 1e-4,
  rope_theta: 300,
  rope_scaling: { rope_type: 'linear', factor: 2 },
  use_sliding_window: true,
  sliding_window: 3,
  max_window_layers: 1,
};

const IDS = [3, 30, 0, 7, 7, 12, 25, 1, 19];

for (const [name, config, forward] of [
  ['GPT-2', GPT2, gpt2],
  ['Qwen3', QWEN3, qwen3],
] as const)
  test(`${name}'s logits are those of a forward pass in float64`, async t => {
    const w = new Drawn();
    const expected = forward(w, IDS);
    const tensors = w.tensors();
    const model = modelFromConfigJson(config, { tensors, tokens: IDS.length });
    const graph = buildGraph(model, { logits: 'all' });
    const network = prepare(graph, loadWeights(tensors, graph).weights);
    const { logits } = await network.run({ words: Int32Array.from(IDS) });
    const largest = Math.max(...expected.flat().map((v, i) => Math.abs(v - logits.data[i])));
    t.deepEqual([logits.rows, logits.columns], [IDS.length, VOCABULARY]);
    t.true(largest < 2e-5, `${largest}`);
  });

test('fields of config.json that change the logits are applied, or refused by name', t => {
  const refused = (config: object, message: RegExp) =>
    t.throws(() => modelFromConfigJson(config), { message });
  refused({ ...GPT2, activation_function: 'tanh' }, /activation_function: 'tanh' is not supported/);
  refused({ ...GPT2, scale_attention: 2 }, /scale_attention: not known for model type gpt2/);
  refused({ ...GPT2, add_cross_attention: true }, /add_cross_attention: true is not supported/);
  refused(
    { ...QWEN3, rope_scaling: { rope_type: 'longrope', factor: 4 } },
    /rope_scaling: 'longrope' is not supported/,
  );
  refused(
    { ...QWEN3, rope_scaling: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 12 } },
    /rope_scaling\.factor: 4, but max_position_embeddings 24/,
  );
  refused(
    { ...QWEN3, rope_scaling: { rope_type: 'linear', factor: 4, beta_fast: 2 } },
    /rope_scaling\.beta_fast: not known for positions of kind 'linear'/,
  );
  refused({ ...QWEN3, rope_scaling: { rope_type: 'llama3', factor: 4 } }, /low_freq_factor: is not there/);
  refused({ ...QWEN3, layer_types: ['full_attention', 'mamba'] }, /layer_types: 'mamba' is not supported/);
  refused(
    { ...QWEN3, rope_scaling: { rope_type: 'linear', type: 'llama3', factor: 4 } },
    /rope_scaling\.type: 'llama3' beside rope_type 'linear'/,
  );
  refused({ ...QWEN3, rope_scaling: { factor: 4 } }, /rope_scaling\.rope_type: is not there/);
  refused(
    { ...QWEN3, rope_scaling: { type: 'dynamic', factor: 2, original_max_position_embeddings: 8 } },
    /original_max_position_embeddings: 8 beside max_position_embeddings 24/,
  );
  // transformers asks for layer_types in Qwen alone, and null is no window there.
  for (const model_type of ['llama', 'mistral'])
    refused({ model_type, num_hidden_layers: 1, layer_types: ['full_attention'] }, /layer_types: not known/);
  const whole = modelFromConfigJson({ ...QWEN3, sliding_window: null });
  t.true(whole.family === 'decoder' && whole.attentionExceptions === undefined);
  const opt = { model_type: 'opt', word_embed_proj_dim: 512, hidden_size: 768 };
  refused(opt, /word_embed_proj_dim: 512 beside hidden_size 768/);
  const llama = modelFromConfigJson({ model_type: 'llama', rope_parameters: { rope_theta: 5e5 } });
  t.true(llama.family === 'decoder' && llama.attention.kind === 'causal');
  if (llama.family === 'decoder' && llama.attention.kind === 'causal')
    t.deepEqual(llama.attention.rotary, { theta: 500_000 });
  const plain = modelFromConfigJson({ ...GPT2, scale_attn_weights: false });
  t.true(plain.family === 'decoder' && plain.attention.kind === 'causal' && plain.attention.scale === 'none');
});
