/** Opens an .onnx file with its weights, which stay where they are until a layer asks for them. */
import { usageError } from '../base/errors.ts';
import type { RandomBytes } from '../base/random-bytes.ts';
import { type DataFiles, folderOf, join, partsOf } from '../data/data-files.ts';
import type { LoadedModel } from '../run/load.ts';
import { type OnnxModelFile, onnxModelFile } from '../run/onnx/model-fields.ts';
import { tensorSource } from '../run/onnx/tensor-source.ts';
import { decoderWeights } from '../run/onnx/weights.ts';
import { onnxFields, networkOf as onnxNetworkOf } from '../workload/families/onnx.ts';
import { buildGraph, type Graph } from '../workload/graph.ts';
import { readOnnx } from '../workload/import/onnx/model-file.ts';
import type { StoredTensor } from '../workload/import/onnx/tensor-proto.ts';
import { onnxWeights } from '../workload/import/onnx/weights.ts';
import { invalidFile } from '../workload/import/tensor.ts';
import { type ModelConfig, modelSchema } from '../workload/model.ts';
import { parseReuse } from '../workload/reuse.ts';
import { reuseSpace } from '../workload/reuse-space.ts';
import type { Size } from '../workload/size.ts';
import type { ReadFile } from './read-files.ts';
import type { NetworkSource } from './runner.ts';

/** The bound of the format. */
const MAX_BYTES = 2 ** 31 - 1;

export const isOnnx = (path: string): boolean => /\.onnx$/i.test(path);

/** What may be said of a file of weights beside its path; most of it an .onnx file says itself. */
interface OnnxOptions {
  readonly config?: string | undefined;
  readonly modelName?: string | undefined;
  readonly heads?: number | undefined;
  readonly ignoreTensors?: string | undefined;
  readonly reuse: string;
}

interface OnnxNetworkFile extends NetworkSource {
  readonly model: ModelConfig;
  readonly files: readonly ReadFile[];
}

/** @throws TrexError: options that describe another kind of file (2), a file that is no network (3), or is not there (4) */
export async function openOnnx(
  path: string,
  {
    options,
    image,
    loaded,
  }: { options: OnnxOptions; image: Size | undefined; loaded: LoadedModel | undefined },
  disk: DataFiles,
): Promise<OnnxNetworkFile> {
  const { config, heads, ignoreTensors, modelName } = options;
  const described = { '--config': config, '--heads': heads, '--ignore-tensors': ignoreTensors };
  for (const [name, value] of Object.entries(described))
    if (value !== undefined)
      throw usageError(`${name} has no effect on ${path}: an .onnx file says what its network is`);
  if (modelName !== undefined && loaded === undefined)
    throw usageError(
      `--model-name ${modelName} has no effect on ${path}: an .onnx file says what its network is`,
    );
  const own = await partsOf(disk, path, MAX_BYTES);
  if (own.size > MAX_BYTES)
    throw invalidFile(
      `${path}: ${own.size} bytes, more than the ${MAX_BYTES} that a file may have: export it with its weights in a file beside it (external data)`,
    );
  const file = readOnnx(own, path);
  const beside = await externalFiles(file.tensors.values(), path, disk);
  const source = tensorSource(file.tensors, path, ({ location, offset }, need) =>
    (location === undefined ? own : beside.get(location)!.parts).read(offset, need),
  );
  const read = onnxModelFile(file, path, source);
  const model = loaded === undefined ? modelOf(read.fields, image, path) : same(loaded, read.fields, path);
  const reuse = parseReuse(options.reuse, reuseSpace(model));
  const files = [{ path, parts: own }, ...beside.values()];
  const { decoder } = read;
  if (decoder !== undefined) {
    const logits = 'all';
    return {
      model,
      files,
      graph: (tokens, past) => buildGraph(model, { reuse, tokens, past, logits }),
      weights: graph => decoderWeights(decoder, source, graph, path),
    };
  }
  return {
    model,
    files,
    graph: tokens => buildGraph(model, { reuse, tokens }),
    weights(graph: Graph) {
      const { model } = graph;
      if (model.family !== 'onnx') throw new Error(`${path} is a model of another family`);
      return onnxWeights(onnxNetworkOf(onnxFields(model), source).constants, graph, path);
    },
  };
}

/** Numbers are the same wherever an operator is computed: none is refused here. */
function modelOf(fields: object, image: Size | undefined, path: string): ModelConfig {
  const size = image === undefined ? {} : { imageSize: image.height, imageWidth: image.width };
  const family = 'family' in fields ? fields.family : undefined;
  const more = family === 'onnx' ? { unsupported: 'vector' } : {};
  const result = modelSchema.safeParse({ ...fields, ...size, ...more });
  if (!result.success) throw invalidFile(`${path}: ${result.error.issues[0].message}`);
  const { data } = result;
  if (
    image !== undefined &&
    (!('image' in data) || data.image.height !== image.height || data.image.width !== image.width)
  )
    throw usageError(`--image-size ${image.height}x${image.width}: ${path} was exported for another input`);
  return data;
}

/** The network of a run that is measured: its weights are these. @throws TrexError (usage) for those of another */
function same({ model }: LoadedModel, fields: OnnxModelFile['fields'], path: string): ModelConfig {
  const own = modelOf(fields, undefined, path);
  const isSame = SAME.every(name => fieldOf(own, name) === fieldOf(model, name));
  if (!isSame)
    throw usageError(`${path}: the weights of another network than ${model.name}: give --model ${path}`);
  return model;
}

/** What no option on top of a file changes, and two networks do not share. */
const SAME = ['family', 'name', 'graph', 'encoders', 'dim', 'vocabulary', 'maxTokens'] as const;

const fieldOf = (model: ModelConfig, name: (typeof SAME)[number]): unknown =>
  Object.hasOwn(model, name) ? (model as Readonly<Record<string, unknown>>)[name] : undefined;

interface PartsFile {
  readonly path: string;
  readonly parts: RandomBytes;
}

/** What lies beside the file. @throws TrexError (missing file) */
async function externalFiles(
  tensors: Iterable<StoredTensor>,
  path: string,
  disk: DataFiles,
): Promise<Map<string, PartsFile>> {
  const files = new Map<string, PartsFile>();
  for (const { external } of tensors) {
    if (external?.location === undefined || files.has(external.location)) continue;
    const beside = join(folderOf(path), external.location);
    files.set(external.location, { path: beside, parts: await partsOf(disk, beside, MAX_BYTES) });
  }
  return files;
}
