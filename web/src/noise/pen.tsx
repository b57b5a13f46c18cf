/** The pen: strokes by pointer or by keys, an image that is dropped, or one of the held inputs. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Picture } from '../work/noise/protocol.ts';
import { greyOf } from './image.ts';

/** Side of the network's image, pixels. */
export const SIDE = 20;
const STEP = 0.5;

type Stroke = readonly number[];

interface PenProps {
  readonly picture: Picture;
  /** What the network sees. */
  readonly seen: { readonly side: number; readonly pixels: Uint8Array } | undefined;
  readonly held: number;
  readonly onPicture: (picture: Picture) => void;
  readonly onProblem: (text: string) => void;
}

/** Grey levels of the network's image, enlarged; the key cursor on top. */
function paint(
  canvas: HTMLCanvasElement,
  seen: PenProps['seen'],
  cursor: readonly number[] | undefined,
  isDown: boolean,
) {
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  const side = seen?.side ?? SIDE;
  const scale = canvas.width / side;
  pen.fillStyle = 'rgb(26 26 26)';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  for (const [i, grey] of (seen?.pixels ?? []).entries()) {
    pen.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    pen.fillRect((i % side) * scale, Math.floor(i / side) * scale, scale, scale);
  }
  if (cursor === undefined) return;
  pen.strokeStyle = isDown ? '#e69f00' : '#56b4e9';
  pen.lineWidth = 2;
  pen.strokeRect((cursor[0] - 0.7) * scale, (cursor[1] - 0.7) * scale, 1.4 * scale, 1.4 * scale);
}

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};

export function Pen({ picture, seen, held, onPicture, onProblem }: PenProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const strokes = useRef<readonly Stroke[]>([]);
  const [cursor, setCursor] = useState<readonly [number, number] | undefined>(undefined);
  const [isDown, setDown] = useState(false);
  strokes.current = picture.kind === 'strokes' ? picture.strokes : [];
  useEffect(() => {
    if (canvas.current !== null) paint(canvas.current, seen, cursor, isDown);
  }, [seen, cursor, isDown]);

  const show = (all: readonly Stroke[]): void => {
    strokes.current = all;
    onPicture({ kind: 'strokes', strokes: all });
  };
  const begin = (x: number, y: number): void => show([...strokes.current, [x, y, x, y]]);
  const go = (x: number, y: number): void => {
    const last = strokes.current.at(-1);
    if (last !== undefined) show([...strokes.current.slice(0, -1), [...last, x, y]]);
  };
  const placeOf = (event: PointerEvent): [number, number] => {
    const box = (event.currentTarget as Element).getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  };
  const key = (event: KeyboardEvent): void => {
    const at = cursor ?? [SIDE / 2, SIDE / 2];
    const move = MOVES[event.key];
    if (move !== undefined) {
      const to = [0, 1].map(i => Math.min(SIDE, Math.max(0, at[i] + move[i]))) as [number, number];
      setCursor(to);
      if (isDown) go(...to);
    } else if (event.key === ' ' || event.key === 'Enter') {
      setCursor(at as [number, number]);
      if (!isDown) begin(at[0], at[1]);
      setDown(!isDown);
    } else if (event.key === 'Backspace' || event.key === 'Delete') show(strokes.current.slice(0, -1));
    else return;
    event.preventDefault();
  };
  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    greyOf(file, SIDE).then(
      pixels => onPicture({ kind: 'pixels', pixels }),
      () => onProblem(`${file.name}: not an image that this browser reads`),
    );
  };

  return (
    <div class="pen">
      <div
        class="paper"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is drawn on, also by keys
        tabIndex={0}
        role="application"
        aria-label="Drawing board. Arrow keys move the pen, space puts it down and lifts it, backspace takes back a stroke."
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setCursor(undefined);
          setDown(false);
          begin(...placeOf(event));
        }}
        onPointerMove={event => {
          if (event.buttons === 1) go(...placeOf(event));
        }}
        onKeyDown={key}
        onBlur={() => setDown(false)}
      >
        <canvas ref={canvas} width={SIDE * 14} height={SIDE * 14} />
      </div>
      <p class="controls">
        <button type="button" onClick={() => show([])}>
          Clear
        </button>
        <button
          type="button"
          onClick={() =>
            onPicture({ kind: 'held', index: picture.kind === 'held' ? (picture.index + 1) % held : 0 })
          }
        >
          Next held glyph
        </button>
        <label class="button">
          Image ...
          <input
            type="file"
            accept="image/*"
            class="unseen"
            onChange={event => take(event.currentTarget.files?.[0])}
          />
        </label>
      </p>
      <p class="note">
        Draw one of the twelve glyphs with pointer or finger; by keys: arrows, space, backspace. This is what
        the network sees, {SIDE} x {SIDE} pixels.
      </p>
    </div>
  );
}
