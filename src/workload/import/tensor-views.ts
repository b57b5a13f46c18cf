/** Parts of tensors and tensors times factors, as tensors. */
import type { Tensor } from './tensor.ts';

/** Columns `part` of `of` equal shares of a matrix [rows, columns]. */
export function columnsOf(tensor: Tensor, part: number, of: number): Tensor {
  const [rows, columns] = tensor.shape;
  const width = columns / of;
  const size = rows * width;
  return {
    name: tensor.name,
    dtype: tensor.dtype,
    shape: [rows, width],
    size,
    data(from = 0, to = size) {
      const values = tensor.data();
      const out = new Float32Array(size);
      for (let i = 0; i < rows; i++)
        out.set(values.subarray(i * columns + part * width, i * columns + (part + 1) * width), i * width);
      return out.slice(from, to);
    },
  };
}

/** Row i of the tensor (its first dimension) times factor i. */
export function gained(tensor: Tensor, gains: Tensor): Tensor {
  const { name, dtype, shape, size } = tensor;
  const width = size / gains.size;
  return {
    name,
    dtype,
    shape,
    size,
    data(from = 0, to = size) {
      const values = tensor.data(from, to);
      const factors = gains.data();
      for (let i = 0; i < values.length; i++) values[i] *= factors[Math.floor((from + i) / width)];
      return values;
    },
  };
}
