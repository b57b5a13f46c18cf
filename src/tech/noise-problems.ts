/** Whether the noise of a technology file holds for its own cells: its conductances, its levels, one account of what programming leaves. */
import { TrexError } from '../base/errors.ts';
import type { DesignFinding } from './circuit/design.ts';
import { type DeviceWithNoise, deviceNoise, type NoiseModel, TERMS } from './noise-model.ts';

type NoisyCells = DeviceWithNoise & { readonly cell: { readonly bits: number } };

/** What no error can be computed from, each at its block: levels outside of what was measured, say. */
export function noiseProblems(device: NoisyCells): DesignFinding[] {
  const problems = [false, true].flatMap(written => problemsOf(device, written));
  return problems.filter(
    ({ path, message }, i) =>
      problems.findIndex(one => one.message === message && one.path.join('.') === path.join('.')) === i,
  );
}

/** Of matrices that are known, or written at run time. */
function problemsOf(device: NoisyCells, written: boolean): DesignFinding[] {
  const model: { value?: NoiseModel } = {};
  const whole = problemAt(['noise'], () => {
    model.value = deviceNoise(device, written);
  });
  const { value } = model;
  if (value === undefined) return whole;
  const maxLevel = 2 ** device.cell.bits - 1;
  let lowLevels = 0;
  const ofBlocks = TERMS.flatMap(([block, term]) => {
    const params = value[term.name];
    if (params === undefined) return [];
    return problemAt(['noise', block], () => {
      for (const effect of term.effects(params as never, { maxLevel, lowLevels }))
        if (effect.kind === 'offConductance') lowLevels += effect.levels;
    });
  });
  return [...ofBlocks, ...twice(device, value)];
}

/** Both blocks say what programming leaves of a cell. */
function twice({ noise }: NoisyCells, model: NoiseModel): DesignFinding[] {
  const { measured, writeVariation } = noise ?? {};
  if (measured?.matrices !== 'all' || writeVariation?.matrices !== 'all' || model.write === undefined)
    return [];
  const message =
    'has no effect beside noise.writeVariation of all matrices: both say what programming leaves, give one of them';
  return [{ path: ['noise', 'measured'], message }];
}

function problemAt(path: readonly string[], read: () => void): DesignFinding[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof TrexError)) throw error;
    return [{ path, message: error.message }];
  }
}
