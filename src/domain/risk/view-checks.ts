import { type Refusal, refuse, type RiskQuestion } from './decision.ts';
import type { RiskLimits } from './limits.ts';
import type { MarketView } from './market-view.ts';
import { ageMs, farSide, isUsable } from './order-terms.ts';

/** Is this a market one may enter: open, seen lately, whole, and not too wide? */
export function viewRefusal(question: RiskQuestion): Refusal | undefined {
  const { book, signal, view, limits, nowUs } = question;
  if (book.restrictions.isQuarantined(signal.symbol)) return refuse('SYMBOL_QUARANTINED', 1, 0);
  const slotted = slotRefusal(question);
  if (slotted !== undefined) return slotted;
  if (view === undefined) return refuse('NO_QUOTE', 0, 1);
  if (view.isHalted) return refuse('SYMBOL_HALTED', 1, 0);
  const seen = view.isBarOnly ? barRefusal(view, limits, nowUs) : quoteRefusal(view, limits, nowUs);
  return seen ?? bandRefusal(view) ?? spreadRefusal(view, limits);
}

/** Where quotes come for some symbols only, an entry is never priced by a bar alone. */
function slotRefusal({ book, signal, view, limits }: RiskQuestion): Refusal | undefined {
  if (limits.isSlotNeeded !== true) return undefined;
  if (!book.restrictions.slots.has(signal.symbol)) return refuse('NO_SLOT', 1, 0);
  return view?.isBarOnly === true ? refuse('NO_QUOTE', 0, 2) : undefined;
}

function barRefusal(view: MarketView, limits: RiskLimits, nowUs: number): Refusal | undefined {
  if (!isUsable(view.last) || view.barUs === 0) return refuse('NO_QUOTE', 0, 1);
  const age = ageMs(view.barUs, nowUs);
  return age > limits.barAgeMsMax ? refuse('BAR_STALE', age, limits.barAgeMsMax) : undefined;
}

function quoteRefusal(view: MarketView, limits: RiskLimits, nowUs: number): Refusal | undefined {
  const { bid, ask, quoteUs } = view;
  const sides = (isUsable(bid) ? 1 : 0) + (isUsable(ask) ? 1 : 0);
  if (sides < 2 || quoteUs === 0) return refuse('NO_QUOTE', sides, 2);
  const age = ageMs(quoteUs, nowUs);
  if (age > limits.quoteAgeMsMax) return refuse('QUOTE_STALE', age, limits.quoteAgeMsMax);
  // A locked quote is a real one: bid and ask of two venues that meet.
  return bid > ask ? refuse('QUOTE_CROSSED', bid, ask) : undefined;
}

/** At either band the price is not free: what is bought there cannot be sold, or falls further. */
function bandRefusal(view: MarketView): Refusal | undefined {
  const { bandLow, bandHigh } = view;
  const high = farSide(view, 'buy');
  const low = farSide(view, 'sell');
  // A band that is not known is NaN, and NaN is never touched.
  if (high >= bandHigh) return refuse('LIMIT_BAND', high, bandHigh);
  return low <= bandLow ? refuse('LIMIT_BAND', low, bandLow) : undefined;
}

function spreadRefusal(view: MarketView, limits: RiskLimits): Refusal | undefined {
  if (view.isBarOnly) return undefined;
  const { bid, ask } = view;
  // (ask - bid) / middle above the limit, multiplied out so that the limit itself is let through.
  const isWide = (ask - bid) * 20_000 > limits.spreadBpsMax * (ask + bid);
  if (!isWide) return undefined;
  return refuse('SPREAD_WIDE', ((ask - bid) * 20_000) / (ask + bid), limits.spreadBpsMax);
}
