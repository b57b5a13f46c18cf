/** The accuracy of a network that was trained: exact, and on crossbars over draws of the device. */
import { basename } from 'node:path';
import { accuracy } from '../../accuracy/accuracy.ts';
import type { DeviceOptions } from '../../accuracy/device.ts';
import type { FileHash } from '../../arch/source-files.ts';
import { diskFiles } from '../../data/node/disk-files.ts';
import { openBackend } from '../../numerics/mvm/node/open-backend.ts';
import { listFiles, nodeFiles } from '../../run/node/files.ts';
import type { Measured } from '../row.ts';

export interface MeasureOptions {
  /** Paths of the weights and of the model file. */
  readonly weights: string;
  readonly network: string;
  readonly reuse: string;
  /** Data that nothing was trained on. */
  readonly data: string;
  readonly vocabulary: string | undefined;
  /** Folder of the files that say how inputs are prepared. */
  readonly preprocessing: string | null;
  readonly tech: string;
  readonly set: readonly string[];
  /** How cells hold a sign, and what the converters cover. */
  readonly device: DeviceOptions;
  /** Inputs, drawn by the seed. */
  readonly inputs: number;
  readonly draws: number;
  readonly seed: number;
}

/** As `trex accuracy` with the same options. @throws TrexError for files that do not go together. */
export async function measure(
  options: MeasureOptions,
  pause: (what: string, done: number, total: number) => Promise<void>,
): Promise<Measured> {
  const { weights, network, reuse, data, vocabulary = null, preprocessing, tech, set, device } = options;
  const { inputs, draws, seed } = options;
  const backend = await openBackend({ backend: 'auto', gpuMode: undefined, threads: undefined });
  try {
    const result = await accuracy(
      {
        model: weights,
        modelName: network,
        reuse,
        data,
        vocabulary,
        preprocessing,
        images: inputs,
        tech,
        set,
        snrImages: 0,
        draws,
        seed,
        device,
      },
      { files: nodeFiles, disk: diskFiles, backend, pause },
    );
    const { float32, points } = result;
    const score = float32.matthews === null ? 'top1' : 'matthews';
    const ideal = float32[score];
    const spread = points[0][score];
    return { score, ideal, nonIdeal: spread === null ? null : { ...spread, draws } };
  } finally {
    await backend.dispose();
  }
}

/** The option that names the technology of a chip's crossbars: of the package by name, others by path. */
export function techOption(techName: string, files: readonly FileHash[]): string {
  const file = files.find(({ path }) => basename(path).replace(/\.ya?ml$/i, '') === techName);
  if (file === undefined || (file.path === `tech/${techName}.yaml` && listFiles('tech').includes(techName)))
    return techName;
  return file.path;
}
