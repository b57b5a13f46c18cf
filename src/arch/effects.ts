/** Options that do nothing in the set-up that a chip is: each says when, and whoever wrote one is told. */
import type { NocOption } from '../hw/noc/kind.ts';
import type { Op } from '../workload/op.ts';
import { scoreChains } from '../workload/score-chain.ts';
import { functionOf } from '../workload/vector-functions.ts';
import { type AccountingSwitch, counts } from './accounting.ts';
import { bufferPlaces } from './buffers.ts';
import type { ArchConfig } from './config.ts';
import { error, type Finding, warning } from './finding.ts';
import type { Origin } from './origins.ts';
import type { Written } from './written.ts';

/** What a network asks of a chip, as far as options depend on it. */
export interface NetworkNeeds {
  readonly stages: ReadonlySet<string>;
  /** Matrices that are made at run time. */
  readonly dynamic: boolean;
  readonly softmax: boolean;
  /** Images of the run. */
  readonly images: number;
  /** Layers that the vector unit may multiply. */
  readonly grouped: boolean;
  /** Attention has rows of scores, which can go tile by tile. */
  readonly scores: boolean;
  /** Keys and values stay for the tokens to come. */
  readonly cache: boolean;
  /** Entries of `digital.vector` that are at work; `mac` where it may be. */
  readonly vector: ReadonlySet<string>;
}

interface SetUp {
  readonly chip: ArchConfig;
  /** Undefined for a chip alone: what depends on the network is then not known. */
  readonly needs: NetworkNeeds | undefined;
}

interface Rule {
  /** The option, or the block of it. */
  readonly path: string;
  /** Why it does nothing, after "has no effect"; undefined: it does something. */
  readonly idle: (setUp: SetUp) => string | undefined;
  /** Refused on the command line; else a warning. */
  readonly refused?: boolean;
  /** In a file it describes: only the command line is told. */
  readonly describes?: boolean;
}

const omitted =
  (...names: readonly AccountingSwitch[]) =>
  ({ chip }: SetUp): string | undefined =>
    names.some(name => counts(chip.accounting, name)) ? undefined : whileOmitted(names);
const whileOmitted = (names: readonly AccountingSwitch[]): string =>
  `while ${names.map(name => `accounting.${name}`).join(', ')} ${names.length === 1 ? 'is' : 'are'} omitted`;
const onKind = ({ chip }: SetUp): string => `on a network of kind ${chip.noc.kind.name}`;

/** All communication is free: packets take no time and cost nothing. */
const silent = (setUp: SetUp): string | undefined =>
  setUp.chip.noc.kind.closedForm ? onKind(setUp) : undefined;
const firstOf =
  (...rules: readonly Rule['idle'][]): Rule['idle'] =>
  setUp => {
    for (const rule of rules) {
      const why = rule(setUp);
      if (why !== undefined) return why;
    }
    return undefined;
  };
/** Without effect where every one says so. */
const allOf =
  (...rules: readonly Rule['idle'][]): Rule['idle'] =>
  setUp => {
    const whys = rules.map(rule => rule(setUp));
    return whys.every(why => why !== undefined) ? [...new Set(whys)].join(', ') : undefined;
  };
const noStage =
  (what: string, ...stages: readonly string[]) =>
  ({ needs }: SetUp): string | undefined =>
    needs === undefined || stages.some(stage => needs.stages.has(stage))
      ? undefined
      : `on a network without ${what}`;
/** As many tiles as the network needs. */
const grows = ({ chip: { chip } }: SetUp): string | undefined =>
  chip.tiles === 'auto' && chip.area === undefined
    ? 'on a chip of as many tiles as its network needs'
    : undefined;
const noSoftmax = ({ needs }: SetUp): string | undefined =>
  needs?.softmax === false ? 'on a network without softmax' : undefined;
const noVector = ({ needs, chip }: SetUp): string | undefined =>
  needs?.vector.size === 0 && !counts(chip.accounting, 'vectorUnit')
    ? 'while the vector unit has no work'
    : undefined;
const noEntry =
  (entry: string) =>
  ({ needs }: SetUp): string | undefined =>
    needs === undefined || needs.vector.has(entry)
      ? undefined
      : `on a network whose vector unit has no ${entry}`;
