/** Protocol Buffers' wire format (protobuf.dev, "Encoding"): a message is a list of numbered fields. */
import { onnxProblem } from '../../onnx/problem.ts';

export interface Field {
  readonly number: number;
  /** 0: a whole number; 1: eight bytes; 2: so many bytes; 5: four bytes. */
  readonly wire: 0 | 1 | 2 | 5;
  /** A whole number of wire type 0; beyond 2^53 it is rounded. */
  readonly value: number;
  /** The content of any other. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** The fields of a message. @throws OnnxProblem for bytes that are none; `message` is what it is called. */
export function* fields(bytes: Uint8Array, message: string): Generator<Field> {
  const cursor = { at: 0 };
  const take = (count: number): Uint8Array => {
    if (count > bytes.length - cursor.at)
      throw onnxProblem(
        `${message}: a field of ${count} bytes, but ${bytes.length - cursor.at} follow: truncated?`,
      );
    cursor.at += count;
    return bytes.subarray(cursor.at - count, cursor.at);
  };
  while (cursor.at < bytes.length) {
    const key = varint(bytes, cursor, message);
    const number = Math.floor(key / 8);
    const wire = key % 8;
    if (number < 1 || number > 2 ** 29)
      throw onnxProblem(`${message}: field ${number} is none of this format`);
    if (wire === 0) yield { number, wire, value: varint(bytes, cursor, message), bytes: NOTHING };
    else if (wire === 1) yield { number, wire, value: 0, bytes: take(8) };
    else if (wire === 5) yield { number, wire, value: 0, bytes: take(4) };
    else if (wire === 2) yield { number, wire, value: 0, bytes: take(varint(bytes, cursor, message)) };
    else throw onnxProblem(`${message}: field ${number} has wire type ${wire}, which is none of this format`);
  }
}

/** A number of 7 bits a byte, signed as int64 is. */
function varint(bytes: Uint8Array, cursor: { at: number }, message: string): number {
  let low = 0;
  let high = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) throw onnxProblem(`${message}: ends within a number: truncated?`);
    const bits = byte & 127;
    if (i < 4) low += bits * 2 ** (7 * i);
    else if (i === 4) {
      low += (bits & 15) * 2 ** 28;
      high += bits >> 4;
    } else high += bits * 2 ** (7 * i - 32);
    if (byte < 128) {
      const upper = high % 2 ** 32;
      return (upper >= 2 ** 31 ? upper - 2 ** 32 : upper) * 2 ** 32 + low;
    }
  }
  throw onnxProblem(`${message}: a number of more than ten bytes`);
}

/** What must have come with another wire type. */
export function expectWire({ number, wire }: Field, wanted: Field['wire'], message: string): void {
  if (wire !== wanted)
    throw onnxProblem(`${message}: field ${number} has wire type ${wire}, expected ${wanted}`);
}

const decoder = new TextDecoder('utf-8');

export function textOf(field: Field, message: string): string {
  expectWire(field, 2, message);
  return decoder.decode(field.bytes);
}

export function wholeOf(field: Field, message: string): number {
  expectWire(field, 0, message);
  return field.value;
}

/** Whole numbers of a repeated field: one, or several packed into one field. */
export function wholesOf(field: Field, message: string): number[] {
  if (field.wire === 0) return [field.value];
  expectWire(field, 2, message);
  const cursor = { at: 0 };
  const out: number[] = [];
  while (cursor.at < field.bytes.length) out.push(varint(field.bytes, cursor, message));
  return out;
}

/** A float32, little-endian. */
export function floatOf(field: Field, message: string): number {
  expectWire(field, 5, message);
  return view(field.bytes).getFloat32(0, true);
}

/** float32 values of a repeated field. */
export function floatsOf(field: Field, message: string): number[] {
  if (field.wire === 5) return [floatOf(field, message)];
  expectWire(field, 2, message);
  if (field.bytes.length % 4 !== 0)
    throw onnxProblem(`${message}: ${field.bytes.length} bytes are no floats`);
  const all = view(field.bytes);
  return Array.from({ length: field.bytes.length / 4 }, (_, i) => all.getFloat32(4 * i, true));
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
