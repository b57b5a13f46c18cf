/** Damage to files: bytes that flip, go, double; numbers and words of texts that become what no one expects. */
import type { RandomStream } from '../../src/base/random.ts';

export const pick = <T>(random: RandomStream, values: readonly T[]): T =>
  values[Math.floor(random() * values.length)];

export const below = (random: RandomStream, n: number): number => Math.floor(random() * n);

/** What stands where another value should. */
export const ODD_VALUES = [
  ...[
    '0',
    '-1',
    '0.5',
    '1e300',
    '-1e300',
    '1e9',
    '4294967296',
    '9007199254740993',
    '1e-300',
    'NaN',
    'null',
    'true',
    '""',
  ],
  ...[
    '[]',
    '{}',
    '[[]]',
    '"x"',
    '"__proto__"',
    '"1 pj"',
    '"1e300 s"',
    '"../../x"',
    '"\\u0000"',
    '~',
    '-',
    '"9999999999999 m"',
  ],
] as const;

const TOKEN = /-?\d+(?:\.\d+)?(?:e[-+]?\d+)?|"[^"\n]*"|[A-Za-z_][\w-]*/g;

/** A text with one to three changes. */
export function mutateText(text: string, random: RandomStream): string {
  let out = text;
  for (let n = 1 + below(random, 3); n > 0; n--) out = pick(random, TEXT_CHANGES)(out, random);
  return out;
}

const TEXT_CHANGES: readonly ((text: string, random: RandomStream) => string)[] = [
  replaceToken,
  replaceToken,
  replaceToken,
  (text, random) => {
    const lines = text.split('\n');
    const at = below(random, lines.length);
    const change = pick(random, ['drop', 'double', 'swap', 'indent']);
    if (change === 'drop') lines.splice(at, 1);
    else if (change === 'double') lines.splice(at, 0, lines[at]);
    else if (change === 'indent') lines[at] = `  ${lines[at]}`;
    else lines.splice(at, 0, ...lines.splice(below(random, lines.length), 1));
    return lines.join('\n');
  },
  (text, random) => text.slice(0, below(random, text.length + 1)),
  (text, random) => {
    const at = below(random, text.length + 1);
    const what = pick(random, [
      '{',
      '}',
      '[',
      ':',
      '"',
      '\t',
      '\0',
      '&a ',
      '*a',
      '<<: ',
      '\n',
      'é',
      '\ud800',
      '__proto__: 1\n',
      ',',
    ]);
    return text.slice(0, at) + what + text.slice(at);
  },
];

function replaceToken(text: string, random: RandomStream): string {
  const tokens = [...text.matchAll(TOKEN)];
  if (tokens.length === 0) return text;
  const token = pick(random, tokens);
  const other = random() < 0.3 ? pick(random, tokens)[0] : pick(random, ODD_VALUES);
  return text.slice(0, token.index) + other + text.slice(token.index + token[0].length);
}

/** Bytes with one to four changes. */
export function mutateBytes(bytes: Uint8Array, random: RandomStream): Uint8Array {
  let out: Uint8Array = bytes.slice();
  for (let n = 1 + below(random, 4); n > 0; n--) out = changeBytes(out, random);
  return out;
}

function changeBytes(bytes: Uint8Array, random: RandomStream): Uint8Array {
  // Headers stand at the beginning.
  const at = below(random, random() < 0.6 ? Math.min(64, bytes.length + 1) : bytes.length + 1);
  const kind = below(random, 6);
  if (kind === 0) return bytes.slice(0, at);
  if (kind === 1)
    return Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1 + below(random, 8)));
  if (kind === 2) return Uint8Array.of(...bytes.subarray(0, at), below(random, 256), ...bytes.subarray(at));
  const out = bytes.slice();
  if (kind === 3) out[at] = pick(random, [0, 255, 127, 128]);
  else if (kind === 4) out[at] ^= 1 << below(random, 8);
  else out.fill(pick(random, [0, 255]), at, at + 4);
  return out;
}
