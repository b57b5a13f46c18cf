/** The cells of a crossbar as a heat map: what they conduct, which are stuck, which rows the plane drives. */
import { useEffect, useRef } from 'preact/hooks';
import type { ArrayView } from 'trex-sim';
import { ramp } from 'trex-sim/charts';
import { useWidth } from '../figure.tsx';

export type Shown = 'cells' | 'levels' | 'difference';
/** Beside the cells: what each row is driven with. */
const MARGIN = 12;
const MOST = 9;

export interface Cell {
  readonly row: number;
  readonly col: number;
}

function shareOf({ cells, levels, maxLevel }: ArrayView, shown: Shown, i: number): number {
  if (shown === 'difference') return 0.5 + (cells[i] - levels[i]) / 2;
  return (shown === 'cells' ? cells : levels)[i] / maxLevel;
}

const unit = (share: number): number => Math.min(1, Math.max(0, share));

export function Heat({
  view,
  shown,
  plane,
  at,
  paper,
  onCell,
}: {
  readonly view: ArrayView;
  readonly shown: Shown;
  readonly plane: number;
  readonly at: Cell;
  /** Of the theme: another one draws anew. */
  readonly paper: string;
  readonly onCell: (cell: Cell) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(canvas, 100);
  const { rows, cols, stuck, digits, planes } = view;
  const size = Math.min(MOST, (width - MARGIN) / cols);
  useEffect(() => {
    const pen = canvas.current?.getContext('2d');
    if (canvas.current === null || pen === null || pen === undefined) return;
    const height = rows * size + 2;
    Object.assign(canvas.current, {
      width: Math.round(width * devicePixelRatio),
      height: Math.round(height * devicePixelRatio),
    });
    canvas.current.style.height = `${height}px`;
    pen.scale(devicePixelRatio, devicePixelRatio);
    const style = getComputedStyle(canvas.current);
    const most = 2 ** planes[plane].bits - 1;
    for (let row = 0; row < rows; row++) {
      const digit = digits[plane * rows + row];
      pen.globalAlpha = 1;
      pen.fillStyle = digit === 0 ? style.getPropertyValue('--line') : '#e69f00';
      pen.fillRect(0, row * size, (MARGIN - 4) * Math.max(0.4, digit / most), Math.max(1, size - 1));
      pen.globalAlpha = digit === 0 ? 0.4 : 1;
      for (let col = 0; col < cols; col++) {
        const i = row * cols + col;
        const [x, y] = [MARGIN + col * size, row * size];
        pen.fillStyle = ramp(unit(shareOf(view, shown, i)));
        pen.fillRect(x, y, size - 0.5, size - 0.5);
        if (stuck[i] === 0) continue;
        pen.strokeStyle = '#d55e00';
        pen.lineWidth = 1.5;
        pen.strokeRect(x + 0.5, y + 0.5, size - 1.5, size - 1.5);
      }
    }
    pen.globalAlpha = 1;
    pen.lineWidth = 2;
    pen.strokeStyle = style.getPropertyValue('--ink');
    pen.strokeRect(MARGIN + at.col * size - 0.5, 1, size + 0.5, rows * size - 1);
    pen.strokeRect(MARGIN + at.col * size - 1, at.row * size - 1, size + 2, size + 2);
  }, [view, shown, plane, at.row, at.col, width, paper]);
  const pick = (event: MouseEvent): void => {
    const col = Math.floor((event.offsetX - MARGIN) / size);
    const row = Math.floor(event.offsetY / size);
    if (col >= 0 && col < cols && row >= 0 && row < rows) onCell({ row, col });
  };
  return (
    <canvas
      ref={canvas}
      role="img"
      class="plan"
      aria-label={`Conductances of ${rows} x ${cols} cells; the row and the column of the cell are fields above`}
      onClick={pick}
    />
  );
}
