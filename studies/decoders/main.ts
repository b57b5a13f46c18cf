/** Writes docs/decoders-on-chips.md: decoders on FeFET, SRAM and both, and where their keys and values are best kept. */
import { writeFileSync } from 'node:fs';
import { formatQuantity, significant } from '../../src/base/units.ts';
import { type GenerationFigures, nodeFiles, type Result, run } from '../../src/index.node.ts';
import { markdownTable } from '../../src/report/markdown.ts';
import { formatSpan } from '../../src/report/summary.ts';

const PAGE = 'docs/decoders-on-chips.md';
const PREFILL = 512;
const DECODE = 128;
/** A text of Llama's on a mesh of 19 000 tiles takes an hour. */
const IDEAL = ['noc.kind=ideal', 'noc.broadcast=unicast'];
const TECHS = ['trex-fefet-32nm', 'trex-sram-32nm', 'trex-hybrid-32nm'];
const MODELS = ['gpt2-small', 'llama-3.2-1b'];
/** A prompt of Llama's keeps 10 MiB in the middle of an MLP. */
const BUFFER: Readonly<Record<string, readonly string[]>> = {
  'llama-3.2-1b': ['globalBuffer.capacity=16MiB'],
};
const DIGITS = 3;

type Text = Result & GenerationFigures;

async function write(model: string, tech: string, set: readonly string[], batch = 1): Promise<Text> {
  console.error(`${model} on ${tech}, ${set.join(' ')}, batch ${batch}`);
  const request = {
    arch: 'trex-full',
    model,
    tech,
    set: [...IDEAL, ...set],
    prefill: PREFILL,
    decode: DECODE,
    batch,
  };
  const { result } = await run(request, { files: nodeFiles });
  return result as Text;
}

const q = (value: number, unit: string): string => formatQuantity(value, unit, DIGITS);
const lifetimeOf = ({ writes }: Text): string =>
  writes.lifetime_s === null ? writes.lifetime : formatSpan(writes.lifetime_s);

const figures = (text: Text): string[] => {
  const { tokens } = text.generation;
  return [
    q(text.timeToFirstToken_s, 's'),
    q(text.timePerOutputToken_s, 's'),
    `${significant((tokens[tokens.length - 1].time_s / tokens[0].time_s - 1) * 100, 2)} %`,
    significant(text.tokensPerSecond, DIGITS),
    q(text.energyPerToken_J, 'J'),
    significant(text.area_m2 * 1e6, DIGITS),
    String(text.generation.linesPerToken),
    lifetimeOf(text),
  ];
};

const HEAD = [
  'first token',
  'per token',
  'growth',
  'tokens/s',
  'energy per token',
  'mm2',
  'lines a token',
  'lifetime',
];

async function page(): Promise<string> {
  const chips: string[][] = [];
  for (const model of MODELS)
    for (const tech of TECHS)
      chips.push([model, tech, ...figures(await write(model, tech, BUFFER[model] ?? []))]);
  const places: string[][] = [];
  const big = 'globalBuffer.capacity=64MiB';
  for (const [what, set] of [
    ['crossbars, keys as rows', []],
    ['crossbars, keys as columns', ['kvCache.keys=columns']],
    ['global buffer of 64 MiB', ['kvCache.place=buffers', big]],
    ['DRAM', ['kvCache.place=dram']],
  ] as const)
    places.push([what, ...figures(await write('gpt2-small', 'trex-fefet-32nm', set))]);
  const batches: string[][] = [];
  for (const batch of [1, 2, 4]) {
    const set = batch === 1 ? [] : [big];
    batches.push([String(batch), ...figures(await write('gpt2-small', 'trex-hybrid-32nm', set, batch))]);
  }
  return [
    '# Decoders on chips',
    '',
    'Written by `node dist/studies/decoders/main.js` (after `npm run build`); do not edit by hand.',
    '',
    `A prompt of ${PREFILL} tokens runs at once, ${DECODE} tokens follow one after another, event by event:`,
    '',
    `    trex run trex-full --model gpt2-small --prefill ${PREFILL} --decode ${DECODE} --set noc.kind=ideal --set noc.broadcast=unicast`,
    '',
    'Chip: `arch/trex-full.yaml` with everything counted, but a network on which words take no time; for Llama with a global buffer of 16 MiB. *growth*: of the time of a token, from the',
    'first behind the prompt to the last. *lines a token*: rows that a token adds to the arrays of keys and values. *lifetime*: such texts one after',
    'another, until the cell that is written most has its endurance (1e5 for FeFET, assumed).',
    '',
    markdownTable(['network', 'crossbars', ...HEAD], chips),
    '',
    'An array of keys or values is programmed once a text, so that FeFET cells wear by texts and not by tokens; a cache that rolls over 1 024',
    'positions at 1 000 tokens/s would last 28 hours. The static weights are read for every token: most of its time and energy, whatever the cells.',
    '',
    '## Where the keys and values are kept',
    'GPT-2 small on `trex-fefet-32nm`. `kvCache.keys: rows` (the default) assumes arrays of keys that are laid out across those of weights, so that the values of a key',
    'lie along a line that is programmed at once; as columns they take one row after another. Off the crossbars the vector unit multiplies (16',
    'lanes), and from DRAM every token fetches what came before it.',
    '',
    markdownTable(['place', ...HEAD], places),
    '',
    '## Several texts side by side',
    'GPT-2 small on `trex-hybrid-32nm`, each text with arrays of its own; first token: of all prompts together; energy: of one token.',
    '',
    markdownTable(['texts', ...HEAD], batches),
    '',
    '## What is assumed',
    '- Prompts are multiplied with all keys of the arrays that they fill; masked scores are read and not kept.',
    '- Words are looked up free of charge (`embed` is an addition); the head is on crossbars, beside the table of words that it is tied to.',
    '- Rotary positions cost two passes of the vector unit; RMSNorm what LayerNorm does.',
    '- A published programming is of all rows: one row takes its share of the time, and its cells theirs of the energy.',
    '- All texts of a batch are at the same position. A window of the past (`attention.span`) is refused.',
    '',
  ].join('\n');
}

writeFileSync(PAGE, await page());
