/** One bit of register at 32 nm, and a current sense amplifier with its latch: energy and area, by runs of NeuroSim V1.4. */

/** Both stages of shift-and-add of FeFET and SRAM rows, 64 and 128, 6 bits, give the same numbers within 2 % (energy) and 4 % (area). */
export const REGISTER = { energy_J: 1.36e-15, area_F2: 2730 };
/** A register that toggles at every clock; in shift-and-add it does so half of the time. */
export const CLOCKED_J = 2 * REGISTER.energy_J;
/** Gates of one sense amplifier and its latch: what is left of twelve runs of flash converters once currents and lines are taken off. */
export const SENSE_AMPLIFIER = { energy_J: 1.8e-15, area_F2: 2500 };
