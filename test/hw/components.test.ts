import test from 'ava';
import { groupOf } from '../../src/hw/components.ts';
import { Ledger } from '../../src/hw/ledger.ts';
import { COMPONENTS } from '../../src/tech/circuit/breakdown.ts';
import { macroSchema } from '../../src/tech/schema.ts';

test('every circuit and every share of a macro belongs to the reads of a crossbar', t => {
  for (const name of COMPONENTS) t.is(groupOf(`crossbar.${name}`), 'read', name);
  const { energy, area } = macroSchema.shape.shares.unwrap().shape;
  const shares = [...energy.unwrap().keyof().options, ...area.unwrap().keyof().options, 'undivided'] as const;
  t.true(shares.length > 10);
  for (const name of shares) if (name !== 'source') t.is(groupOf(`crossbar.${name}`), 'read', name);
});

test('programming, leakage, blocks of their own and what no component models are no reads', t => {
  t.is(groupOf('crossbar.write'), 'write');
  t.is(groupOf('crossbar.leakage'), 'leakage');
  t.is(groupOf('extra.hyperTransport'), 'extra');
  t.is(groupOf('buffer.global'), 'unit');
  t.is(groupOf('vector.gelu'), 'unit');
});

test('a misspelt component or action does not compile', t => {
  const ledger = new Ledger(1);
  // @ts-expect-error no such action
  ledger.meter('crossbar.raed', []);
  // @ts-expect-error no such component
  ledger.meter('crossbar.read', [{ component: 'crossbar.acd', energy_J: 1 }]);
  // @ts-expect-error no such level of buffers
  ledger.meter('buffer.tyle.read', []);
  // @ts-expect-error no such component
  t.is(groupOf('crossbar.adcs'), 'unit');
});
