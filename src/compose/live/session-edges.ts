import { MS } from '../../core/time.ts';
import {
  newYorkDate,
  nextTradingDay,
  previousTradingDay,
  type TradingDay,
  tradingDay,
} from '../../domain/market/calendar.ts';
import type { Clock, Timer, Timers } from '../../ports/clock.ts';
import type { Input } from '../../ports/input.ts';

type SessionChanged = Extract<Input, { kind: 'sessionChanged' }>;

interface Edge {
  readonly atUs: number;
  readonly input: SessionChanged;
}

/** The session that runs at a time: the last edge before it, of this day or an earlier one. */
export function sessionAt(us: number): SessionChanged {
  const before = edgesAround(us).findLast(({ atUs }) => atUs <= us);
  return before?.input ?? closedOn(us);
}

/** The first edge after a time; undefined past the end of the calendar. */
export function nextEdge(us: number): Edge | undefined {
  return edgesAround(us).find(({ atUs }) => atUs > us);
}

/** Enters each edge of the exchange's day as it comes, on market time. */
export class SessionEdges {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #enter: (input: SessionChanged) => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, timers: Timers, enter: (input: SessionChanged) => void) {
    this.#clock = clock;
    this.#timers = timers;
    this.#enter = enter;
  }

  /** Enters what runs now, then every edge. */
  start(): void {
    const nowUs = this.#clock.nowUs();
    this.#enter(sessionAt(nowUs));
    this.#wait(nowUs);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** A timer may be a little early, and a clock that is slewed later than it was thought. */
  #wait(fromUs: number): void {
    const edge = nextEdge(fromUs);
    if (edge === undefined) return;
    const leftMs = (edge.atUs - this.#clock.nowUs()) / MS / this.#clock.speed;
    if (leftMs <= 0) {
      this.#enter(edge.input);
      this.#wait(edge.atUs);
      return;
    }
    const waitMs = Math.min(Math.max(1, leftMs), WAIT_MS_MAX);
    this.#timer = this.#timers.after(waitMs, () => this.#wait(fromUs));
  }
}

/** Looked at again at least so often, so that a clock that was set right is followed. */
const WAIT_MS_MAX = 60_000;

function edgesAround(us: number): readonly Edge[] {
  const date = newYorkDate(us);
  const today = tradingDay(date);
  const days = [previousTradingDay(date), today, nextTradingDay(date)];
  return days.flatMap((day) => (day === undefined ? [] : edgesOf(day)));
}

function edgesOf(day: TradingDay): readonly Edge[] {
  return [
    edge(day, 'pre', day.preUs),
    edge(day, 'core', day.openUs),
    edge(day, 'post', day.closeUs),
    edge(day, 'closed', day.postUs),
  ];
}

function edge(day: TradingDay, phase: SessionChanged['phase'], atUs: number): Edge {
  const { date, openUs, closeUs } = day;
  return { atUs, input: { kind: 'sessionChanged', phase, date, openUs, closeUs } };
}

function closedOn(us: number): SessionChanged {
  const date = newYorkDate(us);
  return { kind: 'sessionChanged', phase: 'closed', date, openUs: 0, closeUs: 0 };
}
