/** Programming a crossbar row by row: line CV2 and cell switching for every pulse, reads to verify (NeuroSim V1.4; ISPP schemes). */
import { type Breakdown, breakdown } from './breakdown.ts';
import type { CellFigures } from './cell-law.ts';
import type { CrossbarDesign } from './design.ts';
import type { Fill } from './fill.ts';
import type { Lines } from './read-path.ts';

/** What a write needs to know of the matrix and of a read: one plane, all columns in use. */
interface Read {
  readonly energy_J: number;
  readonly time_s: number;
  readonly fill: Fill;
}

/** N_row (t_erase + t_pulse) (1 + verify) + verify N_row t_read of the rows in use; a block erase is one pulse for the whole array. */
export function writeTime({ write }: CrossbarDesign, read: Read): Breakdown {
  const { rows } = read.fill;
  const { erase_s, pulse_s, blockErase, verify } = write;
  const rounds = 1 + verify;
  return breakdown([
    { component: 'erase', value: blockErase ? erase_s : rows * erase_s * rounds },
    { component: 'pulse', value: rows * pulse_s * rounds },
    { component: 'verify', value: verify * rows * read.time_s },
  ]);
}

/** Every pulse swings the bitlines in use and one wordline; cells are switched once a round. */
export function writeEnergy(
  design: CrossbarDesign,
  cell: CellFigures,
  line: Lines,
  write_V: number,
  read: Read,
): Breakdown {
  const { write } = design;
  const { rows, cols } = read.fill;
  const rounds = 1 + write.verify;
  const row_J = (cols * line.column_F + line.row_F) * write_V ** 2 * cell.writeOverhead;
  const erased = write.erase_s > 0 && !write.blockErase;
  const block_J =
    write.blockErase && write.erase_s > 0
      ? (design.cols * line.column_F + design.rows * line.row_F) * write_V ** 2 * cell.writeOverhead
      : 0;
  return breakdown([
    { component: 'lines', value: rows * row_J * rounds * (erased ? 2 : 1) + block_J },
    { component: 'cells', value: rows * cols * cell.write_J * rounds },
    { component: 'verify', value: write.verify * rows * read.energy_J },
  ]);
}
