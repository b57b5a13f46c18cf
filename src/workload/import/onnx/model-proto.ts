/** ModelProto: the graph of an .onnx file, with its constants left where they are (onnx/onnx, onnx.proto). */
import {
  isWholeType,
  ONNX_TYPES,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxInput,
  type OnnxNode,
  type OnnxTensor,
  ofNumber,
} from '../../onnx/graph.ts';
import { onnxProblem } from '../../onnx/problem.ts';
import { shown } from '../tensor.ts';
import type { Skimmed } from './skim.ts';
import { type StoredTensor, tensorProto } from './tensor-proto.ts';
import { expectWire, type Field, fields, floatOf, floatsOf, textOf, wholeOf, wholesOf } from './wire.ts';

/** The newest set of operators that was read when this was written (ONNX 1.20, 2026). */
const NEWEST_OPSET = 25;
const OLDEST_OPSET = 7;
/** Constants of so many values or fewer are part of the graph: shapes, axes, factors. */
const SMALL = 64;
/** Tables of indices. */
const SMALL_WHOLE = 2 ** 13;
const MOST_NODES = 2 ** 16;

export interface OnnxFile {
  readonly graph: OnnxGraph;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly producer: string;
}

/** @throws OnnxProblem for what is no model, or one that we do not know */
export function modelProto({ bytes, far }: Skimmed): OnnxFile {
  let graphBytes: Uint8Array | undefined;
  let producer = '';
  const opsets = new Map<string, number>();
  const functions: Uint8Array[] = [];
  if (bytes.length === 0) throw onnxProblem('an empty file');
  for (const field of fields(bytes, 'ModelProto')) {
    if (field.number === 2) producer = textOf(field, 'producer_name');
    else if (field.number === 7) {
      expectWire(field, 2, 'ModelProto.graph');
      if (graphBytes !== undefined) throw onnxProblem('two graphs');
      graphBytes = field.bytes;
    } else if (field.number === 8) {
      expectWire(field, 2, 'ModelProto.opset_import');
      let [domain, version] = ['', 0];
      for (const part of fields(field.bytes, 'opset_import'))
        if (part.number === 1) domain = textOf(part, 'opset_import');
        else if (part.number === 2) version = wholeOf(part, 'opset_import');
      opsets.set(domain === 'ai.onnx' ? '' : domain, version);
    } else if (field.number === 25) functions.push(field.bytes);
    else if (field.number > 1000) throw onnxProblem(`no ONNX model: field ${field.number}`);
  }
  if (graphBytes === undefined) throw onnxProblem('no ONNX model: it holds no graph');
  const opset = opsets.get('');
  if (opset === undefined) throw onnxProblem('no ONNX model: it names no set of operators');
  if (opset > NEWEST_OPSET)
    throw onnxProblem(
      `opset ${opset} is newer than ${NEWEST_OPSET}, the newest that is known: export with opset_version=17`,
    );
  if (opset < OLDEST_OPSET)
    throw onnxProblem(`opset ${opset} is older than ${OLDEST_OPSET}: export with opset_version=17`);
  if (functions.length > 0)
    throw onnxProblem('functions of its own: export without them (dynamo exports: optimize=True)');
  return { ...graphProto(graphBytes, opset, far), producer };
}

function graphProto(bytes: Uint8Array, opset: number, far: Skimmed['far']): Omit<OnnxFile, 'producer'> {
  let initialisers = 0;
  const nodes: OnnxNode[] = [];
  const stored = new Map<string, StoredTensor>();
  const inputs: OnnxInput[] = [];
  const outputs: string[] = [];
  const add = (tensor: StoredTensor): void => {
    if (tensor.name === '') throw onnxProblem('a constant without a name');
    if (stored.has(tensor.name)) throw onnxProblem(`two constants are called ${shown(tensor.name)}`);
    stored.set(tensor.name, tensor);
  };
  for (const field of fields(bytes, 'GraphProto')) {
    if (field.number === 1) {
      expectWire(field, 2, 'GraphProto.node');
      if (nodes.length >= MOST_NODES) throw onnxProblem(`more than ${MOST_NODES} nodes`);
      const read = nodeProto(field.bytes);
      if ('constant' in read) add(read.constant);
      else nodes.push(read.node);
    } else if (field.number === 5) {
      expectWire(field, 2, 'GraphProto.initializer');
      add(tensorProto(field.bytes, '', far.get(initialisers++)));
    } else if (field.number === 11) {
      expectWire(field, 2, 'GraphProto.input');
      inputs.push(...valueInfo(field.bytes));
    } else if (field.number === 12) {
      expectWire(field, 2, 'GraphProto.output');
      outputs.push(nameOf(field.bytes));
    } else if (field.number === 15) throw onnxProblem('sparse constants');
  }
  const tensors = [...stored.values()].map(constantOf);
  const own = inputs.filter(({ name }) => !stored.has(name));
  if (outputs.length === 0) throw onnxProblem('a graph without an output');
  return { graph: { opset, inputs: own, outputs, tensors, nodes }, tensors: stored };
}

