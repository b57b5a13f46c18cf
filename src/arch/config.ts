/** A chip as the simulator sees it: an architecture file with its technology files resolved, every value in SI. */
import type { Devices } from '../tech/devices.ts';
import type { Digital } from '../tech/schema.ts';
import type { ArchFile } from './schema.ts';

export interface ArchConfig extends Omit<ArchFile, 'tech' | 'digital' | 'use'> {
  /** Name of the technology that `devices` come from. */
  readonly techName: string;
  /** What crossbars are made of. */
  readonly devices: Devices;
  readonly digital: Digital;
}
