/** Accuracy of the chips on held inputs, with an interval that grows narrower, and the layers that are to blame. */
import { barsFigure } from 'trex-sim/charts';
import { Figure } from '../figure.tsx';
import { type BlameRow, type HeldAnswer, type HeldRow, IDEAL } from '../work/noise/protocol.ts';
import { nameOf } from './logits.tsx';

/** Layers that are shown. */
const WORST = 12;

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

function Row({ row, images }: { readonly row: HeldRow; readonly images: number }) {
  const { chip, right, done, share, low, high, problem } = row;
  const [from, width] = [100 * low, 100 * (high - low)];
  return (
    <tr data-held={chip} data-done={done} data-right={right}>
      <th scope="row" class="chip">
        {nameOf(chip)}
      </th>
      <td class="whisker">
        {done > 0 && (
          <>
            <span class="span" style={{ left: `${from}%`, width: `${width}%` }} />
            <span class="dot" style={{ left: `${100 * share}%` }} />
          </>
        )}
      </td>
      <td>
        {problem !== '' ? (
          <span class="wrong">{problem}</span>
        ) : done === 0 ? (
          'waits'
        ) : (
          <>
            <b>{percent(share)}</b>{' '}
            <small>{`${percent(low)} to ${percent(high)}; ${done} of ${images} inputs`}</small>
          </>
        )}
      </td>
    </tr>
  );
}

export function Accuracy({ answer }: { readonly answer: HeldAnswer }) {
  const { rows, images, finished, commands } = answer;
  return (
    <section aria-label="Accuracy" data-finished={finished}>
      <h2>Accuracy on {images} glyphs that it has never seen</h2>
      <table class="held">
        <tbody>
          {rows.map(row => (
            <Row key={row.chip} row={row} images={images} />
          ))}
        </tbody>
      </table>
      <p class="note">
        Line: where the share of all such glyphs lies with 95 % certainty (Wilson). It grows shorter as more
        inputs are done.
      </p>
      <details>
        <summary>The same on the command line</summary>
        <p>
          <code>trex data glyphs --images 12 --test {images} --out held</code>
        </p>
        {Object.entries(commands).map(([chip, text]) => (
          <p key={chip}>
            <code data-command={chip}>{text}</code>
          </p>
        ))}
        <p class="note">glyph-vit.safetensors lies beside the page, in its folder assets.</p>
      </details>
    </section>
  );
}

/** Noise over signal, of amplitudes. */
const noiseShare = (snr_dB: number): number => 10 ** (-snr_dB / 20);

interface BlameProps {
  readonly answer: HeldAnswer;
  readonly chip: string;
  readonly onChip: (chip: string) => void;
  readonly onAlone: () => void;
}

function bars(rows: readonly BlameRow[], isAlone: boolean) {
  const value = ({ snr_dB, alone }: BlameRow): number =>
    isAlone ? Math.max(0, alone ?? 0) : snr_dB === null ? 0 : noiseShare(snr_dB);
  return rows
    .toSorted((a, b) => value(b) - value(a))
    .slice(0, WORST)
    .map(row => ({
      name: row.op,
      value: value(row),
      label: isAlone
        ? `+${(row.alone ?? 0).toFixed(3)} nat`
        : `${row.snr_dB === null ? 'exact' : `${row.snr_dB.toFixed(1)} dB`}`,
    }));
}

export function Blame({ answer, chip, onChip, onAlone }: BlameProps) {
  const { blame, rows, alone } = answer;
  const layers = blame[chip];
  const isAlone = layers?.some(row => row.alone !== null) ?? false;
  return (
    <section aria-label="Layers">
      <h2>Which layer is to blame</h2>
      <p class="controls">
        {rows
          .filter(row => row.chip !== IDEAL)
          .map(row => (
            <button
              key={row.chip}
              type="button"
              aria-pressed={row.chip === chip}
              onClick={() => onChip(row.chip)}
            >
              {nameOf(row.chip)}
            </button>
          ))}
        <button type="button" disabled={alone !== null} onClick={onAlone}>
          Put noise into one layer at a time
        </button>
      </p>
      {alone !== null && (
        <p role="status">
          {nameOf(alone.chip)}: {alone.done} of {alone.total} runs ...
        </p>
      )}
      {layers === undefined ? (
        <p>Comes when the accuracy of this chip is known.</p>
      ) : (
        <>
          <Figure
            draw={style =>
              barsFigure(
                isAlone
                  ? `${nameOf(chip)}: loss that the noise of one layer alone adds`
                  : `${nameOf(chip)}: noise of a layer as a share of its signal`,
                bars(layers, isAlone),
                style,
              )
            }
          />
          <p class="note">
            The {WORST} worst of {layers.length} matrix products; e3.q is the query of the fourth encoder.{' '}
            {isAlone
              ? 'All other layers are exact.'
              : 'dB: signal to noise against exact sums, over the first four inputs; a layer that is noisy need not matter.'}
          </p>
        </>
      )}
    </section>
  );
}
