/** What every shipped network does is in the steps of a chip that counts everything; that events count what steps say is held on random networks. */
import test from 'ava';
import type { Step } from '../../src/hw/program.ts';
import { countedOps, foldedOps } from '../../src/map/counted-ops.ts';
import { place } from '../../src/map/place.ts';
import { buildSteps } from '../../src/map/steps.ts';
import { macs, macTotals } from '../../src/workload/count.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import { isMatmul } from '../../src/workload/matmul.ts';
import type { Op } from '../../src/workload/op.ts';
import { areaOf } from '../../src/workload/size.ts';
import { chip } from '../helpers/chips.ts';
import { loadModel, modelNames } from '../workload/load.ts';

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/** Elements that an op's function takes in, or gives where they are more. */
function elementsOf(op: Op): number {
  if (op.kind !== 'vector') return 0;
  // Sparse maps are spread evenly over their rows.
  const length =
    op.entries === undefined
      ? Math.max(op.rowLength, op.outLength ?? 0)
      : Math.ceil(op.entries / (op.rows * op.batch));
  const perRow = length * op.batch;
  return op.window === undefined ? op.rows * perRow : op.outRows * perRow * areaOf(op.window.kernel);
}

for (const unit of ['crossbar', 'vector']) {
  const arch = chip('trex-full', { set: [`schedule.grouped=${unit}`] });
  test(`every MAC and every element of every shipped network has its step: grouped layers on ${unit}`, t => {
    for (const name of modelNames) {
      const graph = buildGraph(loadModel(name));
      const steps = buildSteps(graph, place(countedOps(graph, arch), arch), arch);
      const ofOp = (op: Op): Step | undefined => steps.find(step => step.id === op.id);
      const done = (op: Op): number => {
        const { jobs = 0, vector } = ofOp(op) ?? {};
        return vector === undefined ? 0 : jobs * vector.rowLength * vector.rows;
      };
      const matmuls = graph.ops.filter(isMatmul);
      t.is(sum(matmuls, macs), macTotals(graph.ops).total, name);
      for (const op of matmuls) {
        t.is(ofOp(op)?.jobs, op.kind === 'dynamic' ? op.m : op.rows, `${name} ${op.id}`);
        if (op.kind === 'grouped') t.is(done(op), unit === 'vector' ? macs(op) : 0, `${name} ${op.id}`);
      }
      const folded = foldedOps(graph.ops);
      for (const op of graph.ops.filter(op => !isMatmul(op)))
        t.is(done(op), folded.has(op.id) ? 0 : elementsOf(op), `${name} ${op.id}`);
    }
  });
}
