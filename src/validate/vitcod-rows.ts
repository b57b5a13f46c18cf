/** What ViTCoD's released mask of DeiT-T at 95 % sparsity keeps in its first head, and how its log was made (github.com/GATECH-EIC/ViTCoD, Hardware/Simulator/masks/deit_tiny_lowrank, reordered at 50 rows). */
import type { SplitNetwork } from '../explore/dense-sparse.ts';

/** The version of the simulator that wrote the log takes the 64 lines for their MACs too; 8 stand in the paper. */
export const LOGGED_LINES = 64;

const GLOBALS = [1, 1, 70, 1, 1, 20, 17, 1, 1, 9, 10, 31];
const KEPT = [2244, 392, 2479, 936, 1389, 1785, 1333, 1551, 454, 771, 1039, 602];

export const VITCOD_DEIT_T: SplitNetwork = {
  tokens: 197,
  heads: 3,
  headDim: 64,
  codec: 2 / 3,
  valueLoads: 1,
  layers: GLOBALS.map((globals, layer) => ({ globals, kept: KEPT[layer] })),
};
