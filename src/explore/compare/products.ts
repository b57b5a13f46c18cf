/** Signal to noise of one matrix product on the crossbars of a chip, as a stand-in for accuracy: the order, not the points. */
import { crossbarDevices } from '../../accuracy/device.ts';
import { mvmTrials } from '../../accuracy/mvm-trials.ts';
import type { ArchConfig } from '../../arch/config.ts';
import { type CrossbarDevice, mvmSpec } from '../../numerics/execute/crossbar-device.ts';
import type { MvmBackend } from '../../numerics/mvm/backend.ts';
import type { ProductSnr } from '../../report/comparison.ts';
import { macs } from '../../workload/count.ts';
import type { Graph } from '../../workload/graph.ts';

/** A head's share of a layer of DeiT-S, d x d/6; tokens and density of ones are assumed. */
const ROWS = 384;
const COLS = 64;
const TOKENS = 32;
const DENSITY = 0.5;
/** The functional core takes operands of at most so many bits. */
const MOST_BITS = 8;

export interface ProductOptions {
  readonly trials: number;
  readonly seed: number;
  /** Full scale of the ADC, as a share of a full column's sum. */
  readonly adcRange: number;
}

/**
 * Undefined for operands that the functional core does not take. Where layers of one kind are made of several devices, the noise is averaged over them by their MACs.
 */
export async function productSnr(
  { devices, precision }: Pick<ArchConfig, 'devices' | 'precision'>,
  { ops }: Pick<Graph, 'ops'>,
  backend: MvmBackend,
  { trials, seed, adcRange }: ProductOptions,
): Promise<ProductSnr | undefined> {
  if (precision.inputs > MOST_BITS || precision.weights > MOST_BITS) return undefined;
  const input = { bits: precision.inputs, signed: false, scale: 1, low: 0, high: 0 };
  const measure = async (device: CrossbarDevice): Promise<number | null> => {
    const spec = mvmSpec(device, ROWS, COLS, precision.weights, input);
    const options = { spec, noise: device.noise, tokens: TOKENS, density: DENSITY, trials, seed };
    const { snr_dB } = await mvmTrials(backend, options);
    return snr_dB === null ? null : snr_dB.mean;
  };
  const own = crossbarDevices(devices, { adcRange }, { ops });
  const overLayers = async (kind: 'static' | 'dynamic'): Promise<number | null> => {
    const parts = new Map<string, { device: CrossbarDevice; macs: number }>();
    for (const op of ops) {
      if (op.kind !== kind) continue;
      const device = own.layers?.[op.id] ?? own[kind];
      const key = JSON.stringify(device);
      parts.set(key, { device, macs: (parts.get(key)?.macs ?? 0) + macs(op) });
    }
    if (parts.size < 2) return measure([...parts.values()][0]?.device ?? own[kind]);
    let [noise, all] = [0, 0];
    for (const part of parts.values()) {
      const snr_dB = await measure(part.device);
      noise += snr_dB === null ? 0 : part.macs * 10 ** (-snr_dB / 10);
      all += part.macs;
    }
    return noise === 0 ? null : -10 * Math.log10(noise / all);
  };
  return { static_dB: await overLayers('static'), dynamic_dB: await overLayers('dynamic') };
}
