/** 1 above zero, 0 elsewhere: the codes of kernel-based hashing (EcoFormer, arXiv 2209.09004; GATECH-EIC/ShiftAddViT hashing/utils.py). */
import { elementwise, type VectorFunction } from '../vector-function.ts';

export const vectorFunction = {
  name: 'step',
  reduction: 'none',
  gives: 'rows',
  learns: 'nothing',
  options: [],
  cost: {
    unit: 'vector',
    entry: 'add',
    omitted: false,
    why: "one comparison an element: one pass, as an addition; the paper's account leaves out no attention",
  },
  arithmetic: elementwise(() => x => (x > 0 ? 1 : 0)),
  gradient: 'refused',
} as const satisfies VectorFunction;
