/** Every layout of a checkpoint gives the same weights to the same op. */
import test from 'ava';
import { buildGraph } from '../../../src/workload/graph.ts';
import { loadWeights } from '../../../src/workload/import/load-weights.ts';
import type { ModelWeights } from '../../../src/workload/import/model-weights.ts';
import { weightTensors } from '../../../src/workload/import/save-weights.ts';
import type { Tensors } from '../../../src/workload/import/tensor.ts';
import type { ModelConfig } from '../../../src/workload/model.ts';
import {
  checkpoint,
  hfBert,
  hfDeit,
  hfVit,
  hfVit5,
  lvVit,
  type Shapes,
  stored,
  timmDeit,
  timmVit,
  tinyBert,
  tinyLvVit,
  tinyVit,
  written,
} from './checkpoints.ts';

/** What these checkpoints hold and the networks do not read. */
const IDLE = /not read: \S*(position_ids|pooler\.dense\.weight)\b/;

/** Columns first: what [out, in] becomes for a crossbar. */
function turned(data: Float32Array, rows: number): number[] {
  const columns = data.length / rows;
  return Array.from(data, (_, i) => data[(i % rows) * columns + Math.floor(i / rows)]);
}

/** Checks every op of an encoder against the tensors that PyTorch multiplies with. */
const layersOf: [string, ModelConfig, Shapes, Record<string, string>][] = [
  [
    'hf-vit',
    tinyVit(),
    hfVit,
    {
      'e1.q': 'vit.encoder.layer.1.attention.attention.query',
      'e1.k': 'vit.encoder.layer.1.attention.attention.key',
      'e0.v': 'vit.encoder.layer.0.attention.attention.value',
      'e1.projection': 'vit.encoder.layer.1.attention.output.dense',
      'e0.fc1': 'vit.encoder.layer.0.intermediate.dense',
      'e1.fc2': 'vit.encoder.layer.1.output.dense',
      'stem.patch': 'vit.embeddings.patch_embeddings.projection',
      head: 'classifier',
      'norm e0.norm1': 'vit.encoder.layer.0.layernorm_before',
      'norm e1.norm2': 'vit.encoder.layer.1.layernorm_after',
      'norm norm': 'vit.layernorm',
      'rows embedding.class': 'vit.embeddings.cls_token',
      'rows embedding.position': 'vit.embeddings.position_embeddings',
    },
  ],
  [
    'hf-vit-5',
    tinyVit(),
    hfVit5,
    {
      'e0.q': 'vit.layers.0.attention.q_proj',
      'e0.k': 'vit.layers.0.attention.k_proj',
      'e1.v': 'vit.layers.1.attention.v_proj',
      'e1.projection': 'vit.layers.1.attention.o_proj',
      'e0.fc1': 'vit.layers.0.mlp.fc1',
      'e1.fc2': 'vit.layers.1.mlp.fc2',
      'norm e0.norm1': 'vit.layers.0.layernorm_before',
      'norm e0.norm2': 'vit.layers.0.layernorm_after',
    },
  ],
  [
    'hf-vit',
    tinyVit({ distilled: true }),
    hfDeit,
    {
      'e0.q': 'deit.encoder.layer.0.attention.attention.query',
      head: 'cls_classifier',
      headDistilled: 'distillation_classifier',
      'rows embedding.position': 'deit.embeddings.position_embeddings',
    },
  ],
  [
    'timm',
    tinyVit(),
    timmVit,
    {
      'e1.projection': 'blocks.1.attn.proj',
      'e0.fc1': 'blocks.0.mlp.fc1',
      'e1.fc2': 'blocks.1.mlp.fc2',
      'stem.patch': 'patch_embed.proj',
      head: 'head',
      'norm e0.norm1': 'blocks.0.norm1',
      'norm e1.norm2': 'blocks.1.norm2',
      'norm norm': 'norm',
      'rows embedding.class': 'cls_token',
      'rows embedding.position': 'pos_embed',
    },
  ],
  [
    'lv-vit',
    tinyLvVit(),
    lvVit,
    {
      'stem.conv0': 'patch_embed.conv1',
      'stem.conv1': 'patch_embed.conv2',
      'stem.patch': 'patch_embed.proj',
      'e1.projection': 'blocks.1.attn.proj',
      head: 'head',
      auxHead: 'aux_head',
    },
  ],
  [
    'hf-bert',
    tinyBert({ pooler: 'run', classes: 5 }),
    hfBert,
    {
      'e0.q': 'bert.encoder.layer.0.attention.self.query',
      'e1.k': 'bert.encoder.layer.1.attention.self.key',
      'e1.v': 'bert.encoder.layer.1.attention.self.value',
      'e0.projection': 'bert.encoder.layer.0.attention.output.dense',
      'e0.fc1': 'bert.encoder.layer.0.intermediate.dense',
      'e0.fc2': 'bert.encoder.layer.0.output.dense',
      pooler: 'bert.pooler.dense',
      classifier: 'classifier',
      'norm e0.norm1': 'bert.encoder.layer.0.attention.output.LayerNorm',
      'norm e1.norm2': 'bert.encoder.layer.1.output.LayerNorm',
      'norm embedding.norm': 'bert.embeddings.LayerNorm',
    },
  ],
];

