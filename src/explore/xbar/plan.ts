/** The points of a microbenchmark of crossbars: every technology in every size, ADC and cell that it can have. */

import { crossbarsOf } from '../../accuracy/device.ts';
import { isDeviceKey, type LoadedTech, loadTechFrom } from '../../arch/load.ts';
import { parseOverride } from '../../arch/set.ts';
import type { Files } from '../../arch/source-files.ts';
import { TrexError, usageError } from '../../base/errors.ts';
import { smallest } from '../../base/extremes.ts';
import { type CrossbarDesign, designWith } from '../../tech/circuit/design.ts';
import { adcLawOf, cellLawOf, designErrors } from '../../tech/circuit/laws.ts';
import { designLosslessBits } from '../../tech/circuit/lossless.ts';
import { mergedColumns } from '../../tech/circuit/slice-merge.ts';
import { designOf } from '../../tech/design-of.ts';
import { allDevices } from '../../tech/devices.ts';
import { designFigures, hasPublished, scaledDesign } from '../../tech/published.ts';
import type { Circuit, Device } from '../../tech/schema.ts';
import { type VariantOptions, variantsOf, type XbarVariant } from './variants.ts';

/** What is swept. */
export interface SweptOptions extends VariantOptions {
  readonly techs: readonly string[];
  readonly rows: readonly number[];
  /** Empty: as many as rows. */
  readonly cols: readonly number[];
  /** Empty: as the technology says; so for the others. */
  readonly adcBits: readonly number[];
  readonly cellBits: readonly number[];
  readonly mux: readonly number[];
  readonly nodes_m: readonly number[];
  readonly set: readonly string[];
}

/** One technology's device with the values that it is swept over. */
export interface XbarDevice {
  readonly name: string;
  /** As its file has it: the point that explicit figures belong to. */
  readonly published: CrossbarDesign;
  readonly scaling: Circuit['scaling'];
  /** Ways of operating it, each with the design at its own size. */
  readonly variants: readonly XbarVariant[];
  readonly adcBits: readonly number[];
  readonly cellBits: readonly number[];
  readonly mux: readonly number[];
  readonly nodes_m: readonly number[];
  /** Read by an adder tree, which is as wide as its sums: ADC bits are none of its parameters. */
  readonly digital: boolean;
}

/** The points of a microbenchmark: the product of its lists, device by device. */
export interface XbarPlan {
  readonly devices: readonly XbarDevice[];
  readonly rows: readonly number[];
  readonly cols: readonly number[];
  readonly points: number;
  readonly files: LoadedTech['files'];
  /** Of files, and of values that a device cannot have and that are left out. */
  readonly warnings: readonly string[];
}

/** Where a point stands in the plan, and what it is. */
export interface XbarPoint {
  readonly index: number;
  readonly of: XbarDevice;
  /** With its encoding, supply and temperature. */
  readonly device: Circuit;
  readonly design: CrossbarDesign;
}

/** @throws TrexError: a technology without circuits, or none of whose points can be (2), a bad file. */
export function planXbar(files: Files, options: SweptOptions): XbarPlan {
  const loaded = options.techs.map(name => loadedTech(files, name, options.set));
  refuseOtherFiles(options.set);
  const plan = planLoaded(loaded, options);
  for (const device of plan.devices) refuseImpossible(device, leastCols(options));
  return plan;
}

/** A technology by the name that options give it. */
export interface NamedTech extends Pick<LoadedTech, 'tech' | 'devices' | 'files' | 'warnings'> {
  readonly name: string;
}

/** @throws TrexError for a bad file */
export function loadedTech(files: Files, name: string, set: readonly string[]): NamedTech {
  const loaded = loadTechFrom(files, name, { set, purpose: 'costs' });
  const { tech, devices } = loaded;
  return {
    name,
    tech,
    devices,
    files: loaded.files,
    warnings: loaded.warnings.filter(text => !isOfPoints(text)),
  };
}

