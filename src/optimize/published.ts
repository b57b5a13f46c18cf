/**
 * Accuracies that TReX prints (arXiv 2408.12742) for ImageNet-1k, ideal and with the noise of FeFET crossbars: Table IV
 * for DeiT-S, Table V for LV-ViT-S. They belong to the networks, cells and bits that they were measured with, whatever
 * these are called here: anything else has none.
 */
import type { ArchConfig } from '../arch/config.ts';
import type { PublishedAccuracy } from '../report/optimize-result.ts';
import { allDevices } from '../tech/devices.ts';
import { sameValues, trexDevice } from '../tech/trex-devices.ts';
import { type ModelConfig, modelSchema } from '../workload/model.ts';

const VIT = { imageSize: 224, patchSize: 16, inChannels: 3, classes: 1000, dim: 384, heads: 6 };
const CONVOLUTION = { kernel: 3, stride: 1, padding: 1, channels: 64 };

/** Touvron et al., arXiv 2012.12877, Table 1; Jiang et al., arXiv 2104.10858: what model files say of the two. */
const NETWORKS = {
  'DeiT-S': { ...VIT, family: 'vit', encoders: 12, mlpRatio: 4, qkvBias: true, normEps: 1e-6 },
  'LV-ViT-S': {
    ...VIT,
    family: 'lv-vit',
    encoders: 16,
    mlpRatio: 3,
    qkvBias: false,
    normEps: 1e-5,
    stem: [{ kernel: 7, stride: 2, padding: 3, channels: 64 }, CONVOLUTION, CONVOLUTION],
    skipLam: 2,
    auxHead: true,
  },
} as const;

/** Section 4: 8-bit weights and activations. */
const BITS = 8;

interface PublishedPoint {
  readonly model: keyof typeof NETWORKS;
  /** Reuse encoders; not printed, but the only number that gives the row's delay. */
  readonly reuse: number;
  /** Top-1 as a share; printed in per cent with one digit. */
  readonly ideal: number;
  readonly nonIdeal: number;
  readonly row: string;
}

const PRINTED: readonly PublishedPoint[] = [
  { model: 'DeiT-S', reuse: 0, ideal: 0.796, nonIdeal: 0.792, row: 'Table IV, DeiT-S' },
  { model: 'DeiT-S', reuse: 3, ideal: 0.793, nonIdeal: 0.79, row: 'Table IV, TReX-D-9' },
  { model: 'DeiT-S', reuse: 5, ideal: 0.784, nonIdeal: 0.781, row: 'Table IV, TReX-D-7' },
  { model: 'DeiT-S', reuse: 7, ideal: 0.777, nonIdeal: 0.773, row: 'Table IV, TReX-D-6' },
  { model: 'DeiT-S', reuse: 9, ideal: 0.75, nonIdeal: 0.745, row: 'Table IV, TReX-D-4' },
  { model: 'LV-ViT-S', reuse: 0, ideal: 0.833, nonIdeal: 0.829, row: 'Table V, LV-ViT-S' },
  { model: 'LV-ViT-S', reuse: 4, ideal: 0.829, nonIdeal: 0.823, row: 'Table V, TReX-L-12' },
  { model: 'LV-ViT-S', reuse: 6, ideal: 0.826, nonIdeal: 0.821, row: 'Table V, TReX-L-10' },
  { model: 'LV-ViT-S', reuse: 7, ideal: 0.817, nonIdeal: 0.814, row: 'Table V, TReX-L-9' },
  { model: 'LV-ViT-S', reuse: 9, ideal: 0.8, nonIdeal: 0.796, row: 'Table V, TReX-L-8' },
  { model: 'LV-ViT-S', reuse: 11, ideal: 0.781, nonIdeal: 0.779, row: 'Table V, TReX-L-6' },
];

/** What the paper prints for this network on this chip with so many reuse encoders; null if it prints nothing. */
export function publishedAccuracy(
  { model, arch }: { readonly model: ModelConfig; readonly arch: ArchConfig },
  reuse: number,
): PublishedAccuracy | null {
  const point = PRINTED.find(p => p.reuse === reuse && isNetwork(model, p.model));
  if (point === undefined || !isChip(arch)) return null;
  const { ideal, nonIdeal, row } = point;
  return { ideal, nonIdeal, source: `published: arXiv 2408.12742, ${row}` };
}

/** Every value of the network, defaults included, but for what only describes it. */
const isNetwork = (
  { name, published: _, certainty: __, ...model }: ModelConfig,
  printed: keyof typeof NETWORKS,
): boolean =>
  sameValues({ ...model, name }, modelSchema.parse({ ...NETWORKS[printed], name, source: 'published' }));

function isChip({ devices, precision }: ArchConfig): boolean {
  const areDevices = allDevices(devices).every(device => trexDevice(device) === 'FeFET');
  return areDevices && precision.weights === BITS && precision.inputs === BITS;
}