for (const [layout, model, shapes, names] of layersOf)
  test(`${layout}, ${model.name}${'distilled' in model && model.distilled ? ' distilled' : ''}: each op gets its own tensor`, t => {
    const tensors = checkpoint(shapes);
    const loaded = loadWeights(tensors, buildGraph(model));
    t.is(loaded.layout, layout);
    t.true(
      loaded.warnings.every(w => IDLE.test(w)),
      loaded.warnings.join(),
    );
    for (const [what, name] of Object.entries(names)) checkOp(loaded.weights, tensors, what, name);

    function checkOp(weights: ModelWeights, from: Tensors, what: string, name: string) {
      const [kind, id] = what.includes(' ') ? what.split(' ') : ['linear', what];
      if (kind === 'rows') return t.deepEqual(weights.rows(id), from.get(name)!.data(), what);
      const weight = from.get(`${name}.weight`)!;
      const bias = from.get(`${name}.bias`)?.data() ?? null;
      if (kind === 'norm') {
        t.deepEqual(weights.norm(id).gain, weight.data(), what);
        return t.deepEqual(weights.norm(id).shift, bias, what);
      }
      const got = weights.linear(id);
      t.is(got.out, weight.shape[0]);
      t.is(got.in * got.out, weight.size);
      t.deepEqual([...got.weight], turned(weight.data(), got.out), what);
      return t.deepEqual(got.bias, bias, what);
    }
  });

test('timm: q, k and v are the first, second and third d rows of qkv, bias too', t => {
  const tensors = checkpoint(timmVit);
  const { weights } = loadWeights(tensors, buildGraph(tinyVit()));
  const qkv = tensors.get('blocks.1.attn.qkv.weight')!.data();
  const bias = tensors.get('blocks.1.attn.qkv.bias')!.data();
  for (const [part, id] of ['e1.q', 'e1.k', 'e1.v'].entries()) {
    const layer = weights.linear(id);
    for (let i = 0; i < 4; i++)
      for (let o = 0; o < 4; o++) t.is(layer.weight[i * 4 + o], qkv[(part * 4 + o) * 4 + i]);
    t.deepEqual(layer.bias, bias.slice(part * 4, part * 4 + 4));
  }
});

test('an input of a convolution is (channel, y, x), the last fastest', t => {
  const tensors = checkpoint(timmVit);
  const { weight, out, in: size } = loadWeights(tensors, buildGraph(tinyVit())).weights.linear('stem.patch');
  const kernel = tensors.get('patch_embed.proj.weight')!.data();
  t.deepEqual([size, out], [3 * 2 * 2, 4]);
  for (const [c, y, x, o] of [
    [0, 0, 1, 2],
    [1, 1, 0, 0],
    [2, 1, 1, 3],
  ])
    t.is(weight[((c * 2 + y) * 2 + x) * 4 + o], kernel[((o * 3 + c) * 2 + y) * 2 + x]);
});

test('a distilled DeiT has the class token first, then the distillation token', t => {
  const tensors = checkpoint(timmDeit);
  const { weights } = loadWeights(tensors, buildGraph(tinyVit({ distilled: true })));
  const rows = [...tensors.get('cls_token')!.data(), ...tensors.get('dist_token')!.data()];
  t.deepEqual([...weights.rows('embedding.class')], rows);
  t.deepEqual(weights.linear('headDistilled').bias, tensors.get('head_dist.bias')!.data());
});