/** With its values where it is small and lies in the file. */
function constantOf(tensor: StoredTensor): OnnxTensor {
  const { name, type, shape, size, external } = tensor;
  const small = size <= (isWholeType(type) ? SMALL_WHOLE : SMALL);
  if (!small || external !== undefined) return { name, type, shape };
  return { name, type, shape, values: Array.from(tensor.read(), ofNumber) };
}

type ReadNode = { readonly node: OnnxNode } | { readonly constant: StoredTensor };

function nodeProto(bytes: Uint8Array): ReadNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  let [name, type, domain] = ['', '', ''];
  const attributes: Record<string, OnnxAttribute> = {};
  let value: Uint8Array | undefined;
  for (const field of fields(bytes, 'NodeProto')) {
    if (field.number === 1) inputs.push(textOf(field, 'NodeProto.input'));
    else if (field.number === 2) outputs.push(textOf(field, 'NodeProto.output'));
    else if (field.number === 3) name = textOf(field, 'NodeProto.name');
    else if (field.number === 4) type = textOf(field, 'NodeProto.op_type');
    else if (field.number === 7) domain = textOf(field, 'NodeProto.domain');
    else if (field.number === 5) {
      expectWire(field, 2, 'NodeProto.attribute');
      const read = attributeProto(field.bytes, `${shown(type || name)}`);
      if (read.tensor !== undefined) value = read.tensor;
      for (const [key, one] of read.values) attributes[key] = one;
    }
  }
  if (type === '') throw onnxProblem(`node ${shown(name)} has no operator`);
  if (outputs.length === 0 || outputs[0] === '')
    throw onnxProblem(`${shown(type)} ${shown(name)} gives nothing`);
  const op = domain === '' || domain === 'ai.onnx' ? type : `${domain}:${type}`;
  if (domain === 'trex') throw onnxProblem(`${shown(op)}: operators of this domain are our own`);
  if (op === 'Constant') return { constant: constantNode(outputs[0], attributes, value) };
  return {
    node: {
      op,
      ...(name !== '' && { name }),
      in: inputs,
      out: outputs,
      ...(Object.keys(attributes).length > 0 && { attributes }),
    },
  };
}

function constantNode(
  name: string,
  attributes: Readonly<Record<string, OnnxAttribute>>,
  value: Uint8Array | undefined,
): StoredTensor {
  if (value !== undefined) return tensorProto(value, name);
  const of = (type: 'f32' | 'i64', list: readonly number[], shape: readonly number[]): StoredTensor => ({
    name,
    type,
    shape,
    size: list.length,
    need: 8 * list.length,
    external: undefined,
    read: () => Float64Array.from(list),
  });
  for (const [key, type] of [
    ['value_float', 'f32'],
    ['value_int', 'i64'],
    ['value_floats', 'f32'],
    ['value_ints', 'i64'],
  ] as const) {
    const found = attributes[key];
    if (typeof found === 'number') return of(type, [found], []);
    if (Array.isArray(found)) return of(type, found as number[], [found.length]);
  }
  throw onnxProblem(`Constant ${shown(name)} holds no numbers`);
}

interface ReadAttribute {
  readonly values: readonly (readonly [string, OnnxAttribute])[];
  readonly tensor: Uint8Array | undefined;
}

