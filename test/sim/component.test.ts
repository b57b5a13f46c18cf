/** The component tree and its statistics. */
import test from 'ava';
import { Component } from '../../src/sim/component.ts';
import { Kernel } from '../../src/sim/kernel.ts';
import { Resource } from '../../src/sim/resource.ts';
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

class Bank extends Component {
  readonly bank = this.resource('banks', new Resource(this.kernel, 2));

  again(): void {
    this.resource('banks', this.bank);
  }
}

class Group extends Component {
  constructor(parent: Component | Kernel, count: number) {
    super(parent, 'group');
    this.standsFor(count, 'groups');
  }
}

test('a resource is found by its kind, once, and its busy time is a statistic', t => {
  const bank = new Bank(new Kernel(), 'bank');
  bank.bank.reserve(30);
  t.deepEqual([...bank.resources], [['banks', bank.bank]]);
  t.is(bank.stats.get('busy')?.read(), 30);
  t.throws(() => bank.again(), { message: 'bank declares the resource banks twice' });
});

test('a block stands for as many as it says, or as the block that it is part of', t => {
  const kernel = new Kernel();
  t.is(new Bank(kernel, 'bank').fold, 1);
  const group = new Group(kernel, 5);
  const inner = new Bank(group, 'bank');
  t.deepEqual([group.fold, inner.fold, new Bank(inner, 'bank').fold], [5, 5, 5]);
  t.is(group.stats.get('fold')?.read(), 5);
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