const noMemory =
  (memory: 'sram' | 'edram') =>
  ({ chip }: SetUp): string | undefined =>
    bufferPlaces(chip).some(({ config }) => config.memory === memory)
      ? undefined
      : `on a chip without a buffer of ${memory}`;
const nocOption =
  (name: NocOption): Rule['idle'] =>
  setUp =>
    setUp.chip.noc.kind.options.includes(name) ? undefined : onKind(setUp);
/** One step after another, or what is said to be so has no effect. */
const inSequence = ({ chip: { schedule } }: SetUp): string | undefined =>
  schedule.encoder === 'sequential' ? undefined : `while schedule.encoder is ${schedule.encoder}`;
const wholeAttention = ({ chip: { schedule } }: SetUp): string | undefined =>
  schedule.attention === 'sequential' ? 'while schedule.attention is sequential' : undefined;
const noScores = ({ needs }: SetUp): string | undefined =>
  needs?.scores === false ? 'on a network whose attention has no rows of scores' : undefined;
/** A tile's edge, and so the length of wires, follows from its area. */
const areaUnseen = allOf(omitted('interconnect', 'buffers'), silent);
const unclocked = (setUp: SetUp): string | undefined =>
  setUp.chip.noc.kind.clocked ? undefined : onKind(setUp);

const placeOf = ({ chip: { kvCache } }: SetUp): string => kvCache?.place ?? 'crossbars';
/** The vector unit multiplies what is not on crossbars. */
const usesLanes = ({ kvCache }: ArchConfig): boolean =>
  kvCache !== undefined && (kvCache.place !== 'crossbars' || kvCache.overflow !== 'none');
const onDram = (setUp: SetUp): string | undefined =>
  placeOf(setUp) === 'dram' ? 'while kvCache.place is dram, which has no end' : undefined;
const offCrossbars = (setUp: SetUp): string | undefined =>
  placeOf(setUp) === 'crossbars' ? undefined : `while kvCache.place is ${placeOf(setUp)}`;