function attributeProto(bytes: Uint8Array, of: string): ReadAttribute {
  const message = `AttributeProto of ${of}`;
  let name = '';
  let value: OnnxAttribute | undefined;
  let tensor: Uint8Array | undefined;
  const lists: { floats: number[]; ints: number[]; texts: string[] } = { floats: [], ints: [], texts: [] };
  let type = 0;
  for (const field of fields(bytes, message)) {
    if (field.number === 1) name = textOf(field, message);
    else if (field.number === 2) value = floatOf(field, message);
    else if (field.number === 3) value = wholeOf(field, message);
    else if (field.number === 4) value = textOf(field, message);
    else if (field.number === 5) {
      expectWire(field, 2, message);
      tensor = field.bytes;
    } else if (field.number === 7) lists.floats.push(...floatsOf(field, message));
    else if (field.number === 8) lists.ints.push(...wholesOf(field, message));
    else if (field.number === 9) lists.texts.push(textOf(field, message));
    else if (field.number === 20) type = wholeOf(field, message);
    else if (field.number === 6 || field.number === 11)
      throw onnxProblem(`${of}: a graph within the graph (If, Loop, Scan): export without control flow`);
    else if ([10, 14, 15, 21, 22, 23].includes(field.number))
      throw onnxProblem(`${of}: an attribute ${shown(name)} that is no number, text or tensor`);
  }
  if (type === 6) value = lists.floats;
  else if (type === 7) value = lists.ints;
  else if (type === 8) value = lists.texts;
  else if (lists.floats.length > 0) value = lists.floats;
  else if (lists.ints.length > 0) value = lists.ints;
  else if (lists.texts.length > 0) value = lists.texts;
  else if (value === undefined && tensor === undefined) value = type === 1 || type === 2 ? 0 : '';
  if (tensor === undefined) return { values: [[name, value!]], tensor: undefined };
  const read = tensorProto(tensor, name === '' ? 'value' : name);
  const whole: (readonly [string, OnnxAttribute])[] =
    read.size <= SMALL
      ? [
          [name, Array.from(read.read(), ofNumber)],
          [`${name}.type`, read.type],
        ]
      : [];
  return { values: whole, tensor };
}

const nameOf = (bytes: Uint8Array): string => {
  for (const field of fields(bytes, 'ValueInfoProto'))
    if (field.number === 1) return textOf(field, 'ValueInfoProto.name');
  throw onnxProblem('an output without a name');
};

function valueInfo(bytes: Uint8Array): OnnxInput[] {
  const name = nameOf(bytes);
  const inner = (field: Field, what: string): Uint8Array => {
    expectWire(field, 2, what);
    return field.bytes;
  };
  let type = 0;
  const shape: (number | string)[] = [];
  for (const field of fields(bytes, 'ValueInfoProto')) {
    if (field.number !== 2) continue;
    for (const kind of fields(inner(field, 'TypeProto'), 'TypeProto')) {
      if (kind.number !== 1) {
        if (kind.number < 10 && kind.number !== 6) throw onnxProblem(`input ${shown(name)} is no tensor`);
        continue;
      }
      for (const part of fields(inner(kind, 'TypeProto.Tensor'), 'TypeProto.Tensor')) {
        if (part.number === 1) type = wholeOf(part, 'elem_type');
        else if (part.number === 2)
          for (const dim of fields(inner(part, 'TensorShapeProto'), 'TensorShapeProto'))
            if (dim.number === 1) shape.push(dimension(inner(dim, 'Dimension')));
      }
    }
  }
  if (!Object.hasOwn(ONNX_TYPES, type)) throw onnxProblem(`input ${shown(name)} is of data type ${type}`);
  if (shape.length > 8) throw onnxProblem(`input ${shown(name)} has ${shape.length} dimensions`);
  return [{ name, type: ONNX_TYPES[type as keyof typeof ONNX_TYPES], shape }];
}

function dimension(bytes: Uint8Array): number | string {
  for (const field of fields(bytes, 'Dimension')) {
    if (field.number === 1) return wholeOf(field, 'Dimension');
    if (field.number === 2) return textOf(field, 'Dimension');
  }
  return '';
}
