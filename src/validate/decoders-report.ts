/** docs/validation.md, decoders: keys and values, lines and times of a text against what follows from its formulas by hand. */
import type { GenerationFigures } from '../report/generation.ts';
import { markdownTable } from '../report/markdown.ts';
import type { Result } from '../report/result.ts';

/** A text of `[prefill, decode]` tokens. */
export type WriteText = (
  arch: string,
  text: readonly [number, number],
  set: readonly string[],
) => Promise<Result>;

const ENCODERS = 2;
const HEADS = 12;
const PREFILL = 16;
const NS_PER_S = 1e9;
/** TReX, Table III: a read, a row of 64 of a programming; Table IV: an element of a softmax. */
const READ_NS = 19.174;
const LINE_NS = 51.563;
const SOFTMAX_NS = 15.85;
/** Crossbars of a PE: read and programmed one after another; eight products and two writes of two heads a block. */
const SERIAL = 8;
const PRODUCTS = 8;

/** The section on decoders. */
export async function decodersReport(write: WriteText, log: (what: string) => void): Promise<string> {
  log('a text of GPT-2 small');
  const result = await write('trex', [PREFILL, 2], [`model.encoders=${ENCODERS}`]);
  const { generation, kvCache_bytes } = result as Result & GenerationFigures;
  const byHand = (position: number): number =>
    ENCODERS * (PRODUCTS * SERIAL * READ_NS + SOFTMAX_NS * position + 2 * SERIAL * LINE_NS);
  const rows = [
    ...generation.tokens.map(({ position, time_s }) => [
      `token ${position}, ns: 2 encoders of 8 products, softmax and two lines`,
      byHand(position).toFixed(0),
      (time_s * NS_PER_S).toFixed(0),
    ]),
    [
      'lines that a token programs: K and V, a layer and head',
      String(2 * ENCODERS * HEADS),
      String(generation.linesPerToken),
    ],
    [
      'bytes of keys and values: 2 x 768 x 18 tokens a layer',
      String(2 * 768 * 18 * ENCODERS),
      String(kvCache_bytes),
    ],
    ['programmings of a cell in a text', '1', String(result.writes.perCellPerImage)],
  ];
  return [
    '## Decoders',
    `GPT-2 small with ${ENCODERS} encoders on \`trex\`, a prompt of ${PREFILL} tokens and two behind it; by hand from Tables III and IV.`,
    '',
    markdownTable(['figure', 'by hand', 'ours'], rows),
  ].join('\n');
}
