/** What a kind of network on chip declares: its floorplan, energies, area, timing and options; one file in kinds/ is one kind. */
import type { Clock } from '../../sim/clock.ts';
import type { Component } from '../../sim/component.ts';
import type { Tick } from '../../sim/tick.ts';
import type { Digital } from '../../tech/schema.ts';
import type { Floorplan } from './floorplan.ts';
import type { Noc } from './noc.ts';

/**
 * How a vector reaches all tiles of a layer: one packet for each from the hub, handed on from tile to tile, or copied by the
 * routers (a kind that lists `tree` builds a MulticastNoc).
 */
export const BROADCASTS = ['unicast', 'chain', 'tree'] as const;
/** How a vector goes to several tiles: one of `BROADCASTS`. */
export type Broadcast = (typeof BROADCASTS)[number];

/** Values of an architecture file that belong to the network. */
export interface NocOptions extends Readonly<Record<NocOption, number>> {
  /** Bits. */
  readonly flit: number;
  readonly broadcast: Broadcast;
}

/** Options that a kind may or may not read; a flit's width is read by all, who cut packets into flits. */
export type NocOption = 'virtualChannels' | 'depth' | 'routerStages';

/** The chip that a network is laid out for. */
export interface NocSite {
  readonly options: NocOptions;
  readonly digital: Digital;
  readonly tiles: number;
  readonly tileSide_m: number;
  /** Of the network's clock. */
  readonly cycle: Tick;
}

/** Joules of one flit through one router and over one link: the unit costs of what Noc.routers() and Noc.wire() count. */
export interface NocEnergy {
  readonly router_J: number;
  readonly link_J: number;
  /** What the clock of a router takes in a cycle in which it holds a flit, beyond what it takes idle. */
  readonly clock_J: number;
  /** Cycles that a flit spends in a router; the clock runs for those of a packet's head, and one for every further flit. */
  readonly stages: number;
}

/** The blocks that most networks have, and those that a kind names itself. */
export type NocComponent =
  | 'interconnect.router'
  | 'interconnect.link'
  | 'interconnect.clock'
  | `noc.${string}`;

/** Area and leakage of all blocks of one sort, a row of the chip's inventory. */
export interface NocBlocks {
  readonly component: NocComponent;
  readonly area_m2: number;
  readonly leakage_W: number;
  /** Drawn all the time besides: clocks of idle routers. Absent: none. */
  readonly power_W?: number;
}

/** `Plan`: the kind's own floorplan, with what its other functions need to know of it. */
export interface NocDeclaration<Name extends string, Plan extends Floorplan> {
  /** The word of `noc.kind`. */
  readonly name: Name;
  /** Options that change something; a value given for another one is refused. */
  readonly options: readonly NocOption[];
  /** Those of them that cost energy and take no time. */
  readonly timeless: readonly NocOption[];
  readonly broadcasts: readonly Broadcast[];
  /** Packets start at clock edges: so does an image, and known weights take cycles to load. */
  readonly clocked: boolean;
  /** All tiles of a layer get a vector at the same time, so that identical ones may be simulated once. */
  readonly foldTiles: boolean;
  /** Tiles are nearer to the hub and farther from it, so that it matters which of them a layer has. */
  readonly nearHub: boolean;
  /** Communication takes no time, so that a closed form without a network gives the latency. */
  readonly closedForm: boolean;
  /** Where the nodes of so many tiles stand. */
  readonly floorplan: (tiles: number, options: NocOptions) => Plan;
  /** Of one flit, joules. */
  readonly energy: (site: NocSite, plan: Plan) => NocEnergy;
  /** No rows: nothing stands there. */
  readonly blocks: (site: NocSite, plan: Plan) => readonly NocBlocks[];
  /** The component that carries packets. */
  readonly build: (parent: Component, clock: Clock, site: NocSite, plan: Plan) => Noc;
}

/** A network laid out for one chip, before it is built. */
export interface NocLayout extends NocEnergy {
  readonly floorplan: Floorplan;
  readonly blocks: readonly NocBlocks[];
  /** The component that carries packets. */
  readonly build: (parent: Component, clock: Clock) => Noc;
}

/** A kind of network, ready to be laid out. */
export interface NocKind<Name extends string = string>
  extends Pick<
    NocDeclaration<Name, Floorplan>,
    'name' | 'options' | 'timeless' | 'broadcasts' | 'clocked' | 'foldTiles' | 'nearHub' | 'closedForm'
  > {
  /** The network of one chip: floorplan, energy of a flit, blocks with their area and leakage. */
  readonly layOut: (site: NocSite) => NocLayout;
}

/**
 * A kind of network from its declaration: every field must be there, none has a default. It runs where a chip names it.
 * @example
 * const bus = nocKind({ name: 'bus', options: [], timeless: [], broadcasts: ['unicast'], clocked: true, foldTiles: false, ... });
 * const { arch } = loadArch('trex');
 * await simulate({ arch: { ...arch, noc: { ...arch.noc, kind: bus } }, model, reuse });
 */
export function nocKind<const Name extends string, Plan extends Floorplan>(
  declaration: NocDeclaration<Name, Plan>,
): NocKind<Name> {
  const { name, options, timeless, broadcasts, clocked, foldTiles, nearHub, closedForm, build } = declaration;
  const layOut = (site: NocSite): NocLayout => {
    const plan = declaration.floorplan(site.tiles, site.options);
    const { router_J, link_J, clock_J, stages } = declaration.energy(site, plan);
    return {
      floorplan: plan,
      router_J,
      link_J,
      clock_J,
      stages,
      blocks: declaration.blocks(site, plan),
      build: (parent, clock) => build(parent, clock, site, plan),
    };
  };
  return { name, options, timeless, broadcasts, clocked, foldTiles, nearHub, closedForm, layOut };
}
