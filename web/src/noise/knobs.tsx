/** The sliders of the noise: each begins as the technologies' files have it, and says so. */
import type { Knobs } from '../work/noise/protocol.ts';

interface Knob {
  readonly key: Exclude<keyof Knobs, 'writeAll'>;
  readonly label: string;
  /** Positions of the slider. */
  readonly values: readonly number[];
  /** What the files say, where they say the same. */
  readonly own: number;
  readonly shown: (value: number) => string;
  readonly hint: string;
}

const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) =>
    Number((from + i * step).toPrecision(6)),
  );
const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

const AGES: Readonly<Record<number, string>> = {
  1: 'just written',
  60: '1 minute',
  3600: '1 hour',
  86400: '1 day',
  604800: '1 week',
  31536000: '1 year',
  315360000: '10 years',
};

/** Of fefet-32nm; a chip that has nothing of the kind is left alone. */
const KNOBS: readonly Knob[] = [
  {
    key: 'adcBits',
    label: 'ADC bits',
    values: range(2, 10, 1),
    own: 6,
    shown: value => `${value} bit`,
    hint: 'How finely the current of a column is read. All three noisy chips.',
  },
  {
    key: 'sigmaRead',
    label: 'Cells differ by',
    values: range(0, 0.4, 0.02),
    own: 0.1,
    shown: percent,
    hint: 'Read variation: spread of the conductance of FeFETs.',
  },
  {
    key: 'sigmaWrite',
    label: 'Writing misses by',
    values: range(0, 0.6, 0.05),
    own: 0.2,
    shown: percent,
    hint: 'Write variation of FeFETs: of K and V, which are written for each image; weights are checked while they are written.',
  },
  {
    key: 'drift_s',
    label: 'Time since writing',
    values: Object.keys(AGES).map(Number),
    own: 1,
    shown: value => AGES[value],
    hint: "FeFETs lose conductance as time^-0.1 (assumed: the exponent of Yale's set; the file has no drift).",
  },
  {
    key: 'wires',
    label: 'Wire resistance',
    values: [0, 0.5, 1, 2, 3, 5, 8, 12, 20, 30],
    own: 1,
    shown: value => `${value} x the file's`,
    hint: "IR drop: cells far from the driver get less voltage. 1.79 ohm a cell along the row in FeFET's file.",
  },
];

export function KnobForm({
  knobs,
  onKnobs,
}: {
  readonly knobs: Knobs;
  readonly onKnobs: (knobs: Knobs) => void;
}) {
  const put = (key: keyof Knobs, value: number | boolean | undefined): void => {
    const next = Object.fromEntries(
      Object.entries({ ...knobs, [key]: value }).filter(([, one]) => one !== undefined),
    );
    onKnobs(next as Knobs);
  };
  const isOwn = Object.keys(knobs).length === 0;
  return (
    <form class="knobs" aria-label="Noise of the chips" onSubmit={event => event.preventDefault()}>
      {KNOBS.map(({ key, label, values, own, shown, hint }) => {
        const value = knobs[key] ?? own;
        const text = `${shown(value)}${knobs[key] === undefined ? ', as in the file' : ''}`;
        return (
          <div key={key} class="knob">
            <label for={`knob-${key}`}>{label}</label>
            <output for={`knob-${key}`}>{text}</output>
            <input
              id={`knob-${key}`}
              type="range"
              min={0}
              max={values.length - 1}
              value={values.indexOf(value)}
              aria-valuetext={text}
              aria-describedby={`knob-${key}-hint`}
              onInput={event => {
                const next = values[Number(event.currentTarget.value)];
                put(key, next === own ? undefined : next);
              }}
            />
            <small class="hint" id={`knob-${key}-hint`}>
              {hint}
            </small>
          </div>
        );
      })}
      <label class="check">
        <input
          type="checkbox"
          checked={knobs.writeAll === true}
          onChange={event => put('writeAll', event.currentTarget.checked ? true : undefined)}
        />{' '}
        Weights are not checked while they are written: writing misses there too
      </label>
      <button type="button" disabled={isOwn} onClick={() => onKnobs({})}>
        All as in the files
      </button>
    </form>
  );
}
