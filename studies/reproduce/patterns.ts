/** Which pattern of one number of reuse encoders is best: uniform against random ones, and strided, pyramid and continuous, SL and start (TReX, arXiv 2408.12742, Fig. 7 and 16). */

import { spread } from '../../src/accuracy/statistics.ts';
import { uniformStream } from '../../src/base/random.ts';
import { mean } from '../../src/base/sum.ts';
import { spearman } from '../../src/optimize/rank-correlation.ts';
import { markdownTable } from '../../src/report/markdown.ts';
import { lineChart } from '../../src/report/svg-chart.ts';
import { type Pattern, uniformPatterns } from '../../src/workload/patterns.ts';
import { planOf, type ReusePlan, reusePlan } from '../../src/workload/reuse.ts';
import type { Experiment } from './experiment.ts';
import { counted, meanText, rankText, type Section } from './format.ts';
import { partlyTrained } from './optimise.ts';
import { COMPARED_COUNT } from './tasks.ts';

/** Beyond the study's own seed: other orders of samples and starts of the transformation blocks. */
const OTHER_SEEDS = [2, 3, 4, 5];

interface Compared {
  readonly plan: ReusePlan;
  readonly kind: string;
  /** Undefined for random patterns. */
  readonly pattern: Pattern | undefined;
  /** By seed. */
  readonly losses: readonly number[];
  readonly loss: number;
}

/** With the random patterns, whose partial trainings others can use. */
export async function patternsSection(
  experiment: Experiment,
): Promise<Section & { readonly random: readonly ReusePlan[] }> {
  const { encoders } = experiment.model;
  const uniform = uniformPatterns(encoders, COMPARED_COUNT);
  const random = randomPlans(encoders, uniform, experiment.context.study.budget.randomPatterns);
  const all: Compared[] = [];
  for (const pattern of uniform) all.push(await compared(experiment, planOf(pattern), pattern.kind, pattern));
  for (const plan of random) all.push(await compared(experiment, plan, 'random', undefined));
  const uniforms = all.filter(c => c.pattern !== undefined);
  const randoms = all.filter(c => c.pattern === undefined);
  const { task } = experiment;
  const seeds = all[0].losses.length;
  const sorted = all.toSorted((a, b) => a.loss - b.loss);
  return {
    random,
    text: [
      `${COMPARED_COUNT} of ${encoders} encoders reuse attention; each pattern is trained for ${counted(task.partialEpochs, 'epoch')} on ${100 * task.fraction} % of the data, ${seeds === 1 ? 'once' : `with ${seeds} seeds`}. Training loss of the last epoch, nats.`,
      '',
      markdownTable(
        ['pattern', 'encoders', 'loss', ...(seeds > 1 ? ['by seed'] : [])],
        sorted.map(({ plan, kind, loss, losses }) => [
          kind === 'random' ? 'random' : plan.pattern,
          plan.encoders.join(' '),
          loss.toFixed(4),
          ...(seeds > 1 ? [losses.map(l => l.toFixed(4)).join(' ')] : []),
        ]),
      ),
      '',
      ...[
        ...repeatable(all),
        uniformAgainstRandom(uniforms, randoms),
        ...kinds(uniforms),
        strides(uniforms),
        starts(uniforms),
        attentionNearTheEnd(all),
      ].map(remark => `- ${remark}`),
      '',
      '![Losses of patterns](patterns.svg)',
    ].join('\n'),
    files: { 'patterns.svg': figure(all) },
  };
}

async function compared(
  experiment: Experiment,
  plan: ReusePlan,
  kind: string,
  pattern: Pattern | undefined,
): Promise<Compared> {
  const { seed, budget } = experiment.context.study;
  const losses: number[] = [];
  for (const one of [seed, ...OTHER_SEEDS.slice(0, budget.seeds - 1)])
    losses.push((await partlyTrained(experiment, plan, { seed: one })).loss);
  return { plan, kind, pattern, losses, loss: mean(losses) };
}

/** Different sets of encoders that no uniform pattern has. */
export function randomPlans(encoders: number, uniform: readonly Pattern[], count: number): ReusePlan[] {
  const known = new Set(uniform.map(pattern => pattern.encoders.join()));
  const random = uniformStream(1, 'reproduce/random-patterns');
  const plans: ReusePlan[] = [];
  for (let tries = 0; plans.length < count && tries < 100 * count; tries++) {
    const left = Array.from({ length: encoders - 1 }, (_, i) => i + 1);
    const drawn = Array.from(
      { length: COMPARED_COUNT },
      () => left.splice(Math.floor(random() * left.length), 1)[0],
    );
    const plan = reusePlan(drawn, encoders);
    if (known.has(plan.encoders.join())) continue;
    known.add(plan.encoders.join());
    plans.push(plan);
  }
  return plans;
}

function repeatable(all: readonly Compared[]): string[] {
  if (all[0].losses.length < 2) return [];
  const [first, second] = [0, 1].map(seed => all.map(c => c.losses[seed]));
  return [
    `How far a partial training can be trusted: between two seeds the losses of the ${all.length} patterns have a rank correlation of ${rankText(spearman(first, second))}.`,
  ];
}