/**
 * `planXbar` of technologies that are loaded; whether a design can be is left to whoever evaluates it.
 * @throws TrexError as it does, but for files and for designs that cannot be
 */
export function planLoaded(
  loaded: readonly NamedTech[],
  options: Omit<SweptOptions, 'set' | 'techs'>,
): XbarPlan {
  const warnings = loaded.flatMap(tech => tech.warnings);
  const devices = loaded.flatMap(tech =>
    devicesOf(tech).map(device => sweptDevice(device, options, warnings)),
  );
  const names = devices.map(d => d.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw usageError(`--tech: ${twice} is named twice`);
  const shapes = options.rows.length * Math.max(1, options.cols.length);
  const points = devices.reduce((sum, d) => sum + shapes * pointsOfSize(d), 0);
  if (points === 0) throw usageError(`no point is left: ${warnings.join('; ')}`);
  const read = [...new Map(loaded.flatMap(tech => tech.files).map(f => [f.path, f])).values()];
  const { rows, cols } = options;
  const plan = { devices, rows, cols, points, files: read, warnings: [...new Set(warnings)] };
  const refused = devices.filter(({ published, scaling }) => hasPublished(published) && scaling === 'none');
  if (refused.length > 0) refusePublished({ ...plan, devices: refused });
  return plan;
}

/** Published figures hold at their own point; @throws TrexError (usage) for a plan with another one. */
function refusePublished(plan: XbarPlan): void {
  for (const { of, design } of xbarPoints(plan)) {
    const [figure] = designFigures(publishedAt(of, design), design);
    if (figure === undefined) continue;
    const { rows, cols, adc } = of.published;
    const point = `${rows}x${cols}, ADC ${adc.bits} bits, ${adc.columns} columns each`;
    throw usageError(
      `${of.name}: ${figure.path.join('.')} was published for ${point}: sweep no other point, or --set tech.scaling=circuit-laws`,
    );
  }
}

/** Every point in a fixed order: technology, its variants, node, rows, columns, columns per ADC, cell bits, ADC bits. */
export function* xbarPoints({ devices, rows, cols }: XbarPlan): Generator<XbarPoint> {
  let index = 0;
  for (const of of devices)
    for (const { device, design } of of.variants)
      for (const node_m of of.nodes_m)
        for (const r of rows)
          for (const c of cols.length === 0 ? [r] : cols)
            for (const mux of of.mux)
              for (const cellBits of of.cellBits)
                for (const adcBits of of.adcBits) {
                  const point = { node_m, rows: r, cols: c, mux, cellBits, adcBits };
                  const swept = withTree(designWith(design, point), of.digital);
                  yield { index: index++, of, device, design: scaled(of, swept) };
                }
}

/** Explicit figures are of words as wide as those of the point: a crossbar alone has no chip that would say. */
const publishedAt = (
  { published }: XbarDevice,
  { weightBits, inputBits }: CrossbarDesign,
): CrossbarDesign => ({
  ...published,
  weightBits,
  inputBits,
});

/** With published figures taken to the point, where the file asks for it. */
const scaled = (of: XbarDevice, design: CrossbarDesign): CrossbarDesign =>
  of.scaling === 'none' ? design : scaledDesign(design, designFigures(publishedAt(of, design), design));

/** No point of the plan is begun where one cannot be, whatever its rows. @throws TrexError (usage) */
function refuseImpossible(of: XbarDevice, columns: number): void {
  const [mux] = of.mux;
  for (const node_m of of.nodes_m)
    for (const { design } of of.variants) {
      const shared = mux === design.adc.columns ? { cols: Math.max(1, columns) } : { mux };
      refuseDesign(of.name, withTree(designWith(design, { ...shared, node_m }), of.digital));
    }
}

/** @throws TrexError (usage) for a design that cannot be */
export function refuseDesign(name: string, design: CrossbarDesign): void {
  const [impossible] = designErrors(design);
  if (impossible !== undefined)
    throw usageError(`${name}: ${impossible.path.join('.')}: ${impossible.message}`);
}

const leastCols = ({ rows, cols }: Pick<SweptOptions, 'rows' | 'cols'>): number =>
  smallest(cols.length === 0 ? rows : cols);

function withTree(design: CrossbarDesign, digital: boolean): CrossbarDesign {
  if (!digital) return design;
  return { ...design, adc: { ...design.adc, bits: designLosslessBits(design) } };
}

const pointsOfSize = (d: XbarDevice): number =>
  d.variants.length * d.nodes_m.length * d.mux.length * d.cellBits.length * d.adcBits.length;

/** The lossless bits are a column of the table; on nodes and wires every point has its own say. */
const isOfPoints = (warning: string): boolean =>
  /adc\.bits: ADC \d+ bit < |:\d+ {2}(node|crossbar|calibration[.\w]*): /.test(warning);

/** A crossbar alone has no chip and no network. */
function refuseOtherFiles(set: readonly string[]): void {
  const other = set.find(text => {
    const { path } = parseOverride(text);
    return path[0] !== 'tech' && !isDeviceKey(path[0]);
  });
  if (other !== undefined)
    throw usageError(`--set ${other}: expected a value of the technologies, e.g. tech.adc.law=survey`);
}

/** Devices of a technology with circuits: one, or the two of a hybrid. */
function devicesOf({ name, tech, devices }: NamedTech): Device[] {
  const circuits = allDevices(crossbarsOf({ devices }, name)).filter(device => device.level === 'circuit');
  if (circuits.length === 0)
    throw usageError(
      `--tech ${name}: ${tech.name} is of level macro, totals at one size; xbar needs level circuit, e.g. fefet-32nm`,
    );
  return circuits;
}

function sweptDevice(
  own: Device,
  options: Omit<SweptOptions, 'set' | 'techs'>,
  warnings: string[],
): XbarDevice {
  if (own.level !== 'circuit') throw new TrexError(`${own.name} has no circuits`);
  const variants = variantsOf(own, options, warnings);
  const design = designOf(own);
  const { name, scaling } = own;
  const [cell, adc] = [cellLawOf(design.cell), adcLawOf(design.adc)];
  const digital = cell.readout === 'digital';
  const keep = (what: string, asked: readonly number[], own: number, low: number, high: number): number[] => {
    if (asked.length === 0) return [own];
    const kept = asked.filter(value => value >= low && value <= high);
    const left = asked.filter(value => !kept.includes(value));
    if (left.length > 0)
      warnings.push(
        `${name}: ${what} ${low === high ? low : `${low} to ${high}`}; left out: ${left.join(', ')}`,
      );
    return kept;
  };
  const nodes_m = options.nodes_m.length === 0 ? [design.node_m] : options.nodes_m;
  const ownMux = options.mux.length === 0 || digital;
  const mux = ownMux
    ? [design.adc.columns]
    : keep('columns that share a converter', options.mux, design.adc.columns, 1, leastCols(options)).filter(
        columns => {
          const merged = variants.map(variant => mergedColumns(variant.design));
          const odd = merged.find(count => columns % count !== 0);
          if (odd !== undefined)
            warnings.push(
              `${name}: ${odd} columns of a weight are merged, no ${columns} share a converter; left out`,
            );
          return odd === undefined;
        },
      );
  return {
    name,
    published: design,
    scaling,
    variants,
    digital,
    cellBits: keep(`bits in a ${cell.law} cell`, options.cellBits, design.cell.bits, 1, cell.maxBits),
    adcBits: digital
      ? [design.adc.bits]
      : keep(`bits of law ${adc.law}`, options.adcBits, design.adc.bits, adc.bits.min, adc.bits.max),
    mux,
    nodes_m,
  };
}
