import { type Price, price, PRICE_MAX, roundToTick, tickSize } from '../../core/money.ts';
import { MS } from '../../core/time.ts';
import type { Side } from '../market/side.ts';
import type { OrderIntent } from '../orders/intent.ts';
import type { Purpose } from '../signals/purpose.ts';
import type { RiskQuestion } from './decision.ts';
import type { MarketView } from './market-view.ts';

/** A price an order can be made of: there, positive, and within what money holds exactly. */
export function isUsable(ticks: number): boolean {
  return ticks >= 1 && ticks <= PRICE_MAX; // NaN is neither.
}

/** What we would pay or get at once: the far side, or the last price of a feed without quotes. */
export function farSide(view: MarketView, side: Side): number {
  if (view.isBarOnly) return view.last;
  return side === 'buy' ? view.ask : view.bid;
}

export function wholePrice(ticks: number): Price {
  return price(Math.min(PRICE_MAX, Math.max(1, Math.round(ticks))));
}

/** A limit through the far side by `offsetBps`, on a legal tick, rounded to the willing side. */
export function marketableLimit(farSideTicks: number, side: Side, offsetBps: number): Price {
  const offset = (farSideTicks * offsetBps) / 10_000;
  const exact = side === 'buy' ? farSideTicks + offset : farSideTicks - offset;
  const tick = tickSize(exact);
  const inRange = Math.min(PRICE_MAX, Math.max(tick, exact));
  return roundToTick(inRange, tick, side === 'buy' ? 'up' : 'down');
}

/** Only entries name their price: an exit has to happen. */
export function orderType(purpose: Purpose): 'market' | 'limit' {
  return purpose === 'entry' ? 'limit' : 'market';
}

/** With how long nothing may be heard of it, where the market itself is heard of that rarely. */
export function withPatience(
  intent: OrderIntent,
  { view, limits, nowUs }: RiskQuestion,
): OrderIntent {
  if (view?.isBarOnly !== true) return intent;
  return { ...intent, patientUntilUs: nowUs + limits.barPatienceUs };
}

export function ageMs(atUs: number, nowUs: number): number {
  return (nowUs - atUs) / MS;
}
