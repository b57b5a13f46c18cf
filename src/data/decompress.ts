/** Bounded decompression through the web's DecompressionStream (RFC 1950 zlib, RFC 1952 gzip); fflate 0.8.3 compares no checksum. */
import { growthProblem } from '../base/limits.ts';
import { badFile } from './bad-file.ts';

/** Enough to read the header of what is inside. */
const HEAD_BYTES = 64;

/**
 * What `limit` says of the beginning (up to 64 bytes) of the content: the most bytes that it may have.
 * It may throw, to refuse the content by its header.
 */
export type Limit = (head: Uint8Array) => number;

/**
 * The whole content of a compressed file; stops as soon as it is longer than its limit, so a small file cannot
 * fill the memory.
 * @throws TrexError (invalid file): damaged, truncated, failed checksum, or longer than the limit.
 */
export async function decompress(
  name: string,
  bytes: Uint8Array,
  format: 'gzip' | 'deflate',
  limit: Limit,
): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream(format));
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let most: number | undefined;
  for (;;) {
    let chunk: Uint8Array | undefined;
    try {
      chunk = (await reader.read()).value;
    } catch (error) {
      throw badFile(name, `damaged or truncated ${format} data${reason(error)}`);
    }
    if (chunk !== undefined) {
      chunks.push(chunk);
      length += chunk.length;
    }
    try {
      if (most === undefined && (length >= HEAD_BYTES || chunk === undefined)) {
        most = limit(joined(chunks, Math.min(length, HEAD_BYTES)));
        const bomb = growthProblem(bytes.length, most);
        if (bomb !== undefined) throw badFile(name, bomb);
      }
      if (length > (most ?? HEAD_BYTES)) throw badFile(name, `more than the ${most} bytes that it declares`);
    } catch (error) {
      await reader.cancel().catch(() => {});
      throw error;
    }
    if (chunk === undefined) return joined(chunks, length);
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    if (at === length) break;
    out.set(chunk.subarray(0, length - at), at);
    at += Math.min(chunk.length, length - at);
  }
  return out;
}

/** The cause that Node names, such as `incorrect data check`. */
function reason(error: unknown): string {
  const { cause, message } = error as Error;
  const text = cause instanceof Error ? cause.message : message;
  return text ? `: ${text}` : '';
}
