/** Every option of a chip does something, or says that it does not: each value of several chips is changed in turn. */
import test from 'ava';
import { loadArchFrom } from '../../src/arch/load.ts';
import type { Origin } from '../../src/arch/origins.ts';
import type { FileKind, FileRef } from '../../src/arch/source-files.ts';
import { TrexError } from '../../src/base/errors.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadArch } from '../../src/run/node/load.ts';
import { run } from '../../src/run/run.ts';

/** What describes, and what no time, energy or area is to depend on: errors, lifetimes, explanations. */
const DESCRIPTIVE = [
  /(^|\.)(name|description|source|use)$/,
  /^tech\.(static\.|dynamic\.)?noise\b/,
  /^tech\.(static\.|dynamic\.)?scaling$/,
  /^tech\.(static\.|dynamic\.)?cell\.(retention|device)$/,
  // Registers of links: only one that takes several cycles has any, and the small chip has none.
  /^digital\.router\.register\./,
  /^(tech|digital)(\.static|\.dynamic)?\.level$/,
  /^extras\.\d+\.name$/,
];

const CHOICES: readonly (readonly string[])[] = [
  ['counted', 'omitted'],
  ['sram', 'edram'],
  ['ideal', 'mesh', 'htree'],
  ['unicast', 'chain'],
  ['sequential', 'token-pipelined'],
  ['serial', 'parallel', 'overlapped'],
  ['trex-paper', '2-per-mac'],
  ['LSTP', 'HP'],
  ['mux-group', 'plane'],
  ['none', 'plane'],
  ['chip', 'tile', 'pe'],
  ['flash', 'sar'],
  ['true', 'false'],
];

/** Other values of an option, as they are written. */
function others({ text, value }: Origin): string[] {
  const choices = CHOICES.find(list => list.includes(text));
  if (choices !== undefined) return choices.filter(choice => choice !== text);
  if (text === 'per-head') return ['1'];
  if (text === 'auto') return ['1000'];
  const [, digits, unit] = /^([\d.eE+-]+)(\s+\S+)$/.exec(text) ?? [];
  if (digits !== undefined) return [2, 100].map(factor => `${Number(digits) * factor || 1}${unit}`);
  return typeof value === 'number'
    ? Number.isInteger(value)
      ? [String(value + 1), '1']
      : [String(value * 1.5), '10']
    : [];
}

/** Layers over several tiles, so that sums and inputs travel. */
const SMALL = ['pe.crossbars=2', 'tile.pes=1'];
const MODEL = ['model.encoders=2', 'model.imageSize=8'];

async function outcome(arch: string, set: string[], tech?: string) {
  const { result } = await run(
    { arch, tech: tech ?? null, model: 'glyph-vit', reuse: 'count:1', set: [...MODEL, ...set] },
    { files: nodeFiles },
  );
  const { warnings, run: _, files: __, events: ___, ...figures } = result;
  return { warnings, figures: JSON.stringify(figures) };
}

async function silentOptions(arch: string, set: string[], tech?: string): Promise<string[]> {
  const base = await outcome(arch, set, tech);
  const does = async (option: string): Promise<boolean> => {
    try {
      const { figures, warnings } = await outcome(arch, [...set, option], tech);
      const path = option.slice(0, option.indexOf('='));
      const said = warnings.some(text => text.startsWith(`--set ${option} `) && text.includes(path));
      return said || figures !== base.figures;
    } catch (error) {
      if (error instanceof TrexError) return true;
      throw error;
    }
  };
  const silent: string[] = [];
  for (const origin of loadArch(arch, { tech, set }).origins) {
    const { path } = origin;
    if (origin.origin.kind === 'derived' || DESCRIPTIVE.some(words => words.test(path))) continue;
    // Items of lists are given as whole lists.
    if (/\.\d+(\.|$)/.test(path)) continue;
    const options = others(origin).map(value => `${path}=${value}`);
    const idle: string[] = [];
    for (const option of options) {
      if (await does(option)) {
        // One other number that does something is enough; each choice must.
        if (typeof origin.value !== 'number') continue;
        idle.length = 0;
        break;
      } else idle.push(option);
    }
    silent.push(...idle);
  }
  return silent;
}

const CHIPS: readonly (readonly [string, string[], string?])[] = [
  ['trex', []],
  ['trex-full', SMALL],
  ['trex-full', [...SMALL, 'noc.kind=htree', 'noc.broadcast=unicast'], 'hybrid-32nm'],
  ['isaac-ce', []],
];

for (const [arch, set, tech] of CHIPS)
  test(`every option of ${[arch, ...set, tech ?? ''].join(' ').trim()} does something or says that it does not`, async t => {
    t.timeout(600_000);
    t.deepEqual(await silentOptions(arch, set, tech), []);
  });

