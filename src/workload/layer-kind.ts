/** What a kind of layer declares: its fields of a model file and its ops. One file each in layers/. */
import * as z from 'zod';
import type { Features } from './features.ts';
import type { LayerOptions } from './layer-options.ts';
import type { LayerScope } from './layer-scope.ts';

/** Layers within a layer: a field that the kinds which have some put into their schemas. */
export type LayerList = z.ZodType<readonly LayerOptions[]>;

export interface LayerKind<Kind extends string = string, Schema extends z.ZodType = z.ZodType> {
  /** `kind` in a model file. */
  readonly kind: Kind;
  /** Its fields, `kind` and `name` included. */
  schema(layers: LayerList): Schema;
  /** Adds its ops; gives what goes on. @throws LayerProblem for what cannot follow these features. */
  add(scope: LayerScope, x: Features, options: z.output<Schema>): Features;
}

/** Layers of a layer that is nothing without one. */
export const someLayers = (layers: LayerList): LayerList =>
  layers.refine(list => list.length > 0, 'expected at least one layer');

/** The fields that every layer has. */
export const layerFields = <Kind extends string>(kind: Kind, describe: string) => ({
  kind: z.literal(kind).describe(describe),
  name: z
    .string()
    .regex(/^[a-zA-Z][a-zA-Z0-9_-]*$/, 'expected letters, digits, dashes')
    .optional()
    .describe('First part of the names of its ops and weights; absent: its kind and place'),
});
