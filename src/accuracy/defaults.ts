/** What a functional run takes where a command does not let its user choose. */

/** Inputs that calibrate the ranges of activations; their labels are not looked at (number assumed). */
export const CALIBRATION_INPUTS = 16;

/** Bits of a weight and of an input on crossbars: the 8 of TReX (arXiv 2408.12742, section 4). */
export const OPERAND_BITS = { weightBits: 8, inputBits: 8 } as const;
