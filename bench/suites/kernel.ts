import type { Outcome, Scale, Suite } from '../harness/suite.ts';
import type { ActorLibrary, Ring, Spent } from '../engine/actor-load.ts';
import { emitterActors } from '../engine/emitter-actors.ts';
import { nactActors } from '../engine/nact-actors.ts';
import { ownActors } from '../engine/own-actors.ts';
import { xstateActors } from '../engine/xstate-actors.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

/** How many in a round, by who does it: what is slow does less. */
const MESSAGES = { own: 2_000_000, nact: 50_000, xstate: 500_000, emitter: 2_000_000 } as const;
const TURNS = { own: 1_000_000, nact: 20_000, xstate: 500_000, emitter: 2_000_000 } as const;
const CRASHES = { own: 100_000, nact: 10_000, xstate: 20_000, emitter: 100_000 } as const;
/** All take turns within one process: what disturbs the machine disturbs them alike. */
const ROUNDS = { full: 4, quick: 2 } as const;
const QUICK_SHARE = 0.1;

export const kernel: Suite = {
  name: 'kernel',
  measures:
    'the kernel beside nact 7, xstate 5 (fromTransition) and EventEmitter, in turns in one ' +
    'process; CPU of all threads. message: a new object from actor to actor; ours is queued, ' +
    'taken, the tails marked, a row kept for an undo, the handler called; two are actors with ' +
    'facts, a thousand are rows of a family. turn: told from outside, an actor tells another, ' +
    'and all is quiet. crash: a handler throws with its state half written, the state is put ' +
    'back, and the actor goes on; ours counts it against a budget and makes a fact of it.',
  leavesOut:
    'facts, effects, journal, a real handler; making the actors. They do not do the same: nact ' +
    'gives each message a turn of the event loop, xstate and EventEmitter call as deep as a ' +
    'message is handed on, and neither takes back what a failed handler has sent. nact resets ' +
    'and xstate starts anew, both with the first state; EventEmitter is given a copy by hand',
  target: 'a message <= 60 ns, and 15 of ours in one of nact',
  hasPeers: true,
  variants: [
    { name: 'message, 2 actors', run: (scale) => messages(scale, { actors: 2, idle: 0 }) },
    { name: 'message, 1,000 actors', run: (scale) => messages(scale, { actors: 1_000, idle: 0 }) },
    {
      name: 'message, parent of 1,000',
      run: (scale) => messages(scale, { actors: 1, idle: 1_000 }),
    },
    { name: 'turn', run: (scale) => side(scale, TURNS, (one, count) => one.turns(count)) },
    { name: 'crash', run: (scale) => side(scale, CRASHES, (one, count) => one.crashes(count)) },
    { name: 'no-op floor', run: floor },
  ],
  goals: [
    {
      id: '3.1',
      says: 'a message between two actors, ns of CPU',
      limit: 60,
      sense: 'atMost',
      figure: (of) => of('message, 2 actors', 'ownCpuNs'),
    },
    {
      id: '3.2',
      says: 'a message between two of 1,000 rows, ns of CPU',
      limit: 60,
      sense: 'atMost',
      figure: (of) => of('message, 1,000 actors', 'ownCpuNs'),
    },
    {
      id: '3.3',
      says: "messages between two actors in the CPU of one of nact's",
      limit: 15,
      sense: 'atLeast',
      figure: (of) => of('message, 2 actors', 'nactTimes'),
    },
    {
      id: '3.4',
      says: "messages between 1,000 rows in the CPU of one between nact's 1,000 actors",
      limit: 15,
      sense: 'atLeast',
      figure: (of) => of('message, 1,000 actors', 'nactTimes'),
      argued: 'a row is copied before its handler runs, so that a throw leaves it whole: 20 ns',
    },
  ],
};

type Counts = Readonly<Record<ActorLibrary['name'], number>>;

function messages(scale: Scale, shape: Pick<Ring, 'actors' | 'idle'>): Promise<Outcome> {
  return side(scale, MESSAGES, (one, messages) => one.ring({ ...shape, messages }));
}

async function side(
  scale: Scale,
  counts: Counts,
  load: (library: ActorLibrary, count: number) => Promise<Spent> | Spent,
): Promise<Outcome> {
  const [nact, xstate] = [await nactActors(), await xstateActors()];
  const all = [ownActors, nact, xstate, emitterActors].filter((one) => one !== undefined);
  const sums = new Map<ActorLibrary['name'], { cpuMs: number; wallMs: number; count: number }>();
  for (let round = 0; round <= ROUNDS[scale]; round += 1) {
    for (const library of all) {
      const count = counts[library.name] * (scale === 'quick' ? QUICK_SHARE : 1);
      const { cpuMs, wallMs, count: done } = await load(library, count);
      if (round === 0) continue; // The compiler's.
      const sum = sums.get(library.name) ?? { cpuMs: 0, wallMs: 0, count: 0 };
      sum.cpuMs += cpuMs;
      sum.wallMs += wallMs;
      sum.count += done;
      sums.set(library.name, sum);
    }
  }
  const figures: Record<string, number> = {};
  for (const [name, { cpuMs, wallMs, count }] of sums) {
    figures[`${name}CpuNs`] = (cpuMs / count) * 1e6;
    figures[`${name}WallNs`] = (wallMs / count) * 1e6;
  }
  const own = figures['ownCpuNs'] ?? Number.NaN;
  for (const name of ['nact', 'xstate', 'emitter']) {
    figures[`${name}Times`] = (figures[`${name}CpuNs`] ?? Number.NaN) / own;
  }
  const absent = [nact === undefined ? 'nact' : '', xstate === undefined ? 'xstate' : ''];
  const note = absent.filter((name) => name !== '').join(' and ');
  return { figures, ...(note === '' ? {} : { note: `not installed: ${note}` }) };
}

/** The same loop with the object and nobody to send it to. */
function floor(scale: Scale): Outcome {
  const count = MESSAGES.own * (scale === 'quick' ? QUICK_SHARE : 1);
  const kept: object[] = [];
  const watch = new Stopwatch();
  for (let left = 0; left < count; left += 1) kept[left % 1_000] = { left };
  const { cpuMs, wallMs } = watch.read();
  const made = kept.length > 0 ? count : 0;
  return { figures: { ownCpuNs: (cpuMs / made) * 1e6, ownWallNs: (wallMs / made) * 1e6 } };
}
