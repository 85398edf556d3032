import { describe, expect, it } from 'vitest';
import { money } from '../../../src/core/money.ts';
import { MS, SECOND } from '../../../src/core/time.ts';
import type { RiskBook } from '../../../src/domain/risk/book.ts';
import { ALL_ROWS } from '../../../src/domain/risk/restrictions.ts';
import {
  askEntry,
  type Asked,
  CASH,
  CLOSE_US,
  entry,
  hold,
  HUNDRED,
  LIMITS,
  listing,
  NOW_US,
  OPEN_US,
  openBook,
  quoted,
  reserve,
  STRATEGY,
  symbol,
  wordOf,
} from './scene.ts';

describe('decideEntry', () => {
  it('makes a limit order at the far side, sized by the stop and cut by the limits', () => {
    const decision = askEntry(openBook());

    // 1 % of $100,000 over $2 is 500 shares; $20,000 at $100 is 200.
    expect(decision).toMatchObject({
      isApproved: true,
      boundBy: 'POSITION_NOTIONAL_MAX',
      notional: 200 * HUNDRED,
      approval: {
        value: {
          side: 'buy',
          purpose: 'entry',
          quantity: 200,
          type: 'limit',
          limitPrice: HUNDRED,
          referencePrice: HUNDRED,
          timeInForce: 'day',
          sequence: 0,
        },
      },
    });
  });

  it('is bound by the fraction where no limit cuts it', () => {
    const decision = askEntry(openBook(), { signal: entry({ stopDistance: 100_000 }) });

    expect(decision).toMatchObject({ boundBy: 'FRACTION' });
    expect(wordOf(decision)).toBe(100);
  });

  it.each([
    ['exactly on a tick', HUNDRED, 5, 1_000_500],
    ['up to the next cent', 1_234_500, 5, 1_235_200],
    ['by a hundredth of a cent below a dollar', 9_000, 5, 9_005],
    ['not at all without an offset', 1_234_500, 0, 1_234_500],
  ])('pays through the far side %s', (_, ask, limitOffsetBps, limitPrice) => {
    const decision = askEntry(openBook(), {
      view: quoted({ bid: ask, ask }),
      signal: entry({ stopDistance: 10_000 }),
      limits: { limitOffsetBps },
    });

    expect(decision).toMatchObject({ approval: { value: { limitPrice, referencePrice: ask } } });
  });

  it('names orders of a strategy in a symbol one after the other', () => {
    const book = openBook();
    book.pace.sequenceIs({ strategy: STRATEGY, symbol: symbol(0), next: 7 });

    expect(askEntry(book)).toMatchObject({ approval: { value: { sequence: 7 } } });
  });

  it('values a short at what it is sold for, and wants it allowed', () => {
    const signal = entry({ side: 'sell' });

    expect(wordOf(askEntry(openBook(), { signal }))).toBe('NOT_TRADABLE');
    expect(askEntry(openBook(), { signal, limits: { isShortingAllowed: true } })).toMatchObject({
      notional: 200 * 999_900,
      approval: { value: { side: 'sell', limitPrice: 999_900 } },
    });
  });
});

type Case = readonly [what: string, word: number | string, change: Change];
interface Change extends Asked {
  readonly book?: (book: RiskBook) => void;
}

const ONE_SHARE = { positionNotionalMax: money(HUNDRED) };
const oneMore = (delta: number): Asked => ({ signal: entry({ stopDistance: 10_000_000 + delta }) });

