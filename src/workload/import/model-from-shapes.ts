/** The configuration of a checkpoint that comes without one, told by the shapes of its tensors; the number of heads leaves no trace in them, nor does an activation. */
import { type ModelConfig, modelSchema } from '../model.ts';
import type { Size } from '../size.ts';
import { detectLayout } from './detect-layout.ts';
import { foreigner } from './fit.ts';
import { LAYOUTS } from './layouts/all.ts';
import { plainNames } from './plain-names.ts';
import { invalidFile, shapeText, type Tensors } from './tensor.ts';
import type { TimmFields } from './timm-fields.ts';

/** What the shapes of tensors do not tell. */
export interface ShapeOptions {
  /** Attention heads. */
  readonly heads: number;
  /** Name of the model; default `checkpoint`. */
  readonly name?: string;
  /** Epsilon of the LayerNorms; default that of the layout's networks. */
  readonly normEps?: number;
  /** What a timm config.json tells; wins over what shapes suggest. */
  readonly told?: TimmFields;
  /** Sizes that the image may have; absent or none that fits: it is square. */
  readonly images?: readonly Size[];
  /** Stands in front of every message. */
  readonly file?: string;
}

/** The model whose weights these are. @throws TrexError (invalid file) if they are no whole network of a layout that tells. */
export function modelFromShapes(all: Tensors, options: ShapeOptions): ModelConfig {
  const { heads, name = 'checkpoint', normEps, told = {}, images = [], file = 'checkpoint' } = options;
  const tensors = plainNames(all, file);
  const { layout, prefixes } = detectLayout([...tensors.keys()], file);
  if (layout.fromShapes === 'refused') {
    const able = LAYOUTS.filter(l => l.fromShapes !== 'refused').map(l => l.title);
    throw invalidFile(
      `${file}: a model can be told from the shapes of ${able.join(', ')} only, not of ${layout.title}`,
    );
  }
  const prefix = prefixes.network;
  const refusal = (what: string) => invalidFile(`${file}: ${what}`);
  const stranger = foreigner([...tensors.keys()], layout);
  if (stranger !== undefined) throw refusal(stranger);
  const fields = layout.fromShapes({
    prefix,
    images,
    shapeOf(tensor, rank) {
      const found = tensors.get(prefix + tensor);
      if (found === undefined) throw refusal(`missing: ${prefix}${tensor}`);
      if (found.shape.length !== rank)
        throw refusal(`${found.name}: expected ${rank} dimensions, got ${shapeText(found.shape)}`);
      return found.shape;
    },
    has: tensor => tensors.has(prefix + tensor),
    refusal,
  });
  const result = modelSchema.safeParse({
    ...fields,
    ...told,
    name,
    source: `shapes of the tensors of ${file}`,
    heads,
    normEps: normEps ?? told.normEps ?? fields.normEps,
  });
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0];
  throw invalidFile(`${file}: its shapes do not make a model: ${path.join('.')}: ${message}`);
}
