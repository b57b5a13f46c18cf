import test from 'ava';
import type { Block } from '../../../../src/explore/studies/job.ts';
import { RowOrder } from '../../../../src/explore/studies/node/row-order.ts';

const ids = ['a', 'b', 'c', 'd', 'e'];
const rows = (text: string) => [...text].map(id => ({ id, line: '' }));

async function seen(...kept: string[]): Promise<boolean> {
  const order = new RowOrder();
  async function* blocks(): AsyncGenerator<Block> {
    for (const id of ids)
      yield {
        version: '1',
        metrics: ['xbar'],
        iso: {},
        files: [],
        jobs: [{ id, point: {}, seed: 1, inputs: '' }],
      };
  }
  for await (const _ of order.watched(blocks()));
  for (const one of kept) order.saw(rows(one));
  return order.holds;
}

test('rows are in order as long as none comes before one that stands before it', async t => {
  t.true(await seen('a', 'bc', 'd', 'e'));
  t.false(await seen('a', 'c', 'b', 'd', 'e'));
  t.false(await seen('abcd', 'a'));
});
