/** What of a device is swept beside its size: how weights stand in its cells, widths of words, supply and temperature. */
import type { CrossbarDesign } from '../../tech/circuit/design.ts';
import { designOf } from '../../tech/design-of.ts';
import { encodingName } from '../../tech/device-encoding.ts';
import { type EncodingName, weightEncoding } from '../../tech/encodings.ts';
import type { Circuit } from '../../tech/schema.ts';

/** Lists; an empty one: as the technology says. */
export interface VariantOptions {
  readonly weightBits: readonly number[];
  readonly inputBits: readonly number[];
  readonly encodings: readonly EncodingName[];
  readonly vdds_V: readonly number[];
  readonly temperatures_K: readonly number[];
}

/** A device as its file would have it, and its design at its own size. */
export interface XbarVariant {
  readonly device: Circuit;
  readonly design: CrossbarDesign;
}

/** Every variant in a fixed order: encoding, weight bits, input bits, supply, temperature; weights that an encoding cannot hold are left out. */
export function variantsOf(own: Circuit, options: VariantOptions, warnings: string[]): XbarVariant[] {
  const variants: XbarVariant[] = [];
  const ownEncoding = encodingName(own);
  for (const encoding of orOwn(options.encodings, ownEncoding)) {
    // An encoding may change what is merged; supply and temperature stand in a design as in its file.
    const base = designOf(encoding === ownEncoding ? own : { ...own, encoding });
    const { leastBits } = weightEncoding(encoding);
    const left = options.weightBits.filter(bits => bits < leastBits);
    if (left.length > 0)
      warnings.push(
        `${own.name}: ${encoding} holds weights of at least ${leastBits} bits; left out: ${left.join(', ')}`,
      );
    for (const weightBits of options.weightBits.filter(bits => bits >= leastBits))
      for (const inputBits of options.inputBits)
        for (const vdd of orOwn(options.vdds_V, own.vdd))
          for (const temperature of orOwn(options.temperatures_K, own.temperature)) {
            const device: Circuit = { ...own, encoding, vdd, temperature };
            const design: CrossbarDesign = {
              ...base,
              ...(vdd !== undefined && { vdd_V: vdd }),
              ...(temperature !== undefined && { temperature_K: temperature }),
              weightBits,
              inputBits,
            };
            variants.push({ device, design });
          }
  }
  return variants;
}

const orOwn = <T>(asked: readonly T[], own: T): readonly T[] => (asked.length === 0 ? [own] : asked);
