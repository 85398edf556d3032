import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../../../src/core/time.ts';
import {
  OPEN_BAR_CLOSE,
  OPEN_BAR_HIGH,
  OPEN_BAR_LOW,
  OPEN_BAR_OPEN,
  OPEN_BAR_START_US,
  OPEN_BAR_TRADES,
  OPEN_BAR_TURNOVER,
  OPEN_BAR_VOLUME,
} from '../../../../../src/domain/market/bar.ts';
import {
  BarHistory,
  NO_BAR,
  NOT_CLOSED,
  TOO_OLD,
} from '../../../../../src/domain/market/bars/bar-history.ts';
import { readCorrection, readVenueBar } from '../../../../../src/domain/market/bars/bar-parts.ts';
import {
  BAR_CLOSE_AT_US,
  BAR_CORE_OPEN_US,
  BAR_DOUBTFUL,
  BAR_END_US,
  BAR_ESTIMATED,
  BAR_MARKS,
  BAR_OPEN_AT_US,
  BAR_PARTIAL,
  BAR_RECORD_WIDTH,
} from '../../../../../src/domain/market/bars/bar-record.ts';
import {
  BAR,
  BAR_UPDATED,
  CORRECTION,
  EventBatch,
  TRADE_REGULAR,
} from '../../../../../src/domain/market/event-batch.ts';
import { OPEN_US, readTold, type Told } from './bar-scene.ts';

const MINUTES = [0, 1, 2, 4, 5, 6, 8];

describe('a history of closed bars', () => {
  it('remembers the newest, at least as many as asked for', () => {
    const scene = new HistoryScene(3);
    for (const minute of MINUTES) scene.push(minute);

    expect(scene.minutes).toEqual([4, 5, 6, 8]);
    expect(scene.history.find(scene.state, 0, at(2))).toBe(TOO_OLD);
    expect(scene.history.find(scene.state, 0, at(3))).toBe(NO_BAR);
    expect(scene.history.find(scene.state, 0, at(5))).toBe(1);
    expect(scene.history.find(scene.state, 0, at(9))).toBe(NOT_CLOSED);
  });

  it('puts the bar that the venue told anew in its place, and doubts it no more', () => {
    const scene = new HistoryScene(3);
    for (const minute of MINUTES) scene.push(minute, minute === 5 ? BAR_PARTIAL : 0);
    expect(scene.history.doubt(scene.state, 0, at(5) + 1)).toBe(1);
    expect(scene.bar(1).marks).toBe(BAR_PARTIAL | BAR_DOUBTFUL);
    expect(scene.update(5, [20, 25, 19, 21, 7])).toBe(1);

    expect(scene.bar(1)).toEqual({
      label: '',
      startUs: at(5),
      endUs: at(6),
      open: 20,
      high: 25,
      low: 19,
      close: 21,
      volume: 7,
      turnover: 147,
      trades: 3,
      marks: BAR_PARTIAL | BAR_ESTIMATED,
    });
    expect(scene.state[scene.history.barAt(0, 1) + BAR_CORE_OPEN_US]).toBe(OPEN_US);
  });

  it('takes in a bar that it never had, and says what it cannot', () => {
    const scene = new HistoryScene(2);
    for (const minute of MINUTES.slice(0, 5)) scene.push(minute);
    expect(scene.minutes).toEqual([2, 4, 5]);
    expect(scene.update(3, [20, 25, 19, 21, 7])).toBe(1);
    expect(scene.minutes).toEqual([2, 3, 4, 5]);
    expect(scene.update(1, [20, 25, 19, 21, 7])).toBe(TOO_OLD);
    expect(scene.update(6, [20, 25, 19, 21, 7])).toBe(NOT_CLOSED);
    scene.push(7);
    expect(scene.minutes).toEqual([4, 5, 7]);
    scene.push(8);
    expect(scene.update(6, [20, 25, 19, 21, 7])).toBe(1);
    expect(scene.minutes).toEqual([5, 6, 7, 8]);
  });

  it('repairs a bar by a corrected trade, as far as that can be known', () => {
    const scene = new HistoryScene(3);
    for (const minute of MINUTES) scene.push(minute);
    expect(scene.correct(at(5) + 1, [11, 2], [11, 1])).toBe(1);
    expect(scene.bar(1)).toMatchObject({ volume: 5, trades: 3, turnover: 55, marks: 0 });
    expect(scene.correct(at(5) + 1, [12, 1], [11, 1])).toBe(1);
    expect(scene.bar(1)).toMatchObject({ volume: 5, high: 12, marks: BAR_DOUBTFUL });
    expect(scene.correct(at(7), [11, 1], [11, 2])).toBe(NO_BAR);
    expect(scene.correct(at(6), [11, 60], [11, 2])).toBe(NO_BAR);
    expect(scene.correct(at(9), [11, 1], [11, 2])).toBe(NOT_CLOSED);
    expect(scene.correct(at(0), [11, 1], [11, 2])).toBe(TOO_OLD);
  });

  it('doubts a bar of trades that is repaired: it might have closed elsewhere', () => {
    const scene = new HistoryScene(3, false);
    scene.push(0);
    expect(scene.correct(at(1), [11, 2], [11, 1])).toBe(0);
    expect(scene.bar(0)).toMatchObject({ volume: 5, marks: BAR_DOUBTFUL });
    expect(new HistoryScene(3).correct(at(1), [11, 2], [11, 1])).toBe(NOT_CLOSED);
  });
});

