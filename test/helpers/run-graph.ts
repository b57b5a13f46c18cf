/** A run of a graph that no model file describes. */
import type { ArchConfig } from '../../src/arch/config.ts';
import type { LayerRow, Result } from '../../src/report/result.ts';
import { collect } from '../../src/run/collect.ts';
import { buildMachine, type Machine } from '../../src/run/machine.ts';
import type { Graph } from '../../src/workload/graph.ts';
import { noReuse } from '../../src/workload/reuse.ts';

/** One image, event by event. */
export function runGraph(
  arch: ArchConfig,
  graph: Graph,
): { machine: Machine; result: Result; layers: LayerRow[] } {
  const spec = { arch, model: graph.model, reuse: noReuse };
  const machine = buildMachine(spec, graph);
  const { kernel, chip } = machine;
  chip.loadWeights(false);
  kernel.run();
  const start = kernel.now;
  chip.beginImage();
  kernel.run();
  const times = chip.controller.times.map(time => ({ start: time.start - start, end: time.end - start }));
  const latencies = [Math.max(...times.map(time => time.end))];
  return { machine, ...collect(spec, machine, { loadTime: start, latencies, times }) };
}
