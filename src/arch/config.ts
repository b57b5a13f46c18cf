/** A chip as the simulator sees it: an architecture file with its technology files resolved, every value in SI. */
import type { NocKind, NocOptions } from '../hw/noc/kind.ts';
import type { Devices } from '../tech/devices.ts';
import type { Digital } from '../tech/schema.ts';
import type { ArchFile } from './schema.ts';

/** A chip, every value in SI. */
export interface ArchConfig extends Omit<ArchFile, 'tech' | 'digital' | 'use' | 'noc'> {
  /** Name of the technology that `devices` come from. */
  readonly techName: string;
  /** What crossbars are made of. */
  readonly devices: Devices;
  readonly digital: Digital;
  /** The network with the declaration of its kind: a kind of one's own can stand there as well as a shipped one. */
  readonly noc: NocOptions & { readonly kind: NocKind };
}
