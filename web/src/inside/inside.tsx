/** A crossbar from inside: its cells, the bit planes that drive it one by one, what its converters make of the columns. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useStyle, useWidth } from '../figure.tsx';
import type { Client } from '../work/client.ts';
import type { InsideAnswer, RunQuestion } from '../work/protocol.ts';
import { isClipped, Products, Staircase, Sums } from './charts.tsx';
import { type Cell, Heat, type Shown } from './heat.tsx';

/** Which crossbar; layer '': the first one of an encoder. */
export interface Place {
  readonly layer: string;
  readonly crossbar: number;
}

const SHOWN: Readonly<Record<Shown, string>> = {
  cells: 'what the cells have',
  levels: 'what they were programmed to',
  difference: 'the difference (green: none)',
};

function Whole({
  name,
  value,
  most,
  onValue,
}: {
  readonly name: string;
  readonly value: number;
  readonly most: number;
  readonly onValue: (value: number) => void;
}) {
  return (
    <label>
      {name} (0 to {most}){' '}
      <input
        type="number"
        min={0}
        max={most}
        value={value}
        onInput={event => {
          const next = event.currentTarget.valueAsNumber;
          if (Number.isInteger(next) && next >= 0 && next <= most) onValue(next);
        }}
      />
    </label>
  );
}

export function Inside({
  client,
  question,
  place,
  failed,
  onPlace,
}: {
  readonly client: Client;
  readonly question: RunQuestion;
  readonly place: Place;
  readonly failed: (error: unknown) => void;
  readonly onPlace: (place: Place) => void;
}) {
  const [answer, setAnswer] = useState<InsideAnswer | undefined>(undefined);
  const [plane, setPlane] = useState(0);
  const [shown, setShown] = useState<Shown>('cells');
  const [cell, setCell] = useState<Cell>({ row: 0, col: 0 });
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { paper } = useStyle(width);
  useEffect(() => {
    client.ask('inside', Object.assign({}, question, place)).then(setAnswer, failed);
  }, [question, place.layer, place.crossbar]);
  return (
    <section ref={box} aria-label="A crossbar from inside" data-ready={answer !== undefined || undefined}>
      {answer === undefined ? <p role="status">A crossbar is programmed ...</p> : content(answer)}
    </section>
  );

  function content({ layers, view: one }: InsideAnswer) {
    const { rows, cols, planes, cells, levels, stuck } = one;
    const now = Math.min(plane, planes.length - 1);
    const at = { row: Math.min(cell.row, rows - 1), col: Math.min(cell.col, cols - 1) };
    const i = at.row * cols + at.col;
    const j = now * cols + at.col;
    const { shift, bits, weight } = planes[now];
    const half = width > 700 ? Math.floor((width - 20) / 2) : width;
    const sticks = stuck.reduce((sum, value) => sum + Math.abs(value), 0);
    return (
      <>
        <p class="controls">
          <label>
            matrix{' '}
            <select
              value={one.layer}
              onChange={event => onPlace({ layer: event.currentTarget.value, crossbar: 0 })}
            >
              {layers.map(name => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <Whole
            name="crossbar"
            value={place.crossbar}
            most={one.crossbars - 1}
            onValue={crossbar => onPlace({ layer: one.layer, crossbar })}
          />
          <label>
            colours{' '}
            <select value={shown} onChange={event => setShown(event.currentTarget.value as Shown)}>
              {Object.entries(SHOWN).map(([key, text]) => (
                <option key={key} value={key}>
                  {text}
                </option>
              ))}
            </select>
          </label>
        </p>
        <p class="note">
          It holds bit slice {one.slice + 1} of {one.slices} of rows {one.rowBlock * rows} to{' '}
          {one.rowBlock * rows + rows - 1}, columns {one.colBlock * cols} to {one.colBlock * cols + cols - 1}
          {one.written ? ` of head ${one.head}; it is written anew for every image` : ''}. The weights are
          drawn, with the shape of the layer;{' '}
          {sticks === 0 ? 'no cell is stuck' : `${sticks} cells are stuck (framed)`}.
        </p>
        <p class="controls">
          <button type="button" disabled={now === 0} onClick={() => setPlane(now - 1)}>
            Lower bit
          </button>
          <button type="button" disabled={now === planes.length - 1} onClick={() => setPlane(now + 1)}>
            Higher bit
          </button>
          <span>
            Input {bits === 1 ? `bit ${shift}` : `bits ${shift} to ${shift + bits - 1}`}, which counts{' '}
            {weight}
          </span>
          <Whole name="row" value={at.row} most={rows - 1} onValue={row => setCell({ row, col: at.col })} />
          <Whole
            name="column"
            value={at.col}
            most={cols - 1}
            onValue={col => setCell({ row: at.row, col })}
          />
        </p>
        <p data-cell={cells[i]}>
          This cell was programmed to level {levels[i]} of {one.maxLevel} and has {cells[i].toFixed(2)}
          {stuck[i] !== 0 && ': it is stuck'}. With this bit its column should add up to {one.exact[j]}; the
          converter sees {one.sums[j].toFixed(2)} and says code {one.codes[j]}, which is{' '}
          {(one.lowest + one.codes[j] * one.levelsPerCode).toFixed(1)}
          {isClipped(one, one.sums[j]) && ': clipped'}.
        </p>
        <div class="halves">
          <div style={{ width: `${half}px` }}>
            <Heat view={one} shown={shown} plane={now} at={at} paper={paper} onCell={setCell} />
            <p class="note">
              A square is a cell, a dot on the left a row that this bit drives; faded rows are not driven.
              Click a cell.
            </p>
          </div>
          <div style={{ width: `${half}px` }}>
            <Sums view={one} width={half} col={at.col} plane={now} />
            <Staircase view={one} width={half} col={at.col} plane={now} />
            <Products view={one} width={half} col={at.col} />
          </div>
        </div>
      </>
    );
  }
}
