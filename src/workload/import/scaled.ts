/** Weights stored as int8 with a scale tensor beside them: value = integer x scale, symmetric (compressed-tensors, torchao: `weight` with `weight_scale`). */
import { finite, invalidFile, shapeText, type Tensor, type Tensors } from './tensor.ts';

/** Tensor types whose values are the numbers themselves. */
const REAL = ['F64', 'F32', 'F16', 'BF16'];

/**
 * The real values of the tensor `name`, which must be in `tensors`. An I8 tensor is multiplied by `<name>_scale` or
 * `<name>.scale`: one value, or one per index of the first dimension.
 * @throws TrexError (invalid file) for I8 without a scale or with a zero point, and for any other integer type.
 */
export function realTensor(tensors: Tensors, name: string, file: string): Tensor {
  const tensor = tensors.get(name)!;
  if (REAL.includes(tensor.dtype)) return tensor;
  const fail = (message: string) => invalidFile(`${file}: tensor ${name}: ${message}`);
  if (tensor.dtype !== 'I8')
    throw fail(`weights of dtype ${tensor.dtype}; readable: ${REAL.join(', ')}, and I8 with a scale tensor`);
  const scales = tensors.get(`${name}_scale`) ?? tensors.get(`${name}.scale`);
  if (scales === undefined) throw fail(`I8 weights need a tensor ${name}_scale or ${name}.scale`);
  if (tensors.has(`${name}_zero_point`) || tensors.has(`${name}.zero_point`))
    throw fail('weights with a zero point are not supported, only symmetric ones');
  const rows = tensor.shape.length === 0 ? 1 : tensor.shape[0];
  const perRow = scales.size === rows && (scales.shape[0] === rows || rows === 1);
  if (scales.size !== 1 && !perRow)
    throw fail(`${scales.name} has shape ${shapeText(scales.shape)}; expected one value, or [${rows}]`);
  const rowSize = perRow ? tensor.size / rows : tensor.size;
  return {
    ...tensor,
    data(from = 0, to = tensor.size) {
      const values = tensor.data(from, to);
      const factors = scales.data();
      for (let i = 0; i < values.length; i++) values[i] *= factors[Math.floor((from + i) / rowSize)];
      return finite(values, file, name, from);
    },
  };
}

/** The tensor is there for the sake of another one. */
export const isScale = (tensors: Tensors, name: string): boolean =>
  /[_.]scale$/.test(name) && tensors.has(name.replace(/[_.]scale$/, ''));
