import { EventEmitter } from 'node:events';
import type { Suite, Outcome } from '../harness/suite.ts';
import { kernelRing } from '../engine/kernel-ring.ts';
import { nactRing } from '../engine/nact-ring.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

const MESSAGES = 5_000_000;
const PER_TURN = 1_000;
const NACT_MESSAGES = 200_000;

export const messages: Suite = {
  name: 'messages',
  measures:
    'one message between two kernel actors: queued, taken, `decide` called with a mark of every ' +
    `tail, the answer sent; ${PER_TURN} messages a turn, a new message object each. Beside it ` +
    '`EventEmitter.emit` to one listener, and nact 7 `dispatch` where nact is installed.',
  leavesOut: 'facts, effects, journal; supervision beyond the marks; the cost of a real handler',
  target: '<= 100 ns a message (reference: an earlier prototype had 20 to 30)',
  variants: [
    { name: 'kernel actors', run: ownMessages },
    { name: 'EventEmitter.emit', run: emitterRing },
    { name: 'nact dispatch', run: nactMessages },
    { name: 'no-op floor', run: floor },
  ],
};

interface Token {
  readonly left: number;
}

function ownMessages(): Outcome {
  const watch = new Stopwatch();
  kernelRing({ actors: 2, messages: MESSAGES, perTurn: PER_TURN });
  return perMessage(watch, MESSAGES);
}

async function nactMessages(): Promise<Outcome> {
  const told = await nactRing({ actors: 2, children: 0, messages: NACT_MESSAGES, tokens: 1 });
  if (told === undefined) return { figures: {}, note: 'nact is not installed: not measured' };
  return perMessage({ read: () => told }, NACT_MESSAGES);
}

function emitterRing(): Outcome {
  const emitter = new EventEmitter();
  let sum = 0;
  emitter.on('token', (token: Token) => {
    sum += token.left;
  });
  const watch = new Stopwatch();
  for (let left = 0; left < MESSAGES; left += 1) emitter.emit('token', { left });
  return perMessage(watch, sum > 0 ? MESSAGES : 0);
}

/** The same loop with the object and nobody to send it to. */
function floor(): Outcome {
  const kept: Token[] = [];
  const watch = new Stopwatch();
  for (let left = 0; left < MESSAGES; left += 1) kept[left % PER_TURN] = { left };
  return perMessage(watch, kept.length > 0 ? MESSAGES : 0);
}

function perMessage(watch: Pick<Stopwatch, 'read'>, count: number): Outcome {
  const { cpuMs, wallMs } = watch.read();
  return { figures: { count, cpuNs: (cpuMs / count) * 1e6, wallNs: (wallMs / count) * 1e6 } };
}
