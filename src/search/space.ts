/** The space of a search from the technologies of one chip. */
import type { ArchConfig } from '../arch/config.ts';
import { usageError } from '../base/errors.ts';
import { awayFrom } from '../tech/published.ts';
import { type DesignSpace, withBits } from './design.ts';

/** A technology that encoders may be made of. */
export interface Technology {
  readonly name: string;
  /** The chip with this technology everywhere. */
  readonly arch: ArchConfig;
}

/** @throws TrexError (usage) for technologies that a search cannot vary. */
export function designSpace(
  technologies: readonly Technology[],
  { encoders, able, adcBits, keep }: Omit<DesignSpace, 'devices'>,
): DesignSpace {
  for (const technology of technologies) check(technology, adcBits);
  const devices = technologies.map(({ name, arch }) => ({ name, device: arch.devices.static }));
  return { encoders, able, devices, adcBits, keep };
}

/** Published totals and hybrids cannot: the search mixes devices itself, with ADCs of its own. */
function check({ name, arch }: Technology, adcBits: readonly number[]): void {
  const { static: known, dynamic, layers = [] } = arch.devices;
  if (known !== dynamic || layers.length > 0)
    throw usageError(`--tech ${name}: is a hybrid; name the technologies that it is made of`);
  if (known.level !== 'circuit')
    throw usageError(
      `--tech ${name}: has published totals for one ADC; other bits need a technology by its circuits, such as fefet-32nm`,
    );
  for (const bits of adcBits) {
    const [published] = awayFrom(known, withBits(known, bits));
    if (published !== undefined)
      throw usageError(
        `--tech ${name}: ${published.path.join('.')} was published for ${known.adc.bits} ADC bits, not for ${bits}`,
      );
  }
}
