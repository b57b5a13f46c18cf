/** Thermal noise of the sample-and-hold: a voltage of standard deviation sqrt(kT / C) on every conversion. */
import { usageError } from '../../base/errors.ts';

const BOLTZMANN_J_K = 1.380649e-23;

export interface Thermal {
  readonly capacitance_F: number;
  /** Voltage of the full range of codes. */
  readonly fullScale_V: number;
  readonly temperature_K: number;
}

/** In ADC steps: 64 fF at 300 K give 0.25 mV, 0.065 steps of an 8-bit ADC over 1 V. */
export function thermalSigma(
  { capacitance_F, fullScale_V, temperature_K }: Thermal,
  adcBits: number,
): number {
  if (!(capacitance_F > 0 && fullScale_V > 0 && temperature_K >= 0)) {
    throw usageError('thermal noise: capacitance_F and fullScale_V above 0, temperature_K from 0');
  }
  const sigma_V = Math.sqrt((BOLTZMANN_J_K * temperature_K) / capacitance_F);
  return (sigma_V * 2 ** adcBits) / fullScale_V;
}
