/** What the closed form counts, and what it would leave out. */
import test from 'ava';
import { notIsotropic } from '../../src/optimize/isotropic.ts';
import { buildGraph } from '../../src/workload/graph.ts';
import type { GroupedOp } from '../../src/workload/op.ts';
import { network } from '../helpers/chips.ts';

test('grouped layers in or between encoders are none of the closed form', t => {
  const model = network('deit-t');
  const graph = buildGraph(model);
  t.is(notIsotropic(model, graph), undefined);
  const grouped = (encoder: number | null): GroupedOp => ({
    kind: 'grouped',
    id: 'dw',
    stage: 'conv',
    encoder,
    deps: [{ op: 'e0.residual2', mode: 'row' }],
    rows: 197,
    groups: 192,
    in: 1,
    out: 1,
    weightId: 'dw',
    bias: false,
  });
  t.regex(
    notIsotropic(model, { ...graph, ops: [...graph.ops, grouped(0)] }) ?? '',
    /its encoder 0 is not Q, K, V/,
  );
  t.is(
    notIsotropic(model, { ...graph, ops: [...graph.ops, grouped(null)] }),
    'it has dw outside its encoders',
  );
});
