/**
 * Compensation of drift: what cells have lost together is measured with a few reference vectors, and the sums of later reads
 * count so many times more (Joshi et al., Nature Communications 11, 2473 (2020); GlobalDriftCompensation of aihwkit). It
 * takes reads of every array each interval, and columns of their own where references have them.
 */
import type { DesignFinding } from './circuit/design.ts';
import {
  type CompensationScope,
  type DriftCompensation,
  driftCompensationSchema,
} from './drift-compensation-schema.ts';
import { deviceNoise, type NoiseModel, type NoiseOptions } from './noise-model.ts';
import type { NoiseClock } from './noise-term.ts';
import type { Device } from './schema.ts';

/** What a functional run has to know of it. */
export interface DriftReferences {
  readonly scope: Exclude<CompensationScope, 'none'>;
  readonly vectors: number;
  readonly columns: number;
  /** The cells when they had been programmed and verified, and when their references were last read. */
  readonly programmed: NoiseModel;
  readonly read: NoiseModel;
}

/** As the file says it, or an option in its place; undefined: nothing is compensated. */
export function compensationOf(
  { driftCompensation: file }: Pick<Device, 'driftCompensation'>,
  scope = file?.scope,
): DriftCompensation | undefined {
  if (scope === undefined || scope === 'none') return undefined;
  return { ...(file ?? driftCompensationSchema.parse({})), scope };
}

/** Columns of each array that hold no weight for its sake. */
export const driftColumns = (device: Pick<Device, 'driftCompensation'>, scope?: CompensationScope): number =>
  compensationOf(device, scope)?.columns ?? 0;

/** A file says how to make up for what its cells do not do. Where they do, only later than it reads them, a sweep of the time may come. */
export function driftProblems(device: Pick<Device, 'driftCompensation' | 'noise'>): DesignFinding[] {
  const { drift, retention } = device.noise ?? {};
  if (compensationOf(device) === undefined || drift !== undefined || retention !== undefined) return [];
  const message =
    'has no effect on errors: cells without noise.drift or noise.retention do not change after they were verified';
  return [{ path: ['driftCompensation'], message }];
}

/** Undefined where nothing has changed between the two readings: the factor is 1, to the bit. */
export function driftReferences(
  device: Device,
  cols: number,
  options: NoiseOptions,
  scope: CompensationScope | undefined,
): DriftReferences | undefined {
  const compensation = compensationOf(device, scope);
  if (compensation === undefined) return undefined;
  const { scope: of, vectors, columns, interval } = compensation;
  const noisy = { ...device, crossbar: { cols } };
  const at = (clock: NoiseClock): NoiseModel => deviceNoise(noisy, false, options, clock);
  const programmed = at((_, start_s) => start_s);
  const read = at((read_s, start_s) => start_s + Math.floor((read_s - start_s) / interval) * interval);
  if (of === 'none' || JSON.stringify(programmed) === JSON.stringify(read)) return undefined;
  return { scope: of, vectors, columns, programmed, read };
}
