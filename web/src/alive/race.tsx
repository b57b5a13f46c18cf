/** The chip while it works, beside the pinned one on the same clock: play, pause, step, and a bar of logarithmic time. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { shown } from 'trex-sim/charts';
import { useStyle } from '../figure.tsx';
import { type Client, Superseded } from '../work/client.ts';
import type { Asked, FilmAnswer, UserFiles } from '../work/protocol.ts';
import { BAR, barOfTick, frameAt, spentBy, TICKS_A_SECOND, tickOfBar } from './clock.ts';
import { Floorplan } from './floorplan.tsx';
import { kindsOf, Steps } from './steps.tsx';

const FRAMES = 600;
const SECONDS = [5, 10, 30, 120];
const nano = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A chip that takes part. */
export interface Racer {
  readonly asked: Asked;
  readonly latency_s: number;
  readonly name: string;
}

function Chip({
  film,
  tick,
  kinds,
  name,
  onTile,
}: {
  readonly film: FilmAnswer;
  readonly tick: number;
  readonly kinds: readonly string[];
  readonly name: string;
  readonly onTile: (tile: number) => void;
}) {
  const frame = frameAt(film, tick);
  const [from, to] = [film.edges[frame] / TICKS_A_SECOND, film.edges[frame + 1] / TICKS_A_SECOND];
  const running = film.steps.filter(({ start_s, end_s }) => start_s < to && end_s > from);
  const held = film.stored[frame] / 8192;
  const work = running.slice(0, 3).map(({ step }) => step);
  return (
    <article aria-label={name}>
      <h2>{name}</h2>
      <p class="big">
        <data data-energy={name} value={spentBy(film, tick)}>
          {nano.format(spentBy(film, tick) * 1e9)} nJ
        </data>
      </p>
      <p class="now">
        {tick >= film.end
          ? `done after ${shown('_s', film.end / TICKS_A_SECOND)}`
          : `at work: ${work.join(', ') || 'nothing'}`}
        <br />
        global buffer: {held.toFixed(0)} of {(film.capacity_bits / 8192).toFixed(0)} KiB
      </p>
      <Steps film={film} kinds={kinds} tick={tick} name={name} />
      {film.reused.length > 0 && (
        <p class="note">
          Crossed: not computed. {film.reused.length === 1 ? 'Encoder' : 'Encoders'} {film.reused.join(', ')}{' '}
          reuse the attention of an earlier one.
        </p>
      )}
      <Floorplan film={film} frame={frame} name={name} onTile={onTile} />
    </article>
  );
}

export function Race({
  client,
  files,
  racers,
  failed,
  onReuse,
  onTile,
}: {
  readonly client: Client;
  readonly files: UserFiles;
  /** The chip, and the pinned one where it is another. */
  readonly racers: readonly Racer[];
  readonly failed: (error: unknown) => void;
  readonly onReuse: () => void;
  readonly onTile: (asked: Asked, tile: number, layers: FilmAnswer['layers']) => void;
}) {
  const [films, setFilms] = useState<readonly FilmAnswer[]>([]);
  const [tick, setTick] = useState(0);
  const [plays, setPlays] = useState(false);
  const [seconds, setSeconds] = useState(10);
  const { paper } = useStyle(640);
  const key = JSON.stringify(racers);
  useEffect(() => {
    let isOld = false;
    const until_s = racers.reduce((most, { latency_s }) => Math.max(most, latency_s), 0);
    setFilms([]);
    setPlays(false);
    const question = (i: number) => ({ asked: racers[i].asked, files, frames: FRAMES, until_s });
    Promise.all(racers.map((_, i) => client.ask(i === 0 ? 'film' : 'race', question(i)))).then(
      found => {
        if (isOld) return;
        setFilms(found);
        setTick(0);
        setPlays(!matchMedia('(prefers-reduced-motion: reduce)').matches);
      },
      error => {
        if (!isOld && !(error instanceof Superseded)) failed(error);
      },
    );
    return () => {
      isOld = true;
    };
  }, [key, files]);
  const kinds = useMemo(() => kindsOf(films), [films]);
  const edges = films[0]?.edges;
  const end = edges?.at(-1) ?? 1;
  useEffect(() => {
    if (!plays) return;
    let before: number | undefined;
    let at = tick >= end ? 0 : tick;
    let id = 0;
    const next = (now: number): void => {
      at = Math.min(end, at + (end * (now - (before ?? now))) / (1000 * seconds));
      before = now;
      setTick(at);
      if (at < end) id = requestAnimationFrame(next);
      else setPlays(false);
    };
    id = requestAnimationFrame(next);
    return () => cancelAnimationFrame(id);
  }, [plays, films, seconds]);
  const go = (to: number): void => {
    setPlays(false);
    setTick(Math.min(end, Math.max(0, to)));
  };
  const step = (by: number): void => {
    if (edges === undefined) return;
    setPlays(false);
    // From the time that it is by now: keys come faster than pictures.
    setTick(now => {
      const frame = frameAt({ edges }, now) + (now === 0 && by > 0 ? 0 : by);
      return frame < 0 ? 0 : Math.min(end, edges[Math.min(edges.length - 1, frame + 1)]);
    });
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const target = event.target as Element;
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target.closest('input,select,button,summary,a,[role=button]')
      )
        return;
      if (event.key === ' ') setPlays(was => !was);
      else if (event.key === 'ArrowRight') step(1);
      else if (event.key === 'ArrowLeft') step(-1);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  });
  if (films.length === 0) return <p role="status">Every tile is simulated for itself: seconds ...</p>;
  return (
    <section
      aria-label="The chip at work"
      data-ready
      data-ms={films.map(({ ms }) => ms.toFixed(0)).join(' ')}
    >
      <p class="controls">
        <button type="button" onClick={() => setPlays(was => !was)}>
          {plays ? 'Pause' : 'Play'}
        </button>
        <button type="button" onClick={() => step(-1)}>
          Step back
        </button>
        <button type="button" onClick={() => step(1)}>
          Step
        </button>
        <label>
          whole run in{' '}
          <select value={seconds} onChange={event => setSeconds(Number(event.currentTarget.value))}>
            {SECONDS.map(one => (
              <option key={one} value={one}>
                {one} s
              </option>
            ))}
          </select>
        </label>
        <input
          type="range"
          class="scrub"
          aria-label="Time, logarithmic"
          aria-valuetext={shown('_s', tick / TICKS_A_SECOND)}
          min={0}
          max={BAR}
          value={barOfTick(tick, end)}
          onInput={event => go(tickOfBar(Number(event.currentTarget.value), end))}
        />
        <b data-time={tick}>{shown('_s', tick / TICKS_A_SECOND)}</b>
      </p>
      {racers.length === 1 && (
        <p>
          This is the pinned chip alone.{' '}
          <button type="button" onClick={onReuse}>
            Race it against the same chip with attention reused
          </button>
        </p>
      )}
      <div class="racers">
        {films.map((film, i) => (
          <Chip
            // Pictures of another theme begin anew.
            key={`${racers[i].name} ${paper}`}
            film={film}
            tick={tick}
            kinds={kinds}
            name={racers[i].name}
            onTile={tile => onTile(racers[i].asked, tile, film.layers)}
          />
        ))}
      </div>
      <p class="note">
        Lit: the converters or write drivers of a tile work, the brighter the more of the time. Orange lines:
        links that carry data; grey square: the hub. Click a tile to look inside. Space plays, arrow keys
        step. A counter spreads the energy of a step evenly over its time.
      </p>
    </section>
  );
}
