/** Networks of ONNX nodes: what an .onnx file says of itself, without the values of its weights (onnx/onnx). */
import * as z from 'zod';
import { usageError } from '../../base/errors.ts';
import { largest } from '../../base/extremes.ts';
import { paramTotal } from '../count.ts';
import type { Family } from '../family.ts';
import { identityFields, positiveInt } from '../model-fields.ts';
import type { OnnxGraph } from '../onnx/graph.ts';
import { parseGraph } from '../onnx/graph-text.ts';
import { hasOpenTokens, USUAL_TOKENS } from '../onnx/inputs.ts';
import type { TensorSource } from '../onnx/lower.ts';
import { ableEncoders, type OnnxNetwork, onnxNetwork, withReuse } from '../onnx/network.ts';
import { OnnxProblem } from '../onnx/problem.ts';

const fields = z.strictObject({
  family: z.literal('onnx').describe('A graph of ONNX nodes: a path that ends in .onnx is read as one'),
  ...identityFields,
  graph: z.string().min(2).describe('Inputs, outputs, constants and nodes, as JSON, one a line'),
  noDecoder: z
    .string()
    .optional()
    .describe('Why a graph that gives words is none of a decoder, which writes token by token'),
  output: z.string().min(1).optional().describe('The output that is read; absent: the first'),
  unsupported: z
    .enum(['refuse', 'vector'])
    .default('refuse')
    .describe(
      'Operators that no op here stands for: refused with their share of the work, or computed by the vector unit, MAC by MAC',
    ),
  imageSize: positiveInt
    .optional()
    .describe('Height of the image, pixels, and its width, where the file leaves it open'),
  imageWidth: positiveInt.optional().describe('Width of the image, pixels; absent: imageSize'),
  tokens: positiveInt
    .optional()
    .describe('Sequence length of a run, where the file leaves it open; absent: 128'),
});

type Fields = z.output<typeof fields>;

/** The network that a model file describes. @throws OnnxProblem */
export function networkOf(model: OnnxFields, source?: TensorSource): OnnxNetwork {
  const { graph, output, imageSize, imageWidth = imageSize, tokens, unsupported } = model;
  const image =
    imageSize === undefined || imageWidth === undefined
      ? undefined
      : { height: imageSize, width: imageWidth };
  return onnxNetwork(parsed(graph), { output, image, tokens, source, unsupported });
}

/** What the network depends on. */
export type OnnxFields = Pick<
  Fields,
  'graph' | 'output' | 'unsupported' | 'imageSize' | 'imageWidth' | 'tokens'
>;

/** Built anew for each other size of the input. */
const recent = new Map<string, OnnxNetwork>();
const MOST_RECENT = 8;
const graphs = new Map<string, OnnxGraph>();

function parsed(text: string): OnnxGraph {
  const known = graphs.get(text) ?? parseGraph(text);
  graphs.clear();
  graphs.set(text, known);
  return known;
}

function known(model: OnnxFields): OnnxNetwork {
  const { graph, output, imageSize, imageWidth, tokens, unsupported } = model;
  const key = JSON.stringify([output, unsupported, imageSize, imageWidth, tokens, graph]);
  const network = recent.get(key) ?? networkOf(model);
  recent.delete(key);
  recent.set(key, network);
  if (recent.size > MOST_RECENT) recent.delete(recent.keys().next().value!);
  return network;
}

/** At the usual number of tokens where nobody says another, or at the most that its positions allow below it. */
function sized(model: OnnxFields): OnnxNetwork {
  const graph = parsed(model.graph);
  const isOpen = model.tokens === undefined && hasOpenTokens(graph);
  if (!isOpen) return known(model);
  const most = Math.min(USUAL_TOKENS, positions(graph) ?? USUAL_TOKENS);
  try {
    return known({ ...model, tokens: most });
  } catch (error) {
    if (!(error instanceof OnnxProblem)) throw error;
    let [works, fails] = [0, most];
    while (fails - works > 1) {
      const tokens = Math.floor((works + fails) / 2);
      try {
        known({ ...model, tokens });
        works = tokens;
      } catch (again) {
        if (!(again instanceof OnnxProblem)) throw again;
        fails = tokens;
      }
    }
    if (works === 0) throw error;
    return known({ ...model, tokens: works });
  }
}

/** Positions that a text may have, where the graph holds their numbers: 0, 1, 2 ... */
function positions({ tensors }: OnnxGraph): number | undefined {
  const rows = tensors.filter(
    ({ shape, values }) =>
      shape.length === 2 && shape[0] === 1 && shape[1] > 1 && values?.every((value, i) => value === i),
  );
  return rows.length === 0 ? undefined : largest(rows.map(({ shape }) => shape[1]));
}

const schema = fields.transform((m, ctx) => {
  try {
    const network = sized(m);
    const { input, encoders, shape } = network;
    const outputs = shape.length === 1 ? { classes: shape[0] } : {};
    const sizes = { encoders: encoders.count, ...encoders.shape };
    const { imageSize, imageWidth, tokens, ...rest } = m;
    if (input.kind === 'image') {
      const { size, channels } = input;
      return {
        ...rest,
        ...sizes,
        ...outputs,
        classes: outputs.classes,
        imageSize: size.height,
        imageWidth: size.width,
        image: size,
        inChannels: channels,
        inputShape: input.shape,
      };
    }
    const words = network.ops.find(
      op => op.kind === 'vector' && op.fn === 'lookup' && op.formula === 'words',
    );
    if (words?.kind !== 'vector') throw new OnnxProblem('no table of words');
    const types = network.ops.find(
      op => op.kind === 'vector' && op.fn === 'lookup' && op.formula === 'types',
    );
    return {
      ...rest,
      ...sizes,
      classes: outputs.classes,
      tokens: input.tokens,
      maxTokens: input.open ? (positions(parsed(m.graph)) ?? MOST_TOKENS) : input.tokens,
      vocabulary: words.parameters / words.rowLength,
      types: types?.kind === 'vector' ? types.parameters / types.rowLength : 0,
      padding: undefined,
      pooler: 'none' as const,
    };
  } catch (error) {
    if (!(error instanceof OnnxProblem)) throw error;
    ctx.addIssue({ code: 'custom', path: ['graph'], message: error.message });
    return z.NEVER;
  }
});

/** Beyond the positions of any text network; a graph whose own table is shorter is refused at its length. */
const MOST_TOKENS = 2 ** 14;

export const family: Family<typeof schema> = {
  name: 'onnx',
  schema,
  build(b, model, reuse) {
    let network: OnnxNetwork;
    try {
      network = known(onnxFields(model));
    } catch (error) {
      if (error instanceof OnnxProblem) throw usageError(`${model.name}: ${error.message}`);
      throw error;
    }
    if ('vocabulary' in model && network.input.kind === 'text' && network.input.tokens !== model.tokens)
      throw usageError(
        `tokens ${model.tokens}: ${model.name} was exported for ${network.input.tokens} tokens; export it with a dynamic axis`,
      );
    for (const op of withReuse(network, reuse)) b.ops.push(op);
    b.able.push(...ableEncoders(network));
    // Rows of tables that these tokens do not reach, and what an op holds over again.
    b.idleParameters += network.parameters - paramTotal(network.ops);
  },
};

/** Of a checked model: what its network depends on. */
export function onnxFields(model: z.output<typeof schema>): OnnxFields {
  const { graph, output, unsupported } = model;
  if ('imageSize' in model)
    return { graph, output, unsupported, imageSize: model.imageSize, imageWidth: model.imageWidth };
  return { graph, output, unsupported, tokens: model.tokens };
}
