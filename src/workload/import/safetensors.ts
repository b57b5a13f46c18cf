/** Reads .safetensors: 8 bytes of header length, a JSON header, the raw tensors (huggingface/safetensors README, "Format"). */
import { plainBytes } from '../../base/bytes.ts';
import { type Dtype, dtypes } from './dtypes.ts';
import { type Json, type JsonLimits, type JsonObject, parseJson } from './header-json.ts';
import { elementCount, finite, invalidFile, shapeText, shown, type Tensor, type Tensors } from './tensor.ts';

/** The format's own bound. */
const MAX_HEADER_BYTES = 100_000_000;
/** Far above any real file, so that a hostile header stays small in memory. */
const LIMITS: JsonLimits = { depth: 3, members: 2 ** 18, elements: 64 };

/** A safetensors file. */
export interface Safetensors {
  /** With those that are stored under another name as well. */
  readonly tensors: Tensors;
  /** The free texts of `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>;
}

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly type: Dtype;
  readonly shape: readonly number[];
  readonly size: number;
  /** Byte range in the data section. */
  readonly begin: number;
  readonly end: number;
}

/**
 * The tensors of a file in memory, not yet converted: they look into `source`. The tensors must fill the data section
 * without gaps or overlaps, as the format demands. `file` stands in front of every message.
 * @throws TrexError (invalid file) for anything else.
 */
export function parseSafetensors(source: Uint8Array, file = 'safetensors'): Safetensors {
  const bytes = plainBytes(source);
  const headerBytes = headerLength(bytes, file);
  const header = readHeader(bytes.subarray(8, 8 + headerBytes), file);
  const data = bytes.subarray(8 + headerBytes);
  const metadata = readMetadata(header.get('__metadata__'), file);
  const entries: Entry[] = [];
  for (const [name, info] of header) {
    if (name !== '__metadata__') entries.push(readEntry(name, info, file));
  }
  checkRanges(entries, data.length, file);
  const tensors = new Map(entries.map(e => [e.name, tensor(e, data, file)]));
  return { tensors: withAliases(tensors, metadata), metadata };
}

/** safetensors.torch.save_model stores shared tensors once; `__metadata__` has the other names, with the one that was kept. */
function withAliases(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string>,
): ReadonlyMap<string, Tensor> {
  const all = new Map(tensors);
  for (const [name, kept] of metadata) {
    const shared = tensors.get(kept);
    if (shared !== undefined && !tensors.has(name)) all.set(name, { ...shared, name });
  }
  return all;
}

function headerLength(bytes: Uint8Array, file: string): number {
  if (bytes.length < 8)
    throw invalidFile(`${file}: ${bytes.length} bytes are too short for a safetensors file`);
  const declared = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (declared > MAX_HEADER_BYTES)
    throw invalidFile(
      `${file}: not a safetensors file: its header would have ${declared} bytes, more than ${MAX_HEADER_BYTES}`,
    );
  if (declared > bytes.length - 8)
    throw invalidFile(
      `${file}: header of ${declared} bytes, but only ${bytes.length - 8} follow: truncated?`,
    );
  return Number(declared);
}

function readHeader(bytes: Uint8Array, file: string): JsonObject {
  let header: Json;
  try {
    header = parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), LIMITS);
  } catch (error) {
    const reason = error instanceof TypeError ? 'its bytes are not UTF-8' : (error as Error).message;
    throw invalidFile(`${file}: the header is not the JSON of a safetensors file: ${reason}`);
  }
  if (!(header instanceof Map))
    throw invalidFile(`${file}: the header must be a JSON object, got ${kind(header)}`);
  return header;
}

function readMetadata(value: Json | undefined, file: string): Map<string, string> {
  const texts = new Map<string, string>();
  if (value === undefined) return texts;
  if (!(value instanceof Map))
    throw invalidFile(`${file}: __metadata__ must be an object, got ${kind(value)}`);
  for (const [key, text] of value) {
    if (typeof text !== 'string')
      throw invalidFile(`${file}: __metadata__.${shown(key)} must be a string, got ${kind(text)}`);
    texts.set(key, text);
  }
  return texts;
}

function readEntry(name: string, info: Json, file: string): Entry {
  const fail = (message: string) => invalidFile(`${file}: tensor ${shown(name)}: ${message}`);
  if (!(info instanceof Map)) throw fail(`expected an object, got ${kind(info)}`);
  const [dtype, shape, offsets] = ['dtype', 'shape', 'data_offsets'].map(key => info.get(key));
  if (typeof dtype !== 'string') throw fail(`dtype must be a string, got ${kind(dtype)}`);
  if (!Object.hasOwn(dtypes, dtype))
    throw fail(`unknown dtype ${shown(dtype)}; known: ${Object.keys(dtypes).join(', ')}`);
  if (!Array.isArray(shape)) throw fail(`shape must be an array, got ${kind(shape)}`);
  const size = elementCount(shape);
  if (size === undefined) throw fail(`impossible shape ${shapeText(shape)}`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || elementCount(offsets.slice(0, 1)) === undefined)
    throw fail('data_offsets must be [begin, end] in bytes');
  const [begin, end] = offsets as [number, number];
  if (!Number.isSafeInteger(end) || end < begin) throw fail(`data_offsets [${begin}, ${end}] are no range`);
  const type = dtypes[dtype];
  if (end - begin !== size * type.bytes)
    throw fail(
      `${end - begin} bytes of data, but ${dtype} ${shapeText(shape as number[])} takes ${size * type.bytes}`,
    );
  return { name, dtype, type, shape: shape as number[], size, begin, end };
}

/** Every byte of the data section belongs to exactly one tensor. */
function checkRanges(entries: readonly Entry[], available: number, file: string): void {
  let covered = 0;
  let before = 'the header';
  for (const e of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const name = shown(e.name);
    if (e.end > available)
      throw invalidFile(
        `${file}: tensor ${name} ends at byte ${e.end} of the data, which has ${available}: truncated?`,
      );
    if (e.begin < covered) throw invalidFile(`${file}: tensors ${before} and ${name} overlap`);
    if (e.begin > covered)
      throw invalidFile(`${file}: ${e.begin - covered} bytes before tensor ${name} belong to no tensor`);
    [covered, before] = [e.end, name];
  }
  if (covered < available)
    throw invalidFile(`${file}: ${available - covered} bytes after ${before} belong to no tensor`);
}

function tensor(e: Entry, data: Uint8Array, file: string): Tensor {
  const { name, dtype, type, shape, size, begin } = e;
  const start = data.byteOffset + begin;
  const isFloat32 = dtype === 'F32' && start % 4 === 0;
  return {
    name,
    dtype,
    shape,
    size,
    data(from = 0, to = size) {
      const part = data.slice(begin + from * type.bytes, begin + to * type.bytes);
      return finite(type.toFloat32(part.buffer as ArrayBuffer), file, name, from);
    },
    ...(isFloat32 && {
      view: (from = 0, to = size) =>
        finite(new Float32Array(data.buffer, start + 4 * from, to - from), file, name, from),
    }),
  };
}

function kind(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value instanceof Map) return 'an object';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
