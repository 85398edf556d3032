import { describe, expect, it } from 'vitest';
import { RISK } from '../../../src/actors/kernel/actor-table.ts';
import { DAY, SECOND } from '../../../src/core/time.ts';
import { KernelHarness } from '../../kernel-harness.ts';
import { CASH, CLOSE_US, DATE, entry, HUNDRED, OPEN_US, quoted, symbol } from './scene.ts';
import {
  acceptAll,
  accountOf,
  actors,
  cancelled,
  close,
  command,
  dollars,
  fillAll,
  open,
  refuseAll,
  sent,
  sessionChanged,
  tradingDesk,
  wish,
} from './trading-desk.ts';

const SYMBOLS = 12;
const LOOSE = { entriesPerSymbolMax: 1_000, positionNotionalMax: dollars(100) };

function refusals(desk: KernelHarness): readonly string[] {
  return desk.factsOf('refused').map(({ code }) => code);
}

/** A strategy that submits in a loop, and a venue that refuses each order at once. */
function runAway(desk: KernelHarness, wishes: number): void {
  for (let at = 0; at < wishes; at += 1) {
    wish(desk, at % SYMBOLS);
    refuseAll(desk);
  }
}

describe('H1: a runaway strategy', () => {
  it('is stopped at the 20th order of a second, and nothing leaves after it', () => {
    const desk = tradingDesk(LOOSE);
    runAway(desk, 1_000);

    expect(sent(desk)).toHaveLength(20);
    expect(desk.factsOf('tradingHalted')).toMatchObject([
      { level: 'noEntries', code: 'RATE_MAX', by: 'risk' },
    ]);
    expect(refusals(desk).slice(0, 2)).toEqual(['RATE_MAX', 'HALTED']);
  });

  it('spends no more than the limits allow, however often it asks and is filled', () => {
    const desk = tradingDesk({ entriesPerSymbolMax: 1_000 });
    for (let at = 0; at < 500; at += 1) {
      wish(desk, at % SYMBOLS);
      fillAll(desk);
    }
    const spent = sent(desk).reduce((sum, { quantity }) => sum + quantity * HUNDRED, 0);

    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual(CASH);
  });

  it('is not let go by anything but a person who resumes', () => {
    const desk = tradingDesk(LOOSE);
    runAway(desk, 25);
    const held = sent(desk).length;

    desk.advance(10 * SECOND);
    desk.tell(RISK, { kind: 'valued' }, { kind: 'timer', tag: 'flatten', key: 0 });
    for (const verb of ['halt', 'cancelAll', 'flatten'] as const) command(desk, verb);
    for (const state of ['degraded', 'up'] as const) {
      for (const service of ['broker', 'journal', 'market'] as const) {
        desk.input({ kind: 'serviceChanged', service, state, reason: 'test' });
      }
    }
    command(desk, 'ban', { symbol: symbol(0) });
    command(desk, 'unban', { symbol: symbol(0) });
    command(desk, 'handsOff', { symbol: symbol(0) });
    command(desk, 'handsOn', { symbol: symbol(0) });
    open(desk, 2);
    sessionChanged(desk, 'post');
    const tomorrow = { date: DATE + 1, openUs: OPEN_US + DAY, closeUs: CLOSE_US + DAY };
    desk.advance(DAY);
    sessionChanged(desk, 'core', tomorrow);
    runAway(desk, 25);

    expect(sent(desk)).toHaveLength(held);
    expect(desk.factsOf('tradingResumed')).toEqual([]);
    command(desk, 'resume');
    runAway(desk, 1);
    expect(sent(desk)).toHaveLength(held + 1);
  });

  it('is stopped in a loop of exits too, and the position is still closed by risk', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    fillAll(desk);
    const before = sent(desk).length;
    for (let at = 0; at < 50; at += 1) {
      wish(desk, 0, { purpose: 'exit', side: 'sell' });
      refuseAll(desk);
    }

    expect(sent(desk).length - before).toBe(20);
    expect(desk.factsOf('tradingHalted')).toMatchObject([{ code: 'RATE_MAX' }]);
    desk.advance(2 * SECOND);
    command(desk, 'flatten');
    fillAll(desk);
    expect(held(desk)).toEqual([]);
  });
});