/** Fig. 7. */
function uniformAgainstRandom(uniform: readonly Compared[], random: readonly Compared[]): string {
  const losses = (list: readonly Compared[]): number[] => list.map(c => c.loss);
  const [u, r] = [losses(uniform), losses(random)];
  const better = difference(u, r);
  const best =
    Math.min(...u) < Math.min(...r)
      ? 'The best of all is a uniform one.'
      : 'The best of all is a random one.';
  return `Uniform against random (Fig. 7: uniform is better): mean loss ${meanText(u)} against ${meanText(r)}: ${verdict(better, 'uniform patterns are better', 'random patterns are better')}. ${best}`;
}

/** Fig. 16: strided before pyramid before continuous. */
function kinds(uniform: readonly Compared[]): string[] {
  const of = (kind: string): number[] => uniform.filter(c => c.kind === kind).map(c => c.loss);
  const [strided, pyramid, continuous] = ['strided', 'pyramid', 'continuous'].map(of);
  const order = (a: number[], b: number[], one: string, other: string): string =>
    a.length === 0 || b.length === 0
      ? `no pair of ${one} and ${other} at this number`
      : verdict(difference(a, b), `${one} is better than ${other}`, `${other} is better than ${one}`);
  return [
    `Kinds (Fig. 16: strided, then pyramid, then continuous): strided ${meanText(strided)}, pyramid ${meanText(pyramid)}, continuous ${meanText(continuous)}; ${order(strided, pyramid, 'strided', 'pyramid')}; ${order(pyramid, continuous, 'pyramid', 'continuous')}; ${order(strided, continuous, 'strided', 'continuous')}.`,
  ];
}

/** Fig. 16: a larger SL is better at the same start. */
function strides(uniform: readonly Compared[]): string {
  const pairs = uniform.flatMap(a =>
    uniform
      .filter(
        b =>
          a.kind === b.kind &&
          a.pattern?.start === b.pattern?.start &&
          (a.pattern?.sl ?? 0) > (b.pattern?.sl ?? 0),
      )
      .map(b => a.loss < b.loss),
  );
  if (pairs.length === 0)
    return `SL (Fig. 16: larger is better): no two patterns of one kind and start differ in SL at this number.`;
  const right = pairs.filter(Boolean).length;
  return `SL (Fig. 16: larger is better at equal start): so in ${right} of ${pairs.length} pairs.`;
}

/** Fig. 16: later starts are better within one kind. */
function starts(uniform: readonly Compared[]): string {
  const pairs = uniform.flatMap(a =>
    uniform
      .filter(
        b => a.kind === b.kind && a.pattern?.sl === b.pattern?.sl && a.pattern?.ncont === b.pattern?.ncont,
      )
      .filter(b => (a.pattern?.start ?? 0) > (b.pattern?.start ?? 0))
      .map(b => a.loss < b.loss),
  );
  const right = pairs.filter(Boolean).length;
  return `Start (Fig. 16: later is better): the later start has the lower loss in ${right} of ${pairs.length} pairs of one kind and SL.`;
}

/** What the place of reuse alone explains. */
function attentionNearTheEnd(all: readonly Compared[]): string {
  const places = all.map(({ plan }) => mean(plan.encoders));
  return `Over all patterns, random ones too, the rank correlation of the mean place of the reuse encoders with the loss is ${rankText(
    spearman(
      places,
      all.map(c => c.loss),
    ),
  )} (negative: later is better).`;
}

interface Difference {
  readonly drop: number;
  readonly half: number;
}

/** Mean of `b` less that of `a`, with the 95 % interval of two independent means. */
function difference(a: readonly number[], b: readonly number[]): Difference {
  const [x, y] = [spread(a), spread(b)];
  return {
    drop: y.mean - x.mean,
    half: Math.sqrt((x.interval95 ?? Infinity) ** 2 + (y.interval95 ?? Infinity) ** 2),
  };
}

function verdict({ drop, half }: Difference, yes: string, no: string): string {
  if (Number.isFinite(half) && Math.abs(drop) > half) return drop > 0 ? yes : no;
  return `${drop > 0 ? yes : no} on average, but the intervals do not show it`;
}

/** A column of points per kind. */
function figure(all: readonly Compared[]): string {
  const kinds = ['strided', 'pyramid', 'continuous', 'random'].filter(kind => all.some(c => c.kind === kind));
  return lineChart({
    title: `Losses of patterns of ${COMPARED_COUNT} reuse encoders after partial training`,
    xLabel: 'first reuse encoder',
    yLabel: 'loss, nats',
    series: kinds.map(name => ({
      name,
      points: byStart(all.filter(c => c.kind === name)),
    })),
  });
}

/** Mean, least and largest loss of the patterns that begin at one encoder. */
function byStart(list: readonly Compared[]) {
  const places = [...new Set(list.map(c => c.plan.encoders[0]))].sort((a, b) => a - b);
  return places.map(x => {
    const losses = list.filter(c => c.plan.encoders[0] === x).map(c => c.loss);
    return { x, y: mean(losses), low: Math.min(...losses), high: Math.max(...losses) };
  });
}
