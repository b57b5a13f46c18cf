/** Errors that a user can act on. */
import test from 'ava';
import fc from 'fast-check';
import { EXIT, nearest, TrexError, unknownName, usageError } from '../../src/base/errors.ts';

test('a failure exits with 1 unless it says otherwise', t => {
  t.is(new TrexError('x').exitCode, EXIT.failed);
  t.is(usageError('x').exitCode, EXIT.usage);
});

test('an unknown name proposes the nearest known one', t => {
  t.is(
    unknownName('model', 'deit-z', ['vit-b', 'deit-s']).message,
    "unknown model 'deit-z': did you mean deit-s?",
  );
});

test('an unknown name that is near nothing lists what is known', t => {
  t.is(
    unknownName('model', 'q', ['vit-b-16', 'deit-s']).message,
    "unknown model 'q': known: vit-b-16, deit-s",
  );
});

test('upper case is no difference', t => {
  t.is(nearest('ADCBANKS', ['crossbars', 'adcBanks']), 'adcBanks');
});

test('a known name is its own nearest', t => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 8 });
  t.notThrows(() =>
    fc.assert(fc.property(names, known => known.every(name => nearest(name, known) === name))),
  );
});
