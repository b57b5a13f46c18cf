/** Sizes of networks whose attention stays in windows or is linear on a grid, as their authors' code has them. */
import type { Reference } from './reference-size.ts';

/** Swin: parameters as torchvision prints them; its MACs are printed to three figures. */
export const WINDOWED: readonly Reference[] = [
  { model: 'swin-t', params: 28_288_354, published: '28.3 M, 4.49 G' },
  { model: 'swin-s', params: 49_606_258, published: '49.6 M, 8.74 G' },
  { model: 'swin-b', params: 87_768_224, published: '87.8 M, 15.43 G' },
  { model: 'flatten-swin-t', params: 29_192_384, macs: 4_483_341_312, published: '29 M, 4.5 G' },
  { model: 'flatten-swin-s', params: 50_510_288, macs: 8_733_649_920, published: '51 M, 8.7 G' },
  { model: 'flatten-swin-b', params: 88_972_488, macs: 15_421_313_024, published: '89 M, 15.4 G' },
  { model: 'flatten-pvt-t', params: 12_150_504, macs: 2_037_406_720, published: '12 M, 2.0 G' },
  { model: 'flatten-pvt-s', params: 21_670_248, macs: 4_029_945_856, published: '-' },
  { model: 'flatten-pvt-m', params: 37_242_216, macs: 7_035_990_016, published: '-' },
  { model: 'flatten-pvt-v2-b0', params: 3_594_824, macs: 579_813_888, published: '-' },
  { model: 'flatten-pvt-v2-b1', params: 12_931_240, macs: 2_219_344_896, published: '-' },
  { model: 'flatten-pvt-v2-b2', params: 22_548_264, macs: 4_250_720_256, published: '-' },
  { model: 't2t-vit-7', params: 4_310_222, macs: 1_146_863_616, published: '4.3 M, 1.1 G' },
  { model: 't2t-vit-10', params: 5_889_230, macs: 1_516_328_448, published: '5.9 M, 1.5 G' },
  { model: 't2t-vit-12', params: 6_941_902, macs: 1_762_638_336, published: '6.9 M, 1.8 G' },
  { model: 't2t-vit-14', params: 21_545_550, macs: 4_783_468_544, published: '21.5 M, 4.8 G' },
  { model: 't2t-vit-19', params: 39_177_422, macs: 8_479_682_176, published: '39.2 M, 8.5 G' },
  { model: 't2t-vit-24', params: 64_105_934, macs: 13_661_874_688, published: '64.1 M, 13.8 G' },
];
