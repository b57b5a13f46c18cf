/** What `trex completion` offers. */
import { spawnSync } from 'node:child_process';
import test from 'ava';
import { completions, completionText } from '../../../src/cli/io/completion.ts';
import { MAIN, trexIn } from '../trex.ts';

const offered = (...words: string[]): readonly string[] => completions(words) ?? [];

test('chips, technologies and models stand where they are meant', t => {
  t.true(offered('run', 'tr').includes('trex-full'));
  t.true(offered('run', 'trex', '--model', '').includes('deit-s'));
  t.true(offered('run', 'trex', '--tech', '').includes('fefet-32nm'));
  t.true(offered('compare', 'trex', '').includes('sram-32nm'));
  t.true(offered('check', '').includes('glyph-vit'));
  t.true(offered('xbar', '--tech', 'fefet-32nm,sr').includes('fefet-32nm,sram-32nm'));
});

test('weights are files, which the shell knows', t => {
  t.deepEqual(completions(['infer', '--model', '']), []);
});

test('options whose values are words', t => {
  t.true(offered('noc', '--traffic', '').includes('transpose'));
  t.true(offered('mvm', '--backend', '').includes('wasm'));
  t.true(offered('accuracy', '--calibrator', '').includes('mse'));
  t.true(offered('run', 'trex', '--reuse', '').includes('strided:'));
});

test('paths of --set are those of all files, and choices stand behind them', t => {
  const paths = offered('run', 'trex', '--set', 'pe.');
  for (const path of [
    'pe.adcBanks=',
    'noc.kind=',
    'tech.read.energy=',
    'tech.adc.law=',
    'model.encoders=',
    'digital.router.clockGating=',
  ])
    t.true(paths.includes(path), path);
  t.false(paths.includes('pe='));
  t.true(offered('run', 'trex', '--set', 'noc.kind=me').includes('noc.kind=mesh'));
  // bash parts words at `=`.
  t.true(offered('run', 'trex', '--set', 'noc.kind', '=', 'me').includes('mesh'));
  t.true(offered('run', 'trex', '--set', 'noc.kind', '=').includes('mesh'));
});

test('what yargs knows is its own', t => {
  t.is(completions(['ru']), undefined);
  t.is(completions(['run', 'trex', '--s']), undefined);
  t.is(completions(['list', '']), undefined);
  t.is(completions(['run', 'trex', '--set', 'pe.adcBanks=2', '']), undefined);
});

test('zsh takes what is behind a colon for a description', t => {
  t.regex(completionText(['run', 'trex', '--reuse', ''], '/bin/zsh')!, /^strided\\:$/m);
  t.regex(completionText(['run', 'trex', '--reuse', ''], '/bin/bash')!, /^strided:$/m);
});

test('the scripts of bash and zsh ask this very command', t => {
  for (const shell of ['bash', 'zsh']) {
    const trex = trexIn('.', { SHELL: `/bin/${shell}` });
    t.regex(trex('completion').out, /trex --get-yargs-completions/);
    const names = trex('--get-yargs-completions', 'trex', 'run', 'trex', '--model', 'deit');
    t.is(names.err, '');
    t.regex(names.out, /^deit-s$/m);
    const options = trex('--get-yargs-completions', 'trex', 'run', 'trex', '--se');
    t.is(options.err, '');
    t.regex(options.out, /^--seed/m);
  }
});

const bash = process.platform === 'win32' ? test.skip : test;
bash('bash puts no space behind a word that goes on', t => {
  const script = trexIn('.', { SHELL: '/bin/bash' })('completion').out;
  const offer = (...words: string[]): string => {
    const asked = ['trex', ...words];
    const lines = [
      // Neither is there outside of a completion.
      'compopt() { echo "compopt $*"; }; complete() { :; }',
      `trex() { '${process.execPath}' '${MAIN}' "$@"; }`,
      script,
      `COMP_WORDS=(${asked.join(' ')}); COMP_CWORD=${asked.length - 1}`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own
      '_trex_yargs_completions; echo "${COMPREPLY[*]}"',
    ];
    return spawnSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8' }).stdout;
  };
  t.is(offer('run', 'trex', '--set', 'pe.adcBan'), 'compopt -o nospace\npe.adcBanks=\n');
  t.is(offer('run', 'trex', '--model', 'glyph-v'), 'glyph-vit\n');
});
