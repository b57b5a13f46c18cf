/** The error function by Taylor expansion about a grid of exact nodes (Abramowitz & Stegun 7.1.6 for the nodes, 7.1.19 for the derivatives). */

/** Beyond this, 1 - erf(x) is below half a unit of float64's last place. */
export const ERF_LIMIT = 6;
export const ERF_NODES_PER_UNIT = 32;
/** Coefficients of a node. */
export const ERF_TERMS = 7;

/** [node][coefficient]. */
export const erfTable = nodeTable();

/** erf(x); absolute error below 1e-14, relative error below 1e-12. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size >= ERF_LIMIT) return x > 0 ? 1 : -1;
  // A whole number in 32 bits: not a number becomes 0, and its distance from the node keeps it so.
  const node = (size * ERF_NODES_PER_UNIT + 0.5) | 0;
  const d = size - node * (1 / ERF_NODES_PER_UNIT);
  const at = node * ERF_TERMS;
  const high = ((erfTable[at + 6] * d + erfTable[at + 5]) * d + erfTable[at + 4]) * d + erfTable[at + 3];
  const sum = ((high * d + erfTable[at + 2]) * d + erfTable[at + 1]) * d + erfTable[at];
  return x < 0 ? -sum : sum;
}

/** Taylor coefficients of erf at each node: the (n+1)-th is 2/sqrt(pi) e^(-x^2) (-1)^n H_n(x) / (n+1)!. */
function nodeTable(): Float64Array {
  const nodes = ERF_LIMIT * ERF_NODES_PER_UNIT + 1;
  const out = new Float64Array(nodes * ERF_TERMS);
  for (let i = 0; i < nodes; i++) {
    const x = i / ERF_NODES_PER_UNIT;
    const slope = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
    out[i * ERF_TERMS] = slope * ascendingSum(x);
    let [before, hermite, factorial] = [0, 1, 1];
    for (let n = 0; n + 1 < ERF_TERMS; n++) {
      factorial *= n + 1;
      out[i * ERF_TERMS + n + 1] = ((n % 2 === 0 ? 1 : -1) * slope * hermite) / factorial;
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
