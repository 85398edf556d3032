import { log } from '../../src/core/math.ts';

/** How good the scores are. `accuracy` calls a score above a half "up". */
export type Metrics = {
  readonly rows: number;
  readonly upShare: number;
  /** Mean of -ln(probability given to what happened). */
  readonly logLoss: number;
  /** The same for somebody who always says `baseRate`. */
  readonly baseLogLoss: number;
  readonly accuracy: number;
  /** Chance that a riser has a higher score than a faller; ties count half. */
  readonly auc: number;
  /** Mean distance between said and seen over ten groups of equal size. */
  readonly calibrationError: number;
  readonly calibration: readonly CalibrationGroup[];
};

export type CalibrationGroup = {
  readonly said: number;
  readonly seen: number;
};

export function measure(scores: Float64Array, labels: Uint8Array, baseRate: number): Metrics {
  const rows = labels.length;
  const order = Uint32Array.from(labels, (_, at) => at).toSorted(
    (left, right) => (scores[left] ?? 0) - (scores[right] ?? 0),
  );
  let ups = 0;
  let loss = 0;
  let right = 0;
  for (let at = 0; at < rows; at += 1) {
    const isUp = labels[at] === 1;
    const score = scores[at] ?? Number.NaN;
    ups += isUp ? 1 : 0;
    loss -= log(Math.max(1e-12, isUp ? score : 1 - score));
    if (score > 0.5 === isUp) right += 1;
  }
  const upShare = ups / rows;
  const calibration = calibrate(scores, labels, order);
  const distance = calibration.reduce((sum, { said, seen }) => sum + Math.abs(said - seen), 0);
  return {
    rows,
    upShare,
    logLoss: loss / rows,
    baseLogLoss: -(upShare * log(baseRate) + (1 - upShare) * log(1 - baseRate)),
    accuracy: right / rows,
    auc: areaUnderCurve(scores, labels, order),
    calibrationError: distance / calibration.length,
    calibration,
  };
}

/** Mann and Whitney's U by mean ranks. */
function areaUnderCurve(scores: Float64Array, labels: Uint8Array, order: Uint32Array): number {
  let rankSum = 0;
  let ups = 0;
  for (let from = 0; from < order.length;) {
    const value = scores[order[from] ?? 0];
    let to = from;
    while (to < order.length && scores[order[to] ?? 0] === value) to += 1;
    const rank = (from + 1 + to) / 2;
    for (let at = from; at < to; at += 1) {
      if (labels[order[at] ?? 0] !== 1) continue;
      rankSum += rank;
      ups += 1;
    }
    from = to;
  }
  const downs = order.length - ups;
  return (rankSum - (ups * (ups + 1)) / 2) / (ups * downs);
}

const GROUPS = 10;

function calibrate(
  scores: Float64Array,
  labels: Uint8Array,
  order: Uint32Array,
): readonly CalibrationGroup[] {
  return Array.from({ length: GROUPS }, (_, group) => {
    const from = Math.floor((group * order.length) / GROUPS);
    const to = Math.floor(((group + 1) * order.length) / GROUPS);
    let said = 0;
    let seen = 0;
    for (let at = from; at < to; at += 1) {
      said += scores[order[at] ?? 0] ?? Number.NaN;
      seen += labels[order[at] ?? 0] ?? 0;
    }
    return { said: said / (to - from), seen: seen / (to - from) };
  });
}
