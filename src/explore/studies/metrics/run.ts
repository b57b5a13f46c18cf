/** `run`: a network on a chip, event by event, with the keys of `trex run --json`. */
import * as z from 'zod';
import { GENERATION_OPTIONS, type Generation } from '../../../report/generation.ts';
import { loadArchFrom, loadModelFrom } from '../../../run/load.ts';
import { loadRun, measureLoaded, type RunRequest, runOptions } from '../../../run/run.ts';
import { cached, type Metric, type MetricInput, textOf } from '../metric.ts';

const count = z.int();
const figure = z.number();

const spread = z.strictObject({ mean: figure, p50: figure, p95: figure, p99: figure });
const used = { busy_s: figure, utilization: figure };
const pipeline = z.strictObject({
  arrival: z.string(),
  rate_Hz: figure.nullable(),
  capacity_Hz: figure,
  limit: z.strictObject({
    by: z.enum(['resource', 'stage', 'buffer']),
    name: z.string(),
    step: z.string().nullable(),
    rate_Hz: figure,
  }),
  utilization: figure,
  latency_s: spread,
  waiting_s: spread,
  inSystem: z.strictObject({ mean: figure, most: count }),
  underWay: z.strictObject({ most: count, places: count.nullable() }),
  stages: z.array(z.strictObject({ steps: z.array(z.string()), ...used })),
  resources: z.array(z.strictObject({ kind: z.string(), step: z.string().nullable(), ...used })),
});

const output = z.strictObject({
  arch: z.string(),
  tech: z.string(),
  model: z.string(),
  tokens: count,
  images: count,
  input: z.enum(['image', 'sequence']),
  opCount: z.string(),
  omitted: z.array(z.string()),
  reuse: z.strictObject({ count, encoders: z.array(count), pattern: z.string() }),
  ops: z.strictObject({ run: figure, area: figure }),
  latency_s: figure,
  throughput_Hz: figure,
  energy_J: figure,
  area_m2: figure,
  edp_Js: figure,
  edap_Jsm2: figure,
  tops: figure,
  topsPerWatt: figure,
  topsPerMm2: figure,
  power_W: figure,
  adcShare: figure,
  utilization: z.strictObject({ cells: figure, crossbars: figure, adc: figure }),
  tiles: count,
  crossbars: count,
  grouped: z.strictObject({ crossbar: count, vector: count }).nullable(),
  writes: z.strictObject({
    perCellPerImage: figure,
    cells: figure,
    endurance: figure.nullable(),
    lifetime: z.enum(['limited', 'unlimited', 'unknown']),
    lifetime_s: figure.nullable(),
    images: figure.nullable(),
  }),
  weightLoad: z.strictObject({ energy_J: figure, time_s: figure, bits: figure }),
  driftCompensation: z
    .strictObject({ readings: z.array(z.unknown()), shareOfTime: figure, energy_J: figure })
    .optional(),
  pipeline: pipeline.optional(),
  events: count,
  warnings: z.array(z.string()),
  breakdown: z.unknown().optional(),
  timeToFirstToken_s: figure.optional(),
  timePerOutputToken_s: figure.optional(),
  tokensPerSecond: figure.optional(),
  energyPerToken_J: figure.optional(),
  kvCache_bytes: figure.optional(),
  lifetime_s: figure.nullable().optional(),
});

function requestOf({ words, set, seed }: MetricInput): RunRequest {
  const { reuse, tokens, images } = words;
  const arrival = textOf(words.arrival);
  return {
    arch: textOf(words.arch)!,
    model: textOf(words.model)!,
    tech: textOf(words.tech) ?? null,
    reuse: textOf(reuse) ?? 'none',
    tokens: tokens === undefined || tokens === null ? null : Number(tokens),
    images: images === undefined || images === null ? 1 : Number(images),
    seed,
    set,
    ...(arrival !== undefined && { arrival }),
    ...textWords(words),
  };
}

/** What a decoder is to write, where a study says it. */
function textWords(words: MetricInput['words']): Partial<Generation> {
  const given = GENERATION_OPTIONS.filter(name => words[name] !== undefined && words[name] !== null);
  return Object.fromEntries(given.map(name => [name, Number(words[name])]));
}

export const metric: Metric = {
  name: 'run',
  isTop: true,
  describe: 'a network on a chip, event by event: latency, energy, area and what follows from them',
  words: ['arch', 'tech', 'model', 'reuse', 'tokens', 'images', 'arrival', ...GENERATION_OPTIONS],
  needs: ['arch', 'model'],
  roots: ['arch', 'tech', 'digital', 'model'],
  options: { breakdown: { schema: z.boolean() }, fold: { schema: z.boolean() } },
  isCheap: () => false,
  output,
  read(input, files) {
    loadRun(requestOf(input), files);
  },
  async measure(input, { files, pause, cache }) {
    const { breakdown: wanted, fold } = input.options;
    const options = runOptions(requestOf(input));
    const { arch: chip, model, tech, set } = options;
    const isOfModel = (text: string): boolean => text.startsWith('model.');
    const ofChip = set.filter(text => !isOfModel(text));
    const ofModel = set.filter(isOfModel);
    const keyOf = (...parts: readonly (string | null)[]): string => JSON.stringify(parts);
    const arch = cached(cache, keyOf('chip', chip, tech, ...ofChip), () =>
      loadArchFrom(files, chip, { tech: tech ?? undefined, set: ofChip }),
    );
    const network = cached(cache, keyOf('network', model, ...ofModel), () =>
      loadModelFrom(files, model, { set: ofModel }),
    );
    const { result } = await measureLoaded(
      { options, arch, network, files: [] },
      { fold: fold !== false, ...(pause !== undefined && { pause }) },
    );
    // Tokens one by one are of a result, not of a row.
    const { schemaVersion: _, version, run, files: read, seed, breakdown, generation, ...figures } = result;
    return wanted === true ? { ...figures, breakdown } : figures;
  },
};
