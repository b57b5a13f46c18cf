/** The rows of a PNG: Adam7 passes, filters undone, samples unpacked to one array (ISO/IEC 15948, clauses 8 and 9). */
import { badFile } from './bad-file.ts';
import type { PngHeader } from './png-chunks.ts';

/** Adam7: first column, first row, column step, row step of each pass. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;
const WHOLE = [[0, 0, 1, 1]] as const;

interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly columns: number;
  readonly rows: number;
  readonly rowBytes: number;
}

/** Bytes that the rows of an image have after decompression: one for the filter of each row, then its samples. */
export const filteredBytes = (header: PngHeader): number =>
  passes(header).reduce((sum, { rows, rowBytes }) => sum + rows * (1 + rowBytes), 0);

/**
 * Samples as stored, [height, width, samples]: depth <= 8 in bytes, depth 16 as the high byte, which is how Pillow
 * brings 16-bit colour to 8 bits.
 * @throws TrexError (invalid file) for a filter that does not exist.
 */
export function unfilter(name: string, header: PngHeader, data: Uint8Array): Uint8Array {
  const { width, height, depth, samples } = header;
  const out = new Uint8Array(width * height * samples);
  const pixelBytes = Math.max(1, (samples * depth) / 8);
  let at = 0;
  for (const pass of passes(header)) {
    let above: Uint8Array = new Uint8Array(pass.rowBytes);
    for (let r = 0; r < pass.rows; r++) {
      const filter = data[at];
      if (filter > 4) throw badFile(name, `damaged PNG: row filter ${filter}`);
      const row = data.subarray(at + 1, at + 1 + pass.rowBytes);
      undo(filter, row, above, pixelBytes);
      unpack(row, pass, r, header, out);
      above = row;
      at += 1 + pass.rowBytes;
    }
  }
  return out;
}

function passes({ width, height, depth, samples, interlaced }: PngHeader): Pass[] {
  return (interlaced ? ADAM7 : WHOLE)
    .map(([x, y, dx, dy]) => {
      const columns = Math.ceil((width - x) / dx);
      const rows = Math.ceil((height - y) / dy);
      return { x, y, dx, dy, columns, rows, rowBytes: Math.ceil((columns * samples * depth) / 8) };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Filters 1 to 4 (sub, up, average, Paeth) in place. */
function undo(filter: number, row: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  if (filter === 0) return;
  for (let i = 0; i < row.length; i++) {
    const left = i < pixelBytes ? 0 : row[i - pixelBytes];
    const corner = i < pixelBytes ? 0 : above[i - pixelBytes];
    if (filter === 1) row[i] += left;
    else if (filter === 2) row[i] += above[i];
    else if (filter === 3) row[i] += (left + above[i]) >> 1;
    else row[i] += paeth(left, above[i], corner);
  }
}

/** The neighbour nearest to left + above - corner, in this order at a tie. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

function unpack(row: Uint8Array, pass: Pass, r: number, header: PngHeader, out: Uint8Array): void {
  const { width, depth, samples } = header;
  const line = (pass.y + r * pass.dy) * width;
  for (let c = 0; c < pass.columns; c++) {
    const to = (line + pass.x + c * pass.dx) * samples;
    for (let s = 0; s < samples; s++) {
      const bit = (c * samples + s) * depth;
      const byte = row[bit >> 3];
      out[to + s] = depth >= 8 ? byte : (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
  }
}
