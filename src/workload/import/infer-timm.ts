/** The configuration of a timm ViT or DeiT, told by the shapes of its tensors; only the number of heads leaves no trace in them. */
import { type ModelConfig, modelSchema } from '../model.ts';
import { foreigner } from './fit.ts';
import { detectLayout } from './names/detect.ts';
import { invalidFile, shapeText, type Tensors } from './tensor.ts';

/** What the shapes of tensors do not tell. */
export interface ShapeOptions {
  /** Attention heads. */
  readonly heads: number;
  /** Name of the model; default `checkpoint`. */
  readonly name?: string;
  /** Epsilon of the LayerNorms; default 1e-6, timm's. */
  readonly normEps?: number;
  /** Stands in front of every message. */
  readonly file?: string;
}

/** The model whose weights these are. @throws TrexError (invalid file) if they are no whole timm ViT. */
export function modelFromShapes(tensors: Tensors, options: ShapeOptions): ModelConfig {
  const { heads, name = 'checkpoint', normEps = 1e-6, file = 'checkpoint' } = options;
  const { layout, prefixes } = detectLayout([...tensors.keys()], file);
  if (layout.name !== 'timm')
    throw invalidFile(
      `${file}: a model can be told from the shapes of timm ViTs only, not of ${layout.title}`,
    );

  const shapeOf = (tensor: string, rank: number): readonly number[] => {
    const found = tensors.get(prefixes.network + tensor);
    if (found === undefined) throw invalidFile(`${file}: missing: ${prefixes.network}${tensor}`);
    if (found.shape.length !== rank)
      throw invalidFile(`${file}: ${found.name}: expected ${rank} dimensions, got ${shapeText(found.shape)}`);
    return found.shape;
  };
  const has = (tensor: string) => tensors.has(prefixes.network + tensor);
  const refuse = (what: string) => invalidFile(`${file}: ${what}`);
  const stranger = foreigner([...tensors.keys()], layout);
  if (stranger !== undefined) throw refuse(stranger);
  if (!has('cls_token')) throw refuse('no cls_token: networks without class token are not supported');

  const [dim, inChannels, patchSize] = shapeOf('patch_embed.proj.weight', 4);
  const distilled = has('dist_token');
  const positions = shapeOf('pos_embed', 3)[1];
  const patches = positions - (distilled ? 2 : 1);
  const side = Math.sqrt(patches);
  if (Number.isInteger(Math.sqrt(positions)))
    throw refuse(
      `${prefixes.network}pos_embed: ${positions} rows are those of the patches alone; a class token without position (no_embed_class) is not supported`,
    );
  if (patches < 1 || !Number.isInteger(side))
    throw refuse(`${prefixes.network}pos_embed: ${patches} patches are not those of a square image`);
  if (!has('head.weight')) throw refuse('missing: head.weight: the checkpoint has no classifier');
  let encoders = 0;
  while (has(`blocks.${encoders}.attn.qkv.weight`)) encoders++;

  const result = modelSchema.safeParse({
    family: 'vit',
    name,
    source: `shapes of the tensors of ${file}`,
    imageSize: side * patchSize,
    patchSize,
    inChannels,
    classes: shapeOf('head.weight', 2)[0],
    encoders,
    dim,
    heads,
    mlpRatio: shapeOf('blocks.0.mlp.fc1.weight', 2)[0] / dim,
    qkvBias: has('blocks.0.attn.qkv.bias'),
    normEps,
    distilled,
    distilledHead: !distilled || has('head_dist.weight'),
  });
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  throw invalidFile(`${file}: its shapes do not make a model: ${path.join('.')}: ${message}`);
}
