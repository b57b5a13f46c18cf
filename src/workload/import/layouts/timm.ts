/** Names of timm's vision transformers (huggingface/pytorch-image-models timm/models/vision_transformer.py, deit.py) and of their models in facebookresearch/deit, mae, dinov2. */
import { imageFieldsOf } from '../../model-fields.ts';
import { areaOf, type Size, square } from '../../size.ts';
import type { Foreign, Layout, ShapeFields, ShapeReader } from '../layout.ts';

/** Of timm's LayerNorms. */
const NORM_EPS = 1e-6;

/** Encoder parts that timm and its descendants share. */
export const timmEncoder: Layout['encoder'] = {
  norm1: '{p}blocks.{i}.norm1',
  q: { name: '{p}blocks.{i}.attn.qkv', part: 0, of: 3 },
  k: { name: '{p}blocks.{i}.attn.qkv', part: 1, of: 3 },
  v: { name: '{p}blocks.{i}.attn.qkv', part: 2, of: 3 },
  projection: '{p}blocks.{i}.attn.proj',
  norm2: '{p}blocks.{i}.norm2',
  fc1: '{p}blocks.{i}.mlp.fc1',
  fc2: '{p}blocks.{i}.mlp.fc2',
};

/** Variants of timm's ViT that this network is not. */
export const timmForeign: readonly Foreign[] = [
  { pattern: /\.attn\.(q_norm|k_norm|norm)\./, what: 'a norm inside the attention' },
  { pattern: /\.mlp\.norm\./, what: 'a norm inside the MLP' },
  { pattern: /\.attn\.(q_bias|v_bias|relative_position_bias_table)$/, what: 'relative positions (BEiT)' },
  {
    pattern: /(^|\.)patch_embed\.(backbone|norm)\./,
    what: 'another stem (hybrid ViT, a norm of the patches)',
  },
  { pattern: /(^|\.)(score_predictor|predictor)\./, what: 'a predictor that prunes tokens' },
];

/** Both halves of a gated MLP in one tensor: timm's SwiGLUPacked, dinov2's own w12 and w3. */
const PACKED = ['{p}blocks.{i}.mlp.fc1', '{p}blocks.{i}.mlp.w12'];

export const layout: Layout = {
  name: 'timm',
  title: 'timm ViT and DeiT',
  families: ['vit'],
  mark: /^((?:module\.|model\.)*)()blocks\.0\.attn\.qkv\.weight$/,
  encoder: {
    ...timmEncoder,
    projection: {
      name: '{p}blocks.{i}.attn.proj',
      gain: ['{p}blocks.{i}.ls1.gamma', '{p}blocks.{i}.gamma_1'],
    },
    fc2: {
      name: ['{p}blocks.{i}.mlp.fc2', '{p}blocks.{i}.mlp.w3'],
      gain: ['{p}blocks.{i}.ls2.gamma', '{p}blocks.{i}.gamma_2'],
    },
  },
  gated: { fc1: { name: PACKED, part: 0, of: 2 }, fc1Value: { name: PACKED, part: 1, of: 2 } },
  outside: {
    'stem.patch': '{p}patch_embed.proj',
    'embedding.class.0': '{p}cls_token',
    'embedding.class.1': '{p}dist_token',
    'embedding.registers': ['{p}reg_token', '{p}register_tokens'],
    'embedding.position': '{p}pos_embed',
    preNorm: '{p}norm_pre',
    norm: '{p}norm',
    poolNorm: '{p}fc_norm',
    'pool.probe.0': '{p}attn_pool.latent',
    'pool.q': '{p}attn_pool.q',
    'pool.k': { name: '{p}attn_pool.kv', part: 0, of: 2 },
    'pool.v': { name: '{p}attn_pool.kv', part: 1, of: 2 },
    'pool.projection': '{p}attn_pool.proj',
    'pool.norm': '{p}attn_pool.norm',
    'pool.fc1': '{p}attn_pool.mlp.fc1',
    'pool.fc2': '{p}attn_pool.mlp.fc2',
    head: '{p}head',
    headDistilled: '{p}head_dist',
  },
  positions: 'antialias',
  idle: [{ pattern: /(^|\.)mask_token$/, why: 'it stands for masked patches in pre-training' }],
  foreign: timmForeign,
  fromShapes,
};

