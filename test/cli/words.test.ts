/** The words of a command line, read once for all commands. */
import test from 'ava';
import type { CommandModule } from 'yargs';
import { TrexError } from '../../src/base/errors.ts';
import { COMMANDS } from '../../src/cli/command-line.ts';
import { type Declaration, declarationOf } from '../../src/cli/io/declaration.ts';
import { readWords } from '../../src/cli/io/words.ts';

let ALL: readonly Declaration[];
let RUN: Declaration;
test.before(async () => {
  ALL = await Promise.all(
    Object.values(COMMANDS).map(async load => declarationOf((await load()) as CommandModule<object, never>)),
  );
  RUN = ALL.find(({ command }) => command === 'run')!;
});

function refusal(declared: Declaration, ...words: string[]): string {
  try {
    return `taken: ${readWords(declared, words).join(' ')}`;
  } catch (error) {
    return error instanceof TrexError && error.exitCode === 2 ? error.message : `${error}`;
  }
}

test('an option is given once, in every command, however it is written', t => {
  for (const declared of ALL)
    for (const [name, { type, array, choices }] of declared.options) {
      const value = type === 'number' ? '1' : String(choices?.[0] ?? 'a');
      const word = type === 'boolean' ? `--${name}` : `--${name}=${value}`;
      const again =
        array === true ? `--${name} a is given more than once` : `--${name} is given more than once`;
      t.is(refusal(declared, word, word), again, `${declared.command} ${word}`);
    }
  t.regex(refusal(RUN, 'trex', '--fold', '--no-fold'), /given more than once/);
});

test('no option is empty, and none that needs a value goes without', t => {
  for (const declared of ALL)
    for (const [name, { type }] of declared.options) {
      t.is(refusal(declared, `--${name}=`), `--${name} is empty`, declared.command);
      if (type === 'boolean') continue;
      t.is(refusal(declared, `--${name}`), `--${name} needs a value`);
      t.is(refusal(declared, `--${name}`, '--quiet'), `--${name} needs a value`);
    }
});

test('an option of one letter is taken as the help writes it, with one dash', t => {
  const figure = ALL.find(({ command }) => command === 'figure')!;
  t.deepEqual(readWords(figure, ['r', '--kind', 'pareto', '--out', 'f', '-x', 'edp_Js', '-y=tops']), [
    'r',
    '--kind=pareto',
    '--out=f',
    '--x=edp_Js',
    '--y=tops',
  ]);
  t.regex(refusal(figure, 'r', '-z', '1'), /unknown option -z/);
});

test('a number is written in digits', t => {
  for (const declared of ALL)
    for (const [name, { type }] of declared.options)
      if (type === 'number')
        for (const word of ['abc', '0x10', 'Infinity', 'NaN', '1e999', '3ms', '1,5'])
          t.is(
            refusal(declared, `--${name}=${word}`),
            `--${name} ${word}: expected a number`,
            declared.command,
          );
});

test('a value may begin with a minus', t => {
  t.deepEqual(readWords(RUN, ['trex', '--seed', '-3']), ['trex', '--seed=-3']);
  t.deepEqual(readWords(RUN, ['trex', '--tech', '-3ms']), ['trex', '--tech=-3ms']);
  t.is(refusal(RUN, 'trex', '--tech', '-x'), '--tech needs a value; one that begins with a minus: --tech=-x');
});

test('a list takes a key once', t => {
  t.deepEqual(readWords(RUN, ['trex', '--set', 'a=1', '--set=b=2']), ['trex', '--set=a=1', '--set=b=2']);
  t.is(refusal(RUN, 'trex', '--set', 'a=1', '--set', 'a=2'), '--set a is given more than once');
});

test('unknown options, unexpected words and missing ones are named', t => {
  t.is(refusal(RUN, 'trex', '--modle', 'x'), 'unknown option --modle of trex run: did you mean --model?');
  t.is(
    refusal(RUN, 'trex', '--__proto__', 'x'),
    'unknown option --__proto__ of trex run: see trex run --help',
  );
  t.is(refusal(RUN, 'trex', '-q'), 'unknown option -q of trex run: see trex run --help');
  t.is(refusal(RUN, 'trex', 'more'), 'trex run: unexpected more; see trex run --help');
  t.is(refusal(RUN), 'trex run needs <arch>; see trex run --help');
  t.is(refusal(RUN, ' '), 'trex run: <arch> is empty');
  t.is(refusal(RUN, '--', '-x'), 'trex run: <arch> begins with a minus; a file: ./-x');
  t.is(refusal(RUN, 'trex', '--no-fold=1'), '--no-fold takes no value');
  t.is(refusal(RUN, 'trex', '--quiet=maybe'), '--quiet maybe: expected true or false');
});

test('a message is one short line, whatever the word', t => {
  const word = 'x\n'.repeat(10_000);
  for (const message of [
    refusal(RUN, 'trex', word),
    refusal(RUN, 'trex', `--images=${word}`),
    refusal(RUN, 'trex', `--${word}`),
  ]) {
    t.false(message.includes('\n'));
    t.true(message.length < 200, message);
  }
});

test('the environment gives options that stand in no word, by the same rules', t => {
  t.deepEqual(readWords(RUN, ['trex'], { TREX_IMAGES: '3', TREX_OTHER: '' }), ['trex', '--images=3']);
  t.deepEqual(readWords(RUN, ['trex', '--images', '2'], { TREX_IMAGES: '3' }), ['trex', '--images=2']);
  t.throws(() => readWords(RUN, ['trex'], { TREX_IMAGES: 'x' }), {
    message: 'TREX_IMAGES x: expected a number',
  });
});
