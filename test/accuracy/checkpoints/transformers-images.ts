/** transformers' image networks in plain float64, from their forward passes (models/vit, deit, dinov2, dinov2_with_registers, clip, siglip), and tiny checkpoints of them. */
import { add, type Rows } from '../../numerics/execute/oracle.ts';
import {
  activations,
  attention,
  type Checkpoint,
  layer,
  map,
  mean,
  type Shapes,
  type Sides,
  times,
} from './checkpoint.ts';

export const SIDES: Sides = [12, 12];
const [WIDTH, HEADS, HIDDEN] = [12, 3, 16];

/** config.json of two encoders of width 12, but for the type's own fields. */
export const stack = {
  hidden_size: WIDTH,
  num_attention_heads: HEADS,
  num_hidden_layers: 2,
  intermediate_size: HIDDEN,
  image_size: 12,
  patch_size: 4,
};

const both = (one: (i: number) => Shapes): Shapes => [...one(0), ...one(1)];

/** The parts of a ViT or DeiT. */
export const vitShapes = (prefix: string, tokens: Shapes, ...heads: Shapes[]): Shapes => [
  ...tokens.map(([name, ...shape]) => [`${prefix}embeddings.${name}`, ...shape] as const),
  ...layer(`${prefix}embeddings.patch_embeddings.projection`, WIDTH, 3, 4, 4),
  ...both(i => {
    const at = `${prefix}encoder.layer.${i}`;
    return [
      ...['query', 'key', 'value'].flatMap(n => layer(`${at}.attention.attention.${n}`, WIDTH, WIDTH)),
      ...layer(`${at}.attention.output.dense`, WIDTH, WIDTH),
      ...layer(`${at}.intermediate.dense`, HIDDEN, WIDTH),
      ...layer(`${at}.output.dense`, WIDTH, HIDDEN),
      ...layer(`${at}.layernorm_before`, WIDTH),
      ...layer(`${at}.layernorm_after`, WIDTH),
    ];
  }),
  ...layer(`${prefix}layernorm`, WIDTH),
  ...heads.flat(),
];

/** Those of a DINOv2; `gated`: SwiGLU. */
export const dinov2Shapes = (
  prefix: string,
  registers: number,
  gated: boolean,
  ...heads: Shapes[]
): Shapes => [
  [`${prefix}embeddings.cls_token`, 1, 1, WIDTH],
  [`${prefix}embeddings.mask_token`, 1, WIDTH],
  ...(registers > 0 ? ([[`${prefix}embeddings.register_tokens`, 1, registers, WIDTH]] as const) : []),
  [`${prefix}embeddings.position_embeddings`, 1, 10, WIDTH],
  ...layer(`${prefix}embeddings.patch_embeddings.projection`, WIDTH, 3, 4, 4),
  ...both(i => {
    const at = `${prefix}encoder.layer.${i}`;
    // 12 x 4 x 2 / 3, to a multiple of 8.
    const mlp = gated
      ? [...layer(`${at}.mlp.weights_in`, 64, WIDTH), ...layer(`${at}.mlp.weights_out`, WIDTH, 32)]
      : [...layer(`${at}.mlp.fc1`, 48, WIDTH), ...layer(`${at}.mlp.fc2`, WIDTH, 48)];
    return [
      ...['query', 'key', 'value'].flatMap(n => layer(`${at}.attention.attention.${n}`, WIDTH, WIDTH)),
      ...layer(`${at}.attention.output.dense`, WIDTH, WIDTH),
      [`${at}.layer_scale1.lambda1`, WIDTH],
      ...mlp,
      [`${at}.layer_scale2.lambda1`, WIDTH],
      ...layer(`${at}.norm1`, WIDTH),
      ...layer(`${at}.norm2`, WIDTH),
    ];
  }),
  ...layer(`${prefix}layernorm`, WIDTH),
  ...heads.flat(),
];

