/** A crossbar as circuits: for each bit plane drive the rows, hold the columns, convert the mux groups, shift and add. */
import type { Component } from '../sim/component.ts';
import { Fifo } from '../sim/fifo.ts';
import type { CrossbarUse, PlaneTiming } from '../tech/crossbar-cost.ts';
import { ColumnMux } from './column-mux.ts';
import { Crossbar, type CrossbarPorts } from './crossbar.ts';
import { WINDOW } from './program.ts';
import { SampleHold } from './sample-hold.ts';
import { ShiftAdd } from './shift-add.ts';
import { WordlineDriver } from './wordline-driver.ts';

/** Vectors queue; one is read at a time. With `overlap` the rows take the next plane while the ADCs convert the last. */
export class CircuitCrossbar extends Crossbar {
  readonly #timing: PlaneTiming;
  readonly #queue = new Fifo(WINDOW);
  readonly #driver: WordlineDriver;
  readonly #hold: SampleHold;
  readonly #mux: ColumnMux;
  readonly #shiftAdd: ShiftAdd;
  #slot = -1;
  #driven = 0;
  #added = 0;

  constructor(
    parent: Component,
    name: string,
    cost: CrossbarUse & { readonly plane: PlaneTiming },
    ports: CrossbarPorts,
  ) {
    super(parent, name, cost, ports);
    this.#timing = cost.plane;
    this.#driver = new WordlineDriver(this, 'driver', cost.plane.drive, () => this.#hold.sample());
    this.#hold = new SampleHold(this, 'sampleHold', cost.plane.hold, this.#onHeld);
    this.#mux = new ColumnMux(this, 'mux', ports.adc, cost.plane.convert, this.#onConverted);
    this.#shiftAdd = new ShiftAdd(this, 'shiftAdd', cost.plane.shiftAdd, this.#onAdded);
  }

  override read(slot: number): void {
    this.#queue.push(slot);
    if (this.#slot < 0) this.#begin();
  }

  #begin(): void {
    this.#slot = this.#queue.pop();
    this.#driven = 0;
    this.#added = 0;
    this.#drive();
  }

  #drive(): void {
    this.#driven++;
    this.#driver.drive();
  }

  readonly #onHeld = (): void => {
    this.#mux.scan();
    if (this.#timing.overlap && this.#driven < this.cost.planes) this.#drive();
  };

  readonly #onConverted = (): void => {
    this.#hold.release();
    this.#shiftAdd.add();
  };

  readonly #onAdded = (): void => {
    this.#added++;
    if (this.#added < this.cost.planes) {
      if (!this.#timing.overlap) this.#drive();
      return;
    }
    const slot = this.#slot;
    this.#slot = -1;
    if (!this.#queue.empty) this.#begin();
    this.finish(slot);
  };
}
