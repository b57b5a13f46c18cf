/** ViT, DeiT with two heads, LV-ViT and BERT in plain float64, written from the papers, not from the op graph. */
import type { ModelWeights } from '../../../src/workload/import/model-weights.ts';
import type { ModelConfig } from '../../../src/workload/model.ts';
import {
  add,
  attention,
  conv,
  firstAttention,
  gelu,
  geluTanh,
  layerNorm,
  linear,
  map,
  pixels,
  planes,
  type Rows,
  sigmoids,
  softmax,
} from './oracle.ts';

type Model<F extends ModelConfig['family']> = Extract<ModelConfig, { family: F }>;

const rowsOf = (values: Float32Array, width: number): Rows =>
  Array.from({ length: values.length / width }, (_, i) => [...values.slice(i * width, (i + 1) * width)]);

type StackModel = Exclude<ModelConfig, { family: 'layers' | 'onnx' }>;

const mapOf = ({ attention }: StackModel) => (attention?.kind === 'sigmoid' ? sigmoids : softmax);

/** All encoders; `reused` take the attention output of the last one before them that has attention. */
export function encoders(
  input: Rows,
  model: StackModel,
  w: ModelWeights,
  reused: readonly number[],
  norm: 'pre' | 'post',
  branch = 1,
): Rows {
  const { heads, normEps } = model;
  const activation = (v: number): number =>
    model.activation === 'relu' ? Math.max(0, v) : model.activation === 'gelu' ? gelu(v) : geluTanh(v);
  let x = input;
  let mixed: Rows = [];
  const pruning = 'pruning' in model ? model.pruning : undefined;
  const patches = input.length - 1;
  let looked: number[] = [];
  for (let i = 0; i < model.encoders; i++) {
    const place = pruning?.before?.indexOf(i) ?? -1;
    if (place >= 0) {
      const left = Math.ceil(patches * pruning!.keep![place]);
      const order = looked.map((_, row) => row).slice(1);
      const best = order.sort((a, b) => looked[b] - looked[a]).slice(0, left);
      x = x.filter((_, row) => row === 0 || best.includes(row));
    }
    const ln = (name: string, y: Rows): Rows => layerNorm(y, w.norm(`e${i}.${name}`), normEps);
    const fc = (name: string, y: Rows): Rows => linear(y, w, `e${i}.${name}`);
    let out: Rows;
    if (reused.includes(i)) out = map(fc('transform', ln('transformNorm', mixed)), gelu);
    else {
      const y = norm === 'pre' ? ln('norm1', x) : x;
      out = mixed = attention(fc('q', y), fc('k', y), fc('v', y), heads, mapOf(model));
      looked = firstAttention(fc('q', y), fc('k', y), heads);
    }
    const middle = add(x, fc('projection', out), branch);
    const y = norm === 'post' ? ln('norm1', middle) : middle;
    const hidden = map(fc('fc1', norm === 'pre' ? ln('norm2', y) : y), activation);
    const end = add(y, fc('fc2', hidden), branch);
    x = norm === 'post' ? ln('norm2', end) : end;
  }
  return x;
}

export function vit(model: Model<'vit'>, w: ModelWeights, image: Float32Array, reused: number[] = []): Rows {
  const { patchSize, imageSize, inChannels, dim, normEps, distilled } = model;
  const window = { kernel: patchSize, stride: patchSize, padding: 0 };
  const patches = pixels(conv(planes(image, inChannels, imageSize), w, 'stem.patch', window));
  const tokens = [...rowsOf(w.rows('embedding.class'), dim), ...patches];
  const x = add(tokens, rowsOf(w.rows('embedding.position'), dim));
  const y = layerNorm(encoders(x, model, w, reused, 'pre'), w.norm('norm'), normEps);
  const logits = linear([y[0]], w, 'head');
  if (!distilled) return logits;
  return map(add(logits, linear([y[1]], w, 'headDistilled')), v => v / 2);
}

export function lvVit(
  model: Model<'lv-vit'>,
  w: ModelWeights,
  image: Float32Array,
  reused: number[] = [],
): Rows {
  let x = planes(image, model.inChannels, model.imageSize);
  for (const [i, window] of model.stem.entries()) {
    const { gain, shift } = w.norm(`stem.batchnorm${i}`);
    x = conv(x, w, `stem.conv${i}`, window).map((plane, c) =>
      map(plane, v => Math.max(0, v * gain[c] + shift[c])),
    );
  }
  const kernel = model.patchSize / (model.imageSize / x[0].length);
  const patches = pixels(conv(x, w, 'stem.patch', { kernel, stride: kernel, padding: 0 }));
  const tokens = [...rowsOf(w.rows('embedding.class'), model.dim), ...patches];
  const embedded = add(tokens, rowsOf(w.rows('embedding.position'), model.dim));
  const y = encoders(embedded, model, w, reused, 'pre', 1 / model.skipLam);
  const normed = layerNorm(y, w.norm('norm'), model.normEps);
  const logits = linear([normed[0]], w, 'head');
  if (!model.auxHead) return logits;
  const dense = linear(normed.slice(1), w, 'auxHead');
  return add(logits, [dense[0].map((_, j) => Math.max(...dense.map(row => row[j])))], 0.5);
}

export function bert(
  model: Model<'bert'>,
  w: ModelWeights,
  words: Int32Array,
  types: Int32Array,
  reused: number[] = [],
): Rows {
  const { dim, normEps } = model;
  const tables = w.embedding('embedding');
  const [word, position, type] = [tables.words, tables.positions, tables.types].map(t => rowsOf(t, dim));
  const sum = [...words].map((id, i) => word[id].map((v, j) => v + position[i][j] + type[types[i]][j]));
  const y = encoders(layerNorm(sum, w.norm('embedding.norm'), normEps), model, w, reused, 'post');
  if (model.pooler !== 'run') return y;
  const pooled = map(linear([y[0]], w, 'pooler'), Math.tanh);
  return model.classes === undefined ? pooled : linear(pooled, w, 'classifier');
}
