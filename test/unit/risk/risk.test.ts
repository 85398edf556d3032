import { describe, expect, it } from 'vitest';
import { RISK } from '../../../src/actors/kernel/actor-table.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import type { KernelHarness } from '../../kernel-harness.ts';
import {
  ACCOUNT,
  CASH,
  CLOSE_US,
  DATE,
  entry,
  HUNDRED,
  LIMITS,
  OPEN_US,
  quoted,
  symbol,
} from './scene.ts';
import {
  acceptAll,
  cancelled,
  close,
  command,
  fillAll,
  open,
  reconciled,
  refuseAll,
  sent,
  sessionChanged,
  submitted,
  tradingDesk,
  wish,
} from './trading-desk.ts';

function codes(desk: KernelHarness): readonly string[] {
  return desk.factsOf('refused').map(({ code }) => code);
}

describe('risk', () => {
  it('opens the account once, with the cash of the first life', () => {
    const desk = tradingDesk();
    open(desk, 2);

    expect(desk.factsOf('accountOpened')).toEqual([
      { kind: 'accountOpened', account: ACCOUNT, cash: CASH },
    ]);
  });

  it('answers a wish with a proof, a reservation and an order, in this turn', () => {
    const desk = tradingDesk();
    desk.takeFacts();
    wish(desk, 0);

    const [approved, reserved, intended] = desk.takeFacts();
    expect(approved).toMatchObject({ kind: 'approved', notional: 200 * HUNDRED });
    expect(reserved).toMatchObject({ kind: 'reserved', quantity: 200, price: HUNDRED });
    expect(intended).toMatchObject({ kind: 'intended', quantity: 200 });
    expect(sent(desk)).toHaveLength(1);
  });

  it('answers the second wish for a symbol with the order that is open', () => {
    const desk = tradingDesk();
    const message = { signal: entry(), view: quoted() };
    desk.tell(RISK, { kind: 'signalMade', ...message }, { kind: 'signalMade', ...message });

    expect(sent(desk)).toHaveLength(1);
    expect(codes(desk)).toEqual(['ORDER_OPEN']);
  });

  it('gives back what a refused order had reserved', () => {
    const desk = tradingDesk();
    for (let at = 0; at < 5; at += 1) {
      wish(desk, 0);
      refuseAll(desk);
    }

    expect(codes(desk)).toEqual([]);
    expect(new Set(sent(desk).map(({ clientOrderId }) => clientOrderId)).size).toBe(5);
  });

  it('cancels an entry that a person bans, and every order where hands are off', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    wish(desk, 2);
    acceptAll(desk);
    command(desk, 'ban', { symbol: symbol(0) });
    command(desk, 'handsOff', { symbol: symbol(2) });

    expect(cancelled(desk)).toEqual(sent(desk).map(({ clientOrderId }) => clientOrderId));
    command(desk, 'unban', { symbol: symbol(0) });
    command(desk, 'handsOn', { symbol: symbol(2) });
    expect(desk.factsOf('symbolBanned', 'handsOff').at(-1)).toMatchObject({ isOff: false });
  });

  it('makes a strategy wait for its entry to be gone before it sells', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    acceptAll(desk);
    wish(desk, 0, { purpose: 'exit', side: 'sell' });

    expect(cancelled(desk)).toHaveLength(1);
    expect(codes(desk)).toEqual(['NOTHING_TO_CLOSE']);
  });

  it('lets nothing in while the broker is down, nor when it is up before it was asked', () => {
    const desk = tradingDesk();
    const broker = { kind: 'serviceChanged', service: 'broker', reason: 'test' } as const;
    desk.input({ ...broker, state: 'down' });
    wish(desk, 0);
    desk.input({ ...broker, state: 'up' });
    wish(desk, 0);
    reconciled(desk);
    wish(desk, 0);

    expect(codes(desk)).toEqual(['REDUCE_ONLY', 'NOT_RECONCILED']);
    expect(sent(desk)).toHaveLength(1);
  });

  it.each(['down', 'degraded'] as const)('enters nothing while the market is %s', (state) => {
    const desk = tradingDesk();
    const market = { kind: 'serviceChanged', service: 'market', reason: 'test' } as const;
    desk.input({ ...market, state });
    wish(desk, 0);
    desk.input({ ...market, state: 'up' });
    wish(desk, 0);

    expect(desk.factsOf('refused')).toMatchObject([{ code: 'REDUCE_ONLY', value: 4 }]);
    expect(sent(desk)).toHaveLength(1);
  });

  it('closes what is held while the market is down', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    fillAll(desk);
    desk.input({ kind: 'serviceChanged', service: 'market', state: 'down', reason: 'test' });
    wish(desk, 0, { purpose: 'exit', side: 'sell' });

    expect(sent(desk)).toHaveLength(2);
  });

  it('enters nothing more once it is drained, closes, and enters again in the next life', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    fillAll(desk);
    command(desk, 'drain');
    command(desk, 'drain');
    wish(desk, 1);
    wish(desk, 0, { purpose: 'exit', side: 'sell' });
    expect(codes(desk)).toEqual(['ENDING']);
    expect(desk.factsOf('entriesEnded')).toMatchObject([{ by: 'anna' }]);
    expect(sent(desk)).toHaveLength(2);
    expect(desk.factsOf('tradingHalted')).toEqual([]);
    expect(desk.reloadedSnapshot()).toEqual(desk.snapshot());

    const again = desk.restarted();
    open(again, 2);
    fillAll(again);
    wish(again, 1);
    expect(sent(again)).toHaveLength(1);
  });

  it('cancels everything when the journal is gone', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    acceptAll(desk);
    desk.input({ kind: 'serviceChanged', service: 'journal', state: 'down', reason: 'EIO' });

    expect(desk.factsOf('tradingHalted')).toMatchObject([
      { level: 'cancelAll', code: 'JOURNAL_DOWN', reason: 'EIO' },
    ]);
    expect(desk.pending('cancelOrder')).toHaveLength(1);
  });
});

