import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../src/core/time.ts';
import { engineFault } from '../../../../src/domain/features/engine-bars.ts';
import {
  COUNT_LATE,
  COUNT_OUTSIDE,
  COUNT_REFUSED,
} from '../../../../src/domain/market/bars/bar-session.ts';
import { BAR_FINAL, BAR_UPDATED } from '../../../../src/domain/market/event-batch.ts';
import { NBBO_WIDTH } from '../../../../src/domain/market/nbbo.ts';
import { VENUE_AHEAD_US_MAX } from '../../../../src/domain/market/venue-clock.ts';
import { CLOSE_US, EngineScene, OPEN_US } from './engine-scene.ts';

const ANEW = BAR_FINAL | BAR_UPDATED;

describe('a column of the engine', () => {
  it.each([
    ['bar.close:1h', OPEN_US + HOUR],
    ['bar.close:30m', OPEN_US + HOUR],
    ['bar.close:4h', OPEN_US + 4 * HOUR],
    ['bar.close:1d', CLOSE_US],
  ])('%s is the same beside any other: known at its end, to the microsecond', (name, us) => {
    for (const names of [
      [name],
      [name, 'bar.close'],
      ['bar.close:5m', name],
      [name, 'quote.bid'],
    ]) {
      const scene = new EngineScene(names);
      const column = names.indexOf(name);
      scene.trade(0, OPEN_US + 31 * MINUTE, 11);
      scene.engine.advance(us - 1);
      expect(scene.row()[column]).toBeNaN();
      scene.engine.advance(us);
      expect(scene.row()[column]).toBe(11);
    }
  });

  it('of two bars that end between one event and the next is told of both in their order', () => {
    const told: unknown[] = [];
    const barClosed = (symbol: number, timeframe: string, endUs: number) =>
      void told.push([symbol, timeframe, (endUs - OPEN_US) / MINUTE, scene.row(symbol)[0]]);
    const options = { symbols: ['AAA', 'BBB'], barClosed } as const;
    const scene = new EngineScene(['bar.close', 'bar.close:5m'], {
      ...options,
      from: { kind: 'trades', graceUs: 10 * MINUTE },
    });
    scene.trade(0, OPEN_US + 3 * MINUTE, 10);
    scene.trade(1, OPEN_US + 3 * MINUTE, 20);
    scene.trade(0, OPEN_US + 4 * MINUTE, 11);
    scene.engine.advance(OPEN_US + HOUR);

    expect(told).toEqual([
      [0, '1m', 4, 10],
      [1, '1m', 4, 20],
      [0, '1m', 5, 11],
      [0, '5m', 5, 11],
      [1, '5m', 5, 20],
    ]);
  });
});

describe('a day of history', () => {
  const [MONDAY, TUESDAY] = [OPEN_US - 7 * DAY, OPEN_US - 6 * DAY];
  const sound = [10, 12, 9, 11, 1_000];

  it('is read as other bars are, and known at once', () => {
    const scene = new EngineScene(['bar.close:1d', 'bar.volume:1d']);
    scene.day(0, MONDAY, sound);

    expect(scene.row()).toEqual([11, 1_000]);
    expect(scene.engine.refusedDays).toBe(0);
  });

  it.each([
    ['the same day again', MONDAY, sound],
    ['a day from before', MONDAY - DAY, sound],
    ['no number', TUESDAY, [10, 12, 9, Number.NaN, 1_000]],
    ['a price of zero', TUESDAY, [10, 12, 0, 11, 1_000]],
    ['a close above its high', TUESDAY, [10, 12, 9, 13, 1_000]],
    ['a negative volume', TUESDAY, [10, 12, 9, 11, -1]],
  ])('is refused and counted where it is %s', (_, us, values) => {
    const scene = new EngineScene(['bar.close:1d', 'bar.volume:1d']);
    scene.day(0, MONDAY, sound);
    const before = scene.engine.state.slice();
    scene.day(0, us, values);

    expect([...scene.engine.state]).toEqual([...before]);
    expect(scene.engine.refusedDays).toBe(1);
  });
});

