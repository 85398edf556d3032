import { peerModule } from '../harness/peer-library.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import { type ActorLibrary, Planned, type Ring, type Spent, spent } from './actor-load.ts';

interface Event {
  readonly type: 'token';
  readonly left: number;
}

interface Actor {
  start(): Actor;
  send(event: Event): void;
  subscribe(observer: { readonly error: (error: unknown) => void }): unknown;
}

interface Xstate {
  fromTransition(transition: (state: object, event: Event) => object, initial: object): unknown;
  createActor(logic: unknown): Actor;
}

/** xstate 5 by `fromTransition`, its leanest actor; undefined where it is not installed. */
export async function xstateActors(): Promise<ActorLibrary | undefined> {
  const url = peerModule('xstate', 'dist/xstate.cjs.mjs');
  if (url === undefined) return undefined;
  const library: Xstate = await import(url);
  return {
    name: 'xstate',
    ring: (ring) => ringOf(library, ring),
    turns: (count) => turnsOf(library, count),
    crashes: (count) => crashesOf(library, count),
  };
}

/** Each hands a token of so many on; `send` within `send` waits in the mailbox of its actor. */
function ringOf(library: Xstate, { actors, messages, idle }: Ring): Spent {
  const players: Actor[] = [];
  const hand = (place: number, event: Event): void => {
    if (event.left > 0) players[place % actors]?.send({ type: 'token', left: event.left - 1 });
  };
  for (let place = 0; place < actors; place += 1) {
    const logic = library.fromTransition((state, event) => {
      hand(place + 1, event);
      return state;
    }, {});
    players.push(library.createActor(logic).start());
  }
  const still = library.fromTransition((state) => state, {});
  const others = Array.from({ length: idle }, () => library.createActor(still).start());
  const watch = new Stopwatch();
  // A ring of a thousand calls one another as deep as the token is handed on.
  for (let left = messages; left > 0; left -= HANDED) {
    players[0]?.send({ type: 'token', left: HANDED - 1 });
  }
  return spent(watch, others.length === idle ? messages : 0);
}

const HANDED = 500;

function turnsOf(library: Xstate, count: number): Spent {
  let heard = 0;
  const second = library.fromTransition((state) => {
    heard += 1;
    return state;
  }, {});
  const last = library.createActor(second).start();
  const first = library.fromTransition((state, event) => {
    last.send({ type: 'token', left: event.left - 1 });
    return state;
  }, {});
  const opening = library.createActor(first).start();
  const watch = new Stopwatch();
  for (let left = count; left > 0; left -= 1) opening.send({ type: 'token', left });
  return spent(watch, heard === count ? count : 0);
}

/** An actor that threw is over: it is made and started anew. */
function crashesOf(library: Xstate, count: number): Spent {
  const logic = library.fromTransition(() => {
    throw new Planned('planned');
  }, {});
  let crashes = 0;
  const observer = {
    error: () => {
      crashes += 1;
    },
  };
  const start = (): Actor => {
    const actor = library.createActor(logic);
    actor.subscribe(observer);
    return actor.start();
  };
  let actor = start();
  const watch = new Stopwatch();
  for (let left = count; left > 0; left -= 1) {
    actor.send({ type: 'token', left });
    actor = start();
  }
  return spent(watch, crashes === count ? count : 0);
}
