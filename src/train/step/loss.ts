/** The loss of one sample and its derivatives: cross-entropy with label smoothing, and distillation as in TReX (arXiv 2408.12742, Eq. 3; DeiT, arXiv 2012.12877). */

/** Factors of the paper's DeiT loss. */
export const LAMBDA_SOFT = 0.1;
export const LAMBDA_FEATURES = 0.5;

export interface LossOptions {
  /** Share of the target that is spread over all classes (Szegedy et al., arXiv 1512.00567). */
  readonly labelSmoothing: number;
  /** Factor of the cross-entropy against the teacher's probabilities. */
  readonly softLabels: number;
  /** Factor of the Kullback-Leibler divergence of the class tokens, softmax over their width, from the teacher's. */
  readonly features: number;
}

/** What a teacher says about a sample: its logits and class token. */
interface TeacherSample {
  readonly logits: Float32Array;
  readonly features: Float32Array;
}

export interface LossSample {
  readonly logits: Float32Array;
  /** The class token. */
  readonly features: Float32Array;
  readonly label: number;
  readonly taught: TeacherSample | undefined;
}

/** Where the derivatives go, each times `share`. */
export interface LossGradients {
  readonly share: number;
  readonly logits: Float32Array;
  readonly features: Float32Array;
}

/** The loss in nats: CE + softLabels CE(teacher) + features KL(teacher || student). Writes the derivatives. */
export function sampleLoss(
  { logits, features, label, taught }: LossSample,
  { labelSmoothing, softLabels, features: featureFactor }: LossOptions,
  { share, logits: dLogits, features: dFeatures }: LossGradients,
): number {
  const classes = logits.length;
  const own = logSoftmax(logits);
  const even = labelSmoothing / classes;
  let loss = 0;
  for (let j = 0; j < classes; j++) {
    const target = even + (j === label ? 1 - labelSmoothing : 0);
    loss -= target * own[j];
    dLogits[j] = share * (Math.exp(own[j]) - target);
  }
  dFeatures.fill(0);
  if (taught === undefined) return loss;
  if (softLabels > 0) {
    const soft = logSoftmax(taught.logits);
    for (let j = 0; j < classes; j++) {
      const target = Math.exp(soft[j]);
      loss -= softLabels * target * own[j];
      dLogits[j] += share * softLabels * (Math.exp(own[j]) - target);
    }
  }
  if (featureFactor > 0) {
    const [theirs, ours] = [logSoftmax(taught.features), logSoftmax(features)];
    for (let j = 0; j < ours.length; j++) {
      const target = Math.exp(theirs[j]);
      loss += featureFactor * target * (theirs[j] - ours[j]);
      dFeatures[j] = share * featureFactor * (Math.exp(ours[j]) - target);
    }
  }
  return loss;
}

/** log softmax in float64. */
export function logSoftmax(values: Float32Array): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (const v of values) if (v > largest) largest = v;
  let sum = 0;
  for (const v of values) sum += Math.exp(v - largest);
  const shift = largest + Math.log(sum);
  return Float64Array.from(values, v => v - shift);
}

/** Index of the largest value, the first of equals. */
export function argMax(values: Float32Array): number {
  let best = 0;
  for (let j = 1; j < values.length; j++) if (values[j] > values[best]) best = j;
  return best;
}
