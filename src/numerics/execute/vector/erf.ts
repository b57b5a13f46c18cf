/** The error function by Taylor expansion about a grid of exact nodes (Abramowitz & Stegun 7.1.6 for the nodes, 7.1.19 for the derivatives). */

/** Beyond this, 1 - erf(x) is below half a unit of float64's last place. */
const LIMIT = 6;
const NODES_PER_UNIT = 32;
const TERMS = 7;

const table = nodeTable();

/** erf(x); absolute error below 1e-14, relative error below 1e-12. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size >= LIMIT) return x > 0 ? 1 : -1;
  // A whole number in 32 bits: not a number becomes 0, and its distance from the node keeps it so.
  const node = (size * NODES_PER_UNIT + 0.5) | 0;
  const d = size - node * (1 / NODES_PER_UNIT);
  const at = node * TERMS;
  const high = ((table[at + 6] * d + table[at + 5]) * d + table[at + 4]) * d + table[at + 3];
  const sum = ((high * d + table[at + 2]) * d + table[at + 1]) * d + table[at];
  return x < 0 ? -sum : sum;
}

/** Taylor coefficients of erf at each node: the (n+1)-th is 2/sqrt(pi) e^(-x^2) (-1)^n H_n(x) / (n+1)!. */
function nodeTable(): Float64Array {
  const nodes = LIMIT * NODES_PER_UNIT + 1;
  const out = new Float64Array(nodes * TERMS);
  for (let i = 0; i < nodes; i++) {
    const x = i / NODES_PER_UNIT;
    const slope = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
    out[i * TERMS] = slope * ascendingSum(x);
    let [before, hermite, factorial] = [0, 1, 1];
    for (let n = 0; n + 1 < TERMS; n++) {
      factorial *= n + 1;
      out[i * TERMS + n + 1] = ((n % 2 === 0 ? 1 : -1) * slope * hermite) / factorial;
      [before, hermite] = [hermite, 2 * x * hermite - 2 * n * before];
    }
  }
  return out;
}

/** sum of 2^n x^(2n+1) / (1 3 5 ... (2n+1)): every term is positive, so nothing cancels. */
function ascendingSum(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return sum;
}
