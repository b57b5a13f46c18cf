/** What sets the pace of a chip: how long each stage has jobs under way, and each resource is at work, for one image. */
import type { Chip } from '../hw/chip.ts';
import { type Step, stepOf } from '../hw/program.ts';
import type { Component } from '../sim/component.ts';
import type { Served } from '../sim/resource.ts';
import type { Tick } from '../sim/tick.ts';

/** Steps that use the same arrays, or one step of the digital units. */
export interface StageUse {
  readonly steps: readonly string[];
  /** Ticks in which it had jobs under way, or held a matrix of an image that was written and still to be read. */
  readonly busy: Tick;
}

/** A resource, whatever stage it works for. */
export interface ResourceUse {
  readonly kind: string;
  /** Of a resource in a tile: the first step that uses the tile. */
  readonly step: string | null;
  /** Ticks of service of one of its servers, on average. */
  readonly busy: Tick;
}

interface Stage {
  readonly steps: string[];
  underWay: number;
  since: Tick;
  busy: Tick;
}

interface Watched {
  readonly kind: string;
  readonly step: string | null;
  readonly resource: Served;
  /** Before the first image. */
  readonly before: Tick;
}

/** Steps that write matrices at run time, the first of each matrix, and those that read them last. */
function holds(steps: readonly Step[]): [writes: ReadonlySet<number>, lastReads: ReadonlySet<number>] {
  const writes = new Map<string, number>();
  const reads = new Map<string, number>();
  for (const { index, kind, layer } of steps) {
    if (layer === undefined) continue;
    if (kind === 'write' && !writes.has(layer)) writes.set(layer, index);
    if (kind === 'read' && writes.has(layer)) reads.set(layer, index);
  }
  const read = [...writes].filter(([layer]) => reads.has(layer));
  return [new Set(read.map(([, index]) => index)), new Set(reads.values())];
}

export class Occupancy {
  readonly #stages: readonly Stage[];
  readonly #resources: readonly Watched[];

  /** Watches from now on. */
  constructor(chip: Chip, steps: readonly Step[]) {
    const { controller, engine, kernel } = chip;
    const byArrays = new Map<string, Stage>();
    const stageOf = steps.map(step => this.#stageOf(step, byArrays));
    this.#stages = [...new Set(stageOf)];
    const enter = (stage: Stage): void => {
      if (stage.underWay++ === 0) stage.since = kernel.now;
    };
    const leave = (stage: Stage): void => {
      if (--stage.underWay === 0) stage.busy += kernel.now - stage.since;
    };
    // Arrays that are written at run time are taken until the last read of what they hold.
    const [writes, lastReads] = holds(steps);
    controller.onJobStart.attach((slot, job) => {
      const step = stepOf(slot);
      enter(stageOf[step]);
      if (job === 0 && writes.has(step)) enter(stageOf[step]);
    });
    controller.onJobEnd.attach((slot, job) => {
      const step = stepOf(slot);
      leave(stageOf[step]);
      if (job === steps[step].jobs - 1 && lastReads.has(step)) leave(stageOf[step]);
    });
    const stepOfTile = new Map<Component, string>();
    for (const { id, layer } of steps)
      for (const tile of layer === undefined ? [] : engine.tilesOf(layer))
        if (!stepOfTile.has(tile)) stepOfTile.set(tile, id);
    const resources: Watched[] = [];
    const visit = (component: Component, step: string | null): void => {
      for (const [kind, resource] of component.resources)
        resources.push({ kind, step, resource, before: resource.busyTime });
      for (const child of component.children) visit(child, stepOfTile.get(child) ?? step);
    };
    visit(chip, null);
    this.#resources = resources;
  }

  /** In the order of the steps. */
  get stages(): StageUse[] {
    return this.#stages.map(({ steps, busy }) => ({ steps, busy }));
  }

  /** The busiest of each kind, the busiest kind first. */
  get resources(): ResourceUse[] {
    const byKind = new Map<string, ResourceUse>();
    for (const { kind, step, resource, before } of this.#resources) {
      const busy = (resource.busyTime - before) / resource.servers;
      if (busy > (byKind.get(kind)?.busy ?? 0)) byKind.set(kind, { kind, step, busy });
    }
    return [...byKind.values()].sort((a, b) => b.busy - a.busy);
  }

  #stageOf({ id, layer }: Step, byArrays: Map<string, Stage>): Stage {
    const known = layer === undefined ? undefined : byArrays.get(layer);
    if (known !== undefined) {
      known.steps.push(id);
      return known;
    }
    const stage: Stage = { steps: [id], underWay: 0, since: 0, busy: 0 };
    if (layer !== undefined) byArrays.set(layer, stage);
    return stage;
  }
}
