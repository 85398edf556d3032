import { Stopwatch } from '../harness/stopwatch.ts';

/** What is used of nact 7. */
interface Nact {
  start(): unknown;
  spawn(parent: unknown, handle: (state: unknown, message: Token) => unknown): unknown;
  dispatch(to: unknown, message: Token): void;
  stop(system: unknown): void;
}

interface Token {
  readonly left: number;
}

export interface Ring {
  /** Actors that hand tokens round; one hands them to itself. */
  readonly actors: number;
  /** Idle children of each of them. */
  readonly children: number;
  readonly messages: number;
  /** Under way at a time. nact takes a turn of the event loop for a message of each actor. */
  readonly tokens: number;
}

/** CPU and wall time of a ring of nact's actors; undefined where nact is not installed. */
export async function nactRing({ actors, children, messages, tokens }: Ring) {
  const nact = await load();
  if (nact === undefined) return undefined;
  const system = nact.start();
  const players: unknown[] = [];
  const watch = await new Promise<Stopwatch>((done) => {
    let running = tokens;
    for (let place = 0; place < actors; place += 1) {
      players[place] = nact.spawn(system, (_state, { left }) => {
        if (left > 0) nact.dispatch(players[(place + 1) % actors], { left: left - 1 });
        else if (--running === 0) done(began);
      });
      for (let child = 0; child < children; child += 1) nact.spawn(players[place], () => undefined);
    }
    const began = new Stopwatch();
    const left = Math.floor(messages / tokens) - 1;
    for (let token = 0; token < tokens; token += 1) {
      nact.dispatch(players[token % actors], { left });
    }
  });
  const told = watch.read();
  nact.stop(system);
  return told;
}

async function load(): Promise<Nact | undefined> {
  const name = 'nact';
  try {
    const loaded: unknown = await import(name);
    return isNact(loaded) ? loaded : undefined;
  } catch {
    return undefined;
  }
}

function isNact(value: unknown): value is Nact {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['start', 'spawn', 'dispatch', 'stop'].every((name) => name in value)
  );
}
