/** The timeline on a canvas: what is narrower than a pixel is summed into columns, so that a frame costs one pass over the jobs. */
import { toSeconds } from '../../sim/tick.ts';
import { shown } from '../figures/quantity.ts';
import { stagesOf, timelineFigure, timelineTitle } from '../figures/timeline.ts';
import { binned, lanesOf } from '../html/intervals.ts';
import type { RunReport } from '../html/run-report.ts';
import { type Timeline, unpackedTimeline } from '../html/timeline.ts';
import { chart } from './chart.ts';
import { button, element, find } from './dom.ts';
import { figureStyle } from './theme.ts';

const STEPS_HEIGHT = 20;
const JOBS_HEIGHT = 34;
const RESOURCE_HEIGHT = 26;
const AXIS_HEIGHT = 22;
const GAP = 3;
/** Where there is no room beside the rows, their names stand above them. */
const NAME_HEIGHT = 15;
const NARROW = 500;
/** Jobs are drawn one by one where there are so few in the window, and as columns where there are more. */
const MOST_DRAWN = 2000;
const SHORTEST = 1000;

type Window = readonly [number, number];

export function timeline({ timeline: packed }: RunReport): void {
  const time = unpackedTimeline(packed);
  const lanes = time.units.map(unit => lanesOf(unit.jobs));
  const laneCounts = lanes.map(all => all.reduce((most, lane) => Math.max(most, lane + 1), 1));
  const stages = stagesOf(time);
  const whole = time.byImage ? 'all images' : 'the whole image';
  const nameHeight = (): number => (canvas.clientWidth < NARROW ? NAME_HEIGHT : 0);
  const rowsHeight = (): number =>
    time.units.length * (STEPS_HEIGHT + JOBS_HEIGHT + nameHeight()) +
    time.resources.length * (RESOURCE_HEIGHT + nameHeight());
  const canvas = element('canvas', {
    tabindex: '0',
    role: 'img',
    'aria-label': `${timelineTitle(time)}; arrow keys move, plus and minus zoom, 0 shows ${whole}. The table below has every step.`,
  });
  const tip = element('div', { class: 'tip', hidden: '' });
  const readout = element('span', { 'aria-live': 'polite' });
  let window_: Window = [0, time.end];
  let asked = false;
  let left = 0;

  const set = (from: number, to: number): void => {
    const length = Math.min(time.end, Math.max(SHORTEST, to - from));
    const start = Math.min(time.end - length, Math.max(0, from));
    window_ = [start, start + length];
    ask();
  };
  const zoom = (factor: number, share = 0.5): void => {
    const [from, to] = window_;
    const at = from + share * (to - from);
    set(at - (at - from) * factor, at + (to - at) * factor);
  };
  const pan = (share: number): void => {
    const by = share * (window_[1] - window_[0]);
    set(window_[0] + by, window_[1] + by);
  };
  const ask = (): void => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      const before = performance.now();
      draw();
      canvas.dataset.ms = (performance.now() - before).toFixed(2);
    });
  };

  function draw(): void {
    const width = canvas.clientWidth;
    if (width === 0) return;
    const above = nameHeight();
    const rows = rowsHeight();
    const height = AXIS_HEIGHT + rows;
    const ratio = devicePixelRatio;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    canvas.style.height = `${height}px`;
    const pen = canvas.getContext('2d');
    if (pen === null) return;
    const style = figureStyle(width);
    const { colors, ink, muted, grid, paper } = style;
    const size = style.fontSize - 1;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = paper;
    pen.fillRect(0, 0, width, height);
    pen.font = `${size}px ${style.font}`;
    left = above > 0 ? 0 : Math.min(170, width * 0.24);
    const [from, to] = window_;
    const plot = width - left;
    const scale = plot / (to - from);
    const x = (tick: number): number => left + (tick - from) * scale;
    ticks(from, to, plot).forEach(tick => {
      pen.fillStyle = grid;
      pen.fillRect(x(tick), AXIS_HEIGHT, 1, rows);
      pen.fillStyle = muted;
      pen.textAlign = 'center';
      pen.fillText(
        shown('_s', toSeconds(tick), 4),
        Math.min(width - 24, Math.max(left + 24, x(tick))),
        AXIS_HEIGHT - 8,
      );
    });
    const name = (text: string, y: number): void => {
      pen.textAlign = left > 0 ? 'right' : 'left';
      pen.fillStyle = ink;
      pen.fillText(text, left > 0 ? left - 8 : 0, y);
    };
    const colorOf = (unit: number, stage: string): string =>
      colors[stages[unit].indexOf(stage) % colors.length];
    let y = AXIS_HEIGHT;
    const columns = Math.max(1, Math.floor(plot));
    const clipped = (start: number, end: number, row: number, tall: number): void => {
      const a = Math.max(left, x(start));
      const b = Math.min(width, x(end));
      if (b >= a) pen.fillRect(a, row, Math.max(0.7, b - a), tall);
    };
    for (const [u, unit] of time.units.entries()) {
      name(unit.name, y + (above > 0 ? above - 3 : STEPS_HEIGHT - GAP - 1));
      y += above;
      for (const step of unit.steps) {
        if (step.end < from || step.start > to) continue;
        pen.fillStyle = colorOf(u, step.stage);
        clipped(step.start, step.end, y + GAP, STEPS_HEIGHT - GAP);
        const [a, b] = [Math.max(left, x(step.start)), Math.min(width, x(step.end))];
        if (b - a > 8 * step.step.length + 8) {
          pen.fillStyle = paper;
          pen.textAlign = 'left';
          pen.fillText(step.step, a + 4, y + STEPS_HEIGHT - GAP - 2);
        }
      }
      y += STEPS_HEIGHT;
      const { busy, begun } = binned(unit.jobs, window_, columns);
      const meeting = begun.reduce((total, n) => total + n, 0);
      if (meeting <= MOST_DRAWN) {
        const tall = Math.max(0.5, (JOBS_HEIGHT - GAP) / laneCounts[u]);
        for (let i = 0; i < unit.of.length; i++) {
          if (unit.jobs[2 * i + 1] < from || unit.jobs[2 * i] > to) continue;
          pen.fillStyle = colorOf(u, unit.steps[unit.of[i]].stage);
          clipped(
            unit.jobs[2 * i],
            unit.jobs[2 * i + 1],
            y + 1 + lanes[u][i] * tall,
            Math.max(0.5, tall - (tall > 3 ? 1 : 0)),
          );
        }
      } else {
        pen.fillStyle = muted;
        columnsOf(pen, busy, y, JOBS_HEIGHT);
      }
      y += JOBS_HEIGHT;
    }
    for (const { name: kind, slices, average } of time.resources) {
      name(kind, y + (above > 0 ? above - 3 : RESOURCE_HEIGHT - 6));
      y += above;
      const { busy } = binned(slices, window_, columns, average);
      pen.fillStyle = colors[0];
      columnsOf(pen, busy, y, RESOURCE_HEIGHT);
      y += RESOURCE_HEIGHT;
    }
    readout.textContent = `${shown('_s', toSeconds(from))} to ${shown('_s', toSeconds(to))}`;
  }

  /** Heights are shares of the highest column in the window. */
  const columnsOf = (pen: CanvasRenderingContext2D, busy: Float64Array, y: number, tall: number): void => {
    let most = 0;
    for (const value of busy) if (value > most) most = value;
    if (most === 0) return;
    for (let i = 0; i < busy.length; i++) {
      const h = ((tall - GAP) * busy[i]) / most;
      if (h > 0) pen.fillRect(left + i, y + tall - h, 1, h);
    }
  };

  chart({
    id: 'timeline',
    screen: element('div', {}, [canvas, tip]),
    draw: style => timelineFigure(time, window_, style),
    rows: () => [
      [time.byImage ? 'image' : 'unit', 'step', 'stage', 'start_s', 'end_s'],
      ...time.units.flatMap(unit =>
        unit.steps.map(s => [unit.name, s.step, s.stage, toSeconds(s.start), toSeconds(s.end)]),
      ),
    ],
    onDrawn: ask,
  });
  listen(canvas, { zoom, pan, set, tip, time, window: () => window_, left: () => left });
  find('[data-controls=timeline]').append(
    button('Zoom in', () => zoom(0.5)),
    button('Zoom out', () => zoom(2)),
    button('Earlier', () => pan(-0.5), { 'aria-label': 'Earlier' }),
    button('Later', () => pan(0.5), { 'aria-label': 'Later' }),
    button(time.byImage ? 'All images' : 'Whole image', () => set(0, time.end)),
    readout,
  );
}

