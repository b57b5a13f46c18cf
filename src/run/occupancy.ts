/** What sets the pace of a chip: how long each stage has jobs under way, and each resource is at work, for one image. */
import type { Chip } from '../hw/chip.ts';
import { type Step, stepOf } from '../hw/program.ts';
import type { Component } from '../sim/component.ts';
import type { Served } from '../sim/resource.ts';
import type { Tick } from '../sim/tick.ts';

/** Steps that use the same arrays, or one step of the digital units. */
export interface StageUse {
  readonly steps: readonly string[];
  /** Ticks in which it had jobs under way. */
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

export class Occupancy {
  readonly #stages: readonly Stage[];
  readonly #resources: readonly Watched[];

  /** Watches from now on. */
  constructor(chip: Chip, steps: readonly Step[]) {
    const { controller, engine, kernel } = chip;
    const byArrays = new Map<string, Stage>();
    const stageOf = steps.map(step => this.#stageOf(step, byArrays));
    this.#stages = [...new Set(stageOf)];
    controller.onJobStart.attach(slot => {
      const stage = stageOf[stepOf(slot)];
      if (stage.underWay++ === 0) stage.since = kernel.now;
    });
    controller.onJobEnd.attach(slot => {
      const stage = stageOf[stepOf(slot)];
      if (--stage.underWay === 0) stage.busy += kernel.now - stage.since;
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
