import { Stopwatch } from '../harness/stopwatch.ts';

/** What all are given to do, each in the way that its own documentation teaches. */
export interface ActorLibrary {
  /** Beginning of the names of its figures. */
  readonly name: 'own' | 'nact' | 'xstate' | 'emitter';
  /** Tokens handed round a ring of actors. */
  ring(ring: Ring): Promise<Spent> | Spent;
  /** Told from outside, an actor tells another; the next telling comes when both are done. */
  turns(count: number): Promise<Spent> | Spent;
  /** Every message throws after it has begun to change state; then the actor goes on. */
  crashes(count: number): Promise<Spent> | Spent;
}

export interface Ring {
  readonly actors: number;
  readonly messages: number;
  /** Others that are there and hear nothing; of a parent, its children. */
  readonly idle: number;
}

export interface Token {
  readonly left: number;
}

/** Under way at a time, where each takes a turn of the event loop for a message of each actor. */
export const TOKENS = 1_000;

export interface Spent {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly count: number;
}

export function spent(watch: Stopwatch, count: number): Spent {
  return { ...watch.read(), count };
}

/** What a handler throws. Its stack is made as in production: that is most of what it costs. */
export class Planned extends Error {
  override readonly name = 'Planned';
}
