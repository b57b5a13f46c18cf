/** What the cells of a row do while other rows are read: it decides how much of a column's current is lost along its line. */
import * as z from 'zod';

/**
 * `grounded`: the row is held at the columns' potential, and its cells load them (passive arrays, inputs on source lines).
 * `cut-off`: its cells do not conduct (the wordline drives the gate of a select transistor, or of the FeFET itself).
 * `floating`: nothing holds it; it takes the mean potential of its columns and carries current between them.
 */
export const IDLE_ROWS = ['grounded', 'cut-off', 'floating'] as const;
export type IdleRows = (typeof IDLE_ROWS)[number];

/** The key `idle` of a cell; a law gives what its cell does. */
export const idleRows = z.enum(IDLE_ROWS).meta({
  description:
    'what the cells of a row do that is not driven: load the columns at ground, conduct nothing, or float with the columns',
});
