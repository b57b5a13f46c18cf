/** Adders and registers of NeuroSim V1.4, a bit of each at 32 nm: shift-and-add, row registers and counters are made of them. */

/**
 * One bit of adder and of register at 32 nm: energy of an addition, area. Both stages of FeFET and SRAM rows, 64 and
 * 128, 6 bits, give the same four numbers within 2 % (energy) and 4 % (area).
 */
export const ADDER = { energy_J: 2.03e-15, area_F2: 2830 };
export const REGISTER = { energy_J: 1.36e-15, area_F2: 2730 };
/** A register that toggles at every clock; in shift-and-add it does so half of the time. */
export const CLOCKED_J = 2 * REGISTER.energy_J;
