/** How inputs are cut into what rows are driven with: bit planes, or digits of several bits. */

/** Bits `shift` to `shift + bits - 1` of an input. */
export interface InputPlane {
  readonly shift: number;
  readonly bits: number;
}

/** How an input is cut, low bits first. The sign of two's complement stands alone: no row is driven below zero. */
export function inputPlanes(inputBits: number, signed: boolean, bitsPerStep = 1): readonly InputPlane[] {
  const magnitude = signed ? inputBits - 1 : inputBits;
  const planes: InputPlane[] = [];
  for (let shift = 0; shift < magnitude; shift += bitsPerStep)
    planes.push({ shift, bits: Math.min(bitsPerStep, magnitude - shift) });
  if (signed) planes.push({ shift: magnitude, bits: 1 });
  return planes;
}