describe('rows taken where bars close', () => {
  it('are those that anybody reads then, whatever the order of the symbols', () => {
    const symbols = ['AAA', 'BBB', 'CCC', 'DDD'];
    const names = ['breadth.marketReturn', 'breadth.upShare', 'bar.close'];
    const taken: (readonly number[])[] = [];
    const barClosed = (symbol: number) => void taken.push(scene.row(symbol));
    const scene = new EngineScene(names, { symbols, barClosed });
    symbols.forEach((_, symbol) => scene.trade(symbol, OPEN_US + symbol * SECOND, 10));
    scene.engine.advance(OPEN_US + MINUTE);
    symbols.forEach((_, symbol) =>
      scene.trade(symbol, OPEN_US + MINUTE + symbol * SECOND, 11 + symbol),
    );
    taken.length = 0;
    scene.engine.advance(OPEN_US + 2 * MINUTE);

    expect(taken).toEqual(symbols.map((_, symbol) => scene.row(symbol)));
    expect(taken[0]?.[0]).toBeCloseTo(0.25);
  });
});

describe('a set without bars', () => {
  it.each([[['quote.middle']], [['daysToEarnings']]])('is run as any other: %s', (names) => {
    const told: string[] = [];
    const barClosed = (_symbol: number, timeframe: string) => void told.push(timeframe);
    const scene = new EngineScene(names, { barClosed });
    scene.trade(0, OPEN_US + SECOND, 10);
    scene.engine.advance(CLOSE_US + HOUR);

    expect(scene.row()).toHaveLength(1);
    expect(told).toEqual([]);
  });

  it('has a fault only where its bars cannot be made', () => {
    const minutes = { kind: 'bars', spanUs: MINUTE, graceUs: MINUTE } as const;
    expect(engineFault(new EngineScene(['quote.middle']).engine.set, minutes)).toBeUndefined();
    expect(engineFault(new EngineScene(['bar.close:5m']).engine.set, minutes)).toBeUndefined();
    expect(engineFault(new EngineScene(['bar.close:30s']).engine.set, minutes)?.field).toBe(
      'spanUs',
    );
  });
});

describe('trades that flow hears of', () => {
  it('are those of the session, as of the kernel', () => {
    const scene = new EngineScene(['flow.volume', 'flow.trades']);
    scene.trade(0, OPEN_US - 10 * MINUTE, 10, 5_000);
    scene.trade(0, OPEN_US + SECOND, 10, 100);
    scene.engine.advance(OPEN_US + MINUTE);
    const core = scene.row();
    const other = new EngineScene(['flow.volume', 'flow.trades']);
    other.trade(0, OPEN_US + SECOND, 10, 100);
    other.engine.advance(OPEN_US + MINUTE);

    expect(core).toEqual([100, 1]);
    expect(core).toEqual(other.row());
  });
});

describe('a trade that is dated after its receipt', () => {
  const names = ['bar.close', 'bar.volume', 'flow.volume'];

  it('is refused past a minute, and freezes nothing (D7)', () => {
    const scene = new EngineScene(names);
    scene.trade(0, OPEN_US + SECOND, 10, 100);
    scene.trade(0, OPEN_US + HOUR, 99, 5, OPEN_US + 2 * SECOND);
    scene.trade(0, OPEN_US + 3 * SECOND, 11, 200);
    scene.engine.advance(OPEN_US + MINUTE);

    expect(scene.row()).toEqual([11, 300, 300]);
    expect(scene.engine.state[NBBO_WIDTH + COUNT_REFUSED]).toBe(1);
  });

  it('is believed within it', () => {
    const scene = new EngineScene(names);
    scene.trade(0, OPEN_US + SECOND + VENUE_AHEAD_US_MAX, 10, 100, OPEN_US + SECOND);
    scene.engine.advance(OPEN_US + 2 * MINUTE);

    expect(scene.row()).toEqual([10, 100, 100]);
  });
});

