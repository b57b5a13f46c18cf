/** A crossbar as circuits: for each bit plane drive the rows, hold the columns, convert the mux groups, shift and add. */
import type { Component } from '../sim/component.ts';
import { Fifo } from '../sim/fifo.ts';
import type { Tick } from '../sim/tick.ts';
import type { CrossbarUse, PlaneTiming } from '../tech/crossbar-cost.ts';
import { ColumnMux } from './column-mux.ts';
import { Crossbar, type CrossbarPorts } from './crossbar.ts';
import { SampleHold } from './sample-hold.ts';
import { ShiftAdd } from './shift-add.ts';
import { WordlineDriver } from './wordline-driver.ts';

/**
 * Vectors are driven one at a time. With `overlap` the rows take the next plane, of this vector or of the next one,
 * while the ADCs convert the last: a plane then takes as long as the slowest stage of the pipeline.
 */
export class CircuitCrossbar extends Crossbar {
  #timing: PlaneTiming;
  readonly #driver: WordlineDriver;
  readonly #hold: SampleHold;
  readonly #mux: ColumnMux;
  readonly #shiftAdd: ShiftAdd;
  /** Vectors that were driven, at least in part, and are not added up. */
  readonly #vectors: Fifo;
  /** Planes driven of the vector that came last, and added of the one that came first. */
  #driven = 0;
  #added = 0;

  constructor(
    parent: Component,
    name: string,
    cost: CrossbarUse & { readonly plane: PlaneTiming },
    ports: CrossbarPorts,
    writeTime: Tick = cost.writeTime,
  ) {
    super(parent, name, cost, ports, writeTime);
    this.#timing = cost.plane;
    this.#vectors = new Fifo(ports.jobs.capacity);
    this.#driver = new WordlineDriver(this, 'driver', cost.plane.drive, () => this.#hold.sample());
    this.#hold = new SampleHold(this, 'sampleHold', cost.plane.hold, this.#onHeld);
    this.#mux = new ColumnMux(this, 'mux', ports.adc, cost.plane.convert, this.#onConverted);
    this.#shiftAdd = new ShiftAdd(this, 'shiftAdd', cost.plane.shiftAdd, this.#onAdded);
  }

  override resize(cost: CrossbarUse, writeTime: Tick): void {
    super.resize(cost, writeTime);
    const { plane } = cost;
    if (plane === undefined) throw new Error(`${this.path} becomes a crossbar of published totals`);
    this.#timing = plane;
    this.#driver.time = plane.drive;
    this.#hold.time = plane.hold;
    this.#mux.time = plane.convert;
    this.#shiftAdd.time = plane.shiftAdd;
  }

  protected override begin(slot: number): void {
    this.#vectors.push(slot);
    this.#driven = 0;
    this.#drive();
  }

  #drive(): void {
    this.#driven++;
    this.#driver.drive();
  }

  readonly #onHeld = (): void => {
    this.#mux.scan();
    if (!this.#timing.overlap) return;
    if (this.#driven < this.cost.planes) this.#drive();
    else this.release();
  };

  readonly #onConverted = (): void => {
    this.#hold.release();
    this.#shiftAdd.add();
  };

  readonly #onAdded = (): void => {
    this.#added++;
    const last = this.#added === this.cost.planes;
    if (!this.#timing.overlap) {
      if (last) this.release();
      else this.#drive();
    }
    if (!last) return;
    this.#added = 0;
    this.finish(this.#vectors.pop());
  };
}
