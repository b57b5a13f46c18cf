/** Networks that are no stack of equal encoders: lists of layers, stem, body and head (EfficientViT, UniForm, SwiftFormer, IRET and the like, each with its source in its file). */
import * as z from 'zod';
import { GraphBuilder } from '../builder.ts';
import { EncoderChain } from '../encoder.ts';
import type { Family } from '../family.ts';
import type { Features } from '../features.ts';
import { type LayerOptions, LayerProblem } from '../layer-options.ts';
import { LayerScope, type NetworkState, type Section } from '../layer-scope.ts';
import { addLayer, layersField } from '../layers.ts';
import { identityFields, positiveInt } from '../model-fields.ts';
import { noReuse, type ReusePlan } from '../reuse.ts';
import { areaOf } from '../size.ts';

interface Sections {
  readonly imageSize: number;
  readonly imageWidth?: number | undefined;
  readonly inChannels: number;
  readonly classes?: number | undefined;
  readonly idleParameters: number;
  readonly stem: readonly LayerOptions[];
  readonly body: readonly LayerOptions[];
  readonly head: readonly LayerOptions[];
}

const SECTIONS: readonly Section[] = ['stem', 'body', 'head'];

const imageOf = ({ imageSize, imageWidth = imageSize }: Sections) => ({
  height: imageSize,
  width: imageWidth,
});

/** Adds all ops; gives what the encoders were. @throws LayerProblem */
function walk(b: GraphBuilder, model: Sections, reuse: ReusePlan): { state: NetworkState; end: Features } {
  b.idleParameters += model.idleParameters;
  const chain = new EncoderChain(b, reuse);
  const state: NetworkState = {
    b,
    chain,
    encoders: 0,
    streams: new Map(),
    names: new Set(),
    shape: undefined,
    classes: model.classes,
    classified: false,
    add: addLayer,
  };
  const grid = imageOf(model);
  let x: Features = { id: null, rows: areaOf(grid), columns: model.inChannels, grid, learned: 0 };
  for (const section of SECTIONS)
    x = new LayerScope(state, {
      section,
      prefix: section === 'body' ? '' : section,
      encoder: null,
      path: [],
    }).run(model[section], x, section);
  return { state, end: x };
}

const schema = z
  .strictObject({
    family: z.literal('layers').describe('A list of layers: stem, body, head'),
    ...identityFields,
    imageSize: positiveInt.describe(
      'Height of the input image, pixels, and its width unless imageWidth says more',
    ),
    imageWidth: positiveInt.optional().describe('Width of the input image, pixels; absent: imageSize'),
    inChannels: positiveInt.default(3).describe('Channels of the input image'),
    classes: positiveInt.optional().describe('Outputs of the classifier, for layers with out: classes'),
    idleParameters: z
      .int()
      .nonnegative()
      .default(0)
      .describe("Parameters of the authors' checkpoint that no layer uses"),
    stem: layersField('Counted as stem: from the image to the first features').default([]),
    body: layersField('Stages, blocks, encoders'),
    head: layersField('Counted as head: pooling and classifier').default([]),
  })
  .transform((m, ctx) => {
    try {
      const { state } = walk(new GraphBuilder(), m, noReuse);
      if (m.classes !== undefined && !state.classified) {
        const message = `${m.classes} classes, but no layer gives them: the head needs { kind: linear, out: classes }`;
        ctx.addIssue({ code: 'custom', path: ['classes'], message });
        return z.NEVER;
      }
      const { dim, heads, hidden, tokens } = state.shape ?? { dim: 0, heads: 0, hidden: 0, tokens: 0 };
      return { ...m, image: imageOf(m), encoders: state.encoders, dim, heads, hidden, tokens };
    } catch (error) {
      if (!(error instanceof LayerProblem)) throw error;
      ctx.addIssue({ code: 'custom', path: [...error.path], message: error.message });
      return z.NEVER;
    }
  });

export const family: Family<typeof schema> = {
  name: 'layers',
  schema,
  build(b, model, reuse) {
    walk(b, model, reuse);
  },
};
