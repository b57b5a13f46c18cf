/** Sizes of networks that change tokens or mix them in another way, counted over the repositories that their model files name. */

import type { Reference } from './reference-size.ts';

export const TOKEN_NETWORKS: readonly Reference[] = [
  { model: 'dynamic-deit-s', macs: 2_980_897_728, published: '2.9 G' },
  { model: 'dynamic-deit-256', macs: 1_374_597_760, published: '1.3 G' },
  { model: 'dynamic-deit-t', macs: 801_198_048, published: '-' },
  { model: 'dynamic-lv-vit-s', macs: 4_650_082_752, published: '4.6 G' },
  { model: 'evit-deit-s', params: 22_050_664, macs: 3_029_280_768, published: '22.1 M, 3.0 G' },
  { model: 'evit-deit-s-drop', params: 22_050_664, macs: 2_996_994_816, published: '22.1 M, 3.0 G' },
  { model: 'skipat-t', params: 5_773_882, macs: 1_174_675_584, published: '-' },
  { model: 'skipat-b', params: 86_793_466, macs: 17_237_180_928, published: '-' },
  { model: 'couplformer-6', params: 1_017_701, macs: 64_909_824, published: '-' },
  { model: 'couplformer-kct-4', params: 412_939, macs: 26_625_280, published: '-' },
  { model: 'couplformer-kct-8', params: 4_242_955, macs: 273_451_520, published: '-' },
  { model: 'couplformer-14-256', params: 9_712_105, macs: 1_876_537_344, published: '-' },
  { model: 'couplformer-14-384', params: 21_448_937, macs: 4_163_536_896, published: '-' },
  { model: 'vittm-s', macs: 1_871_837_184, published: '-' },
  { model: 'vittm-b', macs: 7_141_060_608, published: '2.4 times fewer than ViT-B' },
  { model: 'minivit-deit-t', params: 3_091_072, published: '3 M' },
  { model: 'minivit-deit-s', params: 11_451_592, published: '11 M' },
  { model: 'minivit-deit-b', params: 44_099_176, published: '44 M' },
];
