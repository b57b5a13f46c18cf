/** What energy, area and leakage are charged to, and what is counted for it: every name once, so that a misspelt one does not compile. */
import type { CrossbarPart } from '../tech/pe-parts.ts';
import type { VectorEntry } from '../tech/schema.ts';
import type { BufferLevel } from './buffer-levels.ts';
import type { NocComponent } from './noc/kind.ts';

/** Accumulators add the partial sums of crossbars (pe), PEs (tile) and tiles (global), TReX Fig. 8a. */
export type AccumulatorLevel = 'pe' | 'tile' | 'global';
/** The buffers of one level. */
export type BufferComponent = `buffer.${BufferLevel}`;
/** The accumulators of one level. */
export type AccumulatorComponent = `accumulator.${AccumulatorLevel}`;
/** What a softmax unit does: find the largest element, exponentials, divisions. */
export type SoftmaxPhase = 'select' | 'exponent' | 'divide';
/** The parts of a crossbar, what selects a set of its weights, what writes it, and what it leaks. */
export type CrossbarComponent = CrossbarPart | 'crossbar.select' | 'crossbar.write' | 'crossbar.leakage';
/** A block of the file that no component models. */
export type ExtraComponent = `extra.${string}`;

/** A component of the chip, as it is printed. */
export type ComponentId =
  | CrossbarComponent
  | BufferComponent
  | AccumulatorComponent
  | NocComponent
  | 'interconnect.tile'
  | 'softmax'
  | `softmax.${SoftmaxPhase}`
  | 'vector'
  | `vector.${VectorEntry}`
  | 'controller'
  | 'dram'
  | ExtraComponent;

/** Components of one kind: buffers, accumulators, all parts of a crossbar. */
export type ComponentFamily = Family<ComponentId>;
type Family<Id extends string> = Id extends `${infer Name}.${string}` ? Name : Id;

/** What a component's energy belongs to; `unit`: a block of its own. */
export type ComponentGroup = 'read' | 'write' | 'leakage' | 'extra' | 'unit';

const CROSSBAR = {
  'crossbar.readCircuit': 'read',
  'crossbar.driver': 'read',
  'crossbar.dac': 'read',
  'crossbar.levelShifter': 'read',
  'crossbar.array': 'read',
  'crossbar.cells': 'read',
  'crossbar.columnSwitch': 'read',
  'crossbar.mux': 'read',
  'crossbar.sampleHold': 'read',
  'crossbar.merge': 'read',
  'crossbar.adc': 'read',
  'crossbar.adderTree': 'read',
  'crossbar.shiftAdd': 'read',
  'crossbar.accumulator': 'read',
  'crossbar.interconnect': 'read',
  'crossbar.buffer': 'read',
  'crossbar.other': 'read',
  'crossbar.undivided': 'read',
  'crossbar.select': 'read',
  'crossbar.write': 'write',
  'crossbar.leakage': 'leakage',
} as const satisfies Record<CrossbarComponent, ComponentGroup>;

const isCrossbar = (id: ComponentId): id is CrossbarComponent => Object.hasOwn(CROSSBAR, id);
const isExtra = (id: ComponentId): id is ExtraComponent => id.startsWith('extra.');

/** The group of a component. */
export function groupOf(id: ComponentId): ComponentGroup {
  if (isCrossbar(id)) return CROSSBAR[id];
  return isExtra(id) ? 'extra' : 'unit';
}

/** What the ledger counts. The meters of crossbars and of each level stand for one kind of block each. */
export type Action =
  /** Input bit planes that crossbars read, and arrays that are programmed. */
  | 'crossbar.read'
  | 'crossbar.write'
  /** Arrays that take another set of weights. */
  | 'crossbar.select'
  /** Bits. */
  | `${BufferComponent}.read`
  | `${BufferComponent}.write`
  /** Additions. */
  | `${AccumulatorComponent}.add`
  /** Flits through routers and over links, cycles of routers that hold one, bits on the H-trees of tiles. */
  | 'router.flit'
  | 'router.cycle'
  | 'link.flit'
  | 'htree.bit'
  /** Elements. */
  | `softmax.${SoftmaxPhase}`
  | `vector.${VectorEntry}`
  /** Jobs of all tiles of a layer. */
  | 'controller.job'
  /** Bits. */
  | 'dram.bit';
