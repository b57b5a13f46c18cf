/** What the systems' files can have wrong: one message each, at its place in the file. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import { modelText, parseModel } from '../load.ts';

const cases: readonly (readonly [string, string | RegExp, string, RegExp])[] = [
  ['evit-deit-s', 'keep: [0.7,', 'keep: [0,', /pruning\.keep\.0: expected a number above 0, got 0/],
  ['evit-deit-s', 'keep: [0.7,', 'keep: [1.2,', /pruning\.keep\.0: expected a number of at most 1, got 1\.2/],
  ['evit-deit-s', 'within:', 'before: [3, 6, 9]\n  within:', /before or within encoders: one of the two/],
  ['evit-deit-s', '[3, 6, 9]', '[3, 6, 12]', /pruning\.within\.2: encoder 12 of 12 encoders/],
  ['evit-deit-s', 'by: attention', 'by: predictor', /pruning\.within: .* chooses before encoders/],
  ['dynamic-deit-s', 'before: [', 'fuse: true\n  before: [', /pruning\.fuse: .* fuses no tokens/],
  ['spvit-deit-s', 'heads: 6', 'heads: 3', /an even number of them, not 3/],
  ['skipat-t', '[3, 4', '[0, 4', /attentionExceptions\.0\.attention: encoder 0: no attention before it/],
  ['skipat-t', 'kind: skip', 'kind: skip\n      kernel: 4', /kernel: an odd kernel keeps the grid/],
  ['deit-s-fast-1', 'order: 1', 'order: 3', /attention\.order/],
  [
    'vitcod-deit-s',
    'density: 0.1',
    'density: 1.5',
    /attention\.density: expected a number of at most 1, got 1\.5/,
  ],
  ['vitcod-deit-s', 'density: 0.1', 'entries: 9999999', /9999999 of the 232854 entries of its map/],
  ['vitcod-deit-s', 'headCodec: 3', 'headCodec: 7', /an auto-encoder of 6 heads has no 7/],
  ['vitcod-deit-s', '  density: 0.1\n', '', /attention: a density or a number of entries is needed/],
  [
    'minivit-deit-s',
    'classToken: false\npool: mean\n',
    '',
    /attention: encoder 0: places of keys need the whole grid/,
  ],
  [
    'couplformer-6',
    'learned: 0',
    'learned: 1',
    /body\.1\.attention: kronecker attention needs the whole grid/,
  ],
  ['couplformer-6', 'heads: 64', 'heads: 60', /body\.1\.heads: 60 heads do not divide 128 channels/],
  [
    'shiftaddvit-b0-moe',
    'experts:\n',
    'load: [0.5, 0.4]\n                experts:\n',
    /load: the shares add up to 0\.9, not to 1/,
  ],
  [
    'shiftaddvit-b0-moe',
    'experts:\n',
    'load: [1]\n                experts:\n',
    /load: 1 shares for 2 experts/,
  ],
  [
    'shiftaddvit-b0-moe',
    'experts:\n',
    'top: 3\n                experts:\n',
    /top 3: a row cannot go to 3 of 2 experts/,
  ],
  [
    'shiftaddvit-b0-moe',
    'experts: { codecs: [any, pow2] }\n',
    'experts: { codecs: [] }\n',
    /experts\.codecs/,
  ],
  ['iret-a', 'share: 0.7', 'share: 0', /body\.2\.share: expected a number above 0, got 0/],
  ['iret-a', 'share: 0.7', 'share: 0.7, count: 3', /body\.2: a share of the patches or a count/],
  ['iret-a', 'share: 0.7', 'count: 300', /body\.2\.count: 300 of 196 patches/],
  ['iret-a', 'out: 192', 'out: 64', /body\.3\.out: an embedding of 96 cannot become one of 64: it grows/],
  ['iret-a', 'levels: 2', 'levels: 1', /no detail bands are left/],
  ['iret-a', 'imageSize: 224', 'imageSize: 216', /stem\.0\.patchSize: patches of 16 pixels do not divide/],
  [
    'iret-a',
    'patchSize: 16',
    'patchSize: 14',
    /stem\.0\.patchSize: patches of 14 pixels cannot be halved 2 times/,
  ],
  [
    'iret-a',
    '- { kind: embedding }',
    '- { kind: embedding, learned: 0 }',
    /body\.2: one class token must stand/,
  ],
  ['vittm-s', 'stream: process', 'stream: proces', /body\.0\.layers\.3\.stream: .*did you mean process/],
  ['vittm-s', 'latent: 96', 'latent: 97', /heads: 6 heads do not divide 97 latent columns/],
];

for (const [name, from, to, message] of cases)
  test(`${name} with ${to.trim().replace(/\s+/g, ' ') || 'that field gone'} is refused`, t => {
    const text = modelText(name);
    t.not(text.replace(from, to), text);
    const error = t.throws(() => parseModel(text.replace(from, to), `models/${name}.yaml`), {
      instanceOf: TrexError,
    });
    t.regex(error.message, message);
    t.regex(error.message, new RegExp(`models/${name}\\.yaml:\\d+:\\d+`));
    t.is(error.exitCode, 3);
  });
