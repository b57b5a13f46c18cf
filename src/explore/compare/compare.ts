/** Two or more chips on one network: checked for fairness, run one after another, held against the first. */
import type { AdcRange } from '../../accuracy/device.ts';
import { checkedAdcRange } from '../../accuracy/device-options.ts';
import { counts } from '../../arch/accounting.ts';
import type { ArchConfig } from '../../arch/config.ts';
import { idleOnNetwork } from '../../arch/effects.ts';
import { type Files, uniqueFiles } from '../../arch/source-files.ts';
import { formatQuantity } from '../../base/units.ts';
import { VERSION } from '../../base/version.ts';
import { wholeNumber } from '../../base/whole-number.ts';
import type { DataFiles } from '../../data/data-files.ts';
import { countedOps } from '../../map/counted-ops.ts';
import { onCrossbars } from '../../map/grouped-unit.ts';
import { layerWarnings, setWarnings } from '../../map/layer-warnings.ts';
import type { MvmBackend } from '../../numerics/mvm/backend.ts';
import type { AccuracyResult } from '../../report/accuracy-result.ts';
import type {
  ComparedFigures,
  ComparedSubject,
  Comparison,
  Iso,
  IsoTarget,
} from '../../report/comparison.ts';
import type { Result } from '../../report/result.ts';
import { type LoadedModel, loadModelFrom } from '../../run/load.ts';
import type { RunSpec } from '../../run/machine.ts';
import { simulate } from '../../run/simulate.ts';
import { WaitedFor } from '../../run/waited-for.ts';
import { withEncoding } from '../../tech/device-encoding.ts';
import type { EncodingName } from '../../tech/encodings.ts';
import { macs } from '../../workload/count.ts';
import { buildGraph, type Graph } from '../../workload/graph.ts';
import { parseReuse } from '../../workload/reuse.ts';
import { reuseSpace } from '../../workload/reuse-space.ts';
import { attributeDifference, type RunFigures } from './attribution.ts';
import { type ChipSettings, causes } from './causes.ts';
import { differingValues } from './cited.ts';
import { expectedRows } from './expected.ts';
import { checkIso, refuseUnfair } from './iso.ts';
import { productSnr } from './products.ts';
import { sizeChips } from './sizing.ts';
import { loadSubjects, type Subject } from './subjects.ts';
import { accuracyOf, atTarget, type TrainedNetwork } from './target.ts';

/** How operations are counted: 1 MAC = 1 op as in the paper of TReX, or 2 per MAC. */
export type OpCount = ArchConfig['accounting']['opCount'];

/** What is compared, on which network, and what must be equal. */
export interface CompareOptions {
  readonly names: readonly string[];
  readonly arch: string | null;
  readonly tech: string | null;
  readonly model: string;
  readonly reuse: string;
  readonly tokens: number | null;
  readonly set: readonly string[];
  readonly iso: readonly Iso[];
  /** Error that all are brought to, by the fewest ADC bits and, where those do not reach, by fewer rows; null: as the files say. */
  readonly target: IsoTarget | null;
  /** What an accuracy is measured on, with such a target and without; null: none is. */
  readonly trained: TrainedNetwork | null;
  readonly allow: readonly Iso[];
  /** Convention of TOPS for all; null: that of the first. */
  readonly ops: OpCount | null;
  /** Of the products' signal to noise; 0: not measured. */
  readonly trials: number;
  /** Of all crossbars; null: as each technology says. Its arrays are counted. */
  readonly encoding: EncodingName | null;
  readonly adcRange: AdcRange;
  readonly seed: number;
}

/** What the host brings for a comparison. */
export interface CompareHooks {
  /** Called now and then with the jobs done and their number, chip by chip; the run waits for it. */
  pause?(done: number, total: number): Promise<void> | void;
  /** Where names and paths are looked up. */
  readonly files: Files;
  /** Opens the back end of the products, once the chips are known to be fair; without it there are none. */
  readonly backend?: () => Promise<MvmBackend>;
  /** Weights and data by path, for a target of accuracy. */
  readonly disk?: DataFiles;
  /** Before the run of each subject. */
  readonly onSubject?: (name: string) => void;
  /** What is done to the inputs that an accuracy is measured on, in a line. */
  readonly onInputs?: (text: string) => void;
}