describe('the loss of the day', () => {
  /** 200 shares held; 2 % of the account is $10.00 a share. */
  function holding(limits = {}): KernelHarness {
    const desk = tradingDesk(limits);
    wish(desk, 0);
    fillAll(desk);
    return desk;
  }

  it.each([
    ['a tick short of its limit', HUNDRED - 99_999, 0],
    ['exactly at its limit', HUNDRED - 100_000, 1],
    ['a tick past its limit', HUNDRED - 100_001, 1],
  ])('H3: halts %s: %i', (_, ticks, halts) => {
    const desk = holding();
    close(desk, 0, ticks);

    expect(desk.factsOf('tradingHalted')).toHaveLength(halts);
  });

  it('stops entries, and closes what is held where the limits say so', () => {
    const desk = holding({ dailyLossHalt: 'flatten' });
    close(desk, 0, 900_000);

    expect(desk.factsOf('tradingHalted')).toMatchObject([{ level: 'flatten', by: 'risk' }]);
    expect(sent(desk).at(-1)).toMatchObject({ side: 'sell', quantity: 200, type: 'market' });
  });

  it('is seen by the next wish where nothing is held any more', () => {
    const desk = holding();
    wish(desk, 0, { purpose: 'exit', side: 'sell' });
    fillAll(desk, 890_000);
    expect(desk.factsOf('tradingHalted')).toEqual([]);
    wish(desk, 2);

    expect(desk.factsOf('tradingHalted')).toMatchObject([{ code: 'DAILY_LOSS' }]);
    expect(codes(desk)).toEqual(['HALTED']);
  });

  it('is said once, however much further it falls, and closes in a turn of its own', () => {
    const desk = holding({ dailyLossHalt: 'flatten' });
    wish(desk, 1);
    fillAll(desk);
    wish(desk, 1, { purpose: 'exit', side: 'sell' });
    fillAll(desk, 890_000);
    wish(desk, 2);
    expect(submitted(desk)).toEqual([]);
    desk.advance(0);
    expect(submitted(desk)).toMatchObject([{ order: { symbol: 0, side: 'sell' } }]);
    close(desk, 0, 800_000);
    close(desk, 0, 700_000);

    expect(desk.factsOf('tradingHalted')).toHaveLength(1);
  });

  it('is not forgiven when the same day is announced again', () => {
    const desk = holding();
    close(desk, 0, 950_000);
    sessionChanged(desk, 'core');
    const shorter = { date: DATE, openUs: OPEN_US, closeUs: CLOSE_US - MINUTE };
    sessionChanged(desk, 'core', shorter);

    expect(desk.factsOf('dayOpened').map(({ equity }) => equity)).toEqual([CASH, CASH]);
    close(desk, 0, 900_000);
    expect(desk.factsOf('tradingHalted')).toHaveLength(1);
  });
});

