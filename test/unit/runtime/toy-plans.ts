import fc from 'fast-check';
import type { TimedInput } from '../../../src/ports/market-source.ts';
import {
  commanded,
  type Plan,
  SESSION_OPENS,
  START_US,
  type ToyEvent,
  type ToyFrame,
} from './toy-session.ts';

const SYMBOLS = 4;

const event: fc.Arbitrary<ToyEvent> = fc.record({
  symbol: fc.integer({ min: 0, max: SYMBOLS - 1 }),
  price: fc.integer({ min: 1_000, max: 1_400 }),
});
const gap: fc.Arbitrary<ToyEvent> = fc.constant({ symbol: -1, price: 0 });

const frame = fc.record({
  /** Often nothing, so that frames share an instant; sometimes long enough for answers. */
  afterUs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2_000 }), fc.constant(700)),
  events: fc.array(fc.oneof({ weight: 12, arbitrary: event }, { weight: 1, arbitrary: gap }), {
    minLength: 1,
    maxLength: 5,
  }),
});

const command = fc.record({
  afterUs: fc.integer({ min: 1, max: 40_000 }),
  verb: fc.constantFrom('halt' as const, 'resume' as const),
});

/** Random sessions of four symbols: trades, gaps, timers, answers with latency, commands. */
export function plans(framesMax: number): fc.Arbitrary<Plan> {
  return fc
    .record({
      frames: fc.array(frame, { minLength: 5, maxLength: framesMax }),
      commands: fc.array(command, { maxLength: 3 }),
    })
    .map(({ frames, commands }) => planOf(frames, commands));
}

function planOf(
  frames: readonly { readonly afterUs: number; readonly events: readonly ToyEvent[] }[],
  commands: readonly { readonly afterUs: number; readonly verb: 'halt' | 'resume' }[],
): Plan {
  const timed: ToyFrame[] = [];
  let atUs = START_US + 1_000;
  for (const { afterUs, events } of frames) {
    atUs += afterUs;
    timed.push({ atUs, events });
  }
  const calendar: TimedInput[] = [{ atUs: START_US + 500, input: SESSION_OPENS }];
  for (const { afterUs, verb } of commands) {
    calendar.push({ atUs: START_US + afterUs, input: commanded(verb) });
  }
  return { symbols: SYMBOLS, frames: timed, calendar };
}

/** One session that is the same every time, with something of everything in it. */
export function fixedPlan(frames: number): Plan {
  const timed: ToyFrame[] = [];
  for (let at = 0; at < frames; at += 1) {
    const events = [
      { symbol: at % SYMBOLS, price: 1_000 + ((at * 7_919) % 400) },
      { symbol: (at + 1) % SYMBOLS, price: 1_000 + ((at * 104_729) % 400) },
    ];
    timed.push({ atUs: START_US + 1_000 + at * 800, events });
  }
  timed.push({ atUs: START_US + 1_000 + frames * 800, events: [{ symbol: -1, price: 0 }] });
  const calendar = [{ atUs: START_US + 500, input: SESSION_OPENS }];
  return { symbols: SYMBOLS, frames: timed, calendar };
}
