/** The chip while it works: tiles by their busy share, links by flits, the global buffer by what it holds. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { ramp, shown } from 'trex-sim/charts';
import type { FilmAnswer } from './work/protocol.ts';

const TICKS_A_SECOND = 1e12;
const SPEED = 60;

function draw(canvas: HTMLCanvasElement, film: FilmAnswer, frame: number, before: number): void {
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  const { places, hub, tiles, links, linkEnds } = film;
  const all = [hub, ...places, ...linkEnds.flatMap(({ from, to }) => [from, to])];
  const columns = Math.max(...all.map(({ x }) => x)) + 0.6;
  const rows = Math.max(...all.map(({ y }) => y)) + 0.6;
  const wide = canvas.clientWidth;
  const side = Math.min(wide / columns, 560 / rows);
  const ratio = devicePixelRatio;
  const [w, h] = [Math.round(wide * ratio), Math.round(rows * side * ratio)];
  const fresh = before < 0 || canvas.width !== w || canvas.height !== h || linkEnds.length > 0;
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) {
    canvas.height = h;
    canvas.style.height = `${rows * side}px`;
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (fresh) pen.clearRect(0, 0, wide, rows * side);
  const count = places.length;
  for (let i = 0; i < count; i++) {
    const share = tiles[frame * count + i];
    if (!fresh && share === tiles[before * count + i]) continue;
    pen.fillStyle = ramp(share / 255);
    pen.fillRect((places[i].x - 0.46) * side, (places[i].y - 0.46) * side, side * 0.92, side * 0.92);
  }
  const lines = linkEnds.length;
  pen.strokeStyle = '#e69f00';
  for (let i = 0; i < lines; i++) {
    const share = links[frame * lines + i];
    if (share === 0) continue;
    pen.lineWidth = Math.max(0.6, side * 0.16 * Math.sqrt(share / 255));
    pen.beginPath();
    pen.moveTo(linkEnds[i].from.x * side, linkEnds[i].from.y * side);
    pen.lineTo(linkEnds[i].to.x * side, linkEnds[i].to.y * side);
    pen.stroke();
  }
  pen.fillStyle = '#8c959f';
  pen.fillRect((hub.x - 0.3) * side, (hub.y - 0.3) * side, side * 0.6, side * 0.6);
}

export function Alive({ film }: { readonly film: FilmAnswer }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [frame, setFrame] = useState(0);
  const [plays, setPlays] = useState(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  const last = useRef(-1);
  const frames = film.edges.length - 1;
  useEffect(() => {
    last.current = -1;
    setFrame(0);
  }, [film]);
  useEffect(() => {
    if (canvas.current === null) return;
    draw(canvas.current, film, frame, last.current);
    last.current = frame;
  }, [film, frame]);
  useEffect(() => {
    if (!plays) return;
    let start: number | undefined;
    let id = 0;
    const from = frame >= frames - 1 ? 0 : frame;
    const next = (now: number): void => {
      start ??= now;
      const at = Math.min(frames - 1, from + Math.floor(((now - start) * SPEED) / 1000));
      setFrame(at);
      if (at < frames - 1) id = requestAnimationFrame(next);
      else setPlays(false);
    };
    id = requestAnimationFrame(next);
    return () => cancelAnimationFrame(id);
  }, [plays, film]);
  const at = film.edges[frame + 1];
  const running = film.steps.filter(
    ({ start_s, end_s }) => start_s * TICKS_A_SECOND < at && end_s * TICKS_A_SECOND > film.edges[frame],
  );
  const held = film.stored[frame] / 8;
  const go = (to: number): void => {
    setPlays(false);
    setFrame(Math.min(frames - 1, Math.max(0, to)));
  };
  return (
    <section aria-label="The chip at work" data-ready>
      <p class="controls">
        <button type="button" onClick={() => setPlays(!plays)}>
          {plays ? 'Pause' : 'Play'}
        </button>
        <button type="button" onClick={() => go(frame - 1)}>
          Step back
        </button>
        <button type="button" onClick={() => go(frame + 1)}>
          Step
        </button>
        <input
          type="range"
          class="scrub"
          aria-label="Time, logarithmic"
          aria-valuetext={shown('_s', at / TICKS_A_SECOND)}
          min={0}
          max={frames - 1}
          value={frame}
          onInput={event => go(Number(event.currentTarget.value))}
        />
      </p>
      <p>
        <b data-time>{shown('_s', at / TICKS_A_SECOND)}</b> of {shown('_s', film.end / TICKS_A_SECOND)}; the
        global buffer holds {(held / 1024).toFixed(0)} KiB of {(film.capacity_bits / 8192).toFixed(0)};{' '}
        {running
          .map(step => step.step)
          .slice(0, 6)
          .join(', ') || 'nothing'}{' '}
        at work
      </p>
      <canvas
        ref={canvas}
        role="img"
        aria-label="Floorplan: tiles by the share of the frame in which their converters or write drivers work"
      />
      <p class="note">
        Bright: at work all the frame. Grey square: the hub. Time is logarithmic: {frames} frames, the first{' '}
        {shown('_s', film.edges[1] / TICKS_A_SECOND)} long.
      </p>
    </section>
  );
}
