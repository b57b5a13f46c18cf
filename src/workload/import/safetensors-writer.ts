/** Writes .safetensors; the same tensors give the same bytes (huggingface/safetensors README, "Format"). */
import { usageError } from '../../base/errors.ts';
import { dtypes } from './dtypes.ts';
import { elementCount, shapeText } from './tensor.ts';

/** What can be written: float32 values, or raw little-endian bytes of another type. */
export type TensorToWrite =
  | { readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly shape: readonly number[]; readonly dtype: string; readonly bytes: Uint8Array };

/**
 * A file with `tensors` in their own order. Metadata keys are sorted; the header is padded with spaces so that the
 * data begins at a multiple of 8 bytes. @throws TrexError (usage) for a shape that does not fit its data.
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, TensorToWrite>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: string[] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0)
    header.push(`"__metadata__":${JSON.stringify(Object.fromEntries(keys.map(k => [k, metadata[k]])))}`);
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of tensors) {
    if (name === '__metadata__') throw usageError('no tensor may be called __metadata__');
    const dtype = 'data' in tensor ? 'F32' : tensor.dtype;
    const bytes = 'data' in tensor ? rawBytes(tensor.data) : tensor.bytes;
    const size = elementCount(tensor.shape);
    const element = Object.hasOwn(dtypes, dtype) ? dtypes[dtype].bytes : Number.NaN;
    if (size === undefined || size * element !== bytes.length)
      throw usageError(
        `tensor ${name}: ${bytes.length} bytes do not make ${dtype} ${shapeText(tensor.shape)}`,
      );
    const info = { dtype, shape: tensor.shape, data_offsets: [offset, offset + bytes.length] };
    header.push(`${JSON.stringify(name)}:${JSON.stringify(info)}`);
    parts.push(bytes);
    offset += bytes.length;
  }
  const json = new TextEncoder().encode(`{${header.join(',')}}`);
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerBytes + offset).fill(0x20, 8, 8 + headerBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(json, 8);
  let at = 8 + headerBytes;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

const rawBytes = (data: Float32Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
