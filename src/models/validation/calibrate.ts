import { assert } from '../../core/assert.ts';
import { exp, log } from '../../core/math.ts';
import { sigmoid } from '../../core/math-logistic.ts';
import type { Calibration } from '../artefact/card.ts';

/** Raw probabilities of a model, and what came of them. */
export interface Scored {
  readonly probability: Float64Array;
  /** 0 or 1. */
  readonly outcome: Float64Array;
  readonly atUs: Float64Array;
  /** How many outcomes these are worth, where those that overlap are one: the sum of uniqueness. */
  readonly independent: number;
}

/** A calibration, or why there is none. */
export type Learned =
  | { readonly kind: 'calibration'; readonly calibration: Calibration }
  | { readonly kind: 'none'; readonly why: string };

/** Fewer independent outcomes than these tell the noise of a slope, not the slope. */
const INDEPENDENT_LEAST = 50;
/** Below these a line is drawn towards the one that changes nothing, in proportion. */
const INDEPENDENT_ENOUGH = 300;

/**
 * What a probability is worth, learned from samples that are later than all that the model was
 * trained on: its own samples would say that it is always right. Samples without a finite
 * probability are left out. A calibration rises: one that would turn the order of a model's scores
 * round, or level them, is none, since a few later outcomes are no reason to trade the reverse of
 * what was learned.
 */
export function fitCalibration(
  kind: Calibration['kind'],
  scored: Scored,
  trainedUntilUs: number,
): Learned {
  assert(
    scored.atUs.every((us) => us > trainedUntilUs),
    'a calibration is learned from later samples than the model',
  );
  const places = Array.from(scored.probability.keys()).filter((at) =>
    Number.isFinite(scored.probability[at]),
  );
  const independent = (scored.independent * places.length) / Math.max(1, scored.probability.length);
  if (!(independent >= INDEPENDENT_LEAST)) {
    const worth = Math.floor(independent);
    return none(`${worth} independent outcomes, and ${INDEPENDENT_LEAST} are needed`);
  }
  const probability = Float64Array.from(places, (at) => scored.probability[at] ?? Number.NaN);
  const outcome = Float64Array.from(places, (at) => scored.outcome[at] ?? Number.NaN);
  const positives = outcome.reduce((sum, value) => sum + value, 0);
  if (positives === 0 || positives === outcome.length) return none('all came out alike');
  if (probability.every((value) => value === probability[0])) return none('all scores are one');
  return kind === 'isotonic'
    ? risingSteps(fitIsotonic(probability, outcome))
    : risingLine(fitPlatt(probability, outcome, independent), independent);
}

function risingSteps(steps: Isotonic): Learned {
  const isRising = (steps.value.at(-1) ?? 0) > (steps.value[0] ?? 0);
  return isRising ? { kind: 'calibration', calibration: steps } : none(NO_RISE);
}

function risingLine({ kind, slope, intercept }: Platt, independent: number): Learned {
  if (!(slope > 0)) return none(NO_RISE);
  const share = Math.min(1, independent / INDEPENDENT_ENOUGH);
  const drawn = { kind, slope: 1 + share * (slope - 1), intercept: share * intercept };
  return { kind: 'calibration', calibration: share < 1 ? drawn : { kind, slope, intercept } };
}

const NO_RISE = 'higher scores did not come true more often';

function none(why: string): Learned {
  return { kind: 'none', why };
}

type Isotonic = Extract<Calibration, { readonly kind: 'isotonic' }>;
type Platt = Extract<Calibration, { readonly kind: 'platt' }>;

/**
 * The rising steps that are nearest to the outcomes, by pooling adjacent violators (Ayer et al.
 * 1955), as a line through the two ends of each step. No value is nought or one: what was never
 * seen in n samples is taken to be as likely as one in n + 2.
 */
export function fitIsotonic(probability: Float64Array, outcome: Float64Array): Isotonic {
  const edge = 1 / (outcome.length + 2);
  const at: number[] = [];
  const value: number[] = [];
  const put = (place: number, level: number): void => {
    at.push(place);
    value.push(Math.min(1 - edge, Math.max(edge, level)));
  };
  for (const { from, to, sum, count } of pooled(probability, outcome)) {
    put(from, sum / count);
    if (to > from) put(to, sum / count);
  }
  return { kind: 'isotonic', at, value };
}

interface Step {
  readonly from: number;
  readonly to: number;
  readonly sum: number;
  readonly count: number;
}

