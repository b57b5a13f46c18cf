/** Technologies that a free search can vary. */
import type { ArchConfig } from '../../arch/config.ts';
import { usageError } from '../../base/errors.ts';

/** @throws TrexError (usage) for published totals and for hybrids: the search mixes devices itself, with ADCs of its own. */
export function checkTech(name: string, arch: ArchConfig): ArchConfig {
  const { static: known, dynamic, layers = [] } = arch.devices;
  if (known !== dynamic || layers.length > 0)
    throw usageError(`--tech ${name}: is a hybrid; name the technologies that it is made of`);
  if (known.level !== 'circuit')
    throw usageError(
      `--tech ${name}: has published totals for one ADC; other bits need a technology by its circuits, such as fefet-32nm`,
    );
  return arch;
}
