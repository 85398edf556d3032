import { symbolId } from '../../../../src/core/ids.ts';
import { MINUTE } from '../../../../src/core/time.ts';
import {
  BAR,
  BAR_FINAL,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  TRADE,
  TRADE_REGULAR,
} from '../../../../src/domain/market/event-batch.ts';
import { limit } from '../../../order-effects.ts';
import { SimulatedWorld } from '../../../simulated-world.ts';

const A = symbolId(0);
const DOLLAR = 10_000;

/** A buy of ten at $98 rests below a quote of 99 to 100. */
export function resting(mode: 'paper' | 'realistic'): SimulatedWorld {
  const world = new SimulatedWorld({ mode });
  world.quote(A, 99 * DOLLAR, 100 * DOLLAR);
  world.request(limit('a', 98 * DOLLAR));
  world.settle();
  return world;
}

/** Size and price of each execution that was reported. */
export function fillsOf(world: SimulatedWorld, id: string): readonly (readonly [number, number])[] {
  const reports = world.updates().filter((report) => report.clientOrderId === id);
  const executions = reports.flatMap((report) => report.executions);
  return executions.map(({ quantity, price }) => [quantity, price]);
}

export function print(
  world: SimulatedWorld,
  unit: number,
  size: number,
  flags = TRADE_REGULAR,
  ageUs = 0,
): void {
  world.event((batch, nowUs) => {
    const at = batch.add(TRADE, A, nowUs - ageUs, flags, 0);
    batch.a[at] = unit;
    batch.b[at] = size;
  });
}

export function quoteAt(
  world: SimulatedWorld,
  exchange: number,
  bid: number,
  ask: number,
  flags = QUOTE_BID | QUOTE_ASK,
  size = 1_000,
): void {
  world.event((batch, nowUs) => {
    const at = batch.add(QUOTE, A, nowUs, flags, exchange);
    batch.a[at] = bid;
    batch.b[at] = size;
    batch.c[at] = ask;
    batch.d[at] = size;
  });
}

/** A bar of one minute and 100 shares that begins at the present and is known at its end. */
export function bar(
  world: SimulatedWorld,
  open: number,
  high: number,
  low: number,
  close: number,
  beginUs = world.agenda.nowUs,
  flags = BAR_FINAL,
): void {
  world.agenda.runTo(beginUs + MINUTE - 10_000);
  world.event((batch) => {
    const at = batch.add(BAR, A, beginUs, flags, 0);
    batch.a[at] = open * DOLLAR;
    batch.b[at] = high * DOLLAR;
    batch.c[at] = low * DOLLAR;
    batch.d[at] = close * DOLLAR;
    batch.e[at] = 100;
    batch.f[at] = MINUTE;
  });
}
