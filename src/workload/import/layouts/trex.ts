/** Our own names: those of the graph's ops, so that any network of any family can be stored, transformation blocks included. */
import { attentionWeights } from '../../attention.ts';
import { familyNames } from '../../model.ts';
import type { Layout } from '../layout.ts';

const parts = [
  ...attentionWeights,
  ...['norm1', 'projection', 'norm2', 'fc1', 'fc1Value', 'fc2', 'transformNorm', 'transform'],
];

export const layout: Layout = {
  name: 'trex',
  title: 'trex-sim, by the ids of the ops',
  families: familyNames,
  mark: /^()()e0\.fc1\.weight$/,
  encoder: Object.fromEntries(parts.map(part => [part, `{p}e{i}.${part}`])),
  outside: {},
  foldedBatchNorm: true,
  positions: 'antialias',
  fromShapes: 'refused',
};
