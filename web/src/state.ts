/** What the page shows, as text in its address: a version, then the difference to a named preset, deflated, base64url. */
import type { Knobs } from './work/noise/protocol.ts';
import type { Asked } from './work/protocol.ts';

export type View = 'chip' | 'alive' | 'inside' | 'noise';
const VIEWS: readonly View[] = ['chip', 'alive', 'inside', 'noise'];

const plain = { tech: null, reuse: 'none', tokens: null, seed: 1, set: [] } as const;
export const PRESETS: Readonly<Record<string, Asked>> = {
  trex: { arch: 'trex', model: 'deit-s', ...plain },
  reuse: { arch: 'trex', model: 'deit-s', ...plain, reuse: 'strided:5' },
  full: { arch: 'trex-full', model: 'deit-s', ...plain },
  glyph: { arch: 'trex', model: 'glyph-vit', ...plain },
};
export const FIRST = 'trex';

export interface PageState {
  readonly preset: string;
  readonly view: View;
  readonly asked: Asked;
  /** What it is compared with. */
  readonly pinned: Asked;
  /** The crossbar that is looked at from inside: its matrix ('': the first one) and its number. */
  readonly place: { readonly layer: string; readonly crossbar: number };
  /** Of the network through the noise. */
  readonly knobs: Knobs;
}
export const START: PageState = {
  preset: FIRST,
  view: 'chip',
  asked: PRESETS[FIRST],
  pinned: PRESETS[FIRST],
  place: { layer: '', crossbar: 0 },
  knobs: {},
};

const VERSION = '1';
/** Longer than any chip that somebody sets by hand, and short enough for every browser. */
const LONGEST = 32_768;

const KINDS: Readonly<Record<keyof Asked, (value: unknown) => boolean>> = {
  arch: isText,
  model: isText,
  tech: value => value === null || isText(value),
  reuse: isText,
  tokens: value => value === null || Number.isSafeInteger(value),
  seed: Number.isSafeInteger,
  set: value => Array.isArray(value) && value.every(isText),
};

const KNOBS: Readonly<Record<keyof Required<Knobs>, 'number' | 'boolean'>> = {
  adcBits: 'number',
  sigmaWrite: 'number',
  sigmaRead: 'number',
  writeAll: 'boolean',
  drift_s: 'number',
  wires: 'number',
};

const isKnobs = (value: unknown): value is Knobs =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(
    ([key, one]) => Object.hasOwn(KNOBS, key) && typeof one === KNOBS[key as keyof Knobs],
  );

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const all = new Blob([bytes])
    .stream()
    .pipeThrough(stream as ReadableWritablePair<Uint8Array<ArrayBuffer>, BufferSource>);
  return new Uint8Array(await new Response(all).arrayBuffer());
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const differenceOf = (asked: Asked, base: Asked): Partial<Asked> =>
  Object.fromEntries(Object.entries(asked).filter(([key, value]) => !same(value, base[key as keyof Asked])));

export async function toHash({ preset, view, asked, pinned, place, knobs }: PageState): Promise<string> {
  const difference = Object.assign({ p: preset, v: view }, differenceOf(asked, PRESETS[preset]));
  const baseline = differenceOf(pinned, PRESETS[FIRST]);
  if (Object.keys(baseline).length > 0) Object.assign(difference, { b: baseline });
  if (Object.keys(knobs).length > 0) Object.assign(difference, { k: knobs });
  if (!same(place, START.place)) Object.assign(difference, { i: [place.layer, place.crossbar] });
  const packed = await through(
    new TextEncoder().encode(JSON.stringify(difference)),
    new CompressionStream('deflate-raw'),
  );
  const text = btoa(String.fromCharCode(...packed))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
  return `#${VERSION}.${text}`;
}

/** @throws Error, with a sentence for the visitor, for what is no state of this page. */
export async function fromHash(hash: string): Promise<PageState> {
  if (hash === '' || hash === '#') return START;
  const [version, text = ''] = hash.slice(1).split('.');
  if (version !== VERSION)
    throw new Error(
      `the address is of version ${version.slice(0, 9)} of this page, which reads version ${VERSION}`,
    );
  if (hash.length > LONGEST)
    throw new Error(`the address is longer than the ${LONGEST} characters that this page reads`);
  let read: unknown;
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), char =>
      char.charCodeAt(0),
    );
    const json = await through(bytes, new DecompressionStream('deflate-raw'));
    read = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    throw new Error('the address is cut off or changed: what it held cannot be read');
  }
  if (typeof read !== 'object' || read === null) throw new Error('the address holds no chip');
  const {
    p: preset,
    v: view,
    b: baseline = {},
    i: inside = ['', 0],
    k: knobs = {},
    ...difference
  } = read as Record<string, unknown>;
  if (typeof preset !== 'string' || !Object.hasOwn(PRESETS, preset))
    throw new Error(`the address begins from '${preset}', which this page does not know`);
  if (!VIEWS.includes(view as View))
    throw new Error(`the address shows '${view}', which this page does not know`);
  if (!isKnobs(knobs)) throw new Error('the address holds noise that this page does not know');
  return {
    preset,
    view: view as View,
    knobs,
    asked: changed(PRESETS[preset], difference),
    pinned: changed(PRESETS[FIRST], baseline),
    place: placeOf(inside),
  };
}

function placeOf(read: unknown): PageState['place'] {
  const [layer, crossbar] = Array.isArray(read) ? read : [];
  if (typeof layer !== 'string' || !Number.isSafeInteger(crossbar) || crossbar < 0)
    throw new Error('the address holds no crossbar to look into');
  return { layer, crossbar };
}

function changed(base: Asked, difference: unknown): Asked {
  if (typeof difference !== 'object' || difference === null)
    throw new Error('the address holds no chip to compare with');
  for (const [key, value] of Object.entries(difference))
    if (!Object.hasOwn(KINDS, key) || !KINDS[key as keyof Asked](value))
      throw new Error(`the address holds a '${key.slice(0, 20)}' that this page does not know`);
  return Object.assign({}, base, difference);
}

const quoted = (word: string): string =>
  /^[\w.:,=/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The same run on the command line. */
export function commandOf({ arch, model, tech, reuse, tokens, seed, set }: Asked): string {
  const words = ['trex', 'run', arch, '--model', model];
  if (tech !== null) words.push('--tech', tech);
  if (reuse !== 'none') words.push('--reuse', reuse);
  if (tokens !== null) words.push('--tokens', String(tokens));
  if (seed !== 1) words.push('--seed', String(seed));
  for (const one of set) words.push('--set', one);
  return words.map(quoted).join(' ');
}

/** The overrides with another value of one path; undefined: none. */
export const withSet = (asked: Asked, path: string, value: string | undefined): Asked => ({
  ...asked,
  set: [
    ...asked.set.filter(text => text.slice(0, text.indexOf('=')) !== path),
    ...(value === undefined ? [] : [`${path}=${value}`]),
  ],
});
