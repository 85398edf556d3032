import { mean, pick, sum, type Columns, type Series } from './series.ts';

/** Ehlers' Hilbert transform of a whole series, column by column. */
type Hilbert = {
  readonly smoothed: readonly number[];
  readonly inPhase: readonly number[];
  readonly quadrature: readonly number[];
  readonly period: readonly number[];
};

/** @param start the first bar that is transformed; all signals are 0 before it. */
export function hilbertOf(close: readonly number[], start: number): Hilbert {
  const smoothed: number[] = [];
  const detrended: number[] = [];
  const quadrature: number[] = [];
  const inPhase: number[] = [];
  const pairs: (readonly [number, number])[] = [];
  const turns: (readonly [number, number])[] = [];
  const raw: number[] = [];
  const period: number[] = [];
  const before = <T>(column: readonly T[], at: number, none: T): T => column[at] ?? none;
  for (let at = 0; at < close.length; at += 1) {
    if (at < start) {
      for (const column of [smoothed, detrended, quadrature, inPhase, raw, period]) column.push(0);
      pairs.push([0, 0]);
      turns.push([0, 0]);
      continue;
    }
    const adjust = 0.075 * before(raw, at - 1, 0) + 0.54;
    const turned = (column: readonly number[], to: number) =>
      (0.0962 * (before(column, to, 0) - before(column, to - 6, 0)) +
        0.5769 * (before(column, to - 2, 0) - before(column, to - 4, 0))) *
      adjust;
    const weighed = [4, 3, 2, 1].map((weight, age) => weight * pick(close, at - age));
    smoothed.push(sum(weighed) / 10);
    detrended.push(turned(smoothed, at));
    quadrature.push(turned(detrended, at));
    inPhase.push(before(detrended, at - 3, 0));
    const ahead = [
      pick(inPhase, at) - turned(quadrature, at),
      pick(quadrature, at) + turned(inPhase, at),
    ];
    const [lastI, lastQ] = before(pairs, at - 1, [0, 0]);
    const [i, q] = [0.2 * pick(ahead, 0) + 0.8 * lastI, 0.2 * pick(ahead, 1) + 0.8 * lastQ];
    pairs.push([i, q]);
    const [lastReal, lastImaginary] = before(turns, at - 1, [0, 0]);
    const real = 0.2 * (i * lastI + q * lastQ) + 0.8 * lastReal;
    const imaginary = 0.2 * (i * lastQ - q * lastI) + 0.8 * lastImaginary;
    turns.push([real, imaginary]);
    raw.push(nextPeriod(before(raw, at - 1, 0), real, imaginary));
    period.push(0.33 * pick(raw, at) + 0.67 * before(period, at - 1, 0));
  }
  return { smoothed, inPhase, quadrature, period };
}

function nextPeriod(last: number, real: number, imaginary: number): number {
  let degrees = 360 / last;
  if (real !== 0 && imaginary !== 0) {
    degrees = (Math.atan(imaginary / real) * 180) / Math.PI;
  }
  const told = Math.max(0.67 * last, Math.min(1.5 * last, 360 / degrees));
  return 0.2 * Math.min(50, Math.max(6, told)) + 0.8 * last;
}

function fromBar(values: readonly number[], first: number): number[] {
  return values.map((value, at) => (at < first ? Number.NaN : value));
}

export function dominantCyclePeriod({ close }: Series): Columns {
  return [fromBar(hilbertOf(close, 12).period, 32)];
}

export function phasor({ close }: Series): Columns {
  const { inPhase, quadrature } = hilbertOf(close, 12);
  return [fromBar(inPhase, 32), fromBar(quadrature, 32)];
}