describe('bars of the venue', () => {
  const from = { kind: 'bars', spanUs: MINUTE, graceUs: MINUTE } as const;
  const names = ['bar.close', 'bar.close:5m', 'bar.volume:5m'];

  it('that do not come leave no longer bar open: time closes it a minute after its end', () => {
    const scene = new EngineScene(names, { from });
    for (const minute of [0, 1, 2, 3]) scene.bar(0, OPEN_US + minute * MINUTE, 10 + minute);
    scene.engine.advance(OPEN_US + 6 * MINUTE - 1);
    expect(scene.row()[1]).toBeNaN();
    scene.engine.advance(OPEN_US + 6 * MINUTE);
    expect(scene.row()).toEqual([13, 13, 400]);
  });

  it('that come late are bars all the same, and parts of the longer ones', () => {
    const scene = new EngineScene(names, { from });
    const other = new EngineScene(names, { from });
    for (const minute of [0, 1, 2, 3, 4]) {
      const us = OPEN_US + minute * MINUTE;
      scene.bar(0, us, 10 + minute, minute === 4 ? { nowUs: us + 9 * MINUTE } : {});
      other.bar(0, us, 10 + minute);
    }
    other.engine.advance(OPEN_US + 13 * MINUTE);

    expect(scene.row()).toEqual([14, 14, 500]);
    expect(scene.row()).toEqual(other.row());
  });

  it.each([[[...names, 'sma3']], [['bar.close:5m', 'sma2:5m']]])(
    'that are told anew are those that were told: %s',
    (each) => {
      const told = (isWrong: boolean) => {
        const scene = new EngineScene(each, { from });
        for (let minute = 0; minute < 14; minute += 1) {
          const us = OPEN_US + minute * MINUTE;
          const right = { volume: 300 + minute };
          const isOne = minute === 3 || minute === 8 || minute === 11;
          scene.bar(0, us, isOne && isWrong ? 99 : 10 + minute, isOne && isWrong ? {} : right);
          const anew = { ...right, nowUs: us + MINUTE + 30 * SECOND, flags: ANEW };
          if (isOne && isWrong) scene.bar(0, us, 10 + minute, anew);
        }
        scene.engine.advance(OPEN_US + 16 * MINUTE);
        return scene.row();
      };

      expect(told(true)).toEqual(told(false));
    },
  );

  it('that are told anew replace our own of trades, of their span alone', () => {
    const scene = new EngineScene(names);
    scene.trade(0, OPEN_US, 10, 100);
    scene.trade(0, OPEN_US + 4 * MINUTE, 11, 100);
    scene.engine.advance(OPEN_US + 5 * MINUTE);
    scene.bar(0, OPEN_US + 4 * MINUTE, 12, { flags: ANEW, nowUs: OPEN_US + 5 * MINUTE });

    expect(scene.row()).toEqual([12, 11, 200]);
  });

  it('that cannot be taken in are counted, each by its reason', () => {
    const scene = new EngineScene(names, { from });
    const anew = (us: number, price: number, spanUs: number) =>
      scene.bar(0, us, price, { flags: ANEW, spanUs, nowUs: OPEN_US + 10 * MINUTE });
    scene.bar(0, OPEN_US, 10);
    anew(OPEN_US, -1, MINUTE);
    anew(OPEN_US, 10, 5 * MINUTE);
    anew(OPEN_US + 1, 10, MINUTE);
    anew(OPEN_US - MINUTE, 10, MINUTE);
    anew(OPEN_US + 3 * MINUTE, 10, MINUTE);
    const count = (place: number) => scene.engine.state[NBBO_WIDTH + place];

    expect(scene.row()[0]).toBe(10);
    expect([COUNT_REFUSED, COUNT_OUTSIDE, COUNT_LATE].map(count)).toEqual([3, 1, 1]);
  });
});
