/** Where the parts of crossbars stand: at every array, or once for each ADC bank or write driver of a PE that its arrays share. */
import { COMPONENTS, type ComponentName } from './circuit/breakdown.ts';
import type { Macro } from './schema.ts';
import type { ShareName } from './shares.ts';

/** A part of a crossbar that area or the energy of a read is charged to. */
export type CrossbarPart = `crossbar.${ComponentName | ShareName}`;

/** Blocks of a PE that a part can belong to. */
export type PePlace = 'crossbar' | 'adcBank' | 'writeDriver';

/** Area and leakage of a part, of one block that it belongs to. */
export interface StandingPart {
  readonly component: CrossbarPart;
  readonly per: PePlace;
  readonly area_m2: number;
  readonly leakage_W: number;
}

/** What a PE is made of. */
export interface PeBlocks {
  readonly crossbars: number;
  readonly adcBanks: number;
  readonly writeDrivers: number;
}

/** A crossbar with converters and write drivers of its own. */
export const ALONE: PeBlocks = { crossbars: 1, adcBanks: 1, writeDrivers: 1 };

const NUMBER: Readonly<Record<PePlace, keyof PeBlocks>> = {
  crossbar: 'crossbars',
  adcBank: 'adcBanks',
  writeDriver: 'writeDrivers',
};

/** How many blocks of that kind a PE has. */
export const blocksOfPe = (pe: PeBlocks, per: PePlace): number => pe[NUMBER[per]];

/** Area or leakage of the crossbars of one PE with what they share. */
export const ofPe = (parts: readonly StandingPart[], pe: PeBlocks, figure: 'area_m2' | 'leakage_W'): number =>
  parts.reduce((sum, part) => sum + part[figure] * blocksOfPe(pe, part.per), 0);

/** What turns column sums into words: arrays of a PE take turns at it. */
const READOUT: ReadonlySet<string> = new Set(['adc', 'adderTree', 'shiftAdd', 'accumulator']);
/**
 * Write drivers: the level shifters; a crossbar that is written at a voltage of its transistors has half of the circuits
 * at its columns for it (assumed: NeuroSim prints precharge and write driver as one).
 */
const COLUMN_WRITE_SHARE = 0.5;

type Figures = readonly { readonly component: ComponentName; readonly value: number }[];

/** Parts of a crossbar of circuits, from its figures by component. */
export function circuitParts(area_m2: Figures, leakage_W: Figures): StandingPart[] {
  const shifted = area_m2.some(({ component }) => component === 'levelShifter');
  const writes = (name: ComponentName): number => {
    if (shifted) return name === 'levelShifter' ? 1 : 0;
    return name === 'columnSwitch' ? COLUMN_WRITE_SHARE : 0;
  };
  return COMPONENTS.flatMap(name => {
    const own = (figures: Figures): number => figures.find(part => part.component === name)?.value ?? 0;
    const whole = { component: name, area_m2: own(area_m2), leakage_W: own(leakage_W) };
    return READOUT.has(name)
      ? share(whole, 'adcBank', 1)
      : [...share(whole, 'crossbar', 1 - writes(name)), ...share(whole, 'writeDriver', writes(name))];
  });
}

/**
 * Parts of a published total of one crossbar. Its source's PE has `included` banks and write drivers for so many crossbars,
 * and the total holds that share of them: a bank is as large as a crossbar's ADC and accumulator, a write driver as what is
 * neither array nor converter (`other`, an upper bound). On a PE like the source's the parts sum to the published totals.
 */
export function macroParts(
  areas: readonly { readonly component: ShareName; readonly value: number }[],
  { leakage, included }: Macro,
): StandingPart[] {
  const { crossbars, adcBanks, writeDrivers } = included;
  const area_m2 = areas.reduce((sum, { value }) => sum + value, 0);
  return areas.flatMap(({ component, value }) => {
    // The file gives one leakage: by area.
    const whole = { component, area_m2: value, leakage_W: (leakage * value) / area_m2 };
    if (READOUT.has(component))
      return [...share(whole, 'crossbar', 1 - adcBanks / crossbars), ...share(whole, 'adcBank', 1)];
    if (component !== 'other') return share(whole, 'crossbar', 1);
    return [...share(whole, 'crossbar', 1 - writeDrivers / crossbars), ...share(whole, 'writeDriver', 1)];
  });
}

/** A share of a part; none of no share. */
function share(
  whole: {
    readonly component: ComponentName | ShareName;
    readonly area_m2: number;
    readonly leakage_W: number;
  },
  per: PePlace,
  of: number,
): StandingPart[] {
  const [area_m2, leakage_W] = [whole.area_m2 * of, whole.leakage_W * of];
  if (area_m2 === 0 && leakage_W === 0) return [];
  return [{ component: `crossbar.${whole.component}`, per, area_m2, leakage_W }];
}
