/** `--image-size`: the network of the checkpoint on images of another size, its position embedding interpolated as its library does it. */
import test from 'ava';
import { relativeError } from '../../numerics/execute/oracle.ts';
import { Checkpoint, image, inferImage, type Sides } from './checkpoint.ts';
import { resized } from './resized.ts';
import { timmForward, timmShapes } from './timm-forward.ts';
import { dinov2, dinov2Shapes, SIDES, stack } from './transformers-images.ts';

const TOLERANCE = 1e-5;
/** 3 x 3 patches become 4 x 5, or 2 x 2. */
const sizes: [string, Sides][] = [
  ['16x20', [16, 20]],
  ['8', [8, 8]],
];

for (const [imageSize, sides] of sizes) {
  const grid: Sides = [sides[0] / 4, sides[1] / 4];

  test(`timm, 12 pixels at ${imageSize}: bicubic with antialias, learned tokens as they are`, async t => {
    const checkpoint = new Checkpoint(5, timmShapes({ positions: 10, norms: ['norm'] }));
    const [own, ...patches] = checkpoint.rows('pos_embed');
    const positions = [own, ...resized(patches, [3, 3], grid, true)];
    const x = image(sides);
    const want = timmForward(checkpoint, x, { heads: 3, size: sides, pool: 'token', positions });
    const { logits } = await inferImage(checkpoint, x, sides, { options: { heads: 3, imageSize } });
    t.true(relativeError([[...logits]], want) < TOLERANCE);
  });

  test(`timm's DeiT III, 12 pixels at ${imageSize}`, async t => {
    const checkpoint = new Checkpoint(5, timmShapes({ positions: 9, norms: ['norm'] }));
    const positions = resized(checkpoint.rows('pos_embed'), [3, 3], grid, true);
    const x = image(sides);
    const network = { heads: 3, size: sides, pool: 'token', noEmbedClass: true, positions } as const;
    const { logits } = await inferImage(checkpoint, x, sides, { options: { heads: 3, imageSize } });
    t.true(relativeError([[...logits]], timmForward(checkpoint, x, network)) < TOLERANCE);
  });

  test(`transformers' DINOv2 with registers, 12 pixels at ${imageSize}: bicubic without antialias`, async t => {
    const checkpoint = new Checkpoint(6, dinov2Shapes('', 4, false));
    const [own, ...patches] = checkpoint.rows('embeddings.position_embeddings');
    const positions = [own, ...resized(patches, [3, 3], grid, false)];
    const x = image(sides);
    const want = dinov2(checkpoint, '', x, positions, sides);
    const config = { ...stack, intermediate_size: undefined, model_type: 'dinov2_with_registers' };
    const { logits } = await inferImage(checkpoint, x, sides, { config, options: { imageSize } });
    const got = want.map((row, i) => [...logits.slice(i * row.length, (i + 1) * row.length)]);
    t.true(relativeError(got, want) < TOLERANCE);
  });
}

test('the size that the checkpoint is for changes nothing', async t => {
  const checkpoint = new Checkpoint(5, timmShapes({ positions: 10, norms: ['norm'] }));
  const run = (options: object) => inferImage(checkpoint, image(SIDES), SIDES, { options });
  t.deepEqual((await run({ heads: 3, imageSize: '12' })).logits, (await run({ heads: 3 })).logits);
});