/** In the order of the schema. What stands here nowhere always does something, or describes. */
const RULES: readonly Rule[] = [
  { path: 'precision.outputs', idle: allOf(omitted('interconnect', 'buffers', 'dram'), silent) },
  { path: 'precision.partialSums', idle: allOf(omitted('interconnect', 'buffers'), silent) },
  {
    path: 'chip.clock',
    idle: allOf(unclocked, omitted('buffers', 'accumulators', 'vectorUnit'), noVector),
  },
  {
    path: 'chip.area',
    idle: ({ chip }) => (chip.chip.tiles === 'auto' ? undefined : 'beside a number of tiles'),
    refused: true,
  },
  { path: 'chip.overflow', idle: allOf(grows, omitted('buffers')) },
  { path: 'tile.buffer', idle: areaUnseen },
  { path: 'pe.buffer', idle: areaUnseen },
  { path: 'globalBuffer', idle: omitted('buffers') },
  { path: 'buffers', idle: areaUnseen },
  { path: 'noc.flit', idle: silent },
  { path: 'noc.virtualChannels', idle: nocOption('virtualChannels'), refused: true },
  { path: 'noc.depth', idle: nocOption('depth'), refused: true },
  { path: 'noc.routerStages', idle: nocOption('routerStages'), refused: true },
  {
    path: 'noc.routerStages',
    idle: setUp =>
      setUp.chip.noc.kind.timeless.includes('routerStages') ? omitted('interconnect')(setUp) : undefined,
  },
  { path: 'softmax.select', idle: noSoftmax },
  { path: 'softmax.exponent', idle: noSoftmax },
  { path: 'softmax.divide', idle: noSoftmax },
  { path: 'vector', idle: noVector },
  {
    path: 'schedule.writes',
    idle: firstOf(inSequence, ({ needs }) =>
      needs?.dynamic === false ? 'on a network without matrices that are written' : undefined,
    ),
  },
  {
    path: 'schedule.images',
    idle: ({ needs }) => (needs?.images === 1 ? 'on one image' : undefined),
  },
  { path: 'schedule.attentionRows', idle: firstOf(inSequence, wholeAttention, noScores) },
  { path: 'schedule.attention', idle: firstOf(inSequence, noScores) },
  {
    path: 'schedule.batch',
    idle: firstOf(grows, ({ chip }) =>
      chip.chip.overflow === 'refuse' ? 'while chip.overflow is refuse' : undefined,
    ),
  },
  {
    path: 'schedule.grouped',
    idle: ({ needs }) =>
      needs === undefined || needs.grouped ? undefined : 'on a network without grouped or depthwise layers',
  },
  { path: 'mapping.order', idle: setUp => (setUp.chip.noc.kind.nearHub ? undefined : onKind(setUp)) },
  {
    path: 'mapping.replicate',
    idle: setUp => (setUp.chip.mapping?.replicate === 'balanced' ? grows(setUp) : undefined),
    refused: true,
  },
  {
    path: 'kvCache',
    idle: ({ needs }) => (needs?.cache === false ? 'on a network without a cache' : undefined),
  },
  { path: 'kvCache.overflow', idle: onDram },
  { path: 'kvCache.keys', idle: offCrossbars },
  {
    path: 'accounting.inputBitPlanes',
    describes: true,
    idle: ({ chip }) =>
      chip.precision.inputs === 1
        ? 'on inputs of one bit'
        : noMacro(chip)
          ? 'on crossbars by their circuits'
          : undefined,
  },
  { path: 'accounting.embedding', idle: noStage('embedding', 'stem', 'embedding') },
  { path: 'accounting.head', idle: noStage('a head', 'head', 'pool') },
  { path: 'accounting.predictor', idle: noStage('predictors of tokens', 'predictor') },
  { path: 'accounting.transformation', idle: noStage('encoders that reuse attention', 'transform') },
  { path: 'tech.static.cell.endurance', idle: () => 'on weights that are programmed once' },
  {
    path: 'digital.node',
    describes: true,
    idle: () => 'on figures that are those of its file: name another digital technology',
  },
  { path: 'digital.buffer.read', idle: firstOf(omitted('buffers'), noMemory('sram')) },
  { path: 'digital.buffer.write', idle: firstOf(omitted('buffers'), noMemory('sram')) },
  { path: 'digital.buffer.area', idle: firstOf(areaUnseen, noMemory('sram')) },
  { path: 'digital.buffer.access', idle: firstOf(omitted('buffers'), noMemory('sram')) },
  { path: 'digital.buffer.stages', idle: firstOf(omitted('buffers'), noMemory('sram')) },
  {
    path: 'digital.buffer.leakage',
    idle: firstOf(omitted('buffers'), omitted('leakage'), noMemory('sram')),
  },
  { path: 'digital.edram.refresh', idle: firstOf(omitted('buffers'), omitted('leakage')) },
  { path: 'digital.edram', idle: firstOf(noMemory('edram'), areaUnseen) },
  { path: 'digital.adder', idle: omitted('accumulators') },
  { path: 'digital.wire.energy', idle: omitted('interconnect') },
  { path: 'digital.wire.delay', idle: silent },
  {
    path: 'digital.logic',
    idle: allOf(unclocked, omitted('accumulators', 'vectorUnit'), noVector),
  },
  { path: 'digital.wire.leakage', idle: firstOf(omitted('interconnect'), silent, omitted('leakage')) },
  { path: 'digital.router', idle: firstOf(omitted('interconnect'), silent) },
  ...['arbiter.leakage', 'register.leakage', 'mux.leakage', 'leakageScale'].map(key => ({
    path: `digital.router.${key}`,
    idle: omitted('leakage'),
  })),
  { path: 'digital.controller', idle: omitted('controllers') },
  { path: 'digital.softmaxLane', idle: omitted('softmaxArea') },
  { path: 'digital.vector.layernorm', idle: noEntry('layernorm') },
  { path: 'digital.vector.gelu', idle: noEntry('gelu') },
  { path: 'digital.vector.add', idle: noEntry('add') },
  {
    path: 'digital.vector.mac',
    idle: firstOf(noEntry('mac'), ({ chip }) =>
      chip.schedule.grouped === 'crossbar' && !usesLanes(chip)
        ? 'while schedule.grouped is crossbar'
        : undefined,
    ),
  },
  { path: 'digital.vector.laneArea', idle: noVector },
  { path: 'digital.dram', idle: omitted('dram') },
];

