/** A macro's published read of a whole input was measured for so many bits; inputs of another width take another read. */
import { type Devices, mapDevices } from '../tech/devices.ts';

import type { Device } from '../tech/schema.ts';
import { counts } from './accounting.ts';
import { error, type Finding, warning } from './finding.ts';
import type { ArchFile } from './schema.ts';

/**
 * The devices with reads of inputs of the chip's width, where one read stands for all input bits: bit plane after bit plane,
 * so that time and energy go with the bits. Refused where `scaling` does not ask for it.
 */
export function readBits(
  devices: Devices,
  { precision, accounting }: Pick<ArchFile, 'precision' | 'accounting'>,
): { devices: Devices; findings: Finding[] } {
  const findings: Finding[] = [];
  if (counts(accounting, 'inputBitPlanes')) return { devices, findings };
  const { inputs } = precision;
  const at = ['precision', 'inputs'];
  const of = (device: Device): Device => {
    if (device.level !== 'macro' || device.read.inputBits === undefined) return device;
    const { read, name } = device;
    const published = `a read of ${name} was published for inputs of ${read.inputBits} bits`;
    if (read.inputBits === inputs) return device;
    if (device.scaling === 'none') {
      const remedy = 'accounting.inputBitPlanes=counted, or scale it with tech.scaling=circuit-laws';
      findings.push(error(at, `${inputs}, but ${published}: ${remedy}`));
      return device;
    }
    findings.push(warning(at, `${inputs}: ${published}; its energy and time are scaled by the bits`));
    const factor = inputs / (read.inputBits ?? inputs);
    const scaled = { energy: read.energy * factor, time: read.time * factor, inputBits: inputs };
    return { ...device, read: scaled };
  };
  return { devices: mapDevices(devices, of), findings };
}
