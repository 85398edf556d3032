import { describe, expect, it } from 'vitest';
import type { RiskDecision } from '../../../src/domain/risk/decision.ts';
import type { MarketView } from '../../../src/domain/risk/market-view.ts';
import { askEntry, askExit, hold, LIMITS, NOW_US, openBook, quoted } from './scene.ts';

const BARS: Partial<MarketView> = { isBarOnly: true, bid: Number.NaN, ask: Number.NaN, quoteUs: 0 };

function patienceOf(decision: RiskDecision): number | undefined {
  expect(decision.isApproved).toBe(true);
  return decision.isApproved ? decision.approval.value.patientUntilUs : undefined;
}

describe('the patience of an order', () => {
  it('spans the bars that may fill it where only bars come', () => {
    const book = openBook();
    const view = quoted(BARS);
    expect(patienceOf(askEntry(book, { view }))).toBe(NOW_US + LIMITS.barPatienceUs);
    hold(book, 0, 10);
    expect(patienceOf(askExit(book, { view }))).toBe(NOW_US + LIMITS.barPatienceUs);
  });

  it('is none where there are quotes, or no view at all', () => {
    const book = openBook();
    expect(patienceOf(askEntry(book, { view: quoted() }))).toBeUndefined();
    hold(book, 0, 10);
    expect(patienceOf(askExit(book, { view: quoted() }))).toBeUndefined();
    expect(patienceOf(askExit(book, { view: undefined }))).toBeUndefined();
  });
});
