/** Which tensor of a checkpoint holds which parameter of a graph; everything that does not fit is told in one message. */
import { buildGraph, type Graph } from '../graph.ts';
import { type Parameter, parameterName, parameters } from '../parameters.ts';
import { type Detected, detectLayout } from './detect-layout.ts';
import { encoderOf, type Layout, type Location, locate, type Prefixes } from './layout.ts';
import { isScale, realTensor } from './scaled.ts';
import { elementCount, invalidFile, shapeText, shown, type Tensor, type Tensors } from './tensor.ts';

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
 * Finds every parameter of the graph among the tensors. Tensors that nobody asks for make a warning.
 * @throws TrexError (invalid file): unknown layout, another family's, missing tensors, wrong shapes, and tensors that
 * show a network of another kind or size.
 */
export function fitTensors(tensors: Tensors, graph: Graph, file: string): Fit {
  const detected = detectLayout([...tensors.keys()], file);
  const { layout, prefixes } = detected;
  const { model } = graph;
  if (!layout.families.includes(model.family))
    throw invalidFile(
      `${file}: the weights are those of ${layout.title}, but ${model.name} is a model of family ${model.family}`,
    );
  const slots = new Map<string, Slot>();
  const missing: string[] = [];
  const problems: string[] = [];
  const used = new Set<string>();
  for (const parameter of wanted(layout, graph)) {
    const location = locate(layout, parameter, prefixes);
    const name = location.names.find(n => tensors.has(n));
    if (name === undefined) {
      missing.push(location.names[0]);
      continue;
    }
    used.add(name);
    const tensor = realTensor(tensors, name, file);
    const problem = shapeProblem(tensor, parameter, location);
    if (problem !== undefined) problems.push(problem);
    else slots.set(parameterName(parameter), slot(tensor, parameter, location));
  }
  for (const name of idleNames(graph, detected)) used.add(name);
  const rest = [...tensors.keys()].filter(n => !used.has(n) && !layout.idle?.test(n) && !isScale(tensors, n));
  problems.push(...strangers(rest, graph, layout, prefixes));
  if (missing.length > 0) problems.unshift(`missing: ${list(missing)}${hint(missing, graph)}`);
  if (problems.length > 0)
    throw invalidFile(
      [`${file}: does not fit ${model.name} (names of ${layout.title})`, ...new Set(problems)].join('\n  '),
    );
  const warnings = rest.length === 0 ? [] : [`${file}: not used: ${list(rest)}`];
  return { layout, slots, warnings };
}

const wanted = (layout: Layout, graph: Graph): Parameter[] =>
  parameters(graph).filter(p => !(layout.foldedBatchNorm && p.role.startsWith('running_')));

function slot(tensor: Tensor, { shape }: Parameter, { part }: Location): Slot {
  const size = elementCount(shape)!;
  return { tensor, shape, from: part * size, to: (part + 1) * size };
}

/** Leading dimensions of 1 count for nothing: PyTorch keeps a class token as [1, 1, d]. */
function shapeProblem(tensor: Tensor, { shape }: Parameter, { of }: Location): string | undefined {
  const expected = [shape[0] * of, ...shape.slice(1)];
  const extra = tensor.shape.length - expected.length;
  const got = tensor.shape.slice(Math.max(0, extra));
  const fits =
    extra >= 0 && tensor.shape.slice(0, extra).every(d => d === 1) && expected.every((d, i) => d === got[i]);
  if (fits) return undefined;
  return `${tensor.name}: expected ${shapeText(expected)}, got ${shapeText(tensor.shape)}`;
}

/** Tensors of layers that attention reuse leaves out. */
function idleNames(graph: Graph, { layout, prefixes }: Detected): string[] {
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

/** Tensors that cannot be left out without changing the results. */
function strangers(rest: readonly string[], graph: Graph, layout: Layout, prefixes: Prefixes): string[] {
  const problems = foreigners(rest, layout);
  const { encoders, name } = graph.model;
  const inEncoders = rest.filter(n => encoderOf(layout, n, prefixes) !== undefined);
  const last = Math.max(...inEncoders.map(n => encoderOf(layout, n, prefixes)!));
  if (last >= encoders) problems.push(`${last + 1} encoders in the file, but ${name} has ${encoders}`);
  else if (inEncoders.length > 0) problems.push(`no place in ${name} for: ${list(inEncoders)}`);
  return problems;
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
