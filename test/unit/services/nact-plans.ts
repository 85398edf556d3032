import type { ActorPlan } from '../../../src/actors/services/nact-system.ts';

/** Every third message breaks it. */
export function thrice(state: number, message: number, handled: number[]): number {
  if (message % 3 === 0) throw new Error(`planted in ${message}`);
  handled.push(message);
  return state;
}

export function plan(change: Partial<ActorPlan<number, number>> = {}): ActorPlan<number, number> {
  return {
    name: 'one',
    mailboxMax: 16,
    initial: () => 0,
    receive: () => undefined,
    crashed: () => 'reset',
    ...change,
  };
}
