/** The position embedding of an image network as its graph wants it, out of what a checkpoint stores: for another grid of patches, or without rows for register tokens. */
import type { ModelConfig } from '../model.ts';
import { areaOf, type Size, sizeText } from '../size.ts';
import { type Interpolation, interpolate } from './interpolate.ts';
import { shapeText, type Tensor } from './tensor.ts';

type ImageModel = Extract<ModelConfig, { family: 'vit' }>;

/**
 * A tensor of `rows` x dim. Its stored rows are those of the learned tokens that have a position, then those of the patches
 * line by line; registers may have none, and get zeros (transformers' DINOv2 puts them in after the positions are added).
 * A text says what is wrong.
 */
export function positionTensor(
  tensor: Tensor,
  model: ImageModel,
  rows: number,
  how: Interpolation,
): Tensor | string {
  const { dim, grid, registers, positions } = model;
  const stored = storedGrid(model);
  const [extra, ...shape] = [...tensor.shape].reverse();
  const have = shape.length === 0 ? 0 : shape[0];
  if (extra !== dim || shape.slice(1).some(d => d !== 1)) return misfit(tensor, model, rows);
  const inFront = rows - areaOf(grid);
  const missing = [0, positions === 'all' ? registers : 0].find(n => have === inFront - n + areaOf(stored));
  if (missing === undefined) return misfit(tensor, model, inFront + areaOf(stored));
  if (missing === 0 && same(stored, grid)) return tensor;
  const size = rows * dim;
  return {
    name: tensor.name,
    dtype: tensor.dtype,
    shape: [rows, dim],
    size,
    data(from = 0, to = size) {
      const values = tensor.data();
      const all = new Float32Array(size);
      const own = (inFront - missing) * dim;
      all.set(values.subarray(0, own));
      const patches = values.subarray(own);
      const placed = same(stored, grid) ? patches : interpolate(patches, dim, stored, grid, how);
      all.set(placed, inFront * dim);
      return all.slice(from, to);
    },
  };
}

const storedGrid = ({ positionGrid, grid }: ImageModel): Size =>
  positionGrid === undefined ? grid : { height: positionGrid[0], width: positionGrid[1] };

const same = (a: Size, b: Size): boolean => a.height === b.height && a.width === b.width;

function misfit(tensor: Tensor, model: ImageModel, rows: number): string {
  const { image, grid, dim } = model;
  return (
    `${tensor.name}: expected ${shapeText([rows, dim])}, got ${shapeText(tensor.shape)}; ` +
    `${model.name} cuts an image of ${sizeText(image)} pixels into ${grid.height} x ${grid.width} patches`
  );
}
