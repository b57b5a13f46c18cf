/** Sizes of networks of convolutions and attention, counted over the code of their authors. */

import type { Reference } from './reference-size.ts';

/**
 * Counted over seulkiyeom/mixtransform, microsoft/Cream, mit-han-lab/efficientvit, Amshaker/SwiftFormer, timm 1.0.29
 * (PVTv2), GATECH-EIC/ShiftAddViT and catai9/Cancer-Net-SCa-DC-AC; published: their READMEs and papers.
 */
export const CONVOLUTIONAL: readonly Reference[] = [
  { model: 'uniform-t', params: 2_011_916, macs: 73_284_608, published: '-' },
  { model: 'uniform-s', params: 2_634_380, macs: 161_440_176, published: '-' },
  { model: 'uniform-l', params: 10_415_097, macs: 463_301_600, published: '-' },
  { model: 'efficientvit-m0', params: 2_349_436, macs: 79_193_600, published: '2.3 M, 79 M' },
  { model: 'efficientvit-m1', params: 2_980_560, macs: 167_051_840, published: '3.0 M, 167 M' },
  { model: 'efficientvit-m2', params: 4_187_554, macs: 201_035_712, published: '4.2 M, 201 M' },
  { model: 'efficientvit-m3', params: 6_900_722, macs: 262_662_208, published: '6.9 M, 263 M' },
  { model: 'efficientvit-m5', params: 12_473_772, macs: 521_583_104, published: '12.4 M, 522 M' },
  { model: 'efficientvit-b0', params: 3_410_008, macs: 100_233_216, published: '-' },
  { model: 'efficientvit-b1', params: 9_102_024, macs: 519_214_592, published: '9.1 M, 0.52 G' },
  { model: 'efficientvit-b2', params: 24_330_712, macs: 1_584_937_984, published: '24 M, 1.6 G' },
  { model: 'efficientvit-l1', params: 52_654_088, macs: 5_258_479_616, published: '53 M, 5.3 G' },
  { model: 'efficientvit-l3', params: 246_037_288, macs: 27_586_525_184, published: '246 M, 28 G' },
  { model: 'swiftformer-xs', params: 3_475_360, macs: 602_434_988, published: '3.5 M, 0.6 G' },
  { model: 'swiftformer-s', params: 6_092_128, macs: 984_604_768, published: '6.1 M, 1.0 G' },
  { model: 'swiftformer-l1', params: 12_057_920, macs: 1_595_988_480, published: '12.1 M, 1.6 G' },
  { model: 'attendnext-lesion', params: 1_632_345, macs: 318_952_524, published: '1.6 M, 0.32 G' },
  { model: 'pvt-v2-b0', params: 3_666_760, macs: 566_065_664, published: '-' },
  { model: 'pvt-v2-b1', params: 14_009_000, macs: 2_108_355_584, published: '-' },
  { model: 'pvt-v2-b2', params: 25_362_856, macs: 4_026_734_592, published: '-' },
  { model: 'shiftaddvit-b0-binary', params: 3_198_424, macs: 573_830_400, published: '-' },
  { model: 'shiftaddvit-b1-binary', params: 12_138_296, macs: 2_204_166_656, published: '-' },
  { model: 'shiftaddvit-b2-binary', params: 21_062_745, macs: 4_223_048_192, published: '-' },
  { model: 'shiftaddvit-b0-ksh', params: 3_136_472, macs: 552_950_912, published: '-' },
  { model: 'shiftaddvit-b2-ksh', params: 20_367_897, macs: 3_923_365_760, published: '-' },
  // As ksh, with routers of 8 479 744 MACs (b1: 16 959 488, b2: 30 858 240), each linear layer twice, a shift counted once.
  { model: 'shiftaddvit-b0-moe', macs: 561_430_656, published: '-' },
  { model: 'shiftaddvit-b2-moe', macs: 3_954_224_000, published: '-' },
];
