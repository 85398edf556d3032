import { describe, expect, it } from 'vitest';
import { RISK } from '../../../src/actors/kernel/actor-table.ts';
import { textId } from '../../../src/core/ids.ts';
import { SECOND } from '../../../src/core/time.ts';
import { CASH, HUNDRED, symbol } from '../risk/scene.ts';
import { acceptAll, command, fillAll, sent, wish } from '../risk/trading-desk.ts';
import {
  alertCodes,
  answerWith,
  beginLife,
  booksOf,
  closedBooks,
  openBooks,
  question,
  refusals,
  riskBooksOf,
  state,
  statementOf,
} from './books-scene.ts';

const BROKER = { kind: 'serviceChanged', service: 'broker', reason: 'test' } as const;

describe('a life that opens', () => {
  it('enters nothing before the first statement is dealt with, and then does', () => {
    const desk = closedBooks();
    wish(desk, 0);
    expect(refusals(desk)).toEqual(['NOT_RECONCILED']);

    state(desk, {});
    wish(desk, 0);
    expect(desk.factsOf('reconciled')).toHaveLength(1);
    expect(sent(desk)).toHaveLength(1);
  });

  it('asks anew when it is not the first, and waits again', () => {
    const desk = openBooks().restarted();
    beginLife(desk, 2);
    wish(desk, 0);
    expect(refusals(desk)).toEqual(['NOT_RECONCILED']);

    state(desk, {});
    wish(desk, 0);
    expect(sent(desk)).toHaveLength(1);
  });

  it('waits in the first life alone where the broker is simulated', () => {
    const desk = closedBooks(0, true);
    wish(desk, 0);
    expect(refusals(desk)).toEqual(['NOT_RECONCILED']);
    state(desk, {});

    const again = desk.restarted();
    beginLife(again, 2);
    wish(again, 0);
    expect(sent(again)).toHaveLength(1);
    expect(again.pending('reconcile')).toEqual([]);
  });

  it('C4: knows nothing after a question that failed: no order, entries wait, asked again', () => {
    const desk = closedBooks(0);
    const waitsUs: number[] = [];
    for (const outcome of ['failed', 'expired', 'unknown', 'refused', 'failed'] as const) {
      const askedUs = desk.nowUs;
      answerWith(desk, { outcome, code: 'HTTP_500' });
      while (desk.pending('reconcile').length === 0) desk.advance(SECOND);
      waitsUs.push(desk.nowUs - askedUs);
    }
    wish(desk, 0);

    expect(waitsUs).toEqual([1, 2, 4, 8, 16].map((seconds) => seconds * SECOND));
    expect(refusals(desk)).toEqual(['NOT_RECONCILED']);
    expect(sent(desk)).toEqual([]);
    expect(desk.factsOf('positionAdopted', 'cashAdjusted', 'driftFound')).toEqual([]);
    expect(alertCodes(desk)).toEqual(['NOT_RECONCILED']);
  });

  it('C4: takes a statement of another account, or without sense, for none', () => {
    const desk = closedBooks();
    const statement = statementOf({ held: [{ at: 0, quantity: 10 }] });
    answerWith(desk, {
      outcome: 'done',
      statement: { ...statement, account: textId<never>('OTHER') },
    });
    desk.advance(SECOND);
    state(desk, { held: [{ at: 0, quantity: 2_000_000_000 }] });
    desk.advance(2 * SECOND);
    answerWith(desk, { outcome: 'done' });

    expect(desk.factsOf('positionAdopted', 'reconciled')).toEqual([]);
  });

  it('asks again although a crash lost the answer', () => {
    const desk = closedBooks(0);
    const { input, index } = question(desk);
    desk.kernel.outstanding.settle(input, index);
    desk.advance(90 * SECOND);

    expect(desk.pending('reconcile')).toHaveLength(1);
  });
});