test('who wrote what does nothing is told: the command line, and a file of differences of the user', t => {
  const idle = (text: string, set: string[] = []): string[] => {
    const files = {
      ...nodeFiles,
      resolve: (kind: FileKind, name: string, from?: FileRef) =>
        name === './mine.yaml' ? { path: name, name } : nodeFiles.resolve(kind, name, from),
      read: (ref: FileRef) => (ref.path === './mine.yaml' ? { text, sha256: '' } : nodeFiles.read(ref)),
    };
    return loadArchFrom(files, './mine.yaml', { set }).warnings.filter(line => line.includes('no effect'));
  };
  const mine = 'use: isaac-ce\nname: mine\nsource: a test\n';
  const because = 'schedule.writes: has no effect while schedule.encoder is token-pipelined';
  t.deepEqual(idle(mine), [], 'what is taken over');
  t.deepEqual(idle(`${mine}schedule: { writes: serial }\n`), [`./mine.yaml:4:21  ${because}`]);
  t.deepEqual(idle(`${mine}schedule: { writes: parallel }\n`), [], 'the same as below');
  t.deepEqual(idle(`${mine}schedule: { encoder: sequential, writes: serial }\n`), []);
  t.deepEqual(idle(mine, ['schedule.writes=serial']), [`--set schedule.writes=serial  ${because}`]);
  t.deepEqual(idle(`${mine}noc: { depth: 4 }\n`), [
    './mine.yaml:4:15  noc.depth: has no effect on a network of kind ideal',
  ]);
});

/** None where the two do not go together, which is said otherwise. */
function warningsOf(arch: string, tech: string | undefined): readonly string[] {
  try {
    return loadArch(arch, { tech }).warnings;
  } catch (error) {
    if (error instanceof TrexError) return [];
    throw error;
  }
}

test('shipped chips are silent on every shipped technology', t => {
  for (const arch of nodeFiles.list('arch'))
    for (const tech of [undefined, ...nodeFiles.list('tech').filter(name => !name.startsWith('cmos'))]) {
      t.deepEqual(
        warningsOf(arch, tech).filter(line => line.includes('no effect')),
        [],
        `${arch} ${tech}`,
      );
    }
});

test('what depends on the network is told when it is known, of the command line alone', async t => {
  const told = async (reuse: string, ...set: string[]): Promise<string[]> => {
    const { result } = await run(
      { arch: 'trex', model: 'glyph-vit', reuse, set: [...MODEL, ...set] },
      { files: nodeFiles },
    );
    return result.warnings.filter(line => line.includes('no effect'));
  };
  const counted = 'accounting.transformation=counted';
  t.regex(
    (await told('none', counted)).join(),
    /transformation: has no effect on a network without encoders that reuse/,
  );
  t.deepEqual(await told('count:1', counted), []);
  t.deepEqual(await told('none', 'softmax.units=5'), []);
  t.regex(
    (await told('none', 'chip.clock=2 GHz')).join(),
    /chip\.clock: has no effect on a network of kind ideal, while /,
  );
});

test('softmax units whose area is left out are named once, whatever heads the network has', async t => {
  for (const units of [2, 64]) {
    const { result } = await run(
      { arch: 'trex', model: 'glyph-vit', set: [...MODEL, `softmax.units=${units}`] },
      { files: nodeFiles },
    );
    const told = result.warnings.filter(line => line.includes('softmax.units'));
    t.is(told.length, 1);
    t.regex(told[0], /buys time without area up to the heads of a network, nothing beyond/);
  }
});

test('a block that does nothing is one warning, however many values it has', t => {
  const l2 = 'buffers=[{ name: l2, per: tile, capacity: 256 KiB, port: 512 bit, ports: 2 }]';
  const told = (...set: string[]) =>
    loadArch('trex', { set }).warnings.filter(line => line.includes('no effect'));
  const [warning, ...others] = told(l2);
  t.regex(
    warning,
    / {2}buffers: has no effect while accounting\.interconnect, accounting\.buffers are omitted/,
  );
  t.deepEqual(others, []);
  // One value is named as itself, and two arguments are two places.
  t.regex(told('tile.buffer.ports=2').join(), / {2}tile\.buffer\.ports: has no effect/);
  t.is(told('tile.buffer.ports=2', 'tile.buffer.capacity=128 KiB').length, 2);
});

test('a leakage that the accounting leaves out is without effect for that, not for the cell', t => {
  const told = (arch: string): string[] =>
    loadArch(arch, { set: ['tech.leakage=0 W'] }).warnings.filter(line => line.includes('tech.leakage'));
  t.regex(told('trex').join(), /tech\.leakage: has no effect while accounting\.leakage is omitted/);
  t.false(told('trex-full').some(line => line.includes('while accounting')));
});
