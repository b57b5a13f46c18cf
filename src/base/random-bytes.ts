/** Bytes that are read where somebody needs them, of a file that need not fit into memory. */
import { sha256Hex } from './sha256.ts';

export interface RandomBytes {
  readonly size: number;
  /** Fewer where the file ends before. */
  read(start: number, length: number): Uint8Array;
  /** Hexadecimal. */
  sha256(): Promise<string>;
}

/** Of bytes that are in memory. */
export const bytesInMemory = (bytes: Uint8Array): RandomBytes => ({
  size: bytes.length,
  read: (start, length) => bytes.subarray(start, start + length),
  sha256: () => sha256Hex(bytes),
});
