/** SRAM buffers: the fitted CACTI 7 law a * (KB)^b * (width / 64 bit)^c, per bit. */
import type { Digital } from './schema.ts';

export interface BufferCost {
  readonly read_J: number;
  readonly write_J: number;
  readonly area_m2: number;
  readonly leakage_W: number;
}

/**
 * Cost of a buffer of `capacity` bytes in `ports` banks with a port of `portBits` each: joules per bit, area and leakage
 * of the whole. The law holds for banks of 512 B to 2 MB and ports of 32 to 256 bits.
 */
export function bufferCost(digital: Digital, capacity: number, portBits: number, ports: number): BufferCost {
  const kilobytes = capacity / ports / 1024;
  const law = ({ a, b, c }: { a: number; b: number; c: number }): number =>
    a * kilobytes ** b * (portBits / 64) ** c;
  const { buffer } = digital;
  return {
    read_J: law(buffer.read),
    write_J: law(buffer.write),
    area_m2: law(buffer.area) * capacity * 8,
    leakage_W: buffer.leakage * capacity,
  };
}
