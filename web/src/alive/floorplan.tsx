/** Tiles by their busy share and, above them, links by flits: only what changed since the last frame is drawn. */
import { useEffect, useRef } from 'preact/hooks';
import { ramp } from 'trex-sim/charts';
import { useWidth } from '../figure.tsx';
import type { FilmAnswer } from '../work/protocol.ts';

const MOST_HEIGHT = 460;
/** Of a byte of the film. */
const WHOLE = 255;
/** Drawn last time. */
interface Last {
  readonly film: FilmAnswer;
  readonly frame: number;
  readonly size: string;
}

interface Sizes {
  readonly side: number;
  readonly width: number;
  readonly height: number;
}

function sizesOf({ places, hub, linkEnds }: FilmAnswer, width: number): Sizes {
  let [columns, rows] = [hub.x, hub.y];
  for (const { x, y } of [...places, ...linkEnds.flatMap(({ from, to }) => [from, to])]) {
    columns = Math.max(columns, x);
    rows = Math.max(rows, y);
  }
  const side = Math.min(width / (columns + 0.6), MOST_HEIGHT / (rows + 0.6));
  return { side, width, height: (rows + 0.6) * side };
}

function fit(canvas: HTMLCanvasElement, { width, height }: Sizes): CanvasRenderingContext2D {
  const [w, h] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext('2d')!;
  pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  return pen;
}

function drawTiles(
  pen: CanvasRenderingContext2D,
  film: FilmAnswer,
  frame: number,
  { side, before, idle }: { readonly side: number; readonly before: number; readonly idle: string },
): void {
  const { places, tiles } = film;
  const count = places.length;
  for (let i = 0; i < count; i++) {
    const share = tiles[frame * count + i];
    if (before >= 0 && share === tiles[before * count + i]) continue;
    pen.fillStyle = share === 0 ? idle : ramp(0.25 + (0.75 * share) / WHOLE);
    pen.fillRect((places[i].x - 0.46) * side, (places[i].y - 0.46) * side, side * 0.92, side * 0.92);
  }
}

function drawLinks(
  pen: CanvasRenderingContext2D,
  { links, linkEnds }: FilmAnswer,
  frame: number,
  { side, width, height }: Sizes,
): void {
  pen.clearRect(0, 0, width, height);
  pen.strokeStyle = '#e69f00';
  const count = linkEnds.length;
  for (let i = 0; i < count; i++) {
    const share = links[frame * count + i];
    if (share === 0) continue;
    const { from, to } = linkEnds[i];
    pen.lineWidth = Math.max(0.6, side * 0.16 * Math.sqrt(share / WHOLE));
    pen.beginPath();
    pen.moveTo(from.x * side, from.y * side);
    pen.lineTo(to.x * side, to.y * side);
    pen.stroke();
  }
}

export function Floorplan({
  film,
  frame,
  name,
  onTile,
}: {
  readonly film: FilmAnswer;
  readonly frame: number;
  readonly name: string;
  readonly onTile: (tile: number) => void;
}) {
  const below = useRef<HTMLCanvasElement>(null);
  const above = useRef<HTMLCanvasElement>(null);
  const last = useRef<Last | undefined>(undefined);
  const side = useRef(1);
  const width = useWidth(below);
  useEffect(() => {
    if (below.current === null || above.current === null) return;
    const sizes = sizesOf(film, below.current.clientWidth);
    side.current = sizes.side;
    const style = getComputedStyle(below.current);
    const idle = style.getPropertyValue('--line');
    const size = `${sizes.width} ${devicePixelRatio} ${idle}`;
    const same = last.current?.film === film && last.current.size === size;
    const pen = fit(below.current, sizes);
    if (!same) pen.clearRect(0, 0, sizes.width, sizes.height);
    const before = same ? last.current!.frame : -1;
    drawTiles(pen, film, frame, { side: sizes.side, before, idle });
    if (!same) {
      pen.fillStyle = style.getPropertyValue('--muted');
      pen.fillRect(
        (film.hub.x - 0.3) * sizes.side,
        (film.hub.y - 0.3) * sizes.side,
        sizes.side * 0.6,
        sizes.side * 0.6,
      );
    }
    if (film.linkEnds.length > 0) drawLinks(fit(above.current, sizes), film, frame, sizes);
    last.current = { film, frame, size };
  }, [film, frame, width]);
  const open = (event: MouseEvent): void => {
    const [x, y] = [event.offsetX / side.current, event.offsetY / side.current];
    const tile = film.places.findIndex(place => Math.abs(place.x - x) < 0.5 && Math.abs(place.y - y) < 0.5);
    if (tile >= 0) onTile(tile);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field below opens a tile by keyboard
    // biome-ignore lint/a11y/useKeyWithClickEvents: as said
    <div class="plan" onClick={open}>
      <canvas ref={below} role="img" aria-label={`Floorplan of ${name}: tiles that work are lit`} />
      <canvas ref={above} class="links" />
    </div>
  );
}