function at(minute: number): number {
  return OPEN_US + minute * MINUTE;
}

class HistoryScene {
  readonly history: BarHistory;
  readonly state: Float64Array;
  readonly #record = new Float64Array(BAR_RECORD_WIDTH);
  readonly #old = new Float64Array(BAR_RECORD_WIDTH);
  readonly #batch = new EventBatch(1, 1);

  constructor(barsMin: number, isOfTime = true) {
    this.history = new BarHistory(barsMin, isOfTime);
    this.state = new Float64Array(this.history.width);
    this.history.reset(this.state, 0);
  }

  /** 10, 12, 9, 11 with six shares in three trades. */
  push(minute: number, marks = 0): void {
    const record = this.#record;
    record[OPEN_BAR_OPEN] = 10;
    record[OPEN_BAR_HIGH] = 12;
    record[OPEN_BAR_LOW] = 9;
    record[OPEN_BAR_CLOSE] = 11;
    record[OPEN_BAR_VOLUME] = 6;
    record[OPEN_BAR_TURNOVER] = 66;
    record[OPEN_BAR_TRADES] = 3;
    record[OPEN_BAR_START_US] = at(minute);
    record[BAR_OPEN_AT_US] = at(minute);
    record[BAR_CLOSE_AT_US] = at(minute + 1) - 1;
    record[BAR_END_US] = at(minute + 1);
    record[BAR_CORE_OPEN_US] = OPEN_US;
    record[BAR_MARKS] = marks;
    this.history.push(this.state, 0, record, 0);
  }

  update(minute: number, values: readonly [number, number, number, number, number]): number {
    const event = this.#event(BAR, at(minute), BAR_UPDATED, [...values, MINUTE]);
    readVenueBar(this.#record, this.#batch, event);
    return this.history.replace(this.state, 0, this.#record);
  }

  correct(us: number, old: readonly [number, number], now: readonly [number, number]): number {
    const event = this.#event(CORRECTION, us, TRADE_REGULAR, [...old, ...now, 0, us]);
    readCorrection(this.#old, this.#record, this.#batch, event, false);
    return this.history.repair(this.state, 0, this.#old, this.#record);
  }

  bar(place: number): Told {
    return readTold('', this.state, this.history.barAt(0, place));
  }

  get minutes(): readonly number[] {
    const count = this.history.count(this.state, 0);
    return Array.from({ length: count }, (_, bar) => (this.bar(bar).startUs - OPEN_US) / MINUTE);
  }

  #event(kind: number, us: number, flags: number, values: readonly number[]): number {
    const batch = this.#batch;
    batch.clear();
    const event = batch.add(kind, 0, us, flags, 0);
    [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f].forEach((column, place) => {
      column[event] = values[place] ?? 0;
    });
    return event;
  }
}
