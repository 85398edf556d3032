import { expect, it } from 'vitest';
import { rateShare, type Schedule } from '../../../../src/models/training/schedule.ts';

function shares(schedule: Schedule, steps: number, stepsPerEpoch = steps): readonly number[] {
  const plan = { steps, stepsPerEpoch };
  return Array.from({ length: steps }, (_, step) => rateShare(schedule, step, plan));
}

it('goes one cycle up and down as PyTorch does', () => {
  const known = [4e-5, 5.2e-4, 1e-3, 9.504846320134737e-4];
  const rates = shares({ kind: 'oneCycle', share: 0.3 }, 10).map((share) => share * 1e-3);

  for (const [step, rate] of known.entries()) expect(rates[step]).toBeCloseTo(rate, 12);
  expect(rates[9]).toBeCloseTo(4e-9, 15);
});

it('decays from the epoch on that it is told', () => {
  const decay = { kind: 'decay', factor: 0.9, after: 2 } as const;

  const wanted = [1, 1, 1, 1, 0.9, 0.9, 0.9 * 0.9, 0.9 * 0.9];
  for (const [step, share] of shares(decay, 8, 2).entries()) {
    expect(share).toBeCloseTo(wanted[step] ?? Number.NaN, 15);
  }
});

it('halves at equal distances', () => {
  expect(shares({ kind: 'halving', times: 3 }, 8)).toEqual([
    1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125,
  ]);
});

it('warms up in a line and goes down as a cosine', () => {
  const [first, second, third, ...rest] = shares({ kind: 'cosine', warmUp: 3 }, 103);

  expect([first, second, third]).toEqual([0.25, 0.5, 0.75]);
  expect(rest[0]).toBe(1);
  expect(rest[50]).toBeCloseTo(0.5, 12);
  expect(rest.every((share, at) => share > 0 && share <= (rest[at - 1] ?? 1))).toBe(true);
});

it('stays where it is constant', () => {
  expect(shares({ kind: 'constant' }, 3)).toEqual([1, 1, 1]);
});
