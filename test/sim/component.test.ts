/** The component tree and its statistics. */
import test from 'ava';
import { Component } from '../../src/sim/component.ts';
import { Kernel } from '../../src/sim/kernel.ts';
import { collectStats } from '../../src/sim/stats.ts';

class Block extends Component {
  reads = 0;

  constructor(parent: Component | Kernel, name: string, unit = 'reads') {
    super(parent, name);
    this.stat('reads', unit, () => this.reads);
  }

  declareTwice(): void {
    this.stat('reads', 'reads', () => 0);
  }
}

test('a path names the components from the root down', t => {
  const kernel = new Kernel();
  const chip = new Block(kernel, 'chip');
  const pe = new Block(new Block(chip, 'tile[3]'), 'pe[0]');
  t.is(pe.path, 'chip.tile[3].pe[0]');
  t.is(pe.kernel, kernel);
});

test('children stand in the order of construction', t => {
  const chip = new Block(new Kernel(), 'chip');
  for (const name of ['b', 'a', 'c']) new Block(chip, name);
  t.deepEqual(
    chip.children.map(child => child.name),
    ['b', 'a', 'c'],
  );
});

test('two children of one name, and one statistic twice, are errors', t => {
  const chip = new Block(new Kernel(), 'chip');
  new Block(chip, 'adc');
  t.throws(() => new Block(chip, 'adc'), { message: 'chip has two children named adc' });
  t.throws(() => chip.declareTwice(), { message: 'chip declares the statistic reads twice' });
});

test('collected statistics mirror the tree and hold the values of the moment', t => {
  const chip = new Block(new Kernel(), 'chip');
  const adc = new Block(chip, 'adc');
  adc.reads = 5;
  t.deepEqual(collectStats(chip), {
    name: 'chip',
    stats: { reads: { value: 0, unit: 'reads' } },
    children: [{ name: 'adc', stats: { reads: { value: 5, unit: 'reads' } }, children: [] }],
  });
  adc.reads = 6;
  t.is(collectStats(adc).stats.reads.value, 6);
});