/** A vision transformer by the shapes of its tensors. */
function fromShapes(shapes: ShapeReader): ShapeFields {
  const { shapeOf, has } = shapes;
  const [dim, inChannels, height, width] = shapeOf('patch_embed.proj.weight', 4);
  const patch = { height, width };
  const classToken = has('cls_token');
  const distilled = has('dist_token');
  const registers = ['reg_token', 'register_tokens'].find(has);
  const registerCount = registers === undefined ? 0 : shapeOf(registers, 3)[1];
  const learned = Number(classToken) + Number(distilled) + registerCount;
  const { grid, positions } = gridOf(shapes, learned, registerCount, patch);
  const classes = has('head.weight') ? { classes: shapeOf('head.weight', 2)[0] } : {};
  let encoders = 0;
  while (has(`blocks.${encoders}.attn.qkv.weight`)) encoders++;
  return {
    family: 'vit',
    ...imageFieldsOf({ height: grid.height * height, width: grid.width * width }, patch),
    inChannels,
    ...classes,
    encoders,
    dim,
    ...mlpOf(shapes, dim),
    qkvBias: has('blocks.0.attn.qkv.bias'),
    patchBias: has('patch_embed.proj.bias'),
    preNorm: has('norm_pre.weight'),
    normEps: NORM_EPS,
    classToken,
    registers: registerCount,
    positions,
    distilled,
    distilledHead: has('head.weight') && (!distilled || has('head_dist.weight')),
    headBias: !has('head.weight') || has('head.bias'),
    ...poolOf(shapes, classToken),
  };
}

/** Which rows of the position embedding are those of the patches: of an image that something else tells, or of a square one. */
function gridOf(
  { shapeOf, refusal, prefix, images }: ShapeReader,
  learned: number,
  registers: number,
  patch: Size,
): { grid: Size; positions: 'all' | 'patches' } {
  const [, rows] = shapeOf('pos_embed', 3);
  const fits = [
    { patches: rows - learned, positions: 'all' },
    { patches: rows, positions: 'patches' },
    // dinov2's own files: registers without a row.
    { patches: rows - learned + registers, positions: 'all' },
  ] as const;
  const ways = fits.filter(
    ({ patches }, i) => patches > 0 && fits.findIndex(f => f.patches === patches) === i,
  );
  for (const image of images) {
    const grid = { height: image.height / patch.height, width: image.width / patch.width };
    const way = ways.find(({ patches }) => patches === areaOf(grid));
    if (way !== undefined && Number.isInteger(grid.height) && Number.isInteger(grid.width))
      return { grid, positions: way.positions };
  }
  const squares = ways.filter(({ patches }) => Number.isInteger(Math.sqrt(patches)));
  const [way] = squares;
  const what = `${prefix}pos_embed: ${rows} rows with ${learned} learned tokens`;
  if (way === undefined)
    throw refusal(
      `${what}: ${rows - learned} patches are not those of a square image; --image-size tells another`,
    );
  if (squares.length > 1)
    throw refusal(`${what} are those of more than one network; --image-size tells which`);
  return { grid: square(Math.sqrt(way.patches)), positions: way.positions };
}

/** Width of the MLP, and whether it is gated. */
function mlpOf({ shapeOf, has }: ShapeReader, dim: number): object {
  const [fc1, fc2] = has('blocks.0.mlp.w12.weight') ? ['w12', 'w3'] : ['fc1', 'fc2'];
  const hidden = shapeOf(`blocks.0.mlp.${fc2}.weight`, 2)[1];
  const gated = shapeOf(`blocks.0.mlp.${fc1}.weight`, 2)[0] === 2 * hidden;
  // The gated MLPs of vision transformers are SwiGLU.
  return { mlpRatio: hidden / dim, gatedMlp: gated, ...(gated && { activation: 'silu' }) };
}

/** What is read out, as far as tensors show it. */
function poolOf({ has, refusal }: ShapeReader, classToken: boolean): object {
  const [norm, fcNorm] = [has('norm.weight'), has('fc_norm.weight')];
  if (norm && fcNorm) throw refusal('norm and fc_norm: a LayerNorm before the pooling and one behind it');
  const finalNorm = fcNorm ? 'pooled' : norm ? 'tokens' : 'none';
  if (has('attn_pool.latent')) return { finalNorm, pool: 'attention' };
  // timm's fc_norm comes with global_pool avg; a class token that is read out has its norm before.
  return { finalNorm, pool: classToken && !fcNorm ? 'class' : 'mean' };
}