/** Those of the image side of CLIP or SigLIP. */
export const sideShapes = (own: Shapes, ...heads: Shapes[]): Shapes => [
  ...own.map(([name, ...shape]) => [`vision_model.${name}`, ...shape] as const),
  ...both(i => {
    const at = `vision_model.encoder.layers.${i}`;
    return [
      ...['q_proj', 'k_proj', 'v_proj', 'out_proj'].flatMap(n => layer(`${at}.self_attn.${n}`, WIDTH, WIDTH)),
      ...layer(`${at}.layer_norm1`, WIDTH),
      ...layer(`${at}.mlp.fc1`, HIDDEN, WIDTH),
      ...layer(`${at}.mlp.fc2`, WIDTH, HIDDEN),
      ...layer(`${at}.layer_norm2`, WIDTH),
    ];
  }),
  ...layer('vision_model.post_layernorm', WIDTH),
  ...heads.flat(),
];

export const clipParts: Shapes = [
  ['embeddings.class_embedding', WIDTH],
  ['embeddings.position_ids', 1, 10],
  ['embeddings.patch_embedding.weight', WIDTH, 3, 4, 4],
  ['embeddings.position_embedding.weight', 10, WIDTH],
  ...layer('pre_layrnorm', WIDTH),
];

export const siglipParts: Shapes = [
  ...layer('embeddings.patch_embedding', WIDTH, 3, 4, 4),
  ['embeddings.position_embedding.weight', 9, WIDTH],
];

export const siglipHead: Shapes = [
  ['head.probe', 1, 1, WIDTH],
  ['head.attention.in_proj_weight', 3 * WIDTH, WIDTH],
  ['head.attention.in_proj_bias', 3 * WIDTH],
  ...layer('head.attention.out_proj', WIDTH, WIDTH),
  ...layer('head.layernorm', WIDTH),
  ...layer('head.mlp.fc1', HIDDEN, WIDTH),
  ...layer('head.mlp.fc2', WIDTH, HIDDEN),
].map(([name, ...shape]) => [`vision_model.${name}`, ...(shape as number[])] as const);

interface Names {
  readonly norm1: string;
  readonly q: string;
  readonly k: string;
  readonly v: string;
  readonly out: string;
  readonly norm2: string;
  readonly mlp: (x: Rows) => Rows;
  readonly scales: readonly [string, string];
}

function preNorm(c: Checkpoint, x: Rows, n: Names, eps: number): Rows {
  const y = c.norm(x, n.norm1, eps);
  const mixed = attention(c.linear(y, n.q), c.linear(y, n.k), c.linear(y, n.v), HEADS);
  const middle = add(x, c.scaled(c.linear(mixed, n.out), n.scales[0]));
  return add(middle, c.scaled(n.mlp(c.norm(middle, n.norm2, eps)), n.scales[1]));
}

/** last_hidden_state of ViT and DeiT. */
export function vit(c: Checkpoint, prefix: string, x: Float32Array, act = 'gelu', eps = 1e-12): Rows {
  const at = (name: string): string => `${prefix}embeddings.${name}`;
  const tokens = ['cls_token', 'distillation_token'].filter(n => c.has(at(n))).flatMap(n => c.rows(at(n)));
  const patches = c.patches(x, SIDES, at('patch_embeddings.projection'));
  let y = add([...tokens, ...patches], c.rows(at('position_embeddings')));
  for (const i of [0, 1]) {
    const own = `${prefix}encoder.layer.${i}`;
    const [q, k, v] = ['query', 'key', 'value'].map(n => `${own}.attention.attention.${n}`);
    const mlp = (z: Rows): Rows =>
      c.linear(map(c.linear(z, `${own}.intermediate.dense`), activations[act]), `${own}.output.dense`);
    const names = {
      norm1: `${own}.layernorm_before`,
      norm2: `${own}.layernorm_after`,
      scales: ['', ''],
    } as const;
    y = preNorm(c, y, { ...names, q, k, v, out: `${own}.attention.output.dense`, mlp }, eps);
  }
  return c.norm(y, `${prefix}layernorm`, eps);
}