describe('the end of the session', () => {
  const UNTIL_FLATTEN_US = CLOSE_US - LIMITS.flattenBeforeCloseUs;

  it('cancels entries and closes every position, with orders of its own', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    wish(desk, 1);
    fillAll(desk);
    wish(desk, 2);
    acceptAll(desk);
    desk.advance(UNTIL_FLATTEN_US - desk.nowUs);

    const closing = submitted(desk).map(({ order }) => order);
    expect(closing).toMatchObject([
      { symbol: 0, side: 'sell', quantity: 200, type: 'market' },
      { symbol: 1, side: 'sell', quantity: 200, type: 'market' },
    ]);
    expect(desk.factsOf('signalled')).toMatchObject([
      { strategy: 'risk', purpose: 'flatten' },
      { strategy: 'risk', purpose: 'flatten' },
    ]);
    expect(cancelled(desk)).toHaveLength(1);
  });

  it('tries again until nothing is left, and no longer than the market is open', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    fillAll(desk);
    desk.advance(UNTIL_FLATTEN_US - desk.nowUs);
    refuseAll(desk);
    desk.advance(5 * SECOND);
    expect(submitted(desk)).toHaveLength(1);
    refuseAll(desk);
    desk.advance(CLOSE_US - desk.nowUs);
    refuseAll(desk);
    desk.takeEffects();
    desk.advance(MINUTE);

    expect(desk.takeEffects()).toEqual([]);
    expect(desk.kernel.timers.list().filter(({ tag }) => tag === 'flatten')).toEqual([]);
  });

  it('leaves alone what a person took over', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    fillAll(desk);
    command(desk, 'handsOff', { symbol: symbol(0) });
    desk.advance(UNTIL_FLATTEN_US - desk.nowUs);

    expect(submitted(desk)).toEqual([]);
  });

  it('begins a flatten that was asked for while the market was closed', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    fillAll(desk);
    sessionChanged(desk, 'post');
    command(desk, 'flatten');
    expect(submitted(desk)).toEqual([]);
    const next = { date: DATE + 1, openUs: desk.nowUs, closeUs: CLOSE_US + MINUTE };
    sessionChanged(desk, 'core', next);

    expect(submitted(desk)).toHaveLength(1);
  });
});

describe('a quarantined symbol', () => {
  it('is sold as soon as risk looks at its positions', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    wish(desk, 1);
    fillAll(desk);
    const quarantined = { actor: 'symbols', row: 0, untilUs: CLOSE_US } as const;
    desk.kernel.applyRecorded({ kind: 'quarantined', ...quarantined }, desk.nowUs);
    close(desk, 1, HUNDRED + 100);

    expect(submitted(desk)).toMatchObject([{ order: { symbol: 0, side: 'sell' } }]);
    fillAll(desk);
    desk.kernel.applyRecorded({ kind: 'lifted', actor: 'symbols', row: 0 }, desk.nowUs);
    wish(desk, 0);
    expect(codes(desk)).toEqual([]);
  });
});

describe('B3: a recovered session', () => {
  it('opens nothing before it is known what became of every order', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    const again = desk.restarted();
    open(again, 2);
    wish(again, 2);
    expect(codes(again)).toEqual(['REDUCE_ONLY']);

    acceptAll(again);
    wish(again, 2);
    expect(codes(again)).toEqual(['REDUCE_ONLY']);
    expect(sent(again)).toHaveLength(1);
  });

  it('goes on once the venue was asked and had not heard of it', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    const again = desk.restarted();
    open(again, 2);
    for (const requested of submitted(again)) again.answer(requested, { outcome: 'unknown' });
    wish(again, 2);
    for (const requested of again.pending('enquireOrder')) {
      again.answer(requested, { outcome: 'refused', code: 'ORDER_NOT_FOUND' });
    }
    wish(again, 2);

    expect(codes(again)).toEqual(['REDUCE_ONLY']);
    expect(sent(again)).toHaveLength(1);
  });

  it('is in no doubt about orders that stood', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    acceptAll(desk);
    const again = desk.restarted();
    open(again, 2);
    wish(again, 2);

    expect(codes(again)).toEqual([]);
  });
});
