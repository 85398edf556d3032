import { Stopwatch } from '../harness/stopwatch.ts';
import { type ActorLibrary, Planned, spent, type Token, TOKENS } from './actor-load.ts';

/** What is used of nact 7. */
interface Nact {
  start(): unknown;
  spawn(
    parent: unknown,
    handle: (state: number, message: Token) => number,
    name?: string,
    options?: { readonly initialState?: number; readonly onCrash?: OnCrash },
  ): unknown;
  dispatch(to: unknown, message: Token): void;
  stop(system: unknown): void;
}

type OnCrash = (message: unknown, error: unknown, context: { readonly reset: symbol }) => symbol;

/** Undefined where nact is not installed. */
export async function nactActors(): Promise<ActorLibrary | undefined> {
  const nact = await load();
  if (nact === undefined) return undefined;
  return {
    name: 'nact',
    ring: async ({ actors, messages, idle }) => {
      const system = nact.start();
      const players: unknown[] = [];
      const watch = await new Promise<Stopwatch>((done) => {
        let running = TOKENS;
        for (let place = 0; place < actors; place += 1) {
          players[place] = nact.spawn(system, (state, { left }) => {
            if (left > 0) nact.dispatch(players[(place + 1) % actors], { left: left - 1 });
            else if (--running === 0) done(began);
            return state;
          });
        }
        for (let child = 0; child < idle; child += 1) nact.spawn(players[0], (state) => state);
        const began = new Stopwatch();
        const left = Math.floor(messages / TOKENS) - 1;
        for (let token = 0; token < TOKENS; token += 1) {
          nact.dispatch(players[token % actors], { left });
        }
      });
      const told = spent(watch, messages);
      nact.stop(system);
      return told;
    },
    turns: (count) => run(nact, count, (system, done) => turnsOf(nact, system, count, done)),
    crashes: (count) => run(nact, count, (system, done) => crashesOf(nact, system, count, done)),
  };
}

async function run(
  nact: Nact,
  count: number,
  begin: (system: unknown, done: () => void) => void,
): Promise<ReturnType<typeof spent>> {
  const system = nact.start();
  const watch = new Stopwatch();
  await new Promise<void>((done) => begin(system, done));
  const told = spent(watch, count);
  nact.stop(system);
  return told;
}

function turnsOf(nact: Nact, system: unknown, count: number, done: () => void): void {
  let left = count;
  const second = nact.spawn(system, (state) => {
    left -= 1;
    if (left > 0) nact.dispatch(first, { left });
    else done();
    return state;
  });
  const first = nact.spawn(system, (state, message) => {
    nact.dispatch(second, { left: message.left - 1 });
    return state;
  });
  nact.dispatch(first, { left });
}

/** `reset` is what its documentation calls going on with the first state. */
function crashesOf(nact: Nact, system: unknown, count: number, done: () => void): void {
  let left = count;
  const options = {
    initialState: 0,
    onCrash: (_message: unknown, _error: unknown, context: { readonly reset: symbol }) => {
      left -= 1;
      if (left > 0) nact.dispatch(actor, { left });
      else done();
      return context.reset;
    },
  };
  const fail = (): number => {
    throw new Planned('planned');
  };
  const actor = nact.spawn(system, fail, 'failing', options);
  nact.dispatch(actor, { left });
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
