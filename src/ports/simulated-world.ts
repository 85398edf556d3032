import type { EventBatch } from '../domain/market/event-batch.ts';
import type { Requested } from './effect.ts';
import type { Answer, Input } from './input.ts';

/**
 * A part of the simulated world, such as a broker, in virtual time. It hears effects and market
 * frames, and answers by putting inputs into the world's agenda at a time it chooses:
 * `requested + modelled delay`, never by a clock.
 */
export interface SimulatedPart {
  readonly name: string;
  /** It outlives the process: what it was asked before is not asked again when the world is. */
  readonly isLasting?: boolean;
  /** True if the effect is this service's business. It must then answer exactly once. */
  handles(kind: Requested['effect']['kind']): boolean;
  request(requested: Requested, agenda: Agenda): void;
  /** The market moved, before the kernel hears of it. Events of one frame. */
  frame?(batch: EventBatch, begin: number, end: number, nowUs: number, agenda: Agenda): void;
  /**
   * Where a computation is truly asynchronous: settles when one that is under way has filled its
   * reservation; undefined where none is. Virtual time stands still meanwhile.
   */
  computed?(): Promise<void> | undefined;
}

/** What will happen, in virtual time. Ordered by (due, class, number). */
export interface Agenda {
  /** An input for the kernel, no earlier than the present. */
  enter(dueUs: number, input: Input): void;
  /** A place for an answer that is still being computed: time does not pass it unfilled. */
  reserve(dueUs: number): Reservation;
  /** A happening inside the world, such as an order reaching the venue. */
  happen(dueUs: number, run: (nowUs: number) => void): void;
}

export interface Reservation {
  fill(answer: Answer): void;
}
