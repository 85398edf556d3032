import { describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../../../../src/core/time.ts';
import {
  BAR_DAMAGED,
  BAR_DOUBTFUL,
  BAR_PARTIAL,
} from '../../../../../src/domain/market/bars/bar-record.ts';
import {
  barSessions,
  COUNT_LATE,
  COUNT_OUTSIDE,
  COUNT_REFUSED,
} from '../../../../../src/domain/market/bars/bar-session.ts';
import {
  LATE,
  NOT_READ,
  OUTSIDE,
  REFUSED,
  TAKEN,
} from '../../../../../src/domain/market/bars/bar-verdict.ts';
import { LATE_IN_GRACE, PAST_GRACE } from '../../../../../src/domain/market/bars/closing-rule.ts';
import { tradingDay } from '../../../../../src/domain/market/calendar.ts';
import {
  CHANNEL_QUOTES,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../../../../../src/domain/market/event-batch.ts';
import { TRADE_EXTENDED } from '../../../../../src/domain/market/conditions.ts';
import { BarScene, CLOSE_US, CORE, OPEN_US } from './bar-scene.ts';

const span = (spanUs: number) => ({ kind: 'time', spanUs }) as const;
const trades = (graceUs = 0) => ({ kind: 'trades', graceUs }) as const;

describe('bars of time made of trades', () => {
  it('of several spans close together, the shortest first, out of one feed', () => {
    const scene = new BarScene({
      kinds: [span(DAY), span(5 * MINUTE), span(MINUTE)],
      from: trades(),
    });
    scene.trade(OPEN_US + SECOND, 100, 10);
    scene.trade(OPEN_US + 30 * SECOND, 104, 5);
    scene.trade(OPEN_US + 2 * MINUTE, 98, 1);
    expect(scene.told.map(({ label }) => label)).toEqual(['1m']);
    scene.trade(OPEN_US + 5 * MINUTE, 99, 2);
    scene.closeBefore(CLOSE_US);

    expect(scene.told.map(({ label }) => label)).toEqual(['1m', '1m', '5m', '1m', '5m', '1d']);
    expect(scene.of('5m')[0]).toEqual({
      label: '5m',
      startUs: OPEN_US,
      endUs: OPEN_US + 5 * MINUTE,
      open: 100,
      high: 104,
      low: 98,
      close: 98,
      volume: 16,
      turnover: 1_618,
      trades: 3,
      marks: 0,
    });
    expect(scene.of('1d')).toMatchObject([{ startUs: OPEN_US, endUs: CLOSE_US, volume: 18 }]);
  });

  it('do not cross the close: an hour begins at the open, and the last is half as long', () => {
    const scene = new BarScene({ kinds: [span(HOUR)], from: trades() });
    for (let us = OPEN_US; us < CLOSE_US; us += 10 * MINUTE) scene.trade(us, 100, 1);
    scene.closeBefore(CLOSE_US);

    expect(scene.told.map(({ volume }) => volume)).toEqual([6, 6, 6, 6, 6, 6, 3]);
    expect(scene.told.at(-1)).toMatchObject({ endUs: CLOSE_US, marks: BAR_PARTIAL });
    expect(scene.told.at(-2)?.marks).toBe(0);
  });

  it('of whole hours of the clock begin with half an hour', () => {
    const scene = new BarScene({
      kinds: [{ kind: 'time', spanUs: HOUR, anchor: 'midnight' }],
      from: trades(),
    });
    scene.trade(OPEN_US + 29 * MINUTE, 100, 1);
    scene.trade(OPEN_US + 30 * MINUTE, 100, 2);
    scene.closeBefore(CLOSE_US);

    expect(scene.told).toMatchObject([
      { startUs: OPEN_US, endUs: OPEN_US + 30 * MINUTE, volume: 1, marks: BAR_PARTIAL },
      { startUs: OPEN_US + 30 * MINUTE, endUs: OPEN_US + 90 * MINUTE, volume: 2, marks: 0 },
    ]);
  });

  it.each([5 * MINUTE, 10 * MINUTE, 13 * MINUTE, 65 * MINUTE, 78 * MINUTE, 4 * HOUR])(
    'of %d us beside all others hold the trades of their own stretch',
    (spanUs) => {
      const kinds = [5, 10, 13, 65, 78, 240].map((minutes) => span(minutes * MINUTE));
      const scene = new BarScene({ kinds, from: trades() });
      for (let us = OPEN_US; us < CLOSE_US; us += MINUTE) scene.trade(us, 100, 1);
      scene.closeBefore(CLOSE_US);

      const own = scene.told.filter(({ label }) => label === labelOf(spanUs));
      const whole = Math.floor((CLOSE_US - OPEN_US) / spanUs);
      const rest = ((CLOSE_US - OPEN_US) % spanUs) / MINUTE;
      const volumes = Array.from({ length: whole }, () => spanUs / MINUTE);
      expect(own.map(({ volume }) => volume)).toEqual(rest > 0 ? [...volumes, rest] : volumes);
    },
  );

  it('of a half day end at its close, and its day is whole', () => {
    const half = tradingDay(20240703);
    if (half === undefined) throw new Error('a session');
    const [pre, core, post] = barSessions(half);
    expect(core.closeUs - core.openUs).toBe(3.5 * HOUR);
    const scene = new BarScene({ kinds: [span(DAY), span(HOUR)], from: trades() }, pre);
    scene.trade(core.openUs - MINUTE, 100, 1, TRADE_VOLUME | TRADE_EXTENDED);
    scene.session(core);
    scene.trade(core.closeUs - 1, 101, 2);
    expect(scene.trade(core.closeUs, 102, 4)).toBe(OUTSIDE);
    scene.session(post);
    scene.trade(post.openUs, 103, 8, TRADE_VOLUME | TRADE_EXTENDED);
    scene.closeBefore(post.closeUs);

    expect(scene.of('1h')).toMatchObject([
      { startUs: core.openUs - 30 * MINUTE, endUs: core.openUs, volume: 1, marks: BAR_PARTIAL },
      { startUs: core.closeUs - 30 * MINUTE, endUs: core.closeUs, volume: 2, marks: BAR_PARTIAL },
      { startUs: core.closeUs, endUs: core.closeUs + HOUR, open: 103, volume: 8, marks: 0 },
    ]);
    expect(scene.of('1d')).toMatchObject([
      { startUs: core.openUs, endUs: core.closeUs, volume: 2, marks: 0 },
    ]);
  });

  it('know no session before the first: days are then those of UTC', () => {
    const scene = new BarScene({ kinds: [span(DAY), span(HOUR)], from: trades() }, 'none');
    const midnightUs = Math.floor(OPEN_US / DAY) * DAY;
    scene.trade(midnightUs + 23 * HOUR, 100, 1);
    scene.trade(midnightUs + DAY, 101, 2);

    expect(scene.of('1d')).toMatchObject([{ startUs: midnightUs, volume: 1, marks: 0 }]);
    expect(scene.of('1h')).toMatchObject([{ startUs: midnightUs + 23 * HOUR, volume: 1 }]);
  });

  it('close by the first trade from after their end, and say what comes within the grace', () => {
    const scene = new BarScene({ kinds: [span(SECOND)], from: trades(2 * SECOND) });
    const at = (ms: number) => OPEN_US + ms * 1_000;
    const tell = (ms: number, nowMs: number) =>
      scene.trade(at(ms), 100 + ms, 1, TRADE_REGULAR, at(nowMs));
    expect([tell(900, 900), tell(100, 910), tell(2_999, 2_999)]).toEqual([TAKEN, TAKEN, TAKEN]);
    expect(scene.told).toMatchObject([
      { startUs: at(0), open: 200, high: 1_000, low: 200, close: 1_000, volume: 2 },
    ]);
    expect([tell(500, 2_999), ...scene.builder.late]).toEqual([LATE, LATE_IN_GRACE]);
    expect([tell(500, 3_000), ...scene.builder.late]).toEqual([LATE, PAST_GRACE]);
    expect(scene.count(COUNT_LATE)).toBe(2);
    // Where none came after it, the bar takes what is late.
    expect([tell(2_998, 4_999), tell(2_998, 5_000)]).toEqual([TAKEN, LATE]);
    expect(scene.forming('1s')).toMatchObject({ volume: 2 });
  });

  it('close by a trade that is of no session, and leave all that is before it late', () => {
    const scene = new BarScene({ kinds: [span(MINUTE)], from: trades(SECOND) });
    scene.trade(CLOSE_US - 1, 100, 1);
    expect(scene.trade(CLOSE_US, 101, 1)).toBe(OUTSIDE);
    expect(scene.told).toMatchObject([{ endUs: CLOSE_US, volume: 1 }]);
    expect(scene.trade(CLOSE_US - 2, 102, 1)).toBe(LATE);
  });

  it('take a trade that is late for a short bar into the longer one that is open', () => {
    const scene = new BarScene({ kinds: [span(MINUTE), span(5 * MINUTE)], from: trades() });
    scene.trade(OPEN_US + 30 * SECOND, 100, 1);
    scene.trade(OPEN_US + MINUTE, 101, 1);
    expect(scene.trade(OPEN_US + 20 * SECOND, 90, 7)).toBe(LATE);
    expect([...scene.builder.late]).toEqual([PAST_GRACE, 0]);
    scene.closeBefore(OPEN_US + 5 * MINUTE);

    expect(scene.of('1m')[0]).toMatchObject({ open: 100, low: 100, volume: 1 });
    expect(scene.of('5m')[0]).toMatchObject({ open: 90, low: 90, close: 101, volume: 9 });
  });

  it('are not made of what sets no price, but longer ones count it', () => {
    const scene = new BarScene({ kinds: [span(MINUTE), span(5 * MINUTE)], from: trades() });
    scene.trade(OPEN_US, 100, 7, TRADE_VOLUME);
    scene.trade(OPEN_US + MINUTE, 101, 1);
    scene.closeBefore(OPEN_US + 5 * MINUTE);

    expect(scene.of('1m')).toMatchObject([{ startUs: OPEN_US + MINUTE, volume: 1 }]);
    expect(scene.of('5m')).toMatchObject([{ open: 101, volume: 8, turnover: 801, trades: 2 }]);
  });

  it('of the shortest span are not made where data were lost, and longer ones are marked', () => {
    const scene = new BarScene({ kinds: [span(MINUTE), span(5 * MINUTE)], from: trades() });
    scene.trade(OPEN_US, 100, 1);
    expect(scene.gap(OPEN_US + MINUTE, CHANNEL_QUOTES)).toBe(NOT_READ);
    expect(scene.gap(OPEN_US + 70 * SECOND)).toBe(TAKEN);
    scene.trade(OPEN_US + 80 * SECOND, 100, 1);
    scene.trade(OPEN_US + 2 * MINUTE, 100, 1);
    scene.trade(OPEN_US + 5 * MINUTE, 100, 1);
    scene.closeBefore(CLOSE_US);

    expect(scene.of('1m').map(({ startUs, marks }) => [startUs - OPEN_US, marks])).toEqual([
      [2 * MINUTE, 0],
      [5 * MINUTE, 0],
    ]);
    expect(scene.of('5m').map(({ marks }) => marks)).toEqual([BAR_DAMAGED, 0]);
  });

  it('count what they cannot use, and stay as they were', () => {
    const scene = new BarScene({ kinds: [span(MINUTE)], from: trades() });
    scene.trade(OPEN_US, 100, 1);
    const before = scene.state.slice();
    const bad: readonly (readonly [number, number, number])[] = [
      [OPEN_US, Number.NaN, 1],
      [OPEN_US, Infinity, 1],
      [OPEN_US, 0, 1],
      [OPEN_US, -1, 1],
      [OPEN_US, 100, -1],
      [OPEN_US, 100, Number.NaN],
      [Number.NaN, 100, 1],
    ];
    for (const [us, price, size] of bad) expect(scene.trade(us, price, size)).toBe(REFUSED);
    expect(scene.trade(OPEN_US, 100, 1, TRADE_REGULAR | TRADE_SUSPICIOUS)).toBe(REFUSED);
    expect(scene.trade(OPEN_US - 1, 100, 1)).toBe(OUTSIDE);
    expect(scene.bar(OPEN_US, [1, 1, 1, 1, 1])).toBe(NOT_READ);

    expect([scene.count(COUNT_REFUSED), scene.count(COUNT_OUTSIDE)]).toEqual([8, 1]);
    before[scene.at + COUNT_REFUSED] = 8;
    before[scene.at + COUNT_OUTSIDE] = 1;
    expect([...scene.state]).toEqual([...before]);
  });

  it('show the one that is forming, with all that is known of it', () => {
    const scene = new BarScene({ kinds: [span(MINUTE), span(5 * MINUTE)], from: trades(SECOND) });
    expect(scene.forming('5m')).toBeUndefined();
    scene.trade(OPEN_US, 100, 1);
    expect(scene.forming('5m')).toMatchObject({ endUs: OPEN_US + 5 * MINUTE, volume: 1 });
    scene.trade(OPEN_US + 2 * MINUTE, 110, 2);
    expect(scene.forming('1m')).toMatchObject({ startUs: OPEN_US + 2 * MINUTE, volume: 2 });
    expect(scene.forming('5m')).toMatchObject({ open: 100, close: 110, volume: 3 });
  });

  it('begin anew with a session, and end with the one before', () => {
    const scene = new BarScene({ kinds: [span(DAY)], from: trades() });
    scene.trade(CLOSE_US - 1, 100, 1);
    scene.session({ ...CORE, openUs: OPEN_US + DAY, closeUs: CLOSE_US + DAY });
    scene.trade(OPEN_US + DAY, 101, 2);
    // The same session, told anew with an earlier close.
    scene.session({ ...CORE, openUs: OPEN_US + DAY, closeUs: CLOSE_US + DAY - HOUR });
    expect(scene.trade(CLOSE_US + DAY - HOUR, 101, 2)).toBe(OUTSIDE);

    expect(scene.told.map(({ volume }) => volume)).toEqual([1, 2]);
  });

  it('leave nothing past a close that was told anew to the next session', () => {
    const kinds = [span(MINUTE), span(5 * MINUTE), span(DAY)];
    const scene = new BarScene({ kinds, from: trades(5 * MINUTE) });
    scene.trade(OPEN_US + 10 * MINUTE, 100, 1);
    scene.trade(OPEN_US + 12 * MINUTE, 999, 777);
    scene.session({ ...CORE, closeUs: OPEN_US + 11 * MINUTE });
    scene.closeBefore(OPEN_US + 30 * MINUTE);
    const before = scene.told.map(({ label, endUs, volume }) => ({ label, endUs, volume }));
    scene.told.length = 0;
    scene.session({ ...CORE, openUs: OPEN_US + DAY, closeUs: CLOSE_US + DAY });
    scene.trade(OPEN_US + DAY, 100, 2);
    scene.trade(OPEN_US + DAY + 12 * MINUTE, 100, 4);
    scene.closeBefore(Number.POSITIVE_INFINITY);

    const endUs = OPEN_US + 11 * MINUTE;
    expect(before).toEqual([
      { label: '1m', endUs, volume: 1 },
      { label: '5m', endUs, volume: 1 },
      { label: '1d', endUs, volume: 1 },
    ]);
    expect(scene.count(COUNT_OUTSIDE)).toBe(1);
    expect(Math.max(...scene.told.map(({ high }) => high))).toBe(100);
    expect(scene.of('1m').map(({ volume }) => volume)).toEqual([2, 4]);
    expect(scene.of('1d').map(({ volume }) => volume)).toEqual([6]);
  });

  it('that are open where the close was told anew before now are closed at once', () => {
    const scene = new BarScene({ kinds: [span(MINUTE), span(HOUR)], from: trades() });
    scene.trade(OPEN_US, 100, 1);
    scene.trade(OPEN_US + 20 * MINUTE, 105, 2);
    scene.closeBefore(OPEN_US + 25 * MINUTE);
    scene.session({ ...CORE, closeUs: OPEN_US + 10 * MINUTE });

    const marks = BAR_PARTIAL | BAR_DOUBTFUL;
    expect(scene.of('1h')).toMatchObject([{ endUs: OPEN_US + 10 * MINUTE, volume: 3, marks }]);
  });

  it('go on to a close that was told anew to be later', () => {
    const early = { ...CORE, closeUs: OPEN_US + 30 * MINUTE };
    const scene = new BarScene({ kinds: [span(HOUR)], from: trades() }, early);
    scene.trade(OPEN_US, 100, 1);
    scene.session(CORE);
    scene.trade(OPEN_US + 40 * MINUTE, 100, 2);
    scene.closeBefore(CLOSE_US);

    expect(scene.told).toMatchObject([{ endUs: OPEN_US + HOUR, volume: 3, marks: 0 }]);
  });
});

function labelOf(spanUs: number): string {
  return spanUs % HOUR === 0 ? `${spanUs / HOUR}h` : `${spanUs / MINUTE}m`;
}
