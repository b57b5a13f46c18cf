/** `trex list`. */
import test from 'ava';
import { EXIT } from '../../src/base/errors.ts';
import { listText } from '../../src/cli/list.ts';
import { fileRows } from '../../src/run/list.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { failure } from '../arch/fixtures.ts';

test('every shipped file describes itself and has a source', t => {
  for (const kind of ['arch', 'tech'] as const) {
    const rows = fileRows(nodeFiles, kind);
    t.true(rows.length >= 2);
    for (const { name, description, source } of rows) t.true(description !== '' && source !== '', name);
  }
});

test('a name is listed as it is called', t => {
  t.regex(
    listText('arch'),
    /^ {2}trex: TReX with 64 x 64 FeFET crossbars[\s\S]*?\n {6}arXiv 2408\.12742 Table III$/m,
  );
  const technologies = fileRows(nodeFiles, 'tech').map(row => row.name);
  t.deepEqual(technologies, technologies.toSorted());
  for (const name of ['cmos-32nm', 'fefet-32nm', 'sram-32nm', 'trex-hybrid-32nm']) {
    t.true(technologies.includes(name), name);
  }
});

test('models come with their sizes', t => {
  const models = JSON.parse(listText('models', { json: true })) as Record<string, unknown>[];
  const deit = models.find(m => m.name === 'deit-s')!;
  t.like(deit, { family: 'vit', encoders: 12, dim: 384, heads: 6, tokens: 197, params: 22_050_664 });
  t.is(typeof deit.source, 'string');
  t.true(Object.keys(deit.macs as object).includes('static'));
});

test('patterns are those that fit the model', t => {
  const rows = JSON.parse(listText('patterns', { model: 'deit-s', count: 4, json: true })) as {
    encoders: number[];
  }[];
  t.true(rows.every(({ encoders }) => encoders.length === 4 && encoders.every(e => e >= 1 && e <= 11)));
  t.regex(
    listText('patterns', { model: 'deit-s', count: 4 }),
    /^ {2}strided:4,sl=2,start=1 +encoders 1, 3, 5, 7$/m,
  );
});

test('patterns need a model and a count', t => {
  const { message, exitCode } = failure(() => listText('patterns', { model: 'deit-s' }));
  t.is(message, 'list patterns needs --model and --reuse-count, e.g. --model deit-s --reuse-count 4');
  t.is(exitCode, EXIT.usage);
});

test('without an argument, all names are listed', t => {
  const text = listText(undefined);
  t.regex(text, /^arch\n {2}/m);
  t.regex(text, /^tech\n {2}/m);
  t.regex(text, /^models\n {2}/m);
});
