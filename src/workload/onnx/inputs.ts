/** What a graph reads: an image (or any array of numbers), or words with their segments; masks of padding are all ones, as padding is cut off. */
import { areaOf, type Size } from '../size.ts';
import { isWholeType, type OnnxGraph, type OnnxInput } from './graph.ts';
import type { Lowering } from './lowering.ts';
import { type Nd, nd, sizeOf, values } from './nd.ts';
import { onnxProblem } from './problem.ts';
import { type Atom, atom } from './view.ts';

/** Sizes that the file may leave open. */
export interface InputSizes {
  readonly image?: Size | undefined;
  readonly tokens?: number | undefined;
}

/** Tokens of a run where neither the file nor anybody else says how many. */
export const USUAL_TOKENS = 128;

/** The network's input as our models have it. */
export type NetworkInput =
  | {
      readonly kind: 'image';
      readonly name: string;
      readonly shape: readonly number[];
      readonly channels: number;
      readonly size: Size;
    }
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly tokens: number;
      readonly open: boolean;
      readonly typed: boolean;
    };

const isOpen = (dim: number | string | undefined): boolean => typeof dim !== 'number' || dim < 1;

/** The inputs that no initialiser stands for. */
function openInputs({ inputs, tensors }: OnnxGraph): OnnxInput[] {
  const stored = new Set(tensors.map(({ name }) => name));
  return inputs.filter(({ name }) => !stored.has(name));
}

/** The input that the network runs on. @throws OnnxProblem for graphs with others beside it */
export function networkInput(graph: OnnxGraph, sizes: InputSizes): NetworkInput {
  const inputs = openInputs(graph);
  const main = inputs.find(input => roleOf(input, inputs) === 'image' || roleOf(input, inputs) === 'words');
  if (main === undefined) throw onnxProblem('no input that is an image or words');
  for (const { name } of inputs.filter(input => roleOf(input, inputs) === undefined))
    throw onnxProblem(
      `input ${name}: a network with several inputs; known beside words: masks, segment types, positions`,
    );
  return isWholeType(main.type) ? textInput(main, inputs, sizes) : imageInput(main, sizes);
}

/** It reads texts of any length. */
export function hasOpenTokens(graph: OnnxGraph): boolean {
  const inputs = openInputs(graph);
  const main = inputs.find(input => roleOf(input, inputs) === 'words');
  return main !== undefined && main.shape.length === 2 && isOpen(main.shape[1]);
}

function batchOf({ name, shape }: OnnxInput): void {
  const [batch] = shape;
  if (!isOpen(batch) && batch !== 1)
    throw onnxProblem(`input ${name} has a batch of ${batch}: export it with 1, or with a dynamic axis`);
}

function imageInput(input: OnnxInput, { image }: InputSizes): NetworkInput {
  const { name, shape } = input;
  if (shape.length < 2 || shape.length > 4)
    throw onnxProblem(
      `input ${name} has ${shape.length} dimensions; known: [batch, values], [batch, tokens, width], [batch, channels, height, width]`,
    );
  batchOf(input);
  const item = shape.slice(1).map((dim, d) => {
    if (!isOpen(dim)) return dim as number;
    const side = shape.length === 4 && d > 0 ? (d === 1 ? image?.height : image?.width) : undefined;
    if (side !== undefined) return side;
    throw onnxProblem(
      shape.length === 4 && d > 0
        ? `input ${name} leaves the size of the image open: give it, as --set model.imageSize=224`
        : `input ${name} leaves dimension ${d + 1} open: export it with a fixed one`,
    );
  });
  for (const dim of item)
    if (dim > 2 ** 20) throw onnxProblem(`input ${name}: ${dim} is no size of an input`);
  const channels = item.length === 3 ? item[0] : 1;
  const height = item.length === 3 ? item[1] : item.length === 2 ? item[0] : 1;
  return { kind: 'image', name, shape: item, channels, size: { height, width: item[item.length - 1] } };
}

