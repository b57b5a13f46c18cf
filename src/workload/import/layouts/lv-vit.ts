/** Names of LV-ViT (zihangJiang/TokenLabeling tlt/models/lvvit.py, layers.py: PatchEmbed4_2 and PatchEmbed4_2_128). */
import type { Layout } from '../layout.ts';
import { timmEncoder, timmForeign } from './timm.ts';

/** Their stem counts its convolutions from 1; no published one has more than 3. */
const stem = [0, 1, 2, 3, 4, 5, 6, 7].flatMap(i => [
  [`stem.conv${i}`, `{p}patch_embed.conv${i + 1}`],
  [`stem.batchnorm${i}`, `{p}patch_embed.bn${i + 1}`],
]);

export const layout: Layout = {
  name: 'lv-vit',
  title: "TokenLabeling's LV-ViT",
  families: ['lv-vit'],
  mark: /^((?:module\.|model\.)*)()patch_embed\.conv1\.weight$/,
  extends: 'timm',
  encoder: timmEncoder,
  outside: {
    ...Object.fromEntries(stem),
    'stem.patch': '{p}patch_embed.proj',
    'embedding.class.0': '{p}cls_token',
    'embedding.position': '{p}pos_embed',
    norm: '{p}norm',
    head: '{p}head',
    auxHead: '{p}aux_head',
  },
  fromShapes: 'refused',
  positions: 'plain',
  idle: [{ pattern: /\.num_batches_tracked$/, why: 'a counter of training steps' }],
  foreign: timmForeign,
};
