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
  for (const encoding of orOwn(options.encodings, encodingName(own))) {
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
            const first = firstOf(own, { encoding, vdd, temperature });
            const device: Circuit = { ...first.device, vdd, temperature };
            const design: CrossbarDesign = {
              ...first.design,
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

/** Of a device, by its encoding and by what is set of it. */
const firsts = new WeakMap<Circuit, Map<string, XbarVariant>>();

/**
 * The first variant of an encoding, with a place for what is set: the others differ in its values. To put a value into a place
 * that is there takes the engine a hundredth of the time of making one.
 */
function firstOf(
  own: Circuit,
  { encoding, vdd, temperature }: Pick<Circuit, 'vdd' | 'temperature'> & { readonly encoding: EncodingName },
): XbarVariant {
  const known = firsts.get(own) ?? new Map<string, XbarVariant>();
  firsts.set(own, known);
  const key = `${encoding} ${vdd === undefined} ${temperature === undefined}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const device: Circuit = { ...own, encoding, vdd, temperature };
  // As its file has it the design is known already.
  const isOwn = vdd === own.vdd && temperature === own.temperature && encoding === encodingName(own);
  const first = { device, design: designOf(isOwn ? own : device) };
  known.set(key, first);
  return first;
}
