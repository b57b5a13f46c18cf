import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { openDiskData } from '../../src/data/node/disk-files.ts';
import { trexIn } from './trex.ts';

const withFolder = async (use: (dir: string) => Promise<void>): Promise<void> => {
  const dir = mkdtempSync(join(tmpdir(), 'trex-data-'));
  try {
    await use(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

test('glyphs are written as MNIST is, and read by the loader', async t => {
  await withFolder(async dir => {
    const ran = trexIn(dir)('data', 'glyphs', '--out', 'g', '--images', '60', '--test', '24', '--seed', '3');
    t.is(ran.code, 0, ran.err);
    t.regex(ran.out, /^files {3}g$/m);
    for (const [split, size] of [
      ['train', 60],
      ['test', 24],
    ] as const) {
      const set = await openDiskData(join(dir, 'g'), {
        split,
        channels: 1,
        classes: join(dir, 'g/classes.txt'),
      });
      t.is(set.size, size);
      t.deepEqual((await set.item(size - 1)).shape, [1, 20, 20]);
      t.is((set.classes as string[]).length, 12);
    }
    const data = JSON.parse(readFileSync(join(dir, 'g/data.json'), 'utf8'));
    t.like(data, { kind: 'glyphs', seed: 3, train: 60, test: 24, size: 20 });
  });
});

test('grammar is written as CoLA is, with its vocabulary, and read by the loader', async t => {
  await withFolder(async dir => {
    const counts = ['--sentences', '120', '--dev', '40', '--test', '8'];
    const ran = trexIn(dir)('data', 'grammar', '--out', 'g', ...counts);
    t.is(ran.code, 0, ran.err);
    for (const [name, size] of [
      ['train', 120],
      ['dev', 40],
      ['test', 8],
    ] as const) {
      const set = await openDiskData(join(dir, `g/${name}.tsv`), { maxTokens: 24 });
      t.deepEqual([set.size, set.kind, set.classes], [size, 'tokens', 2]);
      t.false((await set.item(0)).input.includes(1));
    }
  });
});

test('scenes are written as glyphs are, and races as GLUE is, with the names of the runners', async t => {
  await withFolder(async dir => {
    const scenes = trexIn(dir)('data', 'scenes', '--out', 's', '--images', '24', '--test', '12');
    t.is(scenes.code, 0, scenes.err);
    const images = await openDiskData(join(dir, 's'), { split: 'test', channels: 1 });
    t.deepEqual([images.size, (await images.item(11)).shape], [12, [1, 20, 20]]);
    const races = trexIn(dir)(
      'data',
      'races',
      '--out',
      'r',
      '--sentences',
      '40',
      '--dev',
      '8',
      '--test',
      '8',
    );
    t.is(races.code, 0, races.err);
    t.regex(races.out, /--data r\/dev\.tsv$/m);
    const stories = await openDiskData(join(dir, 'r/train.tsv'), {
      maxTokens: 18,
      classes: join(dir, 'r/classes.txt'),
    });
    t.deepEqual([stories.size, (stories.classes as string[]).length], [40, 8]);
    t.false((await stories.item(0)).input.includes(1));
  });
});

test('the same options give the same bytes', async t => {
  await withFolder(async dir => {
    const args = ['--images', '24', '--test', '12', '--quiet'];
    for (const out of ['a', 'b']) t.is(trexIn(dir)('data', 'glyphs', '--out', out, ...args).code, 0);
    const names = readdirSync(join(dir, 'a'));
    t.is(names.length, 6);
    for (const name of names) {
      t.deepEqual(readFileSync(join(dir, 'a', name)), readFileSync(join(dir, 'b', name)), name);
    }
  });
});

test('a folder that holds something is kept; --force replaces earlier data only', async t => {
  await withFolder(async dir => {
    const draw = (...more: string[]) =>
      trexIn(dir)('data', 'glyphs', '--out', 'g', '--images', '12', '--test', '12', ...more);
    t.is(draw().code, 0);
    t.is(draw().code, 0, 'the same bytes');
    t.regex(draw('--seed', '2').err, /g: exists and is not empty; --force replaces it/);
    t.is(draw('--force').code, 0);
    rmSync(join(dir, 'g/data.json'));
    writeFileSync(join(dir, 'g/mine.txt'), 'mine');
    t.is(draw('--force').code, 1);
    t.is(readFileSync(join(dir, 'g/mine.txt'), 'utf8'), 'mine');
  });
});

test('options of the other task, and counts that make no sense, are refused before anything is written', async t => {
  await withFolder(async dir => {
    const trex = trexIn(dir);
    const refused = (...args: string[]) => {
      const { code, err } = trex('data', ...args, '--out', 'g');
      t.is(code, 2);
      return err;
    };
    t.is(
      refused('glyphs', '--dev', '4'),
      '--dev 4 has no effect unless <what> is grammar or races or prose\n',
    );
    t.regex(
      refused('grammar', '--sentences', '6'),
      /^grammar: 6 sentences of train: expected a multiple of 4/,
    );
    t.regex(refused('glyphs', '--images', '0'), /^glyphs: 0 images of train/);
    t.regex(refused('glyphs', '--seed', '0.5'), /^--seed 0.5: expected a whole number/);
    t.deepEqual(readdirSync(dir), []);
  });
});
