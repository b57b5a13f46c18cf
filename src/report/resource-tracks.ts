/** Tracks of a trace for the kinds of resources of a chip (ADC banks, buffer ports, links): when some of a kind were at work, and how many. */
import type { Component } from '../sim/component.ts';
import type { Tick } from '../sim/tick.ts';

/** So many slices of a track are exact; with every further so many the pause that ends a slice doubles, so that a trace stays small. */
const EXACT_SLICES = 2 ** 13;
const FIRST_PAUSE: Tick = 1000;

/** A time in which at least one resource of the kind was at work, short pauses included. */
export interface BusySlice {
  readonly start: Tick;
  readonly end: Tick;
  /** Services that began in it, and their time over all resources of the kind, folded ones counted. */
  readonly services: number;
  readonly busy: Tick;
}

/** The resources of one kind, wherever they are. */
export interface ResourceTrack {
  readonly kind: string;
  /** Those that are simulated, and all that they stand for. */
  readonly simulated: number;
  readonly all: number;
}

/** Listens to every resource at and below `root` that is there now; `put` gets the slices of each track in their order. */
export class ResourceTracks {
  readonly #tracks = new Map<string, Track>();
  readonly #detach: (() => void)[] = [];

  constructor(root: Component, put: (track: ResourceTrack, slice: BusySlice) => void) {
    this.#watch(root, put);
  }

  /** In the order of the tree, those without a resource that ever worked included. */
  get tracks(): readonly ResourceTrack[] {
    return [...this.#tracks.values()];
  }

  /** Puts what is open and listens no more; services under way when a run is cut off are told with their whole time. */
  close(): void {
    for (const detach of this.#detach) detach();
    for (const track of this.#tracks.values()) track.flush();
  }

  #watch(component: Component, put: (track: ResourceTrack, slice: BusySlice) => void): void {
    const { children, fold, resources } = component;
    for (const [kind, { servers, onService }] of resources) {
      const track = this.#tracks.get(kind) ?? new Track(kind, put);
      this.#tracks.set(kind, track);
      track.simulated += servers;
      track.all += servers * fold;
      this.#detach.push(onService.attach((_, start, end) => track.serve(start, end, fold)));
    }
    for (const child of children) this.#watch(child, put);
  }
}

/**
 * The union of the services of a kind. A service that starts later than it is told waits for another one to end, so the
 * union has no gap before it: slices can be put as they close, without sorting.
 */
class Track implements ResourceTrack {
  readonly kind: string;
  simulated = 0;
  all = 0;
  readonly #put: (track: ResourceTrack, slice: BusySlice) => void;
  #start: Tick = 0;
  #end: Tick = -1;
  #services = 0;
  #busy: Tick = 0;
  #slices = 0;
  #pause: Tick = 0;

  constructor(kind: string, put: (track: ResourceTrack, slice: BusySlice) => void) {
    this.kind = kind;
    this.#put = put;
  }

  serve(start: Tick, end: Tick, fold: number): void {
    if (start === end) return;
    if (this.#services === 0 || start > this.#end + this.#pause) {
      this.flush();
      this.#start = start;
      this.#end = end;
    } else if (end > this.#end) this.#end = end;
    this.#services += fold;
    this.#busy += fold * (end - start);
  }

  flush(): void {
    if (this.#services === 0) return;
    this.#put(this, { start: this.#start, end: this.#end, services: this.#services, busy: this.#busy });
    this.#services = 0;
    this.#busy = 0;
    if (++this.#slices % EXACT_SLICES === 0) this.#pause = Math.max(FIRST_PAUSE, 2 * this.#pause);
  }
}
