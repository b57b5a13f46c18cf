/** Formats on stdout: a command offers some, and refuses the others by name. */
import test from 'ava';
import { TrexError } from '../../../src/base/errors.ts';
import {
  type FormatArguments,
  formatChoice,
  OUTPUT_FORMATS,
  type OutputFormatName,
} from '../../../src/cli/io/output-format.ts';
import { commandOutput } from '../../../src/cli/io/print.ts';
import { trexIn } from '../trex.ts';

const trex = trexIn('.');
const NAMES = Object.keys(OUTPUT_FORMATS) as OutputFormatName[];

const numbers = commandOutput<readonly number[]>({
  formats: {
    json: { value: shown => shown },
    csv: { describe: 'A number a line', value: shown => `${shown.join('\n')}\n` },
  },
  text: shown => `${shown.length} numbers\n`,
  both: ', or --out DIR for both',
});

test('what a command shows is printed in the format that was asked for, and as text otherwise', t => {
  const shown = [1, 2];
  t.is(numbers.textOf({}, shown), '2 numbers\n');
  t.is(numbers.textOf({ json: true }, shown), '[\n  1,\n  2\n]\n');
  t.is(numbers.textOf({ csv: true, json: false }, shown), '1\n2\n');
});

test('flags are those of the formats that are offered, with the help of the command or of the format', t => {
  const describes = Object.entries(numbers.flags).map(([name, { describe }]) => [name, describe]);
  t.deepEqual(describes, [
    ['json', 'JSON on stdout'],
    ['csv', 'A number a line'],
  ]);
  t.deepEqual(Object.keys(formatChoice({ csv: {} }).flags), ['csv']);
});

test('two formats, and one that is not offered, are refused by name', t => {
  const refusal = (run: () => unknown): [string, number] => {
    const error = t.throws(run, { instanceOf: TrexError });
    return [error.message, error.exitCode];
  };
  t.deepEqual(
    refusal(() => numbers.chosen({ json: true, csv: true })),
    ['--json and --csv both want stdout: choose one, or --out DIR for both', 2],
  );
  const only = formatChoice({ json: {} });
  t.deepEqual(
    refusal(() => only.chosen({ csv: true })),
    ['--csv is not offered here; formats: json', 2],
  );
});

test('an offer must give what the format prints, in a format that is declared', t => {
  commandOutput<number>({
    // @ts-expect-error: CSV is printed from a text
    formats: { csv: { value: shown => shown } },
    text: String,
  });
  // @ts-expect-error: no such format
  commandOutput<number>({ formats: { xml: { value: String } }, text: String });
  // @ts-expect-error: nothing for people
  commandOutput<number>({ formats: {} });
  // @ts-expect-error: no such format
  const args: FormatArguments = { xml: true };
  t.truthy(args);
});

/** Commands that print no format at all, or not all of them, with the arguments that they need. */
const COMMANDS: readonly (readonly [command: string[], offered: readonly OutputFormatName[]])[] = [
  [['explain', 'trex'], ['json']],
  [['list', 'tech'], ['json']],
  [['mvm', '--rows', '2', '--cols', '2'], ['json']],
  [['schema', 'tech'], []],
  [['check', 'trex'], []],
];

for (const [command, offered] of COMMANDS)
  test(`trex ${command[0]} refuses formats that it does not offer, by name`, t => {
    for (const name of NAMES.filter(n => !offered.includes(n))) {
      const { code, err, out } = trex(...command, `--${name}`);
      t.is(code, 2);
      t.is(out, '');
      t.regex(err, new RegExp(`unknown option --${name} of trex ${command[0]}: `));
    }
  });
