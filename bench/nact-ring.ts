import type { Outcome } from './bench.ts';
import { Stopwatch } from './stopwatch.ts';

/** What is used of nact 7. It is no dependency of ours: measured where somebody installed it. */
interface Nact {
  start(): unknown;
  spawn(parent: unknown, handle: (state: unknown, message: Token) => unknown): unknown;
  dispatch(to: unknown, message: Token): void;
  stop(system: unknown): void;
}

interface Token {
  readonly left: number;
}

/** The token goes round two actors. */
export async function nactRing(count: number): Promise<Outcome> {
  const nact = await load();
  if (nact === undefined) return { figures: {}, note: 'nact is not installed: not measured' };
  const system = nact.start();
  const watch = await new Promise<Stopwatch>((done) => {
    const players: unknown[] = [];
    for (const place of [0, 1]) {
      players[place] = nact.spawn(system, (_state, { left }) => {
        if (left === 0) done(began);
        else nact.dispatch(players[1 - place], { left: left - 1 });
      });
    }
    const began = new Stopwatch();
    nact.dispatch(players[0], { left: count });
  });
  const { cpuMs, wallMs } = watch.read();
  nact.stop(system);
  return { figures: { count, cpuNs: (cpuMs / count) * 1e6, wallNs: (wallMs / count) * 1e6 } };
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