/** What a comparison may leave out. */
export const COMPARE_DEFAULTS = {
  arch: null,
  tech: null,
  model: 'deit-s',
  reuse: 'none',
  tokens: null,
  set: [],
  iso: ['node', 'precision', 'network'],
  target: null,
  trained: null,
  allow: [],
  ops: null,
  trials: 3,
  encoding: null,
  adcRange: 'layer',
  seed: 1,
} as const satisfies Omit<CompareOptions, 'names'>;

/** Only what is compared has no default. */
export type CompareRequest = Pick<CompareOptions, 'names'> & Partial<CompareOptions>;

/**
 * Compares technologies, or architectures, on one network.
 * @example await compare({ names: ['fefet-32nm', 'sram-32nm'] }, { files: nodeFiles });
 * @throws TrexError: bad options (2), an invalid (3) or missing file (4), values that should be equal and are not (2).
 */
export async function compare(request: CompareRequest, hooks: CompareHooks): Promise<Comparison> {
  const options = compareOptions(request);
  const { files } = hooks;
  const loaded = loadSubjects(files, {
    names: options.names,
    arch: options.arch ?? undefined,
    tech: options.tech ?? undefined,
    set: options.set,
  });
  const network = loadModelFrom(files, options.model, { set: options.set });
  const { model } = network;
  const reuse = parseReuse(options.reuse, reuseSpace(model));
  const graph = buildGraph(model, { reuse, tokens: options.tokens ?? undefined });
  const { target } = options;
  const equal =
    target === null ? undefined : await atTarget(loaded, { ...options, target }, { graph, network }, hooks);
  const subjects = equal?.subjects ?? loaded.subjects;
  const opCount = options.ops ?? subjects[0].loaded.arch.accounting.opCount;
  const asLoaded = subjects.map(({ loaded: { arch } }): RunSpec => {
    const accounting = { ...arch.accounting, opCount };
    const devices = withEncoding(arch.devices, options.encoding ?? undefined);
    return {
      arch: { ...arch, accounting, devices },
      model,
      reuse,
      tokens: options.tokens ?? undefined,
      seed: options.seed,
    };
  });
  // Area and arrays follow from the machine alone, so that nothing runs for a comparison that will be refused.
  const sizes = (['area', 'arrays'] as const).filter(name => options.iso.includes(name));
  const sized = sizes.find(name => !options.allow.includes(name));
  const { specs, measures } =
    sizes.length === 0 ? { specs: asLoaded, measures: [] } : sizeChips(sized, asLoaded);
  const iso = [
    ...checkIso(subjects, measures, networkText(graph), options),
    ...(equal === undefined ? [] : [equal.row]),
  ];
  refuseUnfair(iso);
  const runs: RunFigures[] = [];
  const settings: ChipSettings[] = [];
  for (const [i, spec] of specs.entries()) {
    const { name } = subjects[i];
    hooks.onSubject?.(name);
    let waited: WaitedFor | undefined;
    const { result } = await simulate(spec, {
      pause: (done, total) => hooks.pause?.(done, total),
      onBuilt(machine) {
        waited = new WaitedFor(machine);
        settings.push({ arch: spec.arch, cost: machine.cost });
      },
    });
    runs.push({ name, result, waits: (waited as WaitedFor).times });
  }
  const snr = await products(options, specs, graph, hooks);
  const accuracies = equal?.accuracies ?? (await accuracyOfEach(options, subjects, network, hooks));
  const compared = runs.map((run, i) =>
    subjectOf(
      run,
      specs[i].arch,
      { result: runs[0].result, arch: specs[0].arch },
      { snr: snr[i], accuracy: accuracies[i] },
    ),
  );
  return {
    schemaVersion: 1,
    version: VERSION,
    run: { ...options },
    model: model.name,
    tokens: graph.model.tokens,
    input: runs[0].result.input,
    reuse: reuse.pattern,
    opCount,
    iso,
    subjects: compared,
    why: runs
      .slice(1)
      .map((run, i) => attributeDifference(runs[0], run, causes(settings[0], settings[i + 1]))),
    expected: expectedRows(
      model,
      compared.map((c, i) => ({ compared: c, arch: specs[i].arch })),
    ),
    differing: differingValues(subjects),
    files: uniqueFiles([...subjects.flatMap(s => s.loaded.files), ...network.files]),
    warnings: [...new Set([...subjects.flatMap(s => chipWarnings(s, graph)), ...network.warnings])],
  };
}