/** Round times of the window, some eighty pixels apart or more. */
function ticks(from: number, to: number, width: number): number[] {
  const rough = (to - from) / Math.max(2, width / 110);
  let step = 1;
  for (let i = 0; step < rough; i++) step *= i % 3 === 1 ? 2.5 : 2;
  const first = Math.ceil(from / step);
  return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
}

interface Gestures {
  zoom(factor: number, share?: number): void;
  pan(share: number): void;
  set(from: number, to: number): void;
  window(): Window;
  left(): number;
  readonly tip: HTMLElement;
  readonly time: Timeline;
}

function listen(
  canvas: HTMLCanvasElement,
  { zoom, pan, set, window: windowOf, left, tip, time }: Gestures,
): void {
  const shareOf = (event: MouseEvent): number => {
    const plot = canvas.clientWidth - left();
    return Math.min(1, Math.max(0, (event.offsetX - left()) / plot));
  };
  let dragged: { readonly x: number; readonly from: number; readonly to: number } | undefined;
  canvas.addEventListener('pointerdown', event => {
    const [from, to] = windowOf();
    dragged = { x: event.offsetX, from, to };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointerup', () => {
    dragged = undefined;
  });
  canvas.addEventListener('pointermove', event => {
    if (dragged !== undefined) {
      const by = ((dragged.x - event.offsetX) / (canvas.clientWidth - left())) * (dragged.to - dragged.from);
      set(dragged.from + by, dragged.to + by);
      return;
    }
    const [from, to] = windowOf();
    const tick = from + shareOf(event) * (to - from);
    const row = Math.floor(
      (event.offsetY - AXIS_HEIGHT) / (STEPS_HEIGHT + JOBS_HEIGHT + (left() > 0 ? 0 : NAME_HEIGHT)),
    );
    const at = time.units[row]?.steps.find(step => step.start <= tick && tick <= step.end);
    tip.hidden = at === undefined;
    if (at === undefined) return;
    tip.textContent = `${at.step}: ${shown('_s', toSeconds(at.end - at.start))}, from ${shown('_s', toSeconds(at.start))}`;
    tip.style.left = `${Math.min(event.offsetX + 12, canvas.clientWidth - 200)}px`;
    tip.style.top = `${event.offsetY + 14}px`;
  });
  canvas.addEventListener('pointerleave', () => {
    tip.hidden = true;
  });
  canvas.addEventListener(
    'wheel',
    event => {
      // Without a key the page scrolls.
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
      event.preventDefault();
      if (event.shiftKey) pan((event.deltaX + event.deltaY) / 1000);
      else zoom(event.deltaY > 0 ? 1.25 : 0.8, shareOf(event));
    },
    { passive: false },
  );
  canvas.addEventListener('dblclick', event => zoom(0.25, shareOf(event)));
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => pan(-0.2),
    ArrowRight: () => pan(0.2),
    '+': () => zoom(0.5),
    '=': () => zoom(0.5),
    '-': () => zoom(2),
    '0': () => set(0, time.end),
    Home: () => set(0, windowOf()[1] - windowOf()[0]),
    End: () => set(time.end - (windowOf()[1] - windowOf()[0]), time.end),
  };
  canvas.addEventListener('keydown', event => {
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
}
