import { EventEmitter } from 'node:events';
import { Stopwatch } from '../harness/stopwatch.ts';
import {
  type ActorLibrary,
  Planned,
  type Ring,
  type Spent,
  spent,
  type Token,
} from './actor-load.ts';

/** Node's own: calls that return when all have heard. No mailbox, no state, no supervision. */
export const emitterActors: ActorLibrary = {
  name: 'emitter',
  ring: ringOf,
  turns: turnsOf,
  crashes: crashesOf,
};

/** As deep as a token is handed on, so it is not handed on far. */
const HANDED = 500;

function ringOf({ actors, messages }: Ring): Spent {
  const players = Array.from({ length: actors }, () => new EventEmitter());
  for (const [place, player] of players.entries()) {
    const next = players[(place + 1) % actors];
    player.on('token', ({ left }: Token) => {
      if (left > 0) next?.emit('token', { left: left - 1 });
    });
  }
  const watch = new Stopwatch();
  for (let left = messages; left > 0; left -= HANDED) {
    players[0]?.emit('token', { left: HANDED - 1 });
  }
  return spent(watch, messages);
}

function turnsOf(count: number): Spent {
  const [first, second] = [new EventEmitter(), new EventEmitter()];
  let heard = 0;
  first.on('token', ({ left }: Token) => second.emit('token', { left: left - 1 }));
  second.on('token', () => {
    heard += 1;
  });
  const watch = new Stopwatch();
  for (let left = count; left > 0; left -= 1) first.emit('token', { left });
  return spent(watch, heard === count ? count : 0);
}

/** What a handler threw comes out of `emit`; whoever wants the old state keeps a copy of it. */
function crashesOf(count: number): Spent {
  const emitter = new EventEmitter();
  let state = { value: 0, crashes: 0 };
  emitter.on('token', ({ left }: Token) => {
    state.value = left;
    throw new Planned('planned');
  });
  const watch = new Stopwatch();
  for (let left = count; left > 0; left -= 1) {
    const before = { ...state };
    try {
      emitter.emit('token', { left });
    } catch {
      state = { ...before, crashes: before.crashes + 1 };
    }
  }
  return spent(watch, state.crashes === count ? count : 0);
}
