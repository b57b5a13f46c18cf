/** What each encoder does: a column an encoder, a row a kind of step; what reuse leaves out is crossed. */
import { useEffect, useRef } from 'preact/hooks';
import { useWidth } from '../figure.tsx';
import type { FilmAnswer } from '../work/protocol.ts';
import { TICKS_A_SECOND } from './clock.ts';

const ROW = 17;
const NAMES = 92;
/** Kinds of steps as a paper writes them. */
const WORDS: Readonly<Record<string, string>> = {
  qk: 'QK^T',
  sv: 'S V',
  'qk.write': 'write K^T',
  'sv.write': 'write V',
};

/** The last part of a step's id, of those that belong to an encoder. */
const kindOf = (step: string): string => step.replace(/^[^.]*\./, '');

/** Of several chips, in the order of the first one that has them. */
export function kindsOf(films: readonly FilmAnswer[]): string[] {
  const kinds = new Set<string>();
  for (const { steps } of films)
    for (const { step, encoder } of steps) if (encoder !== null) kinds.add(kindOf(step));
  return [...kinds];
}

export function Steps({
  film,
  kinds,
  tick,
  name,
}: {
  readonly film: FilmAnswer;
  readonly kinds: readonly string[];
  readonly tick: number;
  readonly name: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useWidth(canvas);
  const now = tick / TICKS_A_SECOND;
  const cells = film.steps.flatMap(({ step, encoder, start_s, end_s }) =>
    encoder === null
      ? []
      : [{ encoder, kind: kinds.indexOf(kindOf(step)), phase: now >= end_s ? 2 : now > start_s ? 1 : 0 }],
  );
  const encoders = 1 + cells.reduce((most, { encoder }) => Math.max(most, encoder), 0);
  const seen = cells.map(({ phase }) => phase).join('');
  useEffect(() => {
    const pen = canvas.current?.getContext('2d');
    if (canvas.current === null || pen === null || pen === undefined) return;
    const width = canvas.current.clientWidth;
    const height = (kinds.length + 1) * ROW;
    Object.assign(canvas.current, {
      width: Math.round(width * devicePixelRatio),
      height: Math.round(height * devicePixelRatio),
    });
    canvas.current.style.height = `${height}px`;
    const style = getComputedStyle(canvas.current);
    const color = (of: string): string => style.getPropertyValue(of);
    const fills = [color('--line'), '#e69f00', color('--done')];
    pen.scale(devicePixelRatio, devicePixelRatio);
    pen.font = `12px ${style.fontFamily}`;
    pen.fillStyle = color('--muted');
    pen.textBaseline = 'middle';
    const step = (width - NAMES) / encoders;
    for (const [row, kind] of kinds.entries()) pen.fillText(WORDS[kind] ?? kind, 0, (row + 1.5) * ROW);
    pen.textAlign = 'center';
    for (let e = 0; e < encoders; e++) pen.fillText(String(e), NAMES + (e + 0.5) * step, ROW / 2);
    const there = new Set<number>();
    for (const { encoder, kind, phase } of cells) {
      there.add(encoder * kinds.length + kind);
      pen.fillStyle = fills[phase];
      pen.fillRect(NAMES + encoder * step + 1, (kind + 1) * ROW + 1, step - 2, ROW - 2);
    }
    pen.strokeStyle = color('--bad');
    pen.lineWidth = 1.5;
    for (let e = 0; e < encoders; e++)
      for (const k of kinds.keys()) {
        if (there.has(e * kinds.length + k)) continue;
        const [x, y] = [NAMES + e * step + 3, (k + 1) * ROW + 3];
        pen.beginPath();
        pen.moveTo(x, y);
        pen.lineTo(x + step - 6, y + ROW - 6);
        pen.moveTo(x + step - 6, y);
        pen.lineTo(x, y + ROW - 6);
        pen.stroke();
      }
  }, [film, kinds, seen, room]);
  return (
    <canvas ref={canvas} role="img" aria-label={`Steps of the encoders of ${name}: done, at work, to come`} />
  );
}
