/** What becomes of the columns of a crossbar: the staircase of the converter, sums of a plane, and the error of the product. */
import type { ArrayView } from 'trex-sim';

const HEIGHT = 190;
const LEFT = 46;
const BOTTOM = 30;
const TOP = 8;

interface Box {
  readonly width: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Where values of two ranges are in a picture. */
function boxOf(width: number, [x0, x1]: readonly [number, number], [y0, y1]: readonly [number, number]): Box {
  const wide = Math.max(1e-9, x1 - x0);
  const tall = Math.max(1e-9, y1 - y0);
  return {
    width,
    x: value => LEFT + ((value - x0) / wide) * (width - LEFT - 10),
    y: value => HEIGHT - BOTTOM - ((value - y0) / tall) * (HEIGHT - BOTTOM - TOP),
  };
}

function rangeOf(...lists: readonly (readonly number[] | Float64Array)[]): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists)
    for (const value of list) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
  return [least, most];
}

const short = (value: number): string =>
  Math.abs(value) >= 1000 ? `${Math.round(value / 1000)}k` : String(Math.round(value * 10) / 10);

function Axes({
  box,
  xs,
  ys,
  names,
}: {
  readonly box: Box;
  readonly xs: readonly number[];
  readonly ys: readonly number[];
  readonly names: readonly [string, string];
}) {
  return (
    <>
      {ys.map(y => (
        <g key={`y${y}`}>
          <line class="grid" x1={LEFT} x2={box.width - 10} y1={box.y(y)} y2={box.y(y)} />
          <text x={LEFT - 4} y={box.y(y) + 4} text-anchor="end">
            {short(y)}
          </text>
        </g>
      ))}
      {xs.map((x, i) => (
        <text key={`x${x}`} x={box.x(x)} y={HEIGHT - BOTTOM + 13} text-anchor={i === 0 ? 'start' : 'end'}>
          {short(x)}
        </text>
      ))}
      <text x={box.width / 2} y={HEIGHT - 3} text-anchor="middle">
        {names[0]}
      </text>
      <text x={LEFT + 4} y={TOP + 4}>
        {names[1]}
      </text>
    </>
  );
}

interface Props {
  readonly view: ArrayView;
  readonly width: number;
  readonly col: number;
}

/** Whether a converter had no code for a sum. */
export function isClipped({ adcBits, lowest, levelsPerCode }: ArrayView, sum: number): boolean {
  return sum < lowest - levelsPerCode / 2 || sum >= lowest + (2 ** adcBits - 0.5) * levelsPerCode;
}

/** Codes over sums: every conversion of a plane on the steps of the converter. */
export function Staircase({ view, width, col, plane }: Props & { readonly plane: number }) {
  const { sums, codes, cols, adcBits, lowest, levelsPerCode } = view;
  const own = sums.subarray(plane * cols, (plane + 1) * cols);
  const top = 2 ** adcBits - 1;
  const [least, most] = rangeOf(own, [lowest - levelsPerCode, lowest + (top + 1) * levelsPerCode]);
  const box = boxOf(width, [least, most], [0, top]);
  const path = [`M${box.x(least)} ${box.y(0)}`];
  for (let code = 1; code <= top; code++)
    path.push(`H${box.x(lowest + (code - 0.5) * levelsPerCode)}V${box.y(code)}`);
  path.push(`H${box.x(most)}`);
  const clipped = own.filter(sum => isClipped(view, sum)).length;
  return (
    <figure>
      <figcaption>
        The converter: {adcBits} bits, a code is {short(levelsPerCode)} levels; {clipped} of {cols} columns
        are clipped in this plane
      </figcaption>
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label="Staircase of the converter: codes over column sums"
      >
        <Axes box={box} xs={[least, most]} ys={[0, top]} names={['column sum, levels', 'code']} />
        <path class="stairs" d={path.join('')} />
        {[...own].map((sum, i) => (
          <circle
            key={i}
            class={isClipped(view, sum) ? 'dot clipped' : i === col ? 'dot own' : 'dot'}
            cx={box.x(sum)}
            cy={box.y(codes[plane * cols + i])}
            r={i === col ? 5 : 2.6}
          />
        ))}
      </svg>
    </figure>
  );
}

function Pairs({
  width,
  col,
  should,
  is,
  names,
  caption,
}: {
  readonly width: number;
  readonly col: number;
  readonly should: Float64Array;
  readonly is: Float64Array;
  readonly names: readonly [string, string];
  readonly caption: string;
}) {
  const range = rangeOf(should, is, [0]);
  const box = boxOf(width, [0, should.length], range);
  const step = (width - LEFT - 10) / should.length;
  return (
    <figure>
      <figcaption>{caption}</figcaption>
      <svg width={width} height={HEIGHT} role="img" aria-label={caption}>
        <Axes
          box={box}
          xs={[0, should.length - 1]}
          ys={[...new Set([range[0], 0, range[1]])]}
          names={names}
        />
        {[...should].map((value, i) => (
          <g key={i}>
            <rect
              class={i === col ? 'bar own' : 'bar'}
              x={box.x(i)}
              width={Math.max(1, step - 1)}
              y={Math.min(box.y(0), box.y(value))}
              height={Math.abs(box.y(value) - box.y(0))}
            />
            <line
              class="seen"
              x1={box.x(i)}
              x2={box.x(i) + Math.max(1, step - 1)}
              y1={box.y(is[i])}
              y2={box.y(is[i])}
            />
          </g>
        ))}
      </svg>
    </figure>
  );
}

/** What the columns of a plane should add up to, and what their converters see. */
export function Sums({ view, width, col, plane }: Props & { readonly plane: number }) {
  const of = (list: Float64Array): Float64Array => list.subarray(plane * view.cols, (plane + 1) * view.cols);
  return (
    <Pairs
      width={width}
      col={col}
      should={of(view.exact)}
      is={of(view.sums)}
      names={['column', 'levels']}
      caption="Column currents: grey as they should be, orange as the converter sees them"
    />
  );
}

/** The integer product of these rows, with all bit slices and planes. */
export function Products({ view, width, col }: Props) {
  const { product, exactProduct } = view;
  let [error, signal] = [0, 0];
  for (const [i, exact] of exactProduct.entries()) {
    error += (product[i] - exact) ** 2 / product.length;
    signal += exact ** 2 / product.length;
  }
  const ratio =
    error === 0 ? 'no error' : `signal to noise ${(10 * Math.log10(signal / error)).toFixed(1)} dB`;
  return (
    <Pairs
      width={width}
      col={col}
      should={exactProduct}
      is={product}
      names={['column', 'product']}
      caption={`What comes of it, all bits together: error ${short(Math.sqrt(error))} rms, ${ratio}`}
    />
  );
}