/** Each limit a little inside, exactly met, and a little outside. */
const LIMIT_CASES: readonly Case[] = [
  ['a stop a tick below 1 % of equity', 1, oneMore(-1)],
  ['a stop of 1 % of equity', 1, oneMore(0)],
  ['a stop a tick above 1 % of equity', 'SIZE_ZERO', oneMore(1)],
  ['a position a tick below its limit', 1, at('positionNotionalMax', HUNDRED + 1)],
  ['a position at its limit', 1, at('positionNotionalMax', HUNDRED)],
  ['a position a tick above', 'POSITION_NOTIONAL_MAX', at('positionNotionalMax', HUNDRED - 1)],
  ['an order a tick below its limit', 1, at('orderNotionalMax', HUNDRED + 1)],
  ['an order at its limit', 1, at('orderNotionalMax', HUNDRED)],
  ['an order a tick above its limit', 'ORDER_NOTIONAL_MAX', at('orderNotionalMax', HUNDRED - 1)],
  ['an order a tick above the least', 1, atLeast(HUNDRED - 1)],
  ['an order that is the least', 1, atLeast(HUNDRED)],
  ['an order a tick below the least', 'SIZE_ZERO', atLeast(HUNDRED + 1)],
  ['a sector a tick below its limit', 1, exposed(2, 0.4 * CASH - HUNDRED - 1)],
  ['a sector at its limit', 1, exposed(2, 0.4 * CASH - HUNDRED)],
  ['a sector a tick above its limit', 'SECTOR_MAX', exposed(2, 0.4 * CASH - HUNDRED + 1)],
  ['exposure a tick below its limit', 1, exposed(1, 0.5 * CASH - HUNDRED - 1)],
  ['exposure at its limit', 1, exposed(1, 0.5 * CASH - HUNDRED)],
  ['exposure a tick above its limit', 'EXPOSURE_MAX', exposed(1, 0.5 * CASH - HUNDRED + 1)],
  ['cash a tick more than needed', 1, cash(HUNDRED + 1)],
  ['just enough cash', 1, cash(HUNDRED)],
  ['a tick too little cash', 'CASH_SHORT', cash(HUNDRED - 1)],
  ['two positions of three', 1, { ...held(1), limits: { ...ONE_SHARE, positionsMax: 3 } }],
  ['the last position of three', 1, { ...held(2), limits: { ...ONE_SHARE, positionsMax: 3 } }],
  ['a fourth of three', 'POSITIONS_MAX', { ...held(3), limits: { positionsMax: 3 } }],
  ['the ninth entry of ten', 1, entered(8)],
  ['the tenth entry of ten', 1, entered(9)],
  ['the eleventh entry of ten', 'ENTRIES_MAX', entered(10)],
  ['the 19th order of a second', 1, paced(18, NOW_US)],
  ['the 20th order of a second', 1, paced(19, NOW_US)],
  ['the 21st order of a second', 'RATE_MAX', paced(20, NOW_US - SECOND + 1)],
  ['the 21st order of a longer time', 1, paced(20, NOW_US - SECOND)],
  ['a quote a little younger than its limit', 200, seen({ quoteUs: NOW_US - 5_000 * MS + 1 })],
  ['a quote at its limit', 200, seen({ quoteUs: NOW_US - 5_000 * MS })],
  ['a quote a little older', 'QUOTE_STALE', seen({ quoteUs: NOW_US - 5_000 * MS - 1 })],
  ['a bar at its limit', 200, bar({ barUs: NOW_US - 180_000 * MS })],
  ['a bar a little older', 'BAR_STALE', bar({ barUs: NOW_US - 180_000 * MS - 1 })],
  ['a spread a tick below 50 bps', 199, seen({ bid: 997_501, ask: 1_002_500 })],
  ['a spread of 50 bps', 199, seen({ bid: 997_500, ask: 1_002_500 })],
  ['a spread a tick above 50 bps', 'SPREAD_WIDE', seen({ bid: 997_499, ask: 1_002_500 })],
  ['a little before positions are closed', 200, { nowUs: CLOSE_US - 300 * SECOND - 1, ...fresh() }],
  ['from when positions are closed', 'MARKET_CLOSED', { nowUs: CLOSE_US - 300 * SECOND }],
];

describe('H3: every limit, a little inside, met and a little outside', () => {
  it.each(LIMIT_CASES)('answers to %s: %s', (_, word, { book: change, ...asked }) => {
    const book = openBook();
    change?.(book);

    expect(wordOf(askEntry(book, asked))).toBe(word);
  });

  it('tells the limit and what the order would have made of it', () => {
    const tooMuch = askEntry(openBook(), at('positionNotionalMax', HUNDRED - 1));

    expect(tooMuch).toMatchObject({ refusal: { value: HUNDRED, limit: HUNDRED - 1 } });
    expect(askEntry(openBook(), seen({ quoteUs: NOW_US - 7_500 * MS }))).toMatchObject({
      refusal: { value: 7_500, limit: 5_000 },
    });
  });
});

