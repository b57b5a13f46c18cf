/** The mappings that a chip leaves a choice of, on one network. */
import type { ArchConfig } from '../../arch/config.ts';
import { TrexError } from '../../base/errors.ts';
import { largest } from '../../base/extremes.ts';
import { sum } from '../../base/sum.ts';
import { LEAST_GAIN, timeTaken } from '../../map/copies.ts';
import { countedOps } from '../../map/counted-ops.ts';
import { estimatedTime, timeOf } from '../../map/step-times.ts';
import type { MappingObjective } from '../../report/mapping-result.ts';
import { plannedArea } from '../../run/fit.ts';
import { planRun, type RunPlan, type RunSpec } from '../../run/machine.ts';
import { scoreChains } from '../../workload/score-chain.ts';
import { copiesList, groupsOf, kindOf, type LayerGroup, type MappingChoice } from './choice.ts';

/** Copies of one group that are tried. */
const MOST_COPIES = 64;

/** An option and the words that it takes. */
interface Choices {
  readonly path: string;
  readonly values: readonly string[];
}

/** What there is to choose. */
export interface MappingSpace {
  readonly options: readonly Choices[];
  readonly groups: readonly LayerGroup[];
  /** The chip as it is. */
  readonly base: MappingChoice;
  /** What has one value only, and why. */
  readonly notes: readonly string[];
}

/** Whether a chip has as many tiles as its network takes. */
export const growsWith = ({ chip }: Pick<ArchConfig, 'chip'>): boolean =>
  chip.tiles === 'auto' && chip.area === undefined;

/** The space of a run. @throws TrexError for a network that the chip cannot hold */
export function mappingSpace(spec: RunSpec): MappingSpace {
  const { arch } = spec;
  const { schedule, mapping, noc } = arch;
  const listed = Object.assign({ order: 'snake' }, mapping, { replicate: 'listed' });
  const { graph, placement } = planRun(
    Object.assign({}, spec, { arch: Object.assign({}, arch, { mapping: listed }) }),
  );
  const counted = countedOps(graph, arch);
  const isSequential = schedule.encoder === 'sequential';
  const notes: string[] = [];
  const options: Choices[] = [];
  const offer = (path: string, values: readonly string[], why: string | undefined): void => {
    if (why === undefined) options.push({ path, values });
    else notes.push(`${path}: no choice ${why}`);
  };
  const notSequential = isSequential ? undefined : `while schedule.encoder is ${schedule.encoder}`;
  offer(
    'mapping.order',
    ['snake', 'hub-near', 'traffic'],
    noc.kind.nearHub ? undefined : `on a network of kind ${noc.kind.name}`,
  );
  if (!growsWith(arch)) offer('mapping.replicate', ['listed', 'balanced'], undefined);
  offer(
    'schedule.attention',
    ['sequential', 'fused', 'two-stream'],
    notSequential ?? (scoreChains(graph.ops).length > 0 ? undefined : 'without rows of scores'),
  );
  offer(
    'schedule.writes',
    ['serial', 'parallel', 'overlapped'],
    notSequential ??
      (counted.some(op => op.kind === 'dynamic') ? undefined : 'without matrices that are written'),
  );
  if (counted.some(op => op.kind === 'grouped')) offer('schedule.grouped', ['crossbar', 'vector'], undefined);
  notes.push(
    'vector functions: no choice, the vector and softmax units stand at the hub and tiles have none',
  );
  const isTurning = placement.units.some(({ inTurn }) => inTurn === true);
  if (isTurning)
    notes.push('mapping.copies: no choice, the chip has no tiles left over and layers take turns');
  const groups = isTurning ? [] : groupsOf(placement.layers.keys());
  const least = ({ layers }: LayerGroup): number =>
    layers.reduce((copies, id) => Math.min(copies, placement.layers.get(id)?.copies ?? 1), MOST_COPIES);
  const values: Readonly<Record<string, string>> = {
    'mapping.order': mapping?.order ?? 'snake',
    'mapping.replicate': mapping?.replicate ?? 'listed',
    'schedule.attention': schedule.attention,
    'schedule.writes': schedule.writes,
    'schedule.grouped': schedule.grouped,
  };
  const base: MappingChoice = {
    options: new Map(options.map(({ path }) => [path, values[path]])),
    copies: new Map(groups.map(group => [group.name, least(group)])),
  };
  return { options, groups, base, notes };
}

/** The chip with a mapping. */
function archWith(arch: ArchConfig, choice: MappingChoice, { groups, base }: MappingSpace): ArchConfig {
  const mapping: Record<string, unknown> = Object.assign(
    { replicate: 'listed', order: 'snake' },
    arch.mapping,
  );
  const schedule: Record<string, unknown> = Object.assign({}, arch.schedule);
  for (const [path, value] of choice.options) {
    const [block, key] = path.split('.');
    (block === 'mapping' ? mapping : schedule)[key] = value;
  }
  const isSame = groups.every(({ name }) => choice.copies.get(name) === base.copies.get(name));
  if (!isSame) mapping.copies = copiesList(choice, groups);
  return Object.assign({}, arch, { mapping, schedule });
}

