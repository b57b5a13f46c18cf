/** A run as frames: how busy each tile and link was in each part of the time, and what the global buffer held. For pictures that move. */
import { usageError } from '../base/errors.ts';
import { sum } from '../base/sum.ts';
import type { ChipPlace } from '../hw/noc/floorplan.ts';
import { type Step, stepOf } from '../hw/program.ts';
import type { Component } from '../sim/component.ts';
import type { Tick } from '../sim/tick.ts';
import type { Machine } from './machine.ts';

/** What works in a tile as long as it computes: conversions, and the programming of cells. */
const TILE_KINDS: readonly string[] = ['ADC banks', 'write drivers'];
const LINKS = 'links';
/** A share of 1 in a byte; what is not 0 stays above 0. */
const WHOLE = 255;

/** The last image of a run in parts of its time. Shares are bytes: 255 is all the time. */
export interface Frames {
  /** Ends of the frames, ticks from the start of the image: frame f lasts from `edges[f]` to `edges[f + 1]`. */
  readonly edges: Float64Array;
  /** Share of a frame in which the ADC banks and write drivers of a tile worked, the mean over its banks, [frame][tile]. */
  readonly tiles: Uint8Array;
  /** Share of a frame in which a link carried flits, [frame][link]. */
  readonly links: Uint8Array;
  readonly linkEnds: readonly { readonly from: ChipPlace; readonly to: ChipPlace }[];
  /** Bits that steps have stored and others still need, at the end of each frame. */
  readonly stored: Float64Array;
}

/** A run that is being recorded. */
export interface FrameRecorder {
  /** Frames of the last image; listens no more. */
  close(): Frames;
}

/**
 * Listens to `machine` from its first event on. `edges`: ascending, from 0; what lies behind the last one is left out.
 * @throws TrexError (usage) for a run that is folded: a tile that stands for others says where none of them is.
 */
export function recordFrames(
  { chip, kernel, placement, steps }: Machine,
  edges: Float64Array,
): FrameRecorder {
  const tiles = new Shares(edges, placement.chipTiles);
  const links = new Shares(edges, 0);
  const stored = new StoredBits(edges, steps);
  const linkOf = new Map<number, number>();
  const jobs = sum(steps, step => step.jobs);
  let start: Tick = 0;
  let left = 0;
  const begin = (): void => {
    start = kernel.now;
    left = jobs;
    for (const part of [tiles, links, stored]) part.clear();
  };
  const detach = [
    chip.controller.onJobStart.attach(() => {
      if (left === 0) begin();
    }),
    chip.controller.onJobEnd.attach(slot => {
      left--;
      stored.jobEnds(stepOf(slot), kernel.now - start);
    }),
  ];
  const tileOf = new Map<Component, number>();
  for (const layer of placement.layers.values())
    for (const tile of chip.engine.tilesOf(layer.id)) tileOf.set(tile, layer.firstTile + tile.block.first);
  const visit = (component: Component, tile: number | undefined): void => {
    const own = tileOf.get(component) ?? tile;
    if (own !== undefined && component.fold > 1)
      throw usageError('frames are of a run that is not folded: fold: false');
    for (const [kind, { servers, onService }] of component.resources) {
      if (own !== undefined && TILE_KINDS.includes(kind)) {
        if (kind === TILE_KINDS[0]) tiles.expect(own, servers);
        detach.push(onService.attach((_, from, to) => tiles.add(own, from - start, to - start)));
      }
      if (kind === LINKS)
        detach.push(
          onService.attach((link, from, to) => {
            let place = linkOf.get(link);
            if (place === undefined) linkOf.set(link, (place = linkOf.size));
            links.add(place, from - start, to - start);
          }),
        );
    }
    for (const child of component.children) visit(child, own);
  };
  visit(chip, undefined);
  return {
    close() {
      for (const each of detach) each();
      return {
        edges,
        tiles: tiles.bytes(),
        links: links.bytes(),
        linkEnds: [...linkOf.keys()].map(link => {
          const [from, to] = chip.noc.linkEnds(link);
          return { from, to };
        }),
        stored: stored.atEnds(),
      };
    },
  };
}

/** Busy time of items by frame. */
class Shares {
  readonly #edges: Float64Array;
  readonly #busy: (Float64Array | undefined)[];
  readonly #servers: number[];
  /** The frame of the last service, where the next one is looked for. */
  #near = 0;

  constructor(edges: Float64Array, items: number) {
    this.#edges = edges;
    this.#busy = Array.from({ length: items }, () => undefined);
    this.#servers = Array.from({ length: items }, () => 0);
  }

  clear(): void {
    this.#busy.fill(undefined);
    this.#near = 0;
  }

  /** More servers work for the item. */
  expect(item: number, servers: number): void {
    this.#servers[item] += servers;
  }

  add(item: number, from: Tick, to: Tick): void {
    const edges = this.#edges;
    const count = edges.length - 1;
    let busy = this.#busy[item];
    if (busy === undefined) this.#busy[item] = busy = new Float64Array(count);
    let frame = this.#near;
    while (frame > 0 && edges[frame] > from) frame--;
    while (frame < count && edges[frame + 1] <= from) frame++;
    this.#near = Math.min(frame, count - 1);
    for (; frame < count && edges[frame] < to; frame++)
      busy[frame] += Math.min(to, edges[frame + 1]) - Math.max(from, edges[frame]);
  }

  bytes(): Uint8Array {
    const items = this.#busy.length;
    const count = this.#edges.length - 1;
    const shares = new Uint8Array(count * items);
    for (const [item, busy] of this.#busy.entries()) {
      const servers = Math.max(1, this.#servers[item] ?? 1);
      for (let frame = 0; busy !== undefined && frame < count; frame++) {
        const share = busy[frame] / (servers * (this.#edges[frame + 1] - this.#edges[frame]));
        shares[frame * items + item] = Math.min(WHOLE, Math.ceil(WHOLE * share));
      }
    }
    return shares;
  }
}

/** What the global buffer holds: each job stores its outputs, which leave when every step that waits for them has ended. */
class StoredBits {
  readonly #edges: Float64Array;
  readonly #steps: readonly Step[];
  /** Steps that wait for each one, and jobs that each has still to do. */
  readonly #readers: number[];
  readonly #left: number[];
  readonly #changes: Float64Array;

  constructor(edges: Float64Array, steps: readonly Step[]) {
    this.#edges = edges;
    this.#steps = steps;
    this.#changes = new Float64Array(edges.length - 1);
    this.#readers = steps.map(() => 0);
    this.#left = steps.map(() => 0);
    this.clear();
  }

  clear(): void {
    this.#changes.fill(0);
    this.#readers.fill(0);
    for (const [i, { after, jobs }] of this.#steps.entries()) {
      this.#left[i] = jobs;
      for (const { step } of after) this.#readers[step]++;
    }
  }

  jobEnds(step: number, at: Tick): void {
    const { outputBits, after } = this.#steps[step];
    this.#change(at, outputBits);
    if (--this.#left[step] > 0) return;
    for (const { step: of } of after) {
      if (--this.#readers[of] > 0) continue;
      const source = this.#steps[of];
      this.#change(at, -source.outputBits * source.jobs);
    }
  }

  #change(at: Tick, bits: number): void {
    const edges = this.#edges;
    let [low, high] = [0, edges.length - 2];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[middle + 1] < at) low = middle + 1;
      else high = middle;
    }
    this.#changes[low] += bits;
  }

  atEnds(): Float64Array {
    let bits = 0;
    return this.#changes.map(change => (bits += change));
  }
}
