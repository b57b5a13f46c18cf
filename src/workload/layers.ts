/** Networks as lists of layers: the field of a model file, and the walk from layer to layer. Kinds are declared in layers/. */
import * as z from 'zod';
import { unknownName } from '../base/errors.ts';
import type { Features } from './features.ts';
import { checkOps } from './layer-bounds.ts';
import type { LayerKind } from './layer-kind.ts';
import type { LayerOptions } from './layer-options.ts';
import type { LayerScope } from './layer-scope.ts';
import { LAYERS } from './layers/all.ts';

const kinds: readonly LayerKind[] = LAYERS;

/** A layer of any kind; some hold layers themselves. */
const layerField: z.ZodType<LayerOptions> = z
  .lazy(() => {
    const [first, ...others] = LAYERS;
    return z.discriminatedUnion('kind', [
      first.schema(layerList),
      ...others.map(kind => kind.schema(layerList)),
    ]);
  })
  .meta({ id: 'layer' });

const layerList: z.ZodType<readonly LayerOptions[]> = z.array(layerField).meta({ id: 'layers' });

/** A list of layers, one after another. */
export const layersField = (describe: string) => layerList.describe(describe);

/** Adds one layer after `x`. */
export function addLayer(scope: LayerScope, x: Features, layer: LayerOptions): Features {
  const kind = kinds.find(({ kind }) => kind === layer.kind);
  if (kind === undefined)
    throw unknownName(
      'layer',
      layer.kind,
      kinds.map(({ kind }) => kind),
    );
  const y = kind.add(scope, x, layer);
  checkOps(scope);
  return y;
}