/** In degrees, by the angle of the sums of sines and cosines over the last whole cycle. */
function phases(close: readonly number[]): number[] {
  const { smoothed, period } = hilbertOf(close, 37);
  return close.map((_, at) => {
    const bars = Math.floor(pick(period, at) + 0.5);
    if (at < 37 || bars < 2) return Number.NaN;
    const ages = Array.from({ length: bars }, (__, age) => age);
    const moved = ages.map((age) => (smoothed[at - age] ?? 0) - pick(smoothed, at));
    if (moved.every((value) => value === 0)) return Number.NaN;
    const angles = ages.map((age) => (age * 360 * Math.PI) / (bars * 180));
    const sines = sum(angles.map((angle, age) => Math.sin(angle) * pick(moved, age)));
    const cosines = sum(angles.map((angle, age) => Math.cos(angle) * pick(moved, age)));
    const angle = (Math.atan2(sines, cosines) * 180) / Math.PI;
    const phase = angle + 90 + 360 / pick(period, at);
    // Atan2 reaches down to -180 where TA-Lib adds 180 to what lies above -90.
    const upper = angle < -90 ? phase + 360 : phase;
    return upper > 315 ? upper - 360 : upper;
  });
}

export function dominantCyclePhase({ close }: Series): Columns {
  return [fromBar(phases(close), 63)];
}

function waveOf(phase: number, ahead: number): number {
  return Math.sin(((phase + ahead) * Math.PI) / 180);
}

export function sineWave({ close }: Series): Columns {
  const all = fromBar(phases(close), 63);
  return [all.map((phase) => waveOf(phase, 0)), all.map((phase) => waveOf(phase, 45))];
}

function trendlines(close: readonly number[]): number[] {
  const { period } = hilbertOf(close, 37);
  const means = close.map((_, at) => {
    const bars = Math.floor(pick(period, at) + 0.5);
    return at < 37 || bars === 0 ? 0 : mean(close.slice(Math.max(0, at + 1 - bars), at + 1));
  });
  return means.map(
    (_, at) => sum([4, 3, 2, 1].map((weight, age) => weight * (means[at - age] ?? 0))) / 10,
  );
}

export function htTrendline({ close }: Series): Columns {
  return [fromBar(trendlines(close), 63)];
}

export function trendMode({ close }: Series): Columns {
  const { smoothed, period } = hilbertOf(close, 37);
  const all = phases(close).map((phase, at) => (at < 37 ? 0 : phase));
  const lines = trendlines(close);
  const sides = all.map((phase, at) =>
    at < 37 ? 0 : Math.sign(waveOf(phase, 0) - waveOf(phase, 45)),
  );
  let crossed = 37;
  const modes = close.map((_, at) => {
    const side = pick(sides, at);
    if (at >= 37 && Math.abs(side) === 1 && side * pick(sides, at - 1) <= 0) crossed = at;
    const line = pick(lines, at);
    if (line !== 0 && Math.abs(pick(smoothed, at) - line) >= 0.015 * Math.abs(line)) return 1;
    if (at - crossed + 1 < 0.5 * pick(period, at)) return 0;
    const share = (pick(all, at) - pick(all, at - 1)) / (360 / pick(period, at));
    return share > 0.67 && share < 1.5 ? 0 : 1;
  });
  return [fromBar(modes, 63)];
}

export function mamaOf(close: readonly number[], fastLimit: number, slowLimit: number): Columns {
  const { inPhase, quadrature } = hilbertOf(close, 12);
  const angles = inPhase.map((value, at) =>
    value === 0 ? 0 : (Math.atan(pick(quadrature, at) / value) * 180) / Math.PI,
  );
  const fasts: number[] = [];
  const slows: number[] = [];
  let [fast, slow] = [0, 0];
  for (let at = 0; at < close.length; at += 1) {
    if (at >= 12) {
      const fall = Math.max(pick(angles, at - 1) - pick(angles, at), 1);
      const alpha = fall === 1 ? fastLimit : Math.max(slowLimit, fastLimit / fall);
      fast += alpha * (pick(close, at) - fast);
      slow += (alpha / 2) * (fast - slow);
    }
    fasts.push(fast);
    slows.push(slow);
  }
  return [fromBar(fasts, 32), fromBar(slows, 32)];
}

export function mama({ close }: Series, fastLimit: number, slowLimit: number): Columns {
  return mamaOf(close, fastLimit, slowLimit);
}
