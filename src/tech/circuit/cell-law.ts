/** What a file in `cell/` provides: the parameters of a cell and what one cell is to the circuits around it. */
import * as z from 'zod';
import { block, factor, quantity } from '../../base/fields.ts';
import { measuredOn } from './measured-on.ts';
import type { NodeConstants } from './nodes.ts';

const positive = { positive: true };

/** What a cell may know of the crossbar that it stands in. */
export interface CellContext {
  readonly node: NodeConstants;
  readonly writeVoltage_V: number;
  readonly pulse_s: number;
  /** 0: programmed without an erase pulse. */
  readonly erase_s: number;
}

/** One cell as a load, a conductance and a piece of silicon. */
export interface CellFigures {
  /** Along the wordline. */
  readonly width_m: number;
  /** Along the bitline. */
  readonly height_m: number;
  /** Capacitance that the cell adds to the wires of its row and its column. */
  readonly rowLoad_F: number;
  readonly columnLoad_F: number;
  /** Mean over the stored values of a cell whose row is driven; 0 for a cell that is read by charge or digitally. */
  readonly conductance_S: number;
  /** Capacitor that an active row charges to the supply; 0 for a cell that is read by current. */
  readonly readCharge_F: number;
  /** Of the most conductive state. */
  readonly onConductance_S: number;
  /** What a cell of the largest reference column of a flash converter conducts. */
  readonly reference_S: number;
  /** What the column switches are sized for. */
  readonly switchConductance_S: number;
  /** A row carries the cells' current, or drives their gates. */
  readonly row: 'current' | 'gate';
  /** Of one row's circuits beside its switch, and of one column's switch or precharge and write driver. */
  readonly rowCircuit_m2: number;
  readonly columnCircuit_m2: number;
  /** Capacitance of one row's switch of least width, its register apart. */
  readonly rowCircuit_F: number;
  /** Share of a column's CV2 that precharging takes in one plane. */
  readonly precharge: number;
  readonly leakage_W: number;
  /** Energy inside one cell to erase and program it once, lines apart. */
  readonly write_J: number;
  /** Energy of a written row over that of its lines. */
  readonly writeOverhead: number;
}

/** Bits of a weight in one cell, up to what the law's cell holds. */
function cellBits(law: string, maxBits: number) {
  const range = maxBits === 1 ? '1' : `an integer from 1 to ${maxBits}`;
  const error = `expected ${range}: a ${law} cell holds no more`;
  const bits = z.int({ error }).min(1, { error }).max(maxBits, { error });
  return bits.meta({ description: 'of a weight in one cell' });
}

/** Parameters that every cell has; its law adds `onResistance` and `offResistance`, given or from the transistors. */
const shared = (law: string, maxBits: number) => ({
  bits: cellBits(law, maxBits),
  endurance: factor(1)
    .optional()
    .meta({ description: 'writes a cell survives; absent: unknown, or unlimited for SRAM' }),
  retention: quantity('s', positive)
    .optional()
    .meta({ description: 'absent means as long as it is powered' }),
  measuredOn,
});

/** `analog`: levels of a conductance, which are written, vary and drift. `bistable`: a latch that holds a bit or does not. */
export type CellStorage = 'analog' | 'bistable';
/** How a column sums its cells: their currents, the charge of their capacitors, or an adder tree's exact addition. */
export type CellReadout = 'current' | 'charge' | 'digital';

/** A law: its name is that of its file. */
export function cellLaw<
  const N extends string,
  const D extends string,
  const T extends z.core.$ZodShape,
>(spec: {
  readonly law: N;
  /** The family that macros and results name. */
  readonly device: D;
  readonly storage: CellStorage;
  readonly readout: CellReadout;
  /** What stands at a column: a switch to the source line, or precharge and write driver of a bitline. */
  readonly column: 'switch' | 'precharge';
  /** Bits that one cell holds at most. */
  readonly maxBits: number;
  readonly params: T;
  readonly figures: (params: CellBase & z.output<z.ZodObject<T>>, context: CellContext) => CellFigures;
}) {
  const { law, device, storage, readout, column, maxBits, figures } = spec;
  const schema = block({
    law: z.literal(law),
    device: z
      .literal(device)
      .default(() => device)
      .meta({ description: 'follows from the law' }),
    ...shared(law, maxBits),
    ...spec.params,
  });
  return { law, device, storage, readout, column, maxBits, schema, figures };
}

/** Parameters that the circuits read whatever the law is. */
export interface CellBase {
  readonly bits: number;
  readonly endurance?: number | undefined;
  readonly retention?: number | undefined;
}
