/** Networks of many systems on one chip, one run each: what they take, beside the accuracy that their authors print. */

import type { Files } from '../../arch/source-files.ts';
import { EXIT, TrexError } from '../../base/errors.ts';
import { VERSION } from '../../base/version.ts';
import { globalBufferNeed_B } from '../../map/live.ts';
import type { SystemFigures, SystemRow, SystemsTable } from '../../report/system-row.ts';
import { loadArchFrom, loadModelFrom } from '../../run/load.ts';
import { run } from '../../run/run.ts';
import { buildGraph } from '../../workload/graph.ts';
import type { ModelConfig } from '../../workload/model.ts';
import { modelSummary } from '../../workload/summary.ts';

/** What may be left out; `models` empty: all that are shipped, but for decoders. */
export const SYSTEMS_DEFAULTS = { arch: 'trex-full', tech: null, models: [], set: [], seed: 1 } as const;

/** Which networks, on which chip. */
export interface SystemsOptions {
  readonly arch: string;
  readonly tech: string | null;
  readonly models: readonly string[];
  readonly set: readonly string[];
  readonly seed: number;
}

/** One run of a table: what is in `run`, and no more. */
export type SystemRequest = Omit<SystemsOptions, 'models'> & { readonly model: string };

/** What the host brings. */
export interface SystemsHooks {
  readonly files: Files;
  /** Runs one network, elsewhere; absent: here. It may be asked for several at a time. */
  readonly measure?: (request: SystemRequest) => Promise<SystemFigures>;
  /** Called with the networks that are done and their number. */
  pause?(done: number, total: number): Promise<void> | void;
}

/** Runs one network and keeps the figures. @throws TrexError as `run` does */
export async function measureSystem(request: SystemRequest, files: Files): Promise<SystemFigures> {
  const { result } = await run(request, { files });
  const { latency_s, energy_J, area_m2, edap_Jsm2, tiles } = result;
  return { latency_s, energy_J, area_m2, edap_Jsm2, tiles };
}

/**
 * Runs networks on one chip, whose global buffer is made as large as the largest of them needs, so that all run on the same.
 * @example await systems({ arch: 'trex-full', models: ['deit-s', 'uniform-l'] }, { files: nodeFiles });
 * @throws TrexError: an invalid (3) or missing file (4). A network that the chip refuses has a row that says why.
 */
export async function systems(request: Partial<SystemsOptions>, hooks: SystemsHooks): Promise<SystemsTable> {
  const options = { ...SYSTEMS_DEFAULTS, ...request };
  const { files, measure = (one: SystemRequest) => measureSystem(one, files) } = hooks;
  const { arch, tech, set, seed } = options;
  const chip = loadArchFrom(files, arch, { tech: tech ?? undefined, set });
  const names = options.models.length === 0 ? files.list('models') : options.models;
  const networks: { readonly name: string; readonly model: ModelConfig }[] = [];
  for (const name of names) {
    const { model } = loadModelFrom(files, name);
    // A decoder is another kind of work, and by far the largest: it stands there where it is asked for.
    if (options.models.length > 0 || model.family !== 'decoder') networks.push({ name, model });
    await hooks.pause?.(0, names.length);
  }
  const written_B = chip.arch.globalBuffer.capacity;
  let capacity_B = written_B;
  for (const { model } of networks) {
    capacity_B = Math.max(capacity_B, globalBufferNeed_B(buildGraph(model), chip.arch));
    await hooks.pause?.(0, names.length);
  }
  const larger = capacity_B > written_B ? [`globalBuffer.capacity=${capacity_B / 1024}KiB`] : [];
  let done = 0;
  const rows = networks.map(async ({ name, model }): Promise<SystemRow> => {
    const { name: called, family, params, macs } = modelSummary(model);
    const own = { name: called, family, params, macs, published: model.published ?? null };
    try {
      const figures = await measure({ arch, tech, set: [...set, ...larger], seed, model: name });
      return { ...own, figures, refused: null };
    } catch (error) {
      if (!(error instanceof TrexError) || error.exitCode !== EXIT.failed) throw error;
      return { ...own, figures: null, refused: error.message };
    } finally {
      done++;
      await hooks.pause?.(done, networks.length);
    }
  });
  return {
    schemaVersion: 1,
    version: VERSION,
    arch: chip.arch.name,
    tech: chip.arch.techName,
    globalBuffer: { capacity_B, written_B },
    rows: await Promise.all(rows),
  };
}
