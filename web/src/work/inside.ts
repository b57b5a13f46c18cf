/** A crossbar from inside, with the technology of the chip. */
import { arrayView, buildGraph, parseReuse, reuseSpace, TrexError } from 'trex-sim';
import type { InsideAnswer, InsideQuestion } from './protocol.ts';
import { loaded } from './runs.ts';
import type { Turn } from './turn.ts';

export async function inside(
  { layer, crossbar, ...question }: InsideQuestion,
  { pause }: Turn,
): Promise<InsideAnswer> {
  const { arch, network, options } = await loaded(question);
  const { model } = network;
  const graph = buildGraph(model, {
    reuse: parseReuse(options.reuse, reuseSpace(model)),
    tokens: options.tokens ?? undefined,
  });
  const layers = [
    ...new Set(graph.ops.flatMap(op => (op.kind === 'static' || op.kind === 'dynamic' ? [op.weightId] : []))),
  ];
  await pause();
  if (layers.length === 0) throw new TrexError(`${model.name} has no matrix on crossbars`);
  // The first one of an encoder has more to show than that of the patches.
  const shown = layer !== '' ? layer : (layers.find(name => name.startsWith('e0.')) ?? layers[0]);
  const { seed } = options;
  const view = await arrayView({ arch: arch.arch, graph, layer: shown, crossbar, seed });
  return { view, layers };
}
