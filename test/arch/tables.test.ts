/** Measured states from a CSV beside a technology file: read by name, checked at line and column, hashed. */
import test from 'ava';
import { EXIT, TrexError } from '../../src/base/errors.ts';
import { sha256Hex } from '../../src/base/sha256.ts';
import { loadTechFrom } from '../../src/run/load.ts';
import { memoryFiles } from '../../src/run/memory-files.ts';
import { nodeFiles } from '../../src/run/node/files.ts';
import { loadTech } from '../../src/run/node/load.ts';

const CSV = `# measured
target (uS), mean (uS), sigma (uS)
0, 0.5, 0.4
10, 10, 1.5
`;
const TECH = `name: mine
use: ../tech/trex-fefet-32nm.yaml
noise:
  measured: { file: states.csv, source: assumed }
`;

async function load(csv: string | undefined, { tech = TECH, set = [] as string[] } = {}) {
  const base = nodeFiles.read(nodeFiles.resolve('tech', 'trex-fefet-32nm')).text;
  const files = await memoryFiles({
    'tech/trex-fefet-32nm.yaml': base,
    'mine/mine.yaml': tech,
    ...(csv !== undefined && { 'mine/states.csv': csv }),
  });
  return loadTechFrom(files, './mine/mine.yaml', { set });
}

const refused = async (
  csv: string | undefined,
  options?: { tech?: string; set?: string[] },
): Promise<TrexError> => {
  try {
    await load(csv, options);
  } catch (error) {
    if (error instanceof TrexError) return error;
    throw error;
  }
  throw new Error('not refused');
};

test('rows become points in SI, each with its place and the source of its block; the hash is in the result', async t => {
  const { devices, files, origins } = await load(CSV);
  t.deepEqual(devices!.static.noise!.measured!.points, [
    { target: 0, mean: 0.5e-6, sigma: 0.4e-6 },
    { target: 10e-6, mean: 10e-6, sigma: 1.5e-6 },
  ]);
  t.deepEqual(
    files.find(({ path }) => path === 'mine/states.csv')?.sha256,
    await sha256Hex(new TextEncoder().encode(CSV)),
  );
  const origin = origins.find(({ path }) => path === 'tech.noise.measured.points.1.sigma');
  t.like(origin, { text: '1.5 uS', source: 'assumed' });
});

test('units stand in brackets, in parentheses or behind a line; lines end as they like', async t => {
  const { devices } = await load(
    '\uFEFFtarget_S,mean [nS],sigma (uS),time (s)\r\n1e-7,100,.1,1\r\n1e-5,10000,+.2,1\r\n',
  );
  const [first, second] = devices!.static.noise!.measured!.points!;
  t.deepEqual(first, { target: 1e-7, mean: 1e-7, sigma: 1e-7, time: 1 });
  t.is(second.sigma, 2e-7);
});

const bad: [string, string, RegExp][] = [
  ['a missing column', 'target (uS),mean (uS)\n0,0\n1,1\n', /^mine\/states\.csv:1:1 {2}no column sigma/],
  [
    'an unknown column',
    CSV.replace('sigma (uS)', 'sigm (uS)'),
    /states\.csv:2:25 {2}unknown column "sigm \(uS\)": did you mean sigma\?/,
  ],
  ['a column twice', CSV.replace('mean (uS)', 'target (uS)'), /states\.csv:2:14 {2}a second column target/],
  [
    'a column without a unit',
    CSV.replace('mean (uS)', 'mean'),
    /states\.csv:2:14 {2}expected a unit in S, such as mean \(uS\)/,
  ],
  [
    'a unit of another kind',
    CSV.replace('mean (uS)', 'mean (ohm)'),
    /states\.csv:2:14 {2}expected a unit in S/,
  ],
  [
    'a text for a number',
    CSV.replace('1.5', 'high'),
    /states\.csv:4:9 {2}sigma: expected a number, got "high"/,
  ],
  ['a value too few', CSV.replace(', 1.5', ''), /states\.csv:4:1 {2}expected 3 values, got 2/],
  [
    'a negative spread',
    CSV.replace('1.5', '-1.5'),
    /states\.csv:4:9 {2}noise\.measured\.points\.1\.sigma: expected a value of at least 0/,
  ],
  [
    'targets that fall',
    `${CSV}5, 5, 1\n`,
    /states\.csv:5:1 {2}noise\.measured\.points\.2\.target: expected targets that rise/,
  ],
  ['one row', CSV.replace('10, 10, 1.5\n', ''), /noise\.measured\.points/],
  ['nothing', '# nothing\n', /the table is empty: expected the columns target, mean, sigma, \[time\]/],
];

for (const [what, csv, message] of bad)
  test(`${what} is refused at its line and column`, async t => {
    const { message: got, exitCode } = await refused(csv);
    t.regex(got, message);
    t.is(exitCode, EXIT.invalidFile);
  });

test('a table that is not there is refused where it is named, exit 4', async t => {
  const { message, exitCode } = await refused(undefined);
  t.is(exitCode, EXIT.missing);
  t.regex(message, /^mine\/mine\.yaml:4:21 {2}noise\.measured\.file: mine\/states\.csv: no such file/);
});

test('a file that is no CSV, a file and points, and neither are refused', async t => {
  const with_ = (block: string) => ({ tech: TECH.replace('file: states.csv', block) });
  t.regex((await refused(CSV, with_('file: ./mine.yaml'))).message, /expected a CSV file such as/);
  const points = '[{target: 0 S, mean: 0 S, sigma: 0 S}, {target: 1 S, mean: 1 S, sigma: 0 S}]';
  t.regex((await refused(CSV, with_(`file: states.csv, points: ${points}`))).message, /got both/);
  t.regex(
    (await refused(CSV, with_('verified: true'))).message,
    /expected a CSV file, or its rows as points/,
  );
});

test('a time that was not measured is refused where it stands, before anything runs', async t => {
  const at = (time: string) => ({
    tech: TECH.replace('file: states.csv', `file: states.csv, time: ${time}`),
  });
  t.regex(
    (await refused(CSV, at('1 s'))).message,
    /mine\.yaml:4:\d+ {2}noise\.measured\.time: expected none, .* no column of times/,
  );
  const timed = CSV.split('\n')
    .map(line => (line.startsWith('target') ? `${line}, time (s)` : /^\d/.test(line) ? `${line}, 10` : line))
    .join('\n');
  t.regex((await refused(timed, at('1 ks'))).message, /expected a time from 10 to 10 s/);
});

test('a table of a file that is used is found beside that file; one of the command line in the working directory', async t => {
  const files = await memoryFiles({
    'tech/trex-fefet-32nm.yaml': nodeFiles.read(nodeFiles.resolve('tech', 'trex-fefet-32nm')).text,
    'mine/mine.yaml': TECH,
    'mine/states.csv': CSV,
    'over/over.yaml': 'name: over\nuse: ../mine/mine.yaml\n',
    'other.csv': CSV.replace('1.5', '2.5'),
  });
  const sigma = (set: string[]): number =>
    loadTechFrom(files, './over/over.yaml', { set }).devices!.static.noise!.measured!.points![1].sigma;
  t.is(sigma([]), 1.5e-6);
  t.is(sigma(['tech.noise.measured.file=other.csv']), 2.5e-6);
});

test('the shipped table: NeuRRAM after a second, a day and two days', t => {
  const { devices, files } = loadTech('neurram-130nm');
  const { points } = devices!.static.noise!.measured!;
  t.is(points!.length, 3 * 17);
  t.true(files.some(({ path }) => path === 'tech/neurram-relaxation.csv'));
});
