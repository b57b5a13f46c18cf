/** The first commands: files to begin with, a training, an environment, work that is done again; and the page of all commands. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { COMMANDS } from '../../src/cli/command-line.ts';
import { commandsPage } from '../../src/cli/commands-page.ts';
import { INIT_FILES } from '../../src/cli/init-files.ts';
import { trexVariables } from '../../src/cli/io/environment.ts';
import { OPTION_NEEDS, optionsOf } from '../../src/cli/io/option-needs.ts';
import { RARE } from '../../src/cli/io/short-help.ts';
import { makeData } from '../../src/data/tasks.ts';
import { TRAIN_DEFAULTS, trainFiles } from '../../src/optimize/node/train-files.ts';
import { failure } from '../arch/fixtures.ts';
import { MAIN, trexIn } from './trex.ts';

const folder = mkdtempSync(join(tmpdir(), 'trex-init-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
const trex = trexIn(folder);
const page = fileURLToPath(new URL('../../../docs/commands.md', import.meta.url));

test('what init writes passes check, runs at once, and is not overwritten', t => {
  t.is(trex('init', 'my').code, 0);
  const [chip, network] = ['my/chip.yaml', 'my/network.yaml'];
  const paths = readdirSync(join(folder, 'my')).map(name => `my/${name}`);
  t.is(paths.length, 4);
  const checked = trex('check', ...paths);
  t.is(checked.out, paths.map(path => `${path}: ok\n`).join(''));
  t.is(trex('run', chip, '--model', network, '--json', '--quiet').code, 0);
  writeFileSync(join(folder, chip), 'name: mine\n');
  const again = trex('init', 'my');
  t.is(again.code, 1);
  t.regex(
    again.err,
    /^my\/chip\.yaml, .*study\.yaml: there already; another folder, or --force to replace\n$/,
  );
  t.is(readFileSync(join(folder, chip), 'utf8'), 'name: mine\n');
});

test('the page of commands is what the commands say', async t => {
  t.is(readFileSync(page, 'utf8'), await commandsPage(), 'npm run build writes it');
});

test('what --help leaves out are options that there are', t => {
  for (const [command, rare] of Object.entries(RARE)) {
    t.true(Object.hasOwn(COMMANDS, command), command);
    const known = new Set(optionsOf(OPTION_NEEDS[command]));
    t.deepEqual(
      rare.filter(option => !known.has(option)),
      [],
      command,
    );
  }
});

test('a variable of the environment is an option, or refused with the nearest', t => {
  const set = trexVariables({ TREX_WEIGHT_BITS: '6', TREX_BIN: 'x', PATH: '/bin' });
  t.deepEqual(
    set.map(({ name, value }) => [name, value]),
    [
      ['TREX_BIN', 'x'],
      ['TREX_WEIGHT_BITS', '6'],
    ],
  );
  const { message } = failure(() => trexVariables({ TREX_WIGHT_BITS: '6' }));
  t.is(message, 'TREX_WIGHT_BITS: no variable of trex: did you mean TREX_WEIGHT_BITS?');
  const ran = trexIn(folder, { TREX_SEDE: '1' })('list');
  t.deepEqual([ran.code, ran.err], [2, 'TREX_SEDE: no variable of trex: did you mean TREX_SEED?\n']);
});

test('--watch does it again when a file has changed, shows errors, and ends with 130', async t => {
  const own = join(folder, 'w.yaml');
  writeFileSync(own, INIT_FILES['network.yaml']);
  const child = spawn(process.execPath, [MAIN, 'check', './w.yaml', '--watch'], { cwd: folder });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', text => void (said += text));
  const until = async (text: RegExp): Promise<void> => {
    for (let i = 0; i < 600 && !text.test(said); i++) await new Promise(done => setTimeout(done, 50));
    t.regex(said, text);
    said = '';
  };
  await until(/ok\n[\s\S]*watching 1 file; Ctrl-C ends\n/);
  writeFileSync(own, 'name: [');
  await until(/w\.yaml:[\s\S]*watching 1 file/);
  writeFileSync(own, INIT_FILES['network.yaml']);
  await until(/ok\n[\s\S]*watching 1 file/);
  const ended = new Promise(done => child.on('exit', done));
  child.kill('SIGINT');
  t.is(await ended, 130);
});

test('a training that is stopped goes on from its folder to the same weights', async t => {
  const data = join(folder, 'glyphs');
  mkdirSync(data);
  for (const [name, bytes] of Object.entries(makeData('glyphs', { seed: 1, images: 48, test: 12 })))
    writeFileSync(join(data, name), bytes);
  const set = ['model.encoders=1'];
  const options = { ...TRAIN_DEFAULTS, model: 'glyph-vit', data, epochs: 2, batch: 24, set };
  const whole = await trainFiles({ ...options, out: join(folder, 'whole') });
  t.is(whole.lossHistory.length, 2);
  let calls = 0;
  const pause = async (): Promise<void> => {
    if (++calls === 3) throw new Error('stopped');
  };
  const part = join(folder, 'part');
  await t.throwsAsync(trainFiles({ ...options, out: part }, { pause }), { message: 'stopped' });
  t.true(existsSync(join(part, 'checkpoint.bin')));
  await trainFiles({ ...options, out: part });
  t.deepEqual(
    readFileSync(join(part, 'weights.safetensors')),
    readFileSync(join(folder, 'whole/weights.safetensors')),
  );
  const other = await t.throwsAsync(trainFiles({ ...options, seed: 2, out: part }));
  t.regex(other.message, /its seed is 1, now 2/);
});
