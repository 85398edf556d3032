import type { Suite, Outcome } from '../harness/suite.ts';
import { rowRing } from '../engine/kernel-ring.ts';
import { nactRing } from '../engine/nact-ring.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

const MESSAGES = 2_000_000;
const NACT_MESSAGES = 50_000;
const PER_TURN = 1_000;
const TOKENS = 1_000;
/** The two take turns within one process: what disturbs the machine disturbs both. */
const ROUNDS = 3;

export const kernel: Suite = {
  name: 'kernel',
  measures:
    'one message from actor to actor, ours and nact 7 in turns in one process. Ours, the rows ' +
    'of a family, as symbols are: queued, taken, the row kept for an undo, the handler called, ' +
    `its answer sent, ${PER_TURN} messages a turn. nact: \`dispatch\` from a handler to the next ` +
    `actor, ${TOKENS} messages under way. A parent of so many hands messages to itself, its ` +
    'children idle; rows have no children, so as many others stand idle.',
  leavesOut:
    'facts, effects, journal, persistence, a real handler; making the actors. The two do not do ' +
    'the same: nact gives each message a turn of the event loop, ours gives none and cannot wait',
  target: 'none: nact is where lives are kept and no data pass, and this is why',
  variants: [
    { name: 'one actor, no children', run: () => compare(1, 0) },
    { name: '1,000 actors', run: () => compare(1_000, 0) },
    { name: 'parent of 100', run: () => compare(1, 100) },
    { name: 'parent of 1,000', run: () => compare(1, 1_000) },
    { name: 'no-op floor', run: floor },
  ],
};

interface Spent {
  cpuMs: number;
  wallMs: number;
}

async function compare(actors: number, children: number): Promise<Outcome> {
  const own: Spent = { cpuMs: 0, wallMs: 0 };
  const theirs: Spent = { cpuMs: 0, wallMs: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const watch = new Stopwatch();
    rowRing(actors + children, { actors, messages: MESSAGES, perTurn: PER_TURN });
    spend(own, watch.read());
    const ring = { actors, children, messages: NACT_MESSAGES, tokens: TOKENS };
    const told = await nactRing(ring);
    if (told === undefined) return { figures: {}, note: 'nact is not installed: not measured' };
    spend(theirs, told);
  }
  const ours = perMessage(own, ROUNDS * MESSAGES);
  const nacts = perMessage(theirs, ROUNDS * NACT_MESSAGES);
  return {
    figures: {
      ownCpuNs: ours.cpuNs,
      ownPerWallSecond: 1e9 / ours.wallNs,
      nactCpuNs: nacts.cpuNs,
      nactPerWallSecond: 1e9 / nacts.wallNs,
      cpuRatio: nacts.cpuNs / ours.cpuNs,
      wallRatio: nacts.wallNs / ours.wallNs,
    },
  };
}

function floor(): Outcome {
  const kept: object[] = [];
  const watch = new Stopwatch();
  for (let left = 0; left < MESSAGES; left += 1) kept[left % PER_TURN] = { left };
  const { cpuNs, wallNs } = perMessage(watch.read(), kept.length > 0 ? MESSAGES : 0);
  return { figures: { ownCpuNs: cpuNs, ownPerWallSecond: 1e9 / wallNs } };
}

function spend(total: Spent, { cpuMs, wallMs }: Spent): void {
  total.cpuMs += cpuMs;
  total.wallMs += wallMs;
}

function perMessage({ cpuMs, wallMs }: Spent, count: number) {
  return { cpuNs: (cpuMs / count) * 1e6, wallNs: (wallMs / count) * 1e6 };
}
