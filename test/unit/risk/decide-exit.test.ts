import { describe, expect, it } from 'vitest';
import { SECOND } from '../../../src/core/time.ts';
import type { RiskBook } from '../../../src/domain/risk/book.ts';
import { HALT_LEVELS } from '../../../src/domain/risk/restrictions.ts';
import {
  askExit,
  type Asked,
  CLOSE_US,
  exit,
  hold,
  HUNDRED,
  NOW_US,
  openBook,
  quoted,
  reserve,
  symbol,
  wordOf,
} from './scene.ts';

const SAID = { by: 'anna', reason: 'earnings' };

function holding(quantity: number): RiskBook {
  const book = openBook();
  hold(book, 0, quantity);
  return book;
}

describe('decideExit', () => {
  it('(B3) waits until a life has compared its books, unless a person flattens', () => {
    const book = holding(300);
    book.restrictions.hasAgreed = false;

    expect(wordOf(askExit(book))).toBe('NOT_RECONCILED');
    expect(wordOf(askExit(book, { isFlattening: true }))).toBe(300);
    // A broker that was away meanwhile is no reason to keep what should go.
    book.restrictions.hasAgreed = true;
    book.restrictions.isReconciled = false;
    expect(wordOf(askExit(book))).toBe(300);
  });

  it('sells all that is held at the market', () => {
    expect(askExit(holding(300))).toMatchObject({
      notional: 300 * 999_900,
      boundBy: 'POSITION',
      approval: {
        value: { side: 'sell', quantity: 300, type: 'market', referencePrice: 999_900 },
      },
    });
  });

  it('buys back what was sold short', () => {
    const decision = askExit(holding(-300), { signal: exit({ side: 'buy' }) });

    expect(decision).toMatchObject({ approval: { value: { side: 'buy', quantity: 300 } } });
  });

  it('closes only what no other order closes', () => {
    const book = holding(300);
    reserve(book, 0, 'exit', 120);

    expect(wordOf(askExit(book))).toBe(180);
    reserve(book, 0, 'exit', 180);
    expect(wordOf(askExit(book))).toBe('NOTHING_TO_CLOSE');
  });

  it('closes no more at once than one order may hold', () => {
    expect(wordOf(askExit(holding(1_000_001)))).toBe(1_000_000);
  });

  it('closes nothing where nothing is held, and adds to nothing', () => {
    expect(wordOf(askExit(openBook()))).toBe('NOTHING_TO_CLOSE');
    expect(wordOf(askExit(holding(300), { signal: exit({ side: 'buy' }) }))).toBe(
      'NOTHING_TO_CLOSE',
    );
  });

  it.each<readonly [string, Asked]>([
    ['an old quote', { view: quoted({ quoteUs: NOW_US - 3_600 * SECOND }) }],
    ['a crossed quote', { view: quoted({ bid: 1_000_001 }) }],
    ['a wide quote', { view: quoted({ bid: 500_000 }) }],
    ['a price at the band', { view: quoted({ bandLow: 999_900 }) }],
    ['only a last price', { view: quoted({ bid: Number.NaN, ask: Number.NaN }) }],
    ['only a mark', { view: undefined }],
    ['the last moment of the session', { nowUs: CLOSE_US - 1 }],
  ])('gets out with %s', (_, asked) => {
    expect(wordOf(askExit(holding(300), asked))).toBe(300);
  });

  it.each(HALT_LEVELS.filter((level) => level !== 'stop'))('gets out of a halt of %s', (level) => {
    const book = holding(300);
    book.restrictions.raise({ level, code: 'COMMAND', ...SAID });

    expect(wordOf(askExit(book))).toBe(300);
  });

  it('gets out of a banned symbol and a quarantined row, with the broker down', () => {
    const book = holding(300);
    book.restrictions.banned.set(symbol(0), SAID);
    book.restrictions.quarantined.set(0, NOW_US);
    book.restrictions.health.set('broker', 'down');
    book.restrictions.health.set('journal', 'degraded');

    expect(wordOf(askExit(book))).toBe(300);
  });

  it.each<readonly [string, string, Asked & { book?: (book: RiskBook) => void }]>([
    ['hands off', 'HANDS_OFF', { book: (book) => book.restrictions.handsOff.set(symbol(0), SAID) }],
    ['a halted symbol', 'SYMBOL_HALTED', { view: quoted({ isHalted: true }) }],
    ['the close', 'MARKET_CLOSED', { nowUs: CLOSE_US }],
    ['no price at all', 'NO_QUOTE', { view: undefined, book: (book) => hold(book, 0, 300, 0) }],
    [
      'a stop',
      'HALTED',
      { book: (book) => book.restrictions.raise({ level: 'stop', code: 'ESCALATED', ...SAID }) },
    ],
  ])('waits for %s', (_, code, { book: change, ...asked }) => {
    const book = holding(300);
    change?.(book);

    expect(wordOf(askExit(book, asked))).toBe(code);
  });

  it('takes a strategy that closes the same symbol over and over for a loop', () => {
    const book = holding(300);
    for (let left = 20; left > 0; left -= 1) {
      book.pace.carry({ symbol: symbol(1), isEntry: false, atUs: NOW_US });
    }
    expect(wordOf(askExit(book))).toBe(300); // A burst of stops in another symbol is none.

    for (let left = 20; left > 0; left -= 1) {
      book.pace.carry({ symbol: symbol(0), isEntry: false, atUs: NOW_US });
    }
    expect(askExit(book)).toMatchObject({ refusal: { code: 'RATE_MAX', value: 21, limit: 20 } });
  });

  it('values what it sells at the last price where the far side is missing', () => {
    const view = quoted({ bid: Number.NaN, last: 999_951.5 });

    expect(askExit(holding(1), { view })).toMatchObject({
      approval: { value: { referencePrice: 999_952 } },
    });
    expect(askExit(holding(1), { view: undefined })).toMatchObject({
      approval: { value: { referencePrice: HUNDRED } },
    });
  });
});
