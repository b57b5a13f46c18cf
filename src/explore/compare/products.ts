/** Signal to noise of one matrix product on the crossbars of a chip, as a stand-in for accuracy: the order, not the points. */

import { assumedOf } from '../../accuracy/assumed.ts';
import { type AdcRange, crossbarDevices } from '../../accuracy/device.ts';
import { MVM_DEFAULTS } from '../../accuracy/mvm.ts';
import { productError } from '../../accuracy/product-error.ts';
import type { ArchConfig } from '../../arch/config.ts';
import { fromDecibels, toDecibels } from '../../base/math.ts';
import type { CrossbarDevice } from '../../numerics/execute/crossbar-device.ts';
import type { MvmBackend } from '../../numerics/mvm/backend.ts';
import type { ProductSnr } from '../../report/comparison.ts';
import { macs } from '../../workload/count.ts';
import type { Graph } from '../../workload/graph.ts';
import { isMatmul } from '../../workload/matmul.ts';

/** A head's share of a layer of DeiT-S, d x d/6. */
const SHAPE = { rows: 384, cols: 64 } as const;
/** The functional core takes operands of at most so many bits. */
const MOST_BITS = 8;

export interface ProductOptions {
  readonly trials: number;
  readonly seed: number;
  readonly adcRange: AdcRange;
  /** Between trials; may throw. */
  readonly pause?: (() => Promise<void>) | undefined;
}

/**
 * Undefined for operands that the functional core does not take. Where layers of one kind are made of several devices, the noise is averaged over them by their MACs.
 */
export async function productSnr(
  { devices, precision }: Pick<ArchConfig, 'devices' | 'precision'>,
  { ops }: Pick<Graph, 'ops'>,
  backend: MvmBackend,
  { trials, seed, adcRange, pause = async () => {} }: ProductOptions,
): Promise<ProductSnr | undefined> {
  if (precision.inputs > MOST_BITS || precision.weights > MOST_BITS) return undefined;
  const { tokens, density } = MVM_DEFAULTS;
  const bits = { weightBits: precision.weights, inputBits: precision.inputs };
  const product = { ...SHAPE, ...bits, tokens, density, trials, seed, pause };
  const measure = async (device: CrossbarDevice): Promise<number | null> => {
    const { snr_dB } = await productError(backend, device, product);
    return snr_dB === null ? null : snr_dB.mean;
  };
  const own = crossbarDevices(devices, { adcRange }, { ops });
  const overLayers = async (kind: 'static' | 'dynamic'): Promise<number | null> => {
    const parts = new Map<string, { device: CrossbarDevice; macs: number }>();
    for (const op of ops) {
      if (!isMatmul(op) || (op.kind === 'dynamic') !== (kind === 'dynamic')) continue;
      const device = own.layers?.[op.id] ?? own[kind];
      const key = JSON.stringify(device);
      parts.set(key, { device, macs: (parts.get(key)?.macs ?? 0) + macs(op) });
    }
    if (parts.size < 2) return measure([...parts.values()][0]?.device ?? own[kind]);
    let [noise, all] = [0, 0];
    for (const part of parts.values()) {
      const snr_dB = await measure(part.device);
      noise += snr_dB === null ? 0 : part.macs * fromDecibels(-snr_dB);
      all += part.macs;
    }
    return noise === 0 ? null : -toDecibels(noise / all);
  };
  return {
    static_dB: await overLayers('static'),
    dynamic_dB: await overLayers('dynamic'),
    assumed: assumedOf(own, density),
  };
}
