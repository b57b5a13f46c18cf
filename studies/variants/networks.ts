/** The networks of docs/variants.md: scene-vit with one thing changed, and two of its sizes that are built otherwise. */
import { loadModel } from '../../src/run/node/load.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { noReuse, parseReuse, type ReusePlan } from '../../src/workload/reuse.ts';
import { reuseSpace } from '../../src/workload/reuse-space.ts';

export interface VariantNetwork {
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly model: ModelConfig;
  readonly plan: ReusePlan;
  /** It starts from the weights of the network without changes; else from nothing, with as many epochs in all. */
  readonly fromBase: boolean;
}

export const BASE = 'base';

/** Name, what it is, the model file, and what differs from that: values of `--set`, encoders that reuse. */
const VARIANTS: readonly {
  readonly name: string;
  readonly title: string;
  readonly file?: string;
  readonly set?: readonly string[];
  readonly reuse?: string;
}[] = [
  { name: BASE, title: 'scene-vit, softmax attention in all 9 encoders' },
  { name: 'reuse-2', title: 'TReX, encoders 6 and 8 reuse', reuse: 'strided:2,sl=2,start=6' },
  { name: 'reuse-3', title: 'TReX, encoders 4, 6 and 8 reuse', reuse: 'strided:3,sl=2,start=4' },
  {
    name: 'skipat',
    title: 'SkipAt, encoders 4, 6 and 8 take the branch before them',
    set: ['model.attentionExceptions=[{ encoders: [4, 6, 8], attention: { kind: skip, kernel: 3 } }]'],
  },
  {
    name: 'pivot',
    title: 'PIVOT, no attention in encoders 4, 6 and 8',
    set: ['model.attentionExceptions=[{ encoders: [4, 6, 8], attention: { kind: none } }]'],
  },
  {
    name: 'dynamic',
    title: 'DynamicViT, 12 and 8 of 16 patches from encoders 3 and 6 on',
    set: ['model.pruning={ by: predictor, before: [3, 6], keep: [0.75, 0.5] }'],
  },
  { name: 'sigmoid', title: 'sigmoid attention', set: ['model.attention={ kind: sigmoid }'] },
  { name: 'linear', title: 'linear attention (elu + 1)', set: ['model.attention={ kind: linear }'] },
  {
    name: 'iret',
    title: 'IRET, 2 phases, 16 of 25 patches lifted from 16 to 32 columns',
    file: 'scene-iret',
  },
  { name: 'uniform', title: 'UniForm, one map for all heads', file: 'scene-uniform' },
];

export const variantNetworks = (): VariantNetwork[] =>
  VARIANTS.map(({ name, title, file, set = [], reuse }) => {
    const { model } = loadModel(file ?? 'scene-vit', { set: [...set] });
    const plan = reuse === undefined ? noReuse : parseReuse(reuse, reuseSpace(model));
    return { name, title, model, plan, fromBase: file === undefined };
  });
