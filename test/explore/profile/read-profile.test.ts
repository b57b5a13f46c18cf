/** Profiles of inputs as files. */
import test from 'ava';
import { EXIT, TrexError } from '../../../src/base/errors.ts';
import { readProfile } from '../../../src/explore/profile/read-profile.ts';

test('CSV and JSON lines say the same', t => {
  const table = readProfile('p', 'patches.3, patches.6, skip, count\r\n137,96,4 2,5\r\n120,96,,1\r\n');
  const lines = readProfile(
    'p',
    '{"patches": {"6": 96, "3": 137}, "skip": [2, 4], "count": 5}\n\n\n{"patches": {"3": 120, "6": 96}}\n',
  );
  const shown = ({ rows, places }: typeof table) => [
    places,
    ...rows.map(({ patches, passes, count }) => [[...patches], passes[0], count]),
  ];
  t.deepEqual(shown(table), [
    [3, 6],
    [
      [
        [3, 137],
        [6, 96],
      ],
      [2, 4],
      5,
    ],
    [
      [
        [3, 120],
        [6, 96],
      ],
      [],
      1,
    ],
  ]);
  t.deepEqual(shown(lines), shown(table));
  t.deepEqual(
    table.rows.map(({ line }) => line),
    [2, 3],
  );
});

const BAD: readonly [string, RegExp][] = [
  ['', /^p:1 {2}expected a row for each input/],
  ['skip\n', /^p:1 {2}expected rows below the header/],
  ['tokens.3\n1\n', /^p:1 {2}unknown column 'tokens\.3': did you mean patches\.<encoder>\?/],
  ['patches\n1\n', /^p:1 {2}unknown column 'patches'/],
  ['count,count\n1,1\n', /column 'count' is there twice/],
  ['patches.3,count\n1\n', /^p:2 {2}expected 2 cells/],
  ['patches.3\n12.5\n', /^p:2 {2}patches\.3: expected a whole number, got '12\.5'/],
  ['patches.3\n5\n0\n', /^p:3 {2}patches\.3: expected at least one patch/],
  ['skip,count\n1,0\n', /^p:2 {2}count: expected at least one input/],
  ['skip\n1\n\n2\n', /^p:3 {2}expected a row, got an empty line/],
  ['skip\n1;2\n', /^p:2 {2}skip: expected encoders with blanks/],
  ['skip\n1 1\n', /^p:2 {2}skip: encoder 1 is named twice/],
  ['{"skip": [1]}\n{"skip": [1\n', /^p:2 {2}not JSON/],
  ['{"skips": [1]}\n', /^p:1 {2}Unrecognized key: "skips"/],
  ['{"patches": {"3": 5}}\n{"skip": []}\n', /^p:2 {2}patches of encoders none, but of 3 in line 1/],
  ['{"skip": [-1]}\n', /^p:1 {2}skip\.0: expected encoders, 0-based/],
];
for (const [text, message] of BAD)
  test(`refused with its line: ${message.source}`, t => {
    const error = t.throws(() => readProfile('p', text), { instanceOf: TrexError });
    t.is(error.exitCode, EXIT.invalidFile);
    t.regex(error.message, message);
  });
