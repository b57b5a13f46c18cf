/** Transmission gates at columns, by NeuroSim's runs. */

/** One of a column multiplexer is this high, as wide as the column. */
export const MUX_GATE_F = 28;
/** Time of the switches alone at 32 nm; over nodes as a gate's: 0.078, 0.146 and 0.225 ns at 22, 32 and 45 nm. */
export const SWITCH_S = 0.14e-9;
