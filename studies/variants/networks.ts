/** The networks of docs/variants.md: scene-vit with one thing changed, and two of its sizes that are built otherwise. */
import { mean } from '../../src/base/sum.ts';
import { loadModel } from '../../src/run/node/load.ts';
import type { ModelConfig } from '../../src/workload/model.ts';
import { noReuse, parseReuse, type ReusePlan } from '../../src/workload/reuse.ts';
import { reuseSpace } from '../../src/workload/reuse-space.ts';

export interface VariantNetwork {
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Of models/, and values of `--set` for it. */
  readonly file: string;
  readonly set: readonly string[];
  readonly model: ModelConfig;
  readonly plan: ReusePlan;
  /** It starts from the weights of the network without changes; else from nothing, with as many epochs in all. */
  readonly fromBase: boolean;
  /** Share of patches that go on, the mean over the places where a predictor chooses. */
  readonly keep?: number | undefined;
}

/** The chip of the page: all counted, signed weights in pairs of arrays, references of the converters set to each layer. */
export const CHIP = 'trex-full';
export const CHIP_SET = ['tech.encoding=differential'] as const;

export const BASE = 'base';
export const PIVOT = 'pivot';
export const DYNAMIC = 'dynamic';

const SCENE = 'scene-vit';

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
    name: PIVOT,
    title: 'PIVOT, no attention in encoders 4, 6 and 8',
    set: ['model.attentionExceptions=[{ encoders: [4, 6, 8], attention: { kind: none } }]'],
  },
  {
    name: DYNAMIC,
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
  VARIANTS.map(({ name, title, file = SCENE, set = [], reuse }) => {
    const { model } = loadModel(file, { set: [...set] });
    const plan = reuse === undefined ? noReuse : parseReuse(reuse, reuseSpace(model));
    const kept = 'pruning' in model ? model.pruning?.keep : undefined;
    const keep = kept && mean(kept);
    return { name, title, file, set, model, plan, fromBase: file === SCENE, keep };
  });