/** What a mapping looks like before it runs. */
export interface PlannedMapping {
  readonly area_m2: number;
  /** By the steps alone: of an image, or from one image to the next. */
  readonly time_s: number;
}

/** Undefined where the chip cannot hold it. */
export function planned(
  spec: RunSpec,
  choice: MappingChoice,
  space: MappingSpace,
  objective: MappingObjective,
): PlannedMapping | undefined {
  const arch = archWith(spec.arch, choice, space);
  try {
    const plan = planRun(Object.assign({}, spec, { arch }));
    const area_m2 = plannedArea(arch, plan);
    if (objective === 'throughput') return { area_m2, time_s: slowestStage(plan, arch) };
    return { area_m2, time_s: estimatedTime(plan.steps, plan.placement.layers, arch, plan.cost) };
  } catch (error) {
    if (error instanceof TrexError) return undefined;
    throw error;
  }
}

/** Seconds that one image takes of what is taken longest: arrays of a layer, or a unit of the hub. */
function slowestStage({ placement, steps, cost }: RunPlan, arch: ArchConfig): number {
  const takenFor = timeTaken(placement, { steps, arch, cost });
  const units = placement.units.map(unit => takenFor(unit, unit.copies ?? 1));
  const shared = (['softmax', 'vector'] as const).map(kind =>
    sum(
      steps.filter(step => step.kind === kind),
      step => timeOf(step, placement.layers, arch, cost).unit_s,
    ),
  );
  return largest([...units, ...shared]);
}

/** How much faster than the slowest layer even ones are to be. */
const EVEN = [1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 6, 8, 12, 16, 32, 64];

/** Copies that make every group as fast as a k-th of the slowest one, for several k. */
export function evenCopies(spec: RunSpec, { groups, base }: MappingSpace): ReadonlyMap<string, number>[] {
  const { placement, steps, cost } = planRun(spec);
  const takenFor = timeTaken(placement, { steps, arch: spec.arch, cost });
  const times = groups.map(({ name }) => {
    const units = placement.units.filter(({ id }) => kindOf(id) === name);
    return (count: number): number => Math.max(0, largest(units.map(unit => takenFor(unit, count))));
  });
  const slowest = Math.max(0, largest(times.map(time => time(1))));
  const found: ReadonlyMap<string, number>[] = [];
  for (const k of EVEN)
    found.push(
      new Map(
        groups.map(({ name }, i) => {
          let count = base.copies.get(name) ?? 1;
          while (count < MOST_COPIES && times[i](count) > slowest / k) {
            if (times[i](count + 1) > (1 - LEAST_GAIN) * times[i](count)) break;
            count++;
          }
          return [name, count];
        }),
      ),
    );
  return found;
}

/** Mappings that differ from one in a single value, or in the copies of one group, or are even. */
export function neighbours(
  at: MappingChoice,
  { options, groups }: MappingSpace,
  even: readonly ReadonlyMap<string, number>[],
): MappingChoice[] {
  const found: MappingChoice[] = [];
  for (const { path, values } of options)
    for (const value of values)
      if (at.options.get(path) !== value)
        found.push({ options: new Map(at.options).set(path, value), copies: at.copies });
  for (const { name } of groups) {
    const count = at.copies.get(name) ?? 1;
    for (const next of new Set([count + 1, 2 * count, count - 1]))
      if (next >= 1 && next <= MOST_COPIES)
        found.push({ options: at.options, copies: new Map(at.copies).set(name, next) });
  }
  for (const copies of even) found.push({ options: at.options, copies });
  return found;
}

/**
 * Every mapping of the space that fits; undefined where they are more than `most`. One more copy never fits where one fewer
 * does not.
 */
export function allChoices(
  { options, groups }: MappingSpace,
  fits: (choice: MappingChoice) => boolean,
  most: number,
): MappingChoice[] | undefined {
  let whole: MappingChoice[] = [{ options: new Map(), copies: new Map(groups.map(({ name }) => [name, 1])) }];
  for (const { path, values } of options)
    whole = whole.flatMap(one =>
      values.map(value => ({ options: new Map(one.options).set(path, value), copies: one.copies })),
    );
  const found: MappingChoice[] = [];
  /** From the group of this number on; whether there is room for all. */
  const add = (one: MappingChoice, group: number): boolean => {
    if (group === groups.length) return found.push(one) <= most;
    for (let copies = 1; ; copies++) {
      const next = { options: one.options, copies: new Map(one.copies).set(groups[group].name, copies) };
      if (copies > 1 && !fits(next)) return true;
      if (!add(next, group + 1)) return false;
    }
  };
  return whole.every(one => add(one, 0)) ? found : undefined;
}