/** What the market looks like, and what is said to it. */
const MARKET_CASES: readonly Case[] = [
  ['no bid', 'NO_QUOTE', seen({ bid: Number.NaN })],
  ['no ask', 'NO_QUOTE', seen({ ask: Number.NaN })],
  ['an ask of nothing', 'NO_QUOTE', seen({ ask: 0 })],
  ['an ask beyond all prices', 'NO_QUOTE', seen({ ask: Number.POSITIVE_INFINITY })],
  ['a quote never seen', 'NO_QUOTE', seen({ quoteUs: 0 })],
  ['no view at all', 'NO_QUOTE', { view: undefined }],
  ['a feed of bars without one', 'NO_QUOTE', bar({ last: Number.NaN })],
  ['a feed of bars before the first', 'NO_QUOTE', bar({ barUs: 0 })],
  ['a crossed quote', 'QUOTE_CROSSED', seen({ bid: 1_000_001 })],
  ['a locked quote', 200, seen({ bid: HUNDRED })],
  ['a halted symbol', 'SYMBOL_HALTED', seen({ isHalted: true })],
  ['an ask at the upper band', 'LIMIT_BAND', seen({ bandHigh: HUNDRED })],
  ['an ask a tick below the upper band', 200, seen({ bandHigh: HUNDRED + 1 })],
  ['a bid at the lower band', 'LIMIT_BAND', seen({ bandLow: 999_900 })],
  ['a bid a tick above the lower band', 200, seen({ bandLow: 999_899 })],
  ['a last price at the band of a feed of bars', 'LIMIT_BAND', bar({ bandHigh: HUNDRED })],
  ['a range that is not known yet', 'SIZE_ZERO', { signal: entry({ stopDistance: Number.NaN }) }],
];

describe('H4: a market that cannot be traded', () => {
  it.each(MARKET_CASES)('answers to %s: %s', (_, word, { book: _none, ...asked }) => {
    expect(wordOf(askEntry(openBook(), asked))).toBe(word);
  });

  it('asks a feed of bars for no quote', () => {
    const view = quoted({ isBarOnly: true, bid: Number.NaN, ask: Number.NaN, last: HUNDRED });

    expect(wordOf(askEntry(openBook(), { view }))).toBe(200);
  });
});

const STATE_CASES: readonly Case[] = [
  ['a halt', 'HALTED', { book: (book) => book.restrictions.raise(HALT) }],
  ['a ban', 'BANNED', { book: (book) => book.restrictions.banned.set(symbol(0), SAID) }],
  ['hands off', 'HANDS_OFF', { book: (book) => book.restrictions.handsOff.set(symbol(0), SAID) }],
  ['an unknown symbol', 'NOT_TRADABLE', { book: (book) => book.listings.delete(symbol(0)) }],
  ['one not tradable', 'NOT_TRADABLE', listed({ isTradable: false })],
  ['an index', 'NOT_TRADABLE', listed({ assetClass: 'index' })],
  ['a fund', 200, listed({ assetClass: 'fund' })],
  ['a closed market', 'MARKET_CLOSED', session('post')],
  ['a session that has not begun', 'MARKET_CLOSED', { nowUs: OPEN_US - 1 }],
  ['a broker that is down', 'REDUCE_ONLY', health('broker', 'down')],
  ['a broker that is up again', 200, health('broker', 'up')],
  ['a journal with little room', 'REDUCE_ONLY', health('journal', 'degraded')],
  ['a quarantined row', 'SYMBOL_QUARANTINED', quarantined(0)],
  ['a quarantined neighbour', 200, quarantined(1)],
  ['a quarantined family', 'SYMBOL_QUARANTINED', quarantined(ALL_ROWS)],
  ['an open entry', 'ORDER_OPEN', { book: (book) => reserve(book, 0, 'entry', 1) }],
  ['an open exit', 'ORDER_OPEN', { book: (book) => reserve(book, 0, 'exit', 1) }],
  ['an open order elsewhere', 200, { book: (book) => reserve(book, 2, 'entry', 1) }],
  ['a position', 'POSITION_OPEN', { book: (book) => hold(book, 0, 1) }],
];