function textInput(input: OnnxInput, inputs: readonly OnnxInput[], sizes: InputSizes): NetworkInput {
  const { name, shape } = input;
  if (shape.length !== 2)
    throw onnxProblem(`input ${name} has ${shape.length} dimensions; words come as [batch, tokens]`);
  batchOf(input);
  const open = isOpen(shape[1]);
  const tokens = open ? (sizes.tokens ?? USUAL_TOKENS) : (shape[1] as number);
  const typed = inputs.some(other => roleOf(other, inputs) === 'types');
  return { kind: 'text', name, tokens, open, typed };
}

/** By type and name. */
function roleOf(
  input: OnnxInput,
  inputs: readonly OnnxInput[],
): 'image' | 'words' | 'types' | 'mask' | 'positions' | 'past' | undefined {
  const { name, type } = input;
  if (inputs.length > 1 && /past|cache/i.test(name)) return 'past';
  if (inputs.length > 1 && /mask/i.test(name)) return 'mask';
  if (!isWholeType(type))
    return inputs.find(({ type, name }) => !isWholeType(type) && !/mask|past|cache/i.test(name)) === input
      ? 'image'
      : undefined;
  if (inputs.some(other => !isWholeType(other.type) && !/mask|past|cache/i.test(other.name)))
    return undefined;
  if (inputs.length > 1 && /type|segment/i.test(name)) return 'types';
  if (inputs.length > 1 && /position/i.test(name)) return 'positions';
  const words = inputs.filter(
    ({ name }) => !/mask|type|segment|position|past|cache/i.test(name) || inputs.length === 1,
  );
  return words[0] === input ? 'words' : undefined;
}

/** A cache of keys or values before the first token: no place along its open axis. @throws OnnxProblem for one of a fixed length */
function noPast({ name, type, shape }: OnnxInput): Nd {
  const axis = shape.findIndex((dim, d) => d > 0 && isOpen(dim));
  if (axis < 0 || shape.some((dim, d) => d > 0 && d !== axis && isOpen(dim)))
    throw onnxProblem(
      `input ${name}: a cache whose length is not the one dimension left open behind the batch`,
    );
  const empty = shape.map((dim, d) => (d === 0 ? 1 : d === axis ? 0 : (dim as number)));
  return values(empty, [], isWholeType(type));
}

/** Puts the inputs among the values. */
export function readInputs(l: Lowering, input: NetworkInput): void {
  const inputs = openInputs(l.graph);
  for (const one of inputs) {
    const { name } = one;
    const role = roleOf(one, inputs);
    if (input.kind === 'image' && role === 'image') {
      const { channels, size, shape } = input;
      const dims = shape.map(dim => (dim > 1 ? [atom(dim)] : []));
      const all = dims.length === 3 ? dims : [[], ...dims];
      const [c, ...pixels] = all as [Atom[], ...Atom[][]];
      if (areaOf(size) * channels !== sizeOf(shape)) throw new Error('an image of another size');
      const view = { op: null, rows: pixels.flat(), columns: c, dims: [[], ...dims], factor: 1 };
      l.values.set(name, { kind: 'view', view });
    } else if (role === 'past') l.values.set(name, { kind: 'constant', nd: noPast(one) });
    else if (input.kind === 'text' && (role === 'words' || role === 'types'))
      l.values.set(name, { kind: 'ids', table: role, shape: [1, input.tokens] });
    else if (role === 'positions' && input.kind === 'text')
      l.values.set(name, {
        kind: 'constant',
        nd: values(
          [1, input.tokens],
          Array.from({ length: input.tokens }, (_, i) => i),
          true,
        ),
      });
    else if (role === 'mask') {
      // Every token counts: what a mask leaves out is cut off before.
      const tokens = input.kind === 'text' ? input.tokens : 1;
      const shape = one.shape.map((dim, d) => (d === 0 ? 1 : isOpen(dim) ? tokens : (dim as number)));
      const whole = isWholeType(one.type);
      const data = () => new Float64Array(sizeOf(shape)).fill(1);
      l.values.set(name, { kind: 'constant', nd: nd({ shape, whole, known: true, learned: false, data }) });
    }
  }
}