describe('I6: a halt', () => {
  it.each(['halt', 'cancelAll', 'flatten'] as const)('by %s lets no entry leave', (verb) => {
    const desk = tradingDesk();
    command(desk, verb);
    wish(desk, 0);

    expect(sent(desk)).toEqual([]);
    expect(refusals(desk)).toEqual(['HALTED']);
  });

  it('cancels entries that rest, and lets exits rest', () => {
    const desk = withEntryAndExit();
    command(desk, 'halt');

    expect(cancelled(desk)).toEqual([sent(desk)[1]?.clientOrderId]);
    expect(desk.pending('cancelOrder')).toHaveLength(1);
  });

  it('of all orders cancels exits too', () => {
    const desk = withEntryAndExit();
    command(desk, 'cancelAll');

    expect(cancelled(desk)).toHaveLength(2);
  });

  it('still lets a strategy out of what it holds', () => {
    const desk = tradingDesk();
    wish(desk, 0);
    fillAll(desk);
    command(desk, 'halt');
    wish(desk, 0, { purpose: 'exit', side: 'sell' });

    expect(sent(desk).at(-1)).toMatchObject({ side: 'sell', quantity: 200, type: 'market' });
  });

  it('catches an entry that was approved a moment before it in the same turn', () => {
    const desk = tradingDesk({ ordersPerSecondMax: 1 });
    const view = quoted({ quoteUs: desk.nowUs });
    // Approved, then a wish too many: both are decided before execution hears of either.
    const signals = [0, 2].map((at) => entry({ symbol: symbol(at) }));
    desk.tell(RISK, ...signals.map((signal) => ({ kind: 'signalMade', signal, view }) as const));

    expect(desk.factsOf('tradingHalted')).toHaveLength(1);
    expect(sent(desk)).toEqual([]);
    expect(desk.factsOf('stood')).toMatchObject([{ standing: 'rejected' }]);
    expect(desk.factsOf('released')).toHaveLength(1);
    expect(desk.condensed(RISK).some(({ kind }) => kind === 'reservationCarried')).toBe(false);
  });

  it('keeps the highest level and the first reason, and a lower one changes nothing', () => {
    const desk = tradingDesk();
    command(desk, 'flatten');
    command(desk, 'halt');

    expect(haltOf(desk)).toMatchObject({ level: 'flatten' });
  });

  it('hears only commands for its own account', () => {
    const desk = tradingDesk();
    const words = { commandId: 'c', verb: 'halt', by: 'anna', reason: '' } as const;
    desk.input({ kind: 'commanded', account: accountOf('OTHER'), ...words });

    expect(desk.factsOf('tradingHalted')).toEqual([]);
  });
});

describe('H5: a restart while halted', () => {
  it('is still halted, recovered from the journal or from a snapshot', () => {
    const desk = tradingDesk();
    command(desk, 'halt');
    const again = desk.restarted();
    open(again, 2);
    wish(again, 0);

    expect(refusals(again)).toEqual(['HALTED']);
    expect(desk.reloadedSnapshot()).toEqual(desk.snapshot());
  });

  it('keeps everything that forbids trading in the facts of a snapshot', () => {
    const desk = withEntryAndExit();
    command(desk, 'ban', { symbol: symbol(5) });
    command(desk, 'handsOff', { symbol: symbol(7) });
    desk.input({ kind: 'serviceChanged', service: 'broker', state: 'down', reason: 'test' });
    close(desk, 0, 900_000);
    command(desk, 'cancelAll');

    const kinds = new Set(desk.condensed(RISK).map(({ kind }) => kind));
    for (const kind of [
      'tradingHalted',
      'symbolBanned',
      'handsOff',
      'dayOpened',
      'holdingCarried',
      'reservationCarried',
      'entriesCarried',
      'sequenceCarried',
      'serviceChanged',
      'sessionChanged',
    ] as const) {
      expect(kinds).toContain(kind);
    }
    expect(desk.reloadedSnapshot()).toEqual(desk.snapshot());
  });

  it('stops for good on the journal of another account', () => {
    const desk = new KernelHarness({ actors: actors(), startUs: OPEN_US });
    const opened = { life: 1, startingCash: 1, buildId: 'b', configHash: 'c', actors: [] };
    desk.input({ kind: 'opened', account: accountOf('OTHER'), ...opened });

    expect(desk.facts).toMatchObject([
      { kind: 'tradingHalted', level: 'stop', code: 'ACCOUNT_OTHER' },
    ]);
  });
});

/** A position in symbol 0 with a resting exit, and a resting entry in symbol 2. */
function withEntryAndExit(): KernelHarness {
  const desk = tradingDesk();
  wish(desk, 0);
  fillAll(desk);
  wish(desk, 2);
  wish(desk, 0, { purpose: 'exit', side: 'sell' });
  acceptAll(desk);
  return desk;
}

function haltOf(desk: KernelHarness) {
  return desk.condensed(RISK).find(({ kind }) => kind === 'tradingHalted');
}

function held(desk: KernelHarness) {
  return desk.condensed(RISK).filter(({ kind }) => kind === 'holdingCarried');
}