describe('what forbids an entry', () => {
  it.each(STATE_CASES)('answers to %s: %s', (_, word, { book: change, ...asked }) => {
    const book = openBook();
    change?.(book);

    expect(wordOf(askEntry(book, asked))).toBe(word);
  });

  it('says what is left of an order that is too small, and how small one may be', () => {
    const limits = { ...ONE_SHARE, orderNotionalMin: money(HUNDRED + 1) };
    const refusal = { code: 'SIZE_ZERO', value: HUNDRED, limit: HUNDRED + 1 };
    expect(askEntry(openBook(), { limits })).toEqual({ isApproved: false, refusal });
  });

  it('counts symbols of no known sector as one sector', () => {
    const book = openBook();
    book.listings.set(symbol(0), { ...listing(0), sector: '' });
    book.listings.set(symbol(1), { ...listing(1), sector: '' });
    hold(book, 1, 4_000);

    expect(wordOf(askEntry(book))).toBe('SECTOR_MAX');
  });

  it('lets an order that waits for its cancel keep its place', () => {
    const book = openBook();
    for (let at = 1; at < 5; at += 1) reserve(book, at, 'entry', 2_000);

    expect(book.exposure.freeCash).toBe(CASH - 4 * 2_000 * HUNDRED);
    expect(wordOf(askEntry(book))).toBe('SECTOR_MAX');
  });
});

const SAID = { by: 'anna', reason: 'earnings' };
const HALT = { level: 'noEntries', code: 'COMMAND', ...SAID } as const;

function at(limit: 'positionNotionalMax' | 'orderNotionalMax', ticks: number): Change {
  return { limits: { [limit]: money(ticks) } };
}

/** One share is left of an order, and so much is the least. */
function atLeast(ticks: number): Change {
  return { limits: { ...ONE_SHARE, orderNotionalMin: money(ticks) } };
}

/** One position of that size and nothing else, with the same equity as ever. */
function exposed(other: number, ticks: number): Change {
  const limits = { ...ONE_SHARE, grossExposureMax: 0.5 };
  return {
    limits,
    book: (book) => {
      hold(book, other, 1, ticks);
      book.exposure.cash = money(CASH - ticks);
    },
  };
}

/** A rich account with almost no cash. */
function cash(ticks: number): Change {
  return {
    limits: { ...ONE_SHARE, grossExposureMax: 4 },
    book: (book) => {
      hold(book, 1, 1, CASH);
      book.exposure.cash = money(ticks);
    },
  };
}

function held(count: number): Change {
  return {
    book: (book) => {
      for (let other = 1; other <= count; other += 1) hold(book, other, 1);
    },
  };
}

function entered(times: number): Change {
  return { limits: ONE_SHARE, book: (book) => book.pace.entries.set(symbol(0), times) };
}

function paced(times: number, atUs: number): Change {
  return {
    limits: ONE_SHARE,
    book: (book) => {
      for (let left = times; left > 0; left -= 1) {
        book.pace.carry({ symbol: symbol(1), isEntry: true, atUs });
      }
    },
  };
}

function seen(change: Parameters<typeof quoted>[0]): Change {
  return { view: quoted(change) };
}

function bar(change: Parameters<typeof quoted>[0]): Change {
  const none = { bid: Number.NaN, ask: Number.NaN, quoteUs: 0, last: HUNDRED };
  return { view: quoted({ isBarOnly: true, ...none, ...change }) };
}

function fresh(): Change {
  return { view: quoted({ quoteUs: CLOSE_US - 300 * SECOND - 1 }) };
}

function listed(change: Partial<Parameters<RiskBook['listings']['set']>[1]>): Change {
  return { book: (book) => book.listings.set(symbol(0), { ...listing(0), ...change }) };
}

function session(phase: 'closed' | 'post'): Change {
  return {
    book: (book) => {
      book.restrictions.session = { ...book.restrictions.session, phase };
    },
  };
}

function health(watched: 'broker' | 'journal', state: 'up' | 'down' | 'degraded'): Change {
  return { book: (book) => book.restrictions.health.set(watched, state) };
}

function quarantined(row: number): Change {
  return { book: (book) => book.restrictions.quarantined.set(row, NOW_US) };
}

it('starts from limits that let an ordinary entry through', () => {
  expect(wordOf(askEntry(openBook(), { limits: LIMITS }))).toBe(200);
});
