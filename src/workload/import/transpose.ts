/** Matrix transposition in blocks that stay in the cache. */

const BLOCK = 32;

/** columns x rows of a row-major rows x columns matrix. */
export function transpose(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let top = 0; top < rows; top += BLOCK) {
    const bottom = Math.min(rows, top + BLOCK);
    for (let left = 0; left < columns; left += BLOCK) {
      const right = Math.min(columns, left + BLOCK);
      for (let r = top; r < bottom; r++) {
        for (let c = left; c < right; c++) result[c * rows + r] = matrix[r * columns + c];
      }
    }
  }
  return result;
}