describe('the broker that was away', () => {
  it('is asked before anything is entered again', () => {
    const desk = openBooks(0);
    desk.input({ ...BROKER, state: 'degraded' });
    wish(desk, 0);
    desk.input({ ...BROKER, state: 'up' });
    wish(desk, 0);
    state(desk, {});
    wish(desk, 0);

    expect(refusals(desk)).toEqual(['REDUCE_ONLY', 'NOT_RECONCILED']);
    expect(sent(desk)).toHaveLength(1);
  });

  it('says nothing by a statement that was asked for before it went', () => {
    const desk = openBooks();
    desk.advance(30 * SECOND);
    const old = question(desk);
    desk.input({ ...BROKER, state: 'down' });
    desk.input({ ...BROKER, state: 'up' });
    desk.answer(old, { outcome: 'done', statement: statementOf({}) });
    wish(desk, 0);
    expect(refusals(desk)).toEqual(['NOT_RECONCILED']);

    state(desk, {});
    wish(desk, 0);
    expect(sent(desk)).toHaveLength(1);
  });

  it('is not asked twice for saying that it is up', () => {
    const desk = openBooks(0);
    desk.input({ ...BROKER, state: 'up' });
    expect(desk.pending('reconcile')).toEqual([]);
  });
});

describe('a cold start with positions', () => {
  const opening = {
    cash: CASH / 2,
    held: [
      { at: 0, quantity: 100 },
      { at: 3, quantity: -40 },
    ],
  };

  it('begins with what the broker has, in both books, and is no gain or loss of the day', () => {
    const desk = closedBooks();
    state(desk, opening);

    const books = [
      ['cash', CASH / 2],
      ['S0', 100],
      ['S3', -40],
    ];
    expect(booksOf(desk)).toEqual(books);
    expect(riskBooksOf(desk)).toEqual(books);
    const day = desk.condensed(RISK).find(({ kind }) => kind === 'dayOpened');
    expect(day).toMatchObject({ equity: CASH / 2 + 60 * HUNDRED });
    expect(desk.factsOf('tradingHalted')).toEqual([]);
    expect(desk.factsOf('positionAdopted').map(({ origin }) => origin)).toEqual([
      'opening',
      'opening',
    ]);
  });

  it('does not trade them, and trades the rest', () => {
    const desk = closedBooks();
    state(desk, opening);
    wish(desk, 0, { purpose: 'exit', side: 'sell' });
    wish(desk, 0);
    wish(desk, 1);

    expect(refusals(desk)).toEqual(['HANDS_OFF', 'HANDS_OFF']);
    expect(sent(desk).map(({ symbol }) => symbol)).toEqual([1]);
  });

  it('counts them in the exposure', () => {
    const desk = closedBooks();
    // All of the hundred thousand dollars is in shares: there is no room for more.
    state(desk, { cash: 0, held: [{ at: 0, quantity: 1_000 }] });
    wish(desk, 1);

    expect(refusals(desk)).toEqual(['EXPOSURE_MAX']);
  });

  it('closes them too when a person says flatten, and only then', () => {
    const desk = closedBooks();
    state(desk, { held: [{ at: 0, quantity: 100 }] });
    desk.advance(60 * SECOND);
    expect(sent(desk)).toEqual([]);

    command(desk, 'flatten');
    expect(sent(desk)).toMatchObject([{ symbol: 0, side: 'sell', quantity: 100 }]);
    fillAll(desk);
    expect(booksOf(desk).map(([name]) => name)).toEqual(['cash']);
  });

  it('leaves alone what a person keeps our hands off, also then', () => {
    const desk = closedBooks();
    state(desk, { held: [{ at: 0, quantity: 100 }] });
    command(desk, 'handsOff', { symbol: symbol(0) });
    command(desk, 'flatten');

    expect(sent(desk)).toEqual([]);
  });

  it('is as it was after a crash, and is no opening a second time', () => {
    const desk = closedBooks();
    state(desk, opening);
    wish(desk, 1);
    acceptAll(desk);
    expect(desk.reloadedSnapshot()).toEqual(desk.snapshot());

    const again = desk.restarted();
    expect(booksOf(again)).toEqual(booksOf(desk));
    beginLife(again, 2);
    state(again, opening);
    expect(again.factsOf('positionAdopted', 'cashAdjusted', 'handsOff')).toEqual([]);
  });
});
