import { describe, expect, it } from 'vitest';
import {
  decideMeanReversion,
  type MeanReversionRules,
} from '../../../src/domain/signals/mean-reversion.ts';
import {
  decideMomentum,
  decideMomentumAge,
  type MomentumRules,
} from '../../../src/domain/signals/momentum.ts';
import type { SymbolStance } from '../../../src/domain/signals/stance.ts';

const NOW_US = 1_000_000;
const FLAT: SymbolStance = { quantity: 0, openOrders: 0, enteredUs: 0, signals: 0, newsUs: 0 };
const HELD: SymbolStance = { ...FLAT, quantity: 10, enteredUs: NOW_US - 999 };
/** The next double towards zero or away from it, of numbers near one. */
const BIT = 2 ** -50;

const REVERSION: MeanReversionRules = {
  isEnabled: true,
  zEnter: 2,
  zExit: 0.5,
  zStop: 4,
  holdUsMax: 1_000,
  newsQuietUs: 300,
};

function revert(zScore: number, stance: Partial<SymbolStance> = {}, layer = 2, rules = {}) {
  const base = (stance.quantity ?? 0) > 0 ? HELD : FLAT;
  return decideMeanReversion(
    { ...REVERSION, ...rules },
    { ...base, ...stance },
    zScore,
    layer,
    NOW_US,
  );
}

describe('mean reversion enters', () => {
  it.each([
    [-2 + BIT, undefined],
    [-2, 'entry'],
    [-2 - BIT, 'entry'],
    [-4 + BIT, 'entry'],
    [-4, undefined],
    [-5, undefined],
    [2, undefined],
    [Number.NaN, undefined],
    [Number.NEGATIVE_INFINITY, undefined],
  ])('at a score of %d: %s', (zScore, purpose) => {
    expect(revert(zScore)?.purpose).toBe(purpose);
  });

  it('with its measure, its threshold and the reason', () => {
    expect(revert(-2.5)).toEqual({
      purpose: 'entry',
      value: -2.5,
      threshold: -2,
      reason: 'below the mean',
    });
  });

  it.each([
    [1, undefined],
    [2, 'entry'],
    [3, 'entry'],
  ])('from layer %i: %s', (layer, purpose) => {
    expect(revert(-2, {}, layer)?.purpose).toBe(purpose);
  });

  it.each([
    [299, undefined],
    [300, 'entry'],
    [301, 'entry'],
    [0, undefined],
    [-5, undefined],
  ])('%i after news: %s', (ageUs, purpose) => {
    expect(revert(-2, { newsUs: NOW_US - ageUs })?.purpose).toBe(purpose);
  });

  it('never while disabled or with an order open', () => {
    expect(revert(-2, {}, 2, { isEnabled: false })).toBeUndefined();
    expect(revert(-2, { openOrders: 1 })).toBeUndefined();
  });
});

describe('mean reversion leaves', () => {
  const held = { quantity: 10 };

  it.each([
    [-0.5 - BIT, undefined],
    [-0.5, 'back at the mean'],
    [1, 'back at the mean'],
    [-4 + BIT, undefined],
    [-4, 'fell past the stop'],
    [-9, 'fell past the stop'],
  ])('at a score of %d: %s', (zScore, reason) => {
    expect(revert(zScore, held)?.reason).toBe(reason);
  });

  it.each([
    [999, undefined],
    [1_000, 'held too long'],
    [1_001, 'held too long'],
  ])('held for %i: %s', (heldUs, reason) => {
    expect(revert(-1, { ...held, enteredUs: NOW_US - heldUs })?.reason).toBe(reason);
  });

  it('what is held too long also where the score is not known, and then only that', () => {
    expect(revert(Number.NaN, { ...held, enteredUs: NOW_US - 999 })).toBeUndefined();
    expect(revert(Number.NaN, { ...held, enteredUs: NOW_US - 1_000 })).toEqual({
      purpose: 'exit',
      value: 1_000,
      threshold: 1_000,
      reason: 'held too long',
    });
  });

  it('while disabled, in any layer, after news; but not with an order open', () => {
    expect(revert(0, { ...held, newsUs: NOW_US }, 0, { isEnabled: false })?.purpose).toBe('exit');
    expect(revert(0, { ...held, openOrders: 1 })).toBeUndefined();
  });
});

const MOMENTUM: MomentumRules = {
  isEnabled: true,
  scoreEnter: 0.6,
  scoreExit: 0.5,
  holdUsMax: 1_000,
};

describe('momentum', () => {
  const score = (value: number, stance = FLAT, layer = 2, rules = MOMENTUM) =>
    decideMomentum(rules, stance, { score: value, isAgreed: true, layer, reason: 'score' });

  it.each([
    [0.6 - BIT, undefined],
    [0.6, 'entry'],
    [0.6 + BIT, 'entry'],
    [Number.NaN, undefined],
  ])('enters at a score of %d: %s', (value, purpose) => {
    expect(score(value)?.purpose).toBe(purpose);
  });

  it.each([
    [0.5 - BIT, 'exit'],
    [0.5, undefined],
    [0.5 + BIT, undefined],
    [Number.NaN, undefined],
  ])('leaves at a score of %d: %s', (value, purpose) => {
    expect(score(value, HELD)?.purpose).toBe(purpose);
  });

  it('enters neither below layer 2 nor disabled nor with an order open', () => {
    expect(score(1, FLAT, 1)).toBeUndefined();
    expect(score(1, FLAT, 2, { ...MOMENTUM, isEnabled: false })).toBeUndefined();
    expect(score(1, { ...FLAT, openOrders: 1 })).toBeUndefined();
  });

  it('leaves disabled and in any layer, but not with an order open', () => {
    expect(score(0, HELD, 0, { ...MOMENTUM, isEnabled: false })?.reason).toBe('score fell');
    expect(score(0, { ...HELD, openOrders: 1 })).toBeUndefined();
  });

  it.each([
    [999, undefined],
    [1_000, 'held too long'],
    [1_001, 'held too long'],
  ])('held for %i: %s', (heldUs, reason) => {
    const stance = { ...HELD, enteredUs: NOW_US - heldUs };
    expect(decideMomentumAge(MOMENTUM, stance, NOW_US)?.reason).toBe(reason);
    expect(decideMomentumAge(MOMENTUM, { ...stance, openOrders: 1 }, NOW_US)).toBeUndefined();
    expect(decideMomentumAge(MOMENTUM, { ...stance, quantity: 0 }, NOW_US)).toBeUndefined();
  });
});