/** last_hidden_state of DINOv2. */
export function dinov2(
  c: Checkpoint,
  prefix: string,
  x: Float32Array,
  positions?: Rows,
  sides = SIDES,
): Rows {
  const at = (name: string): string => `${prefix}embeddings.${name}`;
  const patches = c.patches(x, sides, at('patch_embeddings.projection'));
  const embedded = add(
    [...c.rows(at('cls_token')), ...patches],
    positions ?? c.rows(at('position_embeddings')),
  );
  const registers = c.has(at('register_tokens')) ? c.rows(at('register_tokens')) : [];
  let y = [embedded[0], ...registers, ...embedded.slice(1)];
  for (const i of [0, 1]) {
    const own = `${prefix}encoder.layer.${i}`;
    const [q, k, v] = ['query', 'key', 'value'].map(n => `${own}.attention.attention.${n}`);
    const mlp = (z: Rows): Rows => {
      if (!c.has(`${own}.mlp.weights_in.weight`))
        return c.linear(map(c.linear(z, `${own}.mlp.fc1`), activations.gelu), `${own}.mlp.fc2`);
      const all = c.linear(z, `${own}.mlp.weights_in`);
      const [gate, value] = [all.map(row => row.slice(0, 32)), all.map(row => row.slice(32))];
      return c.linear(times(map(gate, activations.silu), value), `${own}.mlp.weights_out`);
    };
    const scales = [`${own}.layer_scale1.lambda1`, `${own}.layer_scale2.lambda1`] as const;
    const names = { norm1: `${own}.norm1`, norm2: `${own}.norm2`, out: `${own}.attention.output.dense` };
    y = preNorm(c, y, { ...names, q, k, v, mlp, scales }, 1e-6);
  }
  return c.norm(y, `${prefix}layernorm`, 1e-6);
}

/** The classifier of DINOv2, on the class token beside the mean of the patches. */
export const dinov2Logits = (c: Checkpoint, hidden: Rows, registers: number): Rows =>
  c.linear([[...hidden[0], ...mean(hidden.slice(1 + registers))[0]]], 'classifier');

/** last_hidden_state of an image side of CLIP (not normed) or SigLIP (before its post_layernorm). */
export function side(c: Checkpoint, x: Float32Array, act: string, eps: number): Rows {
  const at = 'vision_model.embeddings';
  const patches = c.patches(x, SIDES, `${at}.patch_embedding`);
  const tokens = c.has(`${at}.class_embedding`) ? [c.vector(`${at}.class_embedding`)] : [];
  let y = add([...tokens, ...patches], c.rows(`${at}.position_embedding.weight`));
  if (c.has('vision_model.pre_layrnorm.weight')) y = c.norm(y, 'vision_model.pre_layrnorm', eps);
  for (const i of [0, 1]) {
    const own = `vision_model.encoder.layers.${i}`;
    const [q, k, v, out] = ['q_proj', 'k_proj', 'v_proj', 'out_proj'].map(n => `${own}.self_attn.${n}`);
    const mlp = (z: Rows): Rows =>
      c.linear(map(c.linear(z, `${own}.mlp.fc1`), activations[act]), `${own}.mlp.fc2`);
    const names = { norm1: `${own}.layer_norm1`, norm2: `${own}.layer_norm2`, scales: ['', ''] } as const;
    y = preNorm(c, y, { ...names, q, k, v, out, mlp }, eps);
  }
  return y;
}

/** SigLIP's pooler_output. */
export function siglipPooled(c: Checkpoint, hidden: Rows): Rows {
  const at = 'vision_model.head';
  const project = (x: Rows, part: number): Rows =>
    c.product(
      x,
      `${at}.attention.in_proj_weight`,
      `${at}.attention.in_proj_bias`,
      part * WIDTH,
      (part + 1) * WIDTH,
    );
  const probe = c.rows(`${at}.probe`);
  const mixed = attention(project(probe, 0), project(hidden, 1), project(hidden, 2), HEADS);
  const y = c.linear(mixed, `${at}.attention.out_proj`);
  const inner = map(c.linear(c.norm(y, `${at}.layernorm`, 1e-6), `${at}.mlp.fc1`), activations.geluTanh);
  return add(y, c.linear(inner, `${at}.mlp.fc2`));
}
