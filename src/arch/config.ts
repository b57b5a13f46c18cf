/** A chip as the simulator sees it: an architecture file with its technology files resolved, every value in SI. */
import type { Device, Digital } from '../tech/schema.ts';
import type { ArchFile } from './schema.ts';

export interface ArchConfig extends Omit<ArchFile, 'tech' | 'digital' | 'use'> {
  /** Name of the technology that `devices` come from. */
  readonly techName: string;
  /** Crossbars of layers with known weights, and of the matmuls of two activations. */
  readonly devices: { readonly static: Device; readonly dynamic: Device };
  readonly digital: Digital;
}