function pooled(probability: Float64Array, outcome: Float64Array): readonly Step[] {
  const steps: Step[] = [];
  for (const level of levels(probability, outcome)) {
    steps.push(level);
    while (poolLastTwo(steps));
  }
  return steps;
}

/** A step that is not higher than the one before it is no step. */
function poolLastTwo(steps: Step[]): boolean {
  const [last, next] = [steps.at(-2), steps.at(-1)];
  if (last === undefined || next === undefined) return false;
  if (last.sum * next.count < next.sum * last.count) return false;
  const { from } = last;
  const pool = { from, to: next.to, sum: last.sum + next.sum, count: last.count + next.count };
  steps.splice(-2, 2, pool);
  return true;
}

/**
 * Equal probabilities are together before any is compared with its neighbours: one of them alone
 * could draw a lower step up to all of them.
 */
function levels(probability: Float64Array, outcome: Float64Array): readonly Step[] {
  const order = Uint32Array.from(probability.keys()).toSorted(
    (a, b) => (probability[a] ?? 0) - (probability[b] ?? 0),
  );
  const found: Step[] = [];
  for (const place of order) {
    const at = probability[place] ?? Number.NaN;
    const seen = outcome[place] ?? Number.NaN;
    const last = found.at(-1);
    if (last?.to === at) {
      found.splice(-1, 1, { ...last, sum: last.sum + seen, count: last.count + 1 });
    } else found.push({ from: at, to: at, sum: seen, count: 1 });
  }
  return found;
}

const EDGE = 1e-12;
const NEWTON_MAX = 100;
const GRADIENT_LEAST = 1e-10;
const HALVINGS_MAX = 40;

/**
 * A straight line through the logits (Platt 1999), by Newton's method with halved steps (Lin, Lin
 * and Weng 2007). Targets are drawn in from 0 and 1 as Platt has it, so that few samples claim
 * little; outcomes that overlap are counted once there. The slope is whatever the outcomes say.
 */
export function fitPlatt(
  probability: Float64Array,
  outcome: Float64Array,
  independent: number,
): Platt {
  const logits = probability.map((value) => {
    const inside = Math.min(1 - EDGE, Math.max(EDGE, value));
    return log(inside / (1 - inside));
  });
  const worth = independent / outcome.length;
  const positives = worth * outcome.reduce((sum, value) => sum + value, 0);
  const negatives = independent - positives;
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (negatives + 2);
  const targets = outcome.map((value) => (value === 1 ? high : low));

  let slope = 0;
  let intercept = log((positives + 1) / (negatives + 1));
  let loss = lineLoss(logits, targets, slope, intercept);
  for (let step = 0; step < NEWTON_MAX; step += 1) {
    const move = newtonStep(logits, targets, slope, intercept);
    if (move.size < GRADIENT_LEAST * outcome.length) break;
    let share = 1;
    let next = loss;
    for (let halving = 0; halving < HALVINGS_MAX; halving += 1, share /= 2) {
      next = lineLoss(
        logits,
        targets,
        slope + share * move.slope,
        intercept + share * move.intercept,
      );
      if (next < loss) break;
    }
    if (!(next < loss)) break;
    slope += share * move.slope;
    intercept += share * move.intercept;
    loss = next;
  }
  return { kind: 'platt', slope, intercept };
}

function lineLoss(logits: Float64Array, targets: Float64Array, slope: number, intercept: number) {
  let sum = 0;
  logits.forEach((logit, at) => {
    const z = slope * logit + intercept;
    const above = Math.max(0, z) + log(1 + exp(-Math.abs(z)));
    sum += above - (targets[at] ?? Number.NaN) * z;
  });
  return sum;
}

function newtonStep(logits: Float64Array, targets: Float64Array, slope: number, intercept: number) {
  let [gradientA, gradientB, aa, ab, bb] = [0, 0, CURVATURE_LEAST, 0, CURVATURE_LEAST];
  logits.forEach((logit, at) => {
    const share = sigmoid(slope * logit + intercept);
    const gap = share - (targets[at] ?? Number.NaN);
    const curve = share * (1 - share);
    gradientA += gap * logit;
    gradientB += gap;
    aa += curve * logit * logit;
    ab += curve * logit;
    bb += curve;
  });
  const determinant = aa * bb - ab * ab;
  return {
    slope: -(bb * gradientA - ab * gradientB) / determinant,
    intercept: -(aa * gradientB - ab * gradientA) / determinant,
    size: Math.abs(gradientA) + Math.abs(gradientB),
  };
}

/** Keeps the step finite where all logits are the same. */
const CURVATURE_LEAST = 1e-12;
