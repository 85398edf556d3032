import { type AccountId, symbolId, textId } from '../../src/core/ids.ts';
import { MINUTE } from '../../src/core/time.ts';
import type { Command } from '../../src/ports/input.ts';
import type { SimulatedPart } from '../../src/ports/simulated-world.ts';

/** Of the golden day, New York: 09:30 in microseconds UTC. */
export const GOLDEN_OPEN_US = Date.UTC(2024, 5, 3, 13, 30) * 1_000;

const COMMANDS: readonly (readonly [minutes: number, verb: Command['verb'], symbol?: number])[] = [
  [70, 'ban', 3],
  [75, 'halt'],
  [80, 'resume'],
  [85, 'handsOff', 5],
  [100, 'handsOn', 5],
  [130, 'unban', 3],
  [145.25, 'cancelAll'], // While an order rests.
  [200, 'flatten'],
  [205, 'resume'],
];

/** A person at the session: part of the world, so what it says is said again in a world relived. */
export function operator(commands = COMMANDS): SimulatedPart {
  let isAtWork = false;
  return {
    name: 'operator',
    handles: () => false,
    request: () => undefined,
    frame(_batch, _begin, _end, _nowUs, agenda) {
      if (isAtWork) return;
      isAtWork = true;
      for (const [minutes, verb, symbol] of commands) {
        agenda.enter(GOLDEN_OPEN_US + minutes * MINUTE + 1, {
          kind: 'commanded',
          commandId: `c${minutes}`,
          verb,
          account: textId<AccountId>('GOLDEN'),
          by: 'golden',
          reason: 'as every day',
          ...(symbol === undefined ? {} : { symbol: symbolId(symbol) }),
        });
      }
    },
  };
}
