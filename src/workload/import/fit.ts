/** Which tensor of a checkpoint holds which parameter of a graph; everything that does not fit is told in one message. */
import { largest } from '../../base/extremes.ts';
import { buildGraph, type Graph } from '../graph.ts';
import type { ModelConfig } from '../model.ts';
import { type Parameter, parameterName, parameters } from '../parameters.ts';
import { detectLayout } from './detect-layout.ts';
import { encoderOf, type Layout, type Location, locate, type Prefixes } from './layout.ts';
import { learnedToken } from './learned-token.ts';
import { plainNames } from './plain-names.ts';
import { positionTensor } from './position-tensor.ts';
import { isScale, realTensor } from './scaled.ts';
import { elementCount, invalidFile, shapeText, shown, type Tensor, type Tensors } from './tensor.ts';
import { columnsOf, gained, turned } from './tensor-views.ts';

/** Names in one list of a message. */
const SHOWN = 8;

/** A parameter's tensor, and the elements of it that are the parameter's. */
export interface Slot {
  readonly tensor: Tensor;
  /** Shape of the parameter. */
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

export interface Fit {
  readonly layout: Layout;
  /** By parameterName. */
  readonly slots: ReadonlyMap<string, Slot>;
  readonly warnings: readonly string[];
}

/**
 * Finds every parameter of the graph among the tensors. Tensors that change nothing of the result, as their layout
 * declares, make a warning with the reason.
 * @throws TrexError (invalid file): unknown layout, another family's, missing tensors, wrong shapes, tensors that no part
 * of the network reads.
 */
export function fitTensors(all: Tensors, graph: Graph, file: string): Fit {
  const tensors = plainNames(all, file);
  const detected = detectLayout([...tensors.keys()], file);
  const { prefixes } = detected;
  const { model } = graph;
  const layout = ofModel(detected.layout, model);
  if (!layout.families.includes(model.family))
    throw invalidFile(
      `${file}: the weights are those of ${layout.title}, but ${model.name} is a model of family ${model.family}`,
    );
  const slots = new Map<string, Slot>();
  const missing: string[] = [];
  const problems: string[] = [];
  const used = new Set<string>();
  for (const parameter of wanted(layout, graph)) {
    const search = { tensors, layout, prefixes, graph, file };
    const found = findParameter(parameter, search);
    if ('missing' in found) missing.push(found.missing);
    else {
      for (const name of found.used) used.add(name);
      if (found.problem !== undefined) problems.push(found.problem);
      else slots.set(parameterName(parameter), found.slot);
    }
  }
  problems.push(...gainProblems(tensors, layout, prefixes, graph));
  for (const name of idleNames(graph, layout, prefixes)) used.add(name);
  const rest = [...tensors.keys()].filter(n => !used.has(n) && !isScale(tensors, n));
  const idle = (layout.idle ?? []).map(({ pattern, why }) => ({
    why,
    names: rest.filter(n => pattern.test(n)),
  }));
  const strange = rest.filter(n => !idle.some(({ names }) => names.includes(n)));
  problems.push(...strangers(strange, graph, layout, prefixes));
  if (missing.length > 0) problems.unshift(`missing: ${list(missing)}${hint(missing, graph)}`);
  if (problems.length > 0)
    throw invalidFile(
      [`${file}: does not fit ${model.name} (names of ${layout.title})`, ...new Set(problems)].join('\n  '),
    );
  const warnings = idle
    .filter(({ names }) => names.length > 0)
    .map(({ why, names }) => `${file}: not read: ${list(names)}: ${why}`);
  return { layout, slots, warnings };
}

/** The layout with the names of the model's own kind of MLP. */
const ofModel = (layout: Layout, model: ModelConfig): Layout =>
  'gatedMlp' in model && model.gatedMlp && layout.gated !== undefined
    ? { ...layout, encoder: { ...layout.encoder, ...layout.gated } }
    : layout;

interface Search {
  readonly tensors: Tensors;
  readonly layout: Layout;
  readonly prefixes: Prefixes;
  readonly graph: Graph;
  readonly file: string;
}

type Found =
  | { readonly missing: string }
  | { readonly used: readonly string[]; readonly slot: Slot; readonly problem?: string };

function findParameter(parameter: Parameter, search: Search): Found {
  const { tensors, file } = search;
  const location = locationOf(parameter, search);
  const there = location.names.filter(n => tensors.has(n));
  const names = location.same ? there : there.slice(0, 1);
  if (names.length === 0) return { missing: location.names[0] };
  const [name, ...others] = names;
  const stored = realTensor(tensors, name, file);
  const tensor = placed(stored, parameter, search);
  const gains = location.gains.filter(n => tensors.has(n));
  const used = [...names, ...gains];
  if (typeof tensor === 'string') return { used, slot: slotOf(stored, parameter, location), problem: tensor };
  const differing = others.find(other => !equal(stored, realTensor(tensors, other, file)));
  const problem =
    shapeProblem(tensor, parameter, location) ??
    (differing === undefined
      ? undefined
      : `${name} and ${differing} are one parameter, but their values differ`);
  if (problem !== undefined) return { used, slot: slotOf(tensor, parameter, location), problem };
  const { columns, transposed, part: place, of } = location;
  const own = columns || transposed ? columnsOf(tensor, place, of) : tensor;
  const part = transposed ? turned(own) : own;
  const [gain] = gains;
  const whole = gain === undefined ? part : gained(part, realTensor(tensors, gain, file));
  return { used, slot: slotOf(whole, parameter, location) };
}

/** Where a parameter stands; the last matrix of a language model is the word embedding only where the two are tied. */
function locationOf(parameter: Parameter, { layout, prefixes, graph: { model } }: Search): Location {
  const { owner, role } = parameter;
  const token = learnedToken(owner, model);
  if (token !== undefined) {
    const known = Object.hasOwn(layout.outside, token.owner);
    // A layout that knows no registers leaves them our own names.
    const own = { ...layout, outside: known ? layout.outside : {} };
    const location = locate(own, { ...parameter, owner: known ? token.owner : owner }, prefixes);
    return known ? { ...location, part: token.part, of: token.of } : location;
  }
  const location = locate(layout, parameter, prefixes);
  if (owner !== 'words' || role !== 'weight' || !('tiedWords' in model) || model.tiedWords) return location;
  const table = locate(layout, { owner: 'embedding.words', role: '', shape: [] }, prefixes).names;
  return { ...location, names: location.names.filter(name => !table.includes(name)) };
}

/** A position embedding as the graph wants it; any other tensor as it is. */
function placed(
  tensor: Tensor,
  { owner, shape }: Parameter,
  { graph: { model }, layout }: Search,
): Tensor | string {
  if (owner !== 'embedding.position' || model.family !== 'vit') return tensor;
  return positionTensor(tensor, model, shape[0], layout.positions);
}

function equal(a: Tensor, b: Tensor): boolean {
  if (a.size !== b.size) return false;
  const [x, y] = [a, b].map(t => t.view?.() ?? t.data());
  return x.every((value, i) => value === y[i]);
}

const wanted = (layout: Layout, graph: Graph): Parameter[] =>
  parameters(graph).filter(p => !(layout.foldedBatchNorm && p.role.startsWith('running_')));

function slotOf(tensor: Tensor, { shape }: Parameter, { part, columns, transposed }: Location): Slot {
  const size = elementCount(shape)!;
  const first = columns || transposed ? 0 : part * size;
  return { tensor, shape, from: first, to: first + size };
}

/** Leading dimensions of 1 count for nothing: PyTorch keeps a class token as [1, 1, d]. */
function shapeProblem(
  tensor: Tensor,
  { shape }: Parameter,
  { of, columns, transposed }: Location,
): string | undefined {
  // One of several learned tokens is a row of theirs.
  const token = shape.length === 1 && of > 1 && tensor.shape.at(-1) === shape[0];
  const rows = token ? [1, ...shape] : transposed ? [shape[1], shape[0]] : shape;
  const expected = columns || transposed ? [rows[0], rows[1] * of] : [rows[0] * of, ...rows.slice(1)];
  const extra = tensor.shape.length - expected.length;
  const got = tensor.shape.slice(Math.max(0, extra));
  const fits =
    extra >= 0 && tensor.shape.slice(0, extra).every(d => d === 1) && expected.every((d, i) => d === got[i]);
  if (fits) return undefined;
  return `${tensor.name}: expected ${shapeText(expected)}, got ${shapeText(tensor.shape)}`;
}

/** Factors of layers that some encoders have and others lack, that are missing, or that have another size. */
function gainProblems(tensors: Tensors, layout: Layout, prefixes: Prefixes, graph: Graph): string[] {
  const layers = wanted(layout, graph)
    .filter(p => p.role === 'weight')
    .map(p => ({ out: p.shape[0], location: locate(layout, p, prefixes) }))
    .filter(({ location }) => location.gains.length > 0);
  const nameOf = (location: Location): string | undefined => location.gains.find(n => tensors.has(n));
  const some = layers.some(({ location }) => location.gained || nameOf(location) !== undefined);
  const problems: string[] = [];
  for (const { out, location } of some ? layers : []) {
    const name = nameOf(location);
    if (name === undefined) problems.push(`missing: ${location.gains[0]} (layer scale)`);
    else if (tensors.get(name)!.size !== out)
      problems.push(`${name}: expected [${out}], got ${shapeText(tensors.get(name)!.shape)}`);
  }
  return problems;
}

/** Tensors of layers that attention reuse leaves out. */
function idleNames(graph: Graph, layout: Layout, prefixes: Prefixes): string[] {
  if (graph.reuse.encoders.length === 0) return [];
  const whole = buildGraph(graph.model);
  return wanted(layout, whole).flatMap(p => locate(layout, p, prefixes).names);
}

/** The first tensor that shows another network than the layout's, and what it is for. */
export const foreigner = (names: readonly string[], layout: Layout): string | undefined =>
  foreigners(names, layout)[0];

function foreigners(names: readonly string[], { foreign = [] }: Layout): string[] {
  return foreign.flatMap(({ pattern, what }) => {
    const example = names.find(name => pattern.test(name));
    return example === undefined ? [] : [`${shown(example)}: another kind of network, with ${what}`];
  });
}

/** Tensors that no part of the network reads: left out, they change what it gives. */
function strangers(rest: readonly string[], graph: Graph, layout: Layout, prefixes: Prefixes): string[] {
  const { encoders, name } = graph.model;
  const inEncoders = rest.filter(n => encoderOf(layout, n, prefixes) !== undefined);
  const last = largest(inEncoders.map(n => encoderOf(layout, n, prefixes)!));
  if (last >= encoders) return [`${last + 1} encoders in the file, but ${name} has ${encoders}`];
  const known = foreigners(rest, layout);
  const foreign = layout.foreign ?? [];
  const left = rest.filter(n => !foreign.some(({ pattern }) => pattern.test(n)));
  if (left.length === 0) return known;
  const word = left.length === 1 ? 'it changes' : 'they change';
  return [
    ...known,
    `no part of ${name} reads ${list(left)}; if ${word} nothing of the result: --ignore-tensors '${patterns(left)}'`,
  ];
}

/** Patterns that name these tensors, by their modules. */
function patterns(names: readonly string[]): string {
  const modules = new Set(
    names.map(name => {
      const parts = name.split('.');
      return parts.length === 1 ? name : `${parts.slice(0, Math.min(2, parts.length - 1)).join('.')}.*`;
    }),
  );
  const all = [...modules];
  return all.length > SHOWN ? `${all.slice(0, SHOWN).map(shown).join(',')},...` : all.map(shown).join(',');
}

function hint(missing: readonly string[], graph: Graph): string {
  if (missing.some(n => /(^|\.)(head|classifier|cls_classifier)\.weight$/.test(n)))
    return '; the checkpoint has no classifier';
  if (!missing.some(n => /(^|\.)e\d+\.transform/.test(n))) return '';
  return `; encoders ${graph.reuse.encoders.join(', ')} reuse attention, and the transformation blocks of their reuse plan have to be trained`;
}

function list(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return names.slice(0, SHOWN).map(shown).join(', ') + more;
}