const noMacro = ({ devices }: ArchConfig): boolean =>
  [devices.static, devices.dynamic, ...(devices.layers ?? []).map(({ device }) => device)].every(
    ({ level }) => level !== 'macro',
  );

/** Why the option at `path` does nothing in a set-up, by which rule; undefined where it does something. */
function idleOption(path: string, setUp: SetUp): { readonly why: string; readonly rule: Rule } | undefined {
  for (const rule of RULES) {
    if (path !== rule.path && !path.startsWith(`${rule.path}.`)) continue;
    const why = rule.idle(setUp);
    if (why !== undefined) return { why, rule };
  }
  return undefined;
}

interface Idle<T> {
  readonly first: T;
  /** The option, or the block if more than one of its values was written in the same place. */
  readonly path: readonly string[];
  readonly why: string;
  readonly rule: Rule;
}

/** What a rule says of a block it says once, however many values of it one argument or file holds. */
function idleBlocks<T>(
  written: readonly T[],
  setUp: SetUp,
  placeOf: (one: T) => { readonly path: readonly string[]; readonly flag: string | undefined },
): Idle<T>[] {
  const found: { -readonly [K in keyof Idle<T>]: Idle<T>[K] }[] = [];
  for (const one of written) {
    const { path, flag } = placeOf(one);
    const idle = idleOption(path.join('.'), setUp);
    if (idle === undefined) continue;
    const same = found.find(
      ({ rule, why, first }) => rule === idle.rule && why === idle.why && placeOf(first).flag === flag,
    );
    if (same === undefined) found.push({ first: one, path, why: idle.why, rule: idle.rule });
    else same.path = idle.rule.path.split('.');
  }
  return found;
}

/** Of a chip alone: what was written for it and does nothing on any network. */
export function idleFindings(written: readonly Written[], chip: ArchConfig): Finding[] {
  const blocks = idleBlocks(written, { chip, needs: undefined }, ({ path, flag }) => ({
    path: path.map(String),
    flag,
  }));
  return blocks.flatMap(({ first, path, why, rule }) => {
    const { flag, below } = first;
    if (flag === undefined && rule.describes) return [];
    const finding = rule.refused && flag !== undefined ? error : warning;
    // Inside its file the path is shorter, by what stands before the file's own keys.
    const inside = below.slice(0, below.length - (first.path.length - path.length));
    return [finding(inside, `has no effect ${why}`)];
  });
}

/**
 * Of a run: what the command line says and does nothing on this network. A file is written for any network, and
 * what does nothing on any is said when it is loaded. `counted`: the ops that the chip's accounting does not leave out.
 */
export function idleOnNetwork(
  origins: readonly Origin[],
  chip: ArchConfig,
  ops: readonly Op[],
  counted: readonly Op[],
  images = 1,
): string[] {
  const needs = Object.assign(needsOf(chip, ops, counted), { images });
  const open = origins.flatMap(({ path, origin }) =>
    origin.kind !== 'set' || idleOption(path, { chip, needs: undefined }) !== undefined
      ? []
      : [{ path: path.split('.'), flag: origin.flag }],
  );
  return idleBlocks(open, { chip, needs }, one => one).map(
    ({ first, path, why }) => `${first.flag}  ${path.join('.')}: has no effect ${why}`,
  );
}

function needsOf(chip: ArchConfig, ops: readonly Op[], counted: readonly Op[]): Omit<NetworkNeeds, 'images'> {
  const vector = new Set<string>();
  let softmax = false;
  for (const op of counted) {
    if (op.kind !== 'vector') continue;
    const { cost } = functionOf(op);
    if (cost.unit === 'softmax') softmax = true;
    else vector.add(cost.entry);
  }
  const stages = new Set<string>(ops.map(op => op.stage));
  const grouped = counted.some(op => op.kind === 'grouped');
  if (grouped && chip.schedule.grouped !== 'crossbar') vector.add('mac');
  const dynamic = counted.some(op => op.kind === 'dynamic');
  const cache = ops.some(op => op.kind === 'dynamic' && op.cached !== undefined);
  if (cache && usesLanes(chip)) vector.add('mac');
  return { stages, grouped, dynamic, softmax, vector, scores: scoreChains(ops).length > 0, cache };
}
