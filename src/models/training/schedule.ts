import { cos } from '../../core/math-trig.ts';
import { pow } from '../../core/math-power.ts';

/** How the learning rate goes on from its height. */
export type Schedule =
  | { readonly kind: 'constant' }
  /** Times `factor` for each epoch from `after` on. */
  | { readonly kind: 'decay'; readonly factor: number; readonly after: number }
  /** Times a half, so many times, at equal distances. */
  | { readonly kind: 'halving'; readonly times: number }
  /** Up from a 25th within `share` of the steps, then down to a 10,000th of that (Smith 2018). */
  | { readonly kind: 'oneCycle'; readonly share: number }
  /** In a line up within `warmUp` steps, then down to nought as a cosine. */
  | { readonly kind: 'cosine'; readonly warmUp: number };

export interface Plan {
  /** Of the whole training, and of one epoch. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
}

/** What the rate is multiplied by at a step, counted from nought. */
export function rateShare(schedule: Schedule, step: number, plan: Plan): number {
  switch (schedule.kind) {
    case 'constant':
      return 1;
    case 'decay': {
      const epoch = Math.floor(step / plan.stepsPerEpoch);
      return pow(schedule.factor, Math.max(epoch - schedule.after + 1, 0));
    }
    case 'halving': {
      const part = plan.steps / (schedule.times + 1);
      return pow(0.5, Math.floor(step / part));
    }
    case 'oneCycle':
      return oneCycle(schedule.share * plan.steps - 1, step, plan.steps - 1);
    case 'cosine': {
      const { warmUp } = schedule;
      if (step < warmUp) return (step + 1) / (warmUp + 1);
      return between(1, 0, (step - warmUp) / (plan.steps - warmUp));
    }
  }
}

const FIRST_SHARE = 1 / 25;
const LAST_SHARE = FIRST_SHARE / 10_000;

function oneCycle(top: number, step: number, last: number): number {
  return step <= top
    ? between(FIRST_SHARE, 1, step / top)
    : between(1, LAST_SHARE, (step - top) / (last - top));
}

/** From one to the other as half a cosine. */
function between(from: number, to: number, share: number): number {
  return to + ((from - to) / 2) * (1 + cos(Math.PI * share));
}
