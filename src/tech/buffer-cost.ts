/** Buffers: the fitted CACTI 7 law of SRAM, a * (KB)^b * (width / 64 bit)^c per bit, and eDRAM as ISAAC and PUMA have it. */

import { TrexError } from '../base/errors.ts';
import { pow } from '../base/math.ts';
import { linkCost } from './noc-cost.ts';
import type { Digital } from './schema.ts';

export type Memory = 'sram' | 'edram';

/** Of one buffer; energies are of one bit. */
export interface BufferCost {
  readonly read_J: number;
  readonly write_J: number;
  readonly area_m2: number;
  /** eDRAM: refresh included. */
  readonly leakage_W: number;
  /** Of one word: from the start of its access to its end. */
  readonly access_s: number;
  /** From one word of a port to the next. */
  readonly interval_s: number;
}

/**
 * Cost of a buffer of `capacity` bytes in `ports` banks with a port of `portBits` each: joules per bit, area and leakage
 * of the whole, time of a bank and of the way to it. SRAM: the law holds for banks of 512 B to 2 MB and ports of 32 to 256 bits. eDRAM: 64 to 128 KB with
 * ports of 256 bits; every port has a periphery of its own, the source's has one.
 * @throws TrexError where the technology has no eDRAM.
 */
export function bufferCost(
  digital: Digital,
  capacity: number,
  portBits: number,
  ports: number,
  memory: Memory = 'sram',
): BufferCost {
  if (memory === 'edram') return edramCost(digital, capacity, portBits, ports);
  const law = power(capacity / ports, portBits);
  const { buffer, wire } = digital;
  const area_m2 = law(buffer.area) * capacity * 8;
  const length_m = bankWire_m(area_m2, ports);
  const way = linkCost(digital, 1, length_m);
  return {
    read_J: law(buffer.read) + way.energy_J,
    write_J: law(buffer.write) + way.energy_J,
    area_m2,
    leakage_W: buffer.leakage * capacity + ports * portBits * way.leakage_W,
    access_s: law(buffer.access) + length_m * wire.delay,
    interval_s: law(buffer.access) / buffer.stages,
  };
}

/**
 * From a port to a bank: ports stand in the middle of a square of banks, and any of them reaches any bank. The mean way to the
 * banks is half of its side; what is inside of a bank, CACTI has.
 */
const bankWire_m = (area_m2: number, ports: number): number => (ports === 1 ? 0 : Math.sqrt(area_m2) / 2);

function edramCost({ name, edram }: Digital, capacity: number, portBits: number, ports: number): BufferCost {
  if (edram === undefined) {
    throw new TrexError(`${name} has no edram: a buffer of memory: edram needs a technology that has`);
  }
  const law = power(capacity, portBits);
  return {
    read_J: law(edram.read),
    write_J: law(edram.write),
    area_m2: ports * edram.periphery + edram.cell * capacity * 8,
    leakage_W: edram.refresh * capacity,
    access_s: edram.access,
    interval_s: edram.access,
  };
}

const power =
  (bytes: number, portBits: number) =>
  ({ a, b, c }: { a: number; b: number; c: number }): number =>
    a * pow(bytes / 1024, b) * pow(portBits / 64, c);
