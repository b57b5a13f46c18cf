/** Names and ids of the asynchronous slices (`b`, `e`) of a trace: one per job in flight. */
import type { Step } from '../hw/program.ts';
import { Lanes } from './lanes.ts';

/** Ids of one kind of step are this far from those of the next. */
const IDS_PER_KIND = 2 ** 20;

/** What begin and end of a job must have in common. */
export interface JobTrack {
  readonly cat: string;
  readonly name: string;
  readonly id: string;
}

/** An id is one row on the screen, and is used again when its job has ended. */
export class JobTracks {
  readonly #lanes = new Lanes();
  readonly #ids = new Map<number, number>();
  readonly #number = new Map<string, number>();
  readonly #names: readonly string[];

  constructor(steps: readonly Step[]) {
    // The steps of all encoders that do the same share rows.
    this.#names = steps.map(step => (step.encoder === null ? step.id : step.id.replace(/^e\d+\./, '')));
    for (const name of this.#names) if (!this.#number.has(name)) this.#number.set(name, this.#number.size);
  }

  /** Slots of jobs that have not ended. */
  get open(): number[] {
    return [...this.#ids.keys()];
  }

  begin(slot: number, step: Step): JobTrack {
    const name = this.#names[step.index];
    const lane = this.#lanes.take(name);
    this.#ids.set(slot, lane);
    return this.#event(name, step, lane);
  }

  end(slot: number, step: Step): JobTrack {
    const name = this.#names[step.index];
    const lane = this.#ids.get(slot) as number;
    this.#ids.delete(slot);
    this.#lanes.free(name, lane);
    return this.#event(name, step, lane);
  }

  #event(name: string, step: Step, lane: number): JobTrack {
    const id = (this.#number.get(name) as number) * IDS_PER_KIND + lane;
    return { cat: step.stage, name, id: `0x${id.toString(16)}` };
  }
}
