import { EventEmitter } from 'node:events';
import { MINUTE } from '../src/core/time.ts';
import { type ActorDefinition, type Address, address } from '../src/actors/runtime/definition.ts';
import { Kernel } from '../src/actors/runtime/kernel.ts';
import type { Bench, Outcome } from './bench.ts';
import { nactRing } from './nact-ring.ts';
import { Stopwatch } from './stopwatch.ts';

const MESSAGES = 5_000_000;
const PER_TURN = 1_000;

export const messages: Bench = {
  name: 'messages',
  measures:
    'one message between two kernel actors: queued, taken, `decide` called with a mark of every ' +
    `tail, the answer sent; ${PER_TURN} messages a turn, a new message object each. Beside it ` +
    '`EventEmitter.emit` to one listener, and nact 7 `dispatch` where nact is installed.',
  leavesOut: 'facts, effects, journal; supervision beyond the marks; the cost of a real handler',
  target: '<= 100 ns a message (reference: an earlier prototype had 20 to 30)',
  variants: [
    { name: 'kernel actors', run: kernelRing },
    { name: 'EventEmitter.emit', run: emitterRing },
    { name: 'nact dispatch', run: () => nactRing(200_000) },
    { name: 'no-op floor', run: floor },
  ],
};

interface Token {
  readonly kind: 'token';
  readonly left: number;
}

function kernelRing(): Outcome {
  const kernel = new Kernel({
    definitions: [player('left', address<Token>(1)), player('right', address<Token>(0))],
    rowsMax: 1,
    messagesMax: 1_000_000,
    policy: { orderPathFailed: () => [], escalated: () => [] },
  });
  const opening = { kind: 'timePassed' } as const;
  const watch = new Stopwatch();
  for (let turn = 0; turn < MESSAGES / PER_TURN; turn += 1) {
    kernel.beginTurn();
    kernel.deliverInput(opening, turn);
    kernel.endTurn();
  }
  return perMessage(watch, MESSAGES);
}

function player(name: string, other: Address<Token>): ActorDefinition<object, Token, never> {
  return {
    name,
    restart: { restartsMax: 1, withinUs: MINUTE, then: 'quarantine', quarantineUs: MINUTE },
    isOrderPath: false,
    hears: name === 'left' ? ['timePassed'] : [],
    applies: [],
    initial: () => ({}),
    decide(_state, message, turn) {
      // The turn's input comes here as it is, and begins the ring.
      const left = message.kind === 'token' ? message.left : PER_TURN;
      if (left > 1) turn.send(other, { kind: 'token', left: left - 1 });
      return NOTHING;
    },
    apply: () => undefined,
    condense: () => [],
  };
}

const NOTHING: readonly [] = [];

function emitterRing(): Outcome {
  const emitter = new EventEmitter();
  let sum = 0;
  emitter.on('token', (token: Token) => {
    sum += token.left;
  });
  const watch = new Stopwatch();
  for (let left = 0; left < MESSAGES; left += 1) emitter.emit('token', { kind: 'token', left });
  return perMessage(watch, sum > 0 ? MESSAGES : 0);
}

/** The same loop with the object and nobody to send it to. */
function floor(): Outcome {
  const kept: Token[] = [];
  const watch = new Stopwatch();
  for (let left = 0; left < MESSAGES; left += 1) kept[left % PER_TURN] = { kind: 'token', left };
  return perMessage(watch, kept.length > 0 ? MESSAGES : 0);
}

function perMessage(watch: Stopwatch, count: number): Outcome {
  const { cpuMs, wallMs } = watch.read();
  return { figures: { count, cpuNs: (cpuMs / count) * 1e6, wallNs: (wallMs / count) * 1e6 } };
}