test('LV-ViT: Q, K and V have no bias, and BatchNorm is folded with PyTorch’s epsilon of 1e-5', t => {
  const tensors = checkpoint(lvVit);
  const { weights } = loadWeights(tensors, buildGraph(tinyLvVit()));
  t.is(weights.linear('e0.k').bias, null);
  const of = (role: string) => tensors.get(`patch_embed.bn2.${role}`)!.data();
  const { gain, shift } = weights.norm('stem.batchnorm1');
  for (let i = 0; i < 6; i++) {
    const x = 0.75;
    const y = ((x - of('running_mean')[i]) / Math.sqrt(of('running_var')[i] + 1e-5)) * of('weight')[i];
    const wanted = y + of('bias')[i];
    t.true(Math.abs(x * gain[i] + shift[i] - wanted) < 1e-6 * Math.abs(wanted) + 1e-6);
  }
});

test('a negative variance is told with its tensor and index', t => {
  const tensors = written(lvVit);
  tensors.set('patch_embed.bn1.running_var', { shape: [6], data: Float32Array.of(1, 1, -0.5, 1, 1, 1) });
  const { weights } = loadWeights(stored(tensors), buildGraph(tinyLvVit()), 'lv.safetensors');
  t.throws(() => weights.norm('stem.batchnorm0'), {
    message:
      'lv.safetensors: tensor patch_embed.bn1.running_var: element 2 is -0.5, but a variance is never negative',
  });
});

test('BERT gives its three embedding tables', t => {
  const tensors = checkpoint(hfBert);
  const tables = loadWeights(tensors, buildGraph(tinyBert({ pooler: 'run', classes: 5 }))).weights.embedding(
    'embedding',
  );
  t.deepEqual(tables.words, tensors.get('bert.embeddings.word_embeddings.weight')!.data());
  t.deepEqual(tables.positions, tensors.get('bert.embeddings.position_embeddings.weight')!.data());
  t.deepEqual(tables.types, tensors.get('bert.embeddings.token_type_embeddings.weight')!.data());
});

/** The same tensors under other names. */
const renamed = (shapes: Shapes, rename: (name: string) => string): Shapes =>
  shapes.map(([name, ...shape]) => [rename(name), ...shape] as const);

const otherNames: [string, ModelConfig, Shapes, (name: string) => string][] = [
  [
    "gamma and beta for BERT's norms",
    tinyBert({ pooler: 'run', classes: 5 }),
    hfBert,
    n => n.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta'),
  ],
  [
    'BERT saved without its prefix',
    tinyBert({ pooler: 'run', classes: 5 }),
    hfBert,
    n => n.replace('bert.', ''),
  ],
  ['ViT saved without its prefix', tinyVit(), hfVit, n => n.replace('vit.', '')],
  ['the prefix of DataParallel', tinyVit(), hfVit, n => `module.${n}`],
  ['timm names below model.', tinyVit(), timmVit, n => `model.${n}`],
  ['DeiT in the names of transformers 5', tinyVit(), hfVit5, n => n.replace('vit.', 'deit.')],
];

for (const [what, model, shapes, rename] of otherNames)
  test(`also read: ${what}`, t => {
    const graph = buildGraph(model);
    const wanted = weightTensors(graph, loadWeights(checkpoint(shapes), graph).weights);
    const other = loadWeights(checkpoint(renamed(shapes, rename)), graph);
    t.deepEqual(weightTensors(graph, other.weights), wanted);
    t.true(
      other.warnings.every(w => IDLE.test(w)),
      other.warnings.join(),
    );
  });

const all: [ModelConfig, Shapes][] = [
  [tinyVit(), timmVit],
  [tinyVit({ distilled: true }), timmDeit],
  [tinyLvVit(), lvVit],
  [tinyBert({ pooler: 'run', classes: 5 }), hfBert],
];

for (const [model, shapes] of all)
  test(`${model.name} with ${model.tokens} tokens comes back from our own names`, t => {
    const graph = buildGraph(model);
    const { weights } = loadWeights(checkpoint(shapes), graph);
    const tensors = weightTensors(graph, weights);
    const again = loadWeights(stored(tensors), graph);
    t.is(again.layout, 'trex');
    t.deepEqual(weightTensors(graph, again.weights), tensors);
    for (const op of graph.ops)
      if (op.kind === 'static') t.deepEqual(again.weights.linear(op.weightId), weights.linear(op.weightId));
  });