function compareOptions(request: CompareRequest): CompareOptions {
  const all = { ...COMPARE_DEFAULTS, ...request };
  const { names, arch, tech, model, reuse, tokens, set, iso, target, trained, allow, ops } = all;
  const { trials, encoding, adcRange, seed } = all;
  wholeNumber('seed', seed);
  checkedAdcRange(adcRange);
  wholeNumber('trials', trials, 0, 1000);
  const subjects = { names, arch, tech, model, reuse, tokens, set, iso, target, trained, allow, ops };
  return { ...subjects, trials, encoding, adcRange, seed };
}

function chipWarnings({ name, loaded }: Subject, graph: Graph): string[] {
  const { arch } = loaded;
  const counted = countedOps(graph, arch);
  const sets = setWarnings(counted, arch);
  const unused = [...layerWarnings(arch.devices, graph, onCrossbars(arch)), ...sets].map(
    text => `${name}: ${text}`,
  );
  return [...loaded.warnings, ...unused, ...idleOnNetwork(loaded.origins, arch, graph.ops, counted)];
}

function networkText({ model, reuse, ops }: Graph): string {
  const total = ops.reduce((sum, op) => sum + macs(op), 0);
  const pattern = reuse.encoders.length === 0 ? 'no reuse' : `reuse ${reuse.pattern}`;
  return `${model.name}, ${model.tokens} tokens, ${pattern}, ${formatQuantity(total, 'MAC')}`;
}

async function products(
  { trials, seed, adcRange }: CompareOptions,
  specs: readonly RunSpec[],
  graph: Graph,
  hooks: CompareHooks,
): Promise<(ComparedSubject['snr'] | undefined)[]> {
  if (trials === 0 || hooks.backend === undefined) return specs.map(() => undefined);
  const backend = await hooks.backend();
  try {
    const all: (ComparedSubject['snr'] | undefined)[] = [];
    const total = specs.length;
    for (const [i, { arch }] of specs.entries()) {
      const pause = async (): Promise<void> => hooks.pause?.(i, total);
      hooks.onSubject?.('products');
      all.push(await productSnr(arch, graph, backend, { trials, seed, adcRange, pause }));
    }
    return all;
  } finally {
    await backend.dispose();
  }
}

/** Of the trained network on each chip; none where no network was given. */
async function accuracyOfEach(
  options: CompareOptions,
  subjects: readonly Subject[],
  network: LoadedModel,
  hooks: CompareHooks,
): Promise<readonly AccuracyResult[]> {
  const all: AccuracyResult[] = [];
  if (options.trained === null) return all;
  for (const { name, loaded } of subjects) {
    hooks.onSubject?.(`${name}, accuracy`);
    all.push(await accuracyOf({ loaded, network }, options, hooks));
  }
  return all;
}

/** What numerics say of a chip. */
interface Measured {
  readonly snr: ComparedSubject['snr'] | undefined;
  readonly accuracy: AccuracyResult | undefined;
}

function subjectOf(
  { name, result }: RunFigures,
  arch: ArchConfig,
  first: { readonly result: Result; readonly arch: ArchConfig },
  { snr, accuracy }: Measured,
): ComparedSubject {
  const figures = figuresOf(result, arch);
  const base = figuresOf(first.result, first.arch);
  const ratios = (Object.keys(figures) as (keyof ComparedFigures)[]).map(key => {
    const [value, to] = [figures[key], base[key]];
    return [key, value === null || to === null || to === 0 ? null : value / to];
  });
  return {
    name,
    arch: arch.name,
    tech: arch.techName,
    figures,
    lifetime: result.writes.lifetime,
    ratios: Object.fromEntries(ratios) as ComparedSubject['ratios'],
    ...(snr !== undefined && { snr }),
    ...(accuracy !== undefined && { accuracy }),
    breakdown: result.breakdown,
  };
}

function figuresOf(result: Result, { accounting }: ArchConfig): ComparedFigures {
  const energyOf = (name: string): number =>
    result.breakdown.component.find(row => row.name === name)?.energy_J ?? 0;
  return {
    latency_s: result.latency_s,
    throughput_Hz: result.throughput_Hz,
    energy_J: result.energy_J,
    area_m2: result.area_m2,
    edp_Js: result.edp_Js,
    edap_Jsm2: result.edap_Jsm2,
    tops: result.tops,
    topsPerWatt: result.topsPerWatt,
    topsPerMm2: result.topsPerMm2,
    leakage_W: counts(accounting, 'leakage') ? energyOf('leakage') / result.latency_s : null,
    writeEnergy_J: energyOf('crossbar.write'),
    lifetime_s: result.writes.lifetime_s,
    tiles: result.tiles,
    crossbars: result.crossbars,
  };
}
