/** timm's VisionTransformer in plain float64, from its forward pass (timm/models/vision_transformer.py, layers/attention_pool.py), and tiny checkpoints of it. */

import type { Rows } from '../../numerics/execute/oracle.ts';
import { add } from '../../numerics/execute/oracle.ts';
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

export interface TimmNetwork {
  readonly heads: number;
  readonly size: Sides;
  readonly pool: 'token' | 'avg' | 'map';
  readonly act?: string;
  readonly eps?: number;
  readonly noEmbedClass?: boolean;
  readonly resPost?: boolean;
  /** In the place of the stored position embedding. */
  readonly positions?: Rows;
}

const WIDTH = 12;
const HIDDEN = 16;
export const CLASSES = 5;

interface Parts {
  readonly positions: number;
  readonly classToken?: boolean;
  readonly registers?: number;
  readonly layerScale?: boolean;
  readonly packed?: boolean;
  readonly qkvBias?: boolean;
  readonly norms: readonly string[];
  readonly patch?: Sides;
  readonly patchBias?: boolean;
  readonly attentionPool?: boolean;
}

/** Two encoders of width 12. */
export function timmShapes(parts: Parts): Shapes {
  const { classToken = true, registers = 0, layerScale, packed, qkvBias = true, patch = [4, 4] } = parts;
  const { patchBias = true, attentionPool = false, positions, norms } = parts;
  const blocks = [0, 1].flatMap(i => {
    const at = `blocks.${i}`;
    const qkv = layer(`${at}.attn.qkv`, 3 * WIDTH, WIDTH);
    return [
      ...layer(`${at}.norm1`, WIDTH),
      ...(qkvBias ? qkv : qkv.slice(0, 1)),
      ...layer(`${at}.attn.proj`, WIDTH, WIDTH),
      ...layer(`${at}.norm2`, WIDTH),
      ...layer(`${at}.mlp.fc1`, packed ? 2 * HIDDEN : HIDDEN, WIDTH),
      ...layer(`${at}.mlp.fc2`, WIDTH, HIDDEN),
      ...(layerScale
        ? ([
            [`${at}.ls1.gamma`, WIDTH],
            [`${at}.ls2.gamma`, WIDTH],
          ] as const)
        : []),
    ];
  });
  const pool: Shapes = [
    ['attn_pool.latent', 1, 1, WIDTH],
    ...layer('attn_pool.q', WIDTH, WIDTH),
    ...layer('attn_pool.kv', 2 * WIDTH, WIDTH),
    ...layer('attn_pool.proj', WIDTH, WIDTH),
    ...layer('attn_pool.norm', WIDTH),
    ...layer('attn_pool.mlp.fc1', HIDDEN, WIDTH),
    ...layer('attn_pool.mlp.fc2', WIDTH, HIDDEN),
  ];
  const projection = layer('patch_embed.proj', WIDTH, 3, ...patch);
  return [
    ...(classToken ? ([['cls_token', 1, 1, WIDTH]] as const) : []),
    ...(registers > 0 ? ([['reg_token', 1, registers, WIDTH]] as const) : []),
    ['pos_embed', 1, positions, WIDTH],
    ...(patchBias ? projection : projection.slice(0, 1)),
    ...blocks,
    ...norms.flatMap(name => layer(name, WIDTH)),
    ...(attentionPool ? pool : []),
    ...layer('head', CLASSES, WIDTH),
  ];
}

/** Logits, 1 x classes. */
export function timmForward(c: Checkpoint, x: Float32Array, network: TimmNetwork): Rows {
  const { heads, size, pool, act = 'gelu', eps = 1e-6, noEmbedClass = false, resPost = false } = network;
  const activation = activations[act];
  const patches = c.patches(x, size, 'patch_embed.proj');
  const prefix = [
    ...(c.has('cls_token') ? c.rows('cls_token') : []),
    ...(c.has('reg_token') ? c.rows('reg_token') : []),
  ];
  const positions = network.positions ?? c.rows('pos_embed');
  let y = noEmbedClass ? [...prefix, ...add(patches, positions)] : add([...prefix, ...patches], positions);
  if (c.has('norm_pre.weight')) y = c.norm(y, 'norm_pre', eps);
  for (let i = 0; c.has(`blocks.${i}.norm1.weight`); i++) {
    const at = `blocks.${i}`;
    const attn = (z: Rows): Rows => {
      const [q, k, v] = [0, 1, 2].map(p => c.linear(z, `${at}.attn.qkv`, p * WIDTH, (p + 1) * WIDTH));
      return c.scaled(c.linear(attention(q, k, v, heads), `${at}.attn.proj`), `${at}.ls1.gamma`);
    };
    const mlp = (z: Rows): Rows => {
      const all = c.linear(z, `${at}.mlp.fc1`);
      const packed = all[0].length === 2 * HIDDEN;
      const hidden = packed
        ? times(
            map(
              all.map(row => row.slice(0, HIDDEN)),
              activation,
            ),
            all.map(row => row.slice(HIDDEN)),
          )
        : map(all, activation);
      return c.scaled(c.linear(hidden, `${at}.mlp.fc2`), `${at}.ls2.gamma`);
    };
    const norm = (z: Rows, n: 1 | 2): Rows => c.norm(z, `${at}.norm${n}`, eps);
    y = add(y, resPost ? norm(attn(y), 1) : attn(norm(y, 1)));
    y = add(y, resPost ? norm(mlp(y), 2) : mlp(norm(y, 2)));
  }
  if (c.has('norm.weight')) y = c.norm(y, 'norm', eps);
  let pooled = pool === 'token' ? [y[0]] : mean(y.slice(prefix.length));
  if (pool === 'map') {
    const q = c.linear(c.rows('attn_pool.latent'), 'attn_pool.q');
    const k = c.linear(y, 'attn_pool.kv', 0, WIDTH);
    const v = c.linear(y, 'attn_pool.kv', WIDTH);
    pooled = c.linear(attention(q, k, v, heads), 'attn_pool.proj');
    const hidden = map(c.linear(c.norm(pooled, 'attn_pool.norm', eps), 'attn_pool.mlp.fc1'), activation);
    pooled = add(pooled, c.linear(hidden, 'attn_pool.mlp.fc2'));
  }
  if (c.has('fc_norm.weight')) pooled = c.norm(pooled, 'fc_norm', eps);
  return c.has('head.weight') ? c.linear(pooled, 'head') : pooled;
}
