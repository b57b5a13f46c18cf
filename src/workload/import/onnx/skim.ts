/** An .onnx file without its large arrays, which stay in the file: the bytes of the others, and where in the file the large ones lie. */
import type { RandomBytes } from '../../../base/random-bytes.ts';
import { onnxProblem } from '../../onnx/problem.ts';

/** Bytes of the model file. */
export interface Far {
  readonly offset: number;
  readonly length: number;
}

export interface Skimmed {
  /** A ModelProto whose large arrays have no values. */
  readonly bytes: Uint8Array;
  /** By the place of their tensor among the graph's initialisers. */
  readonly far: ReadonlyMap<number, Far>;
}

/** Arrays of so many bytes or more stay where they are. */
const LARGE = 2 ** 16;
/** The key and the length of a field. */
const HEAD = 20;
/** What is no array of values: far above any graph. */
const MOST_KEPT = 2 ** 29;

/** Fields of ModelProto, GraphProto and TensorProto that hold the next one, and at last the values (onnx/onnx, onnx.proto). */
const INNER = [7, 5, 9];
const NAMES = ['ModelProto', 'GraphProto', 'TensorProto'];

/** @throws OnnxProblem where a field is longer than what it stands in */
export function skimmed(file: RandomBytes): Skimmed {
  const far = new Map<number, Far>();
  let count = 0;
  let kept = 0;

  const part = (start: number, length: number): Uint8Array => {
    kept += length;
    if (kept > MOST_KEPT)
      throw onnxProblem(`a graph of more than ${MOST_KEPT} bytes without its large arrays`);
    return file.read(start, length);
  };

  // Heads of fields are read many at a time.
  let window: { readonly start: number; readonly bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) };
  const headAt = (at: number, end: number): Uint8Array => {
    const length = Math.min(HEAD, end - at);
    if (at < window.start || at + length > window.start + window.bytes.length)
      window = { start: at, bytes: file.read(at, LARGE) };
    return window.bytes.subarray(at - window.start, at - window.start + length);
  };

  /** The fields from `start` to `end`, as they are but for large arrays within. */
  function walked(start: number, end: number, level: number): Uint8Array[] {
    const out: Uint8Array[] = [];
    let [at, copied] = [start, start];
    while (at < end) {
      const head = headAt(at, end);
      const key = varint(head, 0);
      if (key === undefined) break;
      const wire = key.value % 8;
      const next = wire === 2 ? varint(head, key.end) : undefined;
      if (wire !== 2) {
        const length =
          wire === 0 ? (varint(head, key.end)?.end ?? head.length) : key.end + (wire === 1 ? 8 : 4);
        // What is no field the parser finds again.
        if (wire !== 0 && wire !== 1 && wire !== 5) break;
        at += length;
        continue;
      }
      if (next === undefined) break;
      const [from, length] = [at + next.end, next.value];
      if (length > end - from)
        throw onnxProblem(
          `${NAMES[level]}: a field of ${length} bytes, but ${end - from} follow: truncated?`,
        );
      const field = Math.floor(key.value / 8);
      const isInner = field === INNER[level];
      const place = level === 1 && isInner ? count++ : count - 1;
      if (isInner && length >= LARGE) {
        out.push(part(copied, at - copied));
        const inner = level === 2 ? [] : walked(from, from + length, level + 1);
        if (level === 2) far.set(place, { offset: from, length });
        const size = inner.reduce((sum, one) => sum + one.length, 0);
        out.push(Uint8Array.from([...ofVarint(key.value), ...ofVarint(size)]), ...inner);
        copied = from + length;
      }
      at = from + length;
    }
    out.push(part(copied, end - copied));
    return out;
  }

  const parts = walked(0, file.size, 0);
  const bytes = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    bytes.set(one, at);
    at += one.length;
  }
  return { bytes, far };
}

/** A number of 7 bits a byte; undefined where it does not end. */
function varint(
  bytes: Uint8Array,
  start: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) return undefined;
    value += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { value, end: start + i + 1 };
  }
  return undefined;
}

function ofVarint(value: number): number[] {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...out, rest];
    out.push((rest % 128) + 128);
  }
}
