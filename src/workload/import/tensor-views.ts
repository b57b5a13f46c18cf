/** Parts of tensors and tensors times factors, as tensors. */
import type { Tensor } from './tensor.ts';
import { transpose } from './transpose.ts';

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

/** The transpose of a matrix. */
export function turned(tensor: Tensor): Tensor {
  const [rows, columns] = tensor.shape;
  return {
    name: tensor.name,
    dtype: tensor.dtype,
    shape: [columns, rows],
    size: tensor.size,
    data: (from = 0, to = tensor.size) => {
      const values = transpose(tensor.data(), rows, columns);
      return from === 0 && to === tensor.size ? values : values.slice(from, to);
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
