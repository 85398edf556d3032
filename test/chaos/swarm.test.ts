import { describe, expect, it } from 'vitest';
import { Random } from '../../src/core/random.ts';
import { ChaosSession } from './rig/chaos-session.ts';
import { healed } from './rig/health.ts';

/** `STRATA_LONG=1` takes many more. */
const SEEDS = process.env['STRATA_LONG'] === '1' ? 40 : 1;
const FAULTS = 24;

describe('everything at once', () => {
  const seeds = Array.from({ length: SEEDS }, (_, at) => 900 + at);

  it.each(seeds)(
    'I1 to I9 hold through faults drawn at random, and all heals, seed %i',
    async (seed) => {
      const random = new Random(seed);
      await using session = await ChaosSession.start({
        seed,
        haste: 5,
        venue: { rules: { partialFillChance: 0.3 } },
        config: { services: { hungMs: 20_000, backoffMaxMs: 3_000, restartsMax: 20 } },
      });
      await session.trading(3);
      for (let at = 0; at < FAULTS; at += 1) {
        const [action, parameters] = ACTIONS[random.below(ACTIONS.length)] ?? ['drop', {}];
        await session.chaos(action, parameters);
        await new Promise((resolve) => setTimeout(resolve, random.below(250)));
      }
      await session.chaos('clearRestFaults');
      await session.chaos('delayUpdates', { ms: 0 });
      await session.chaos('pongDelay', { ms: 0 });
      await healed(session, 30_000);
      await session.settled(30_000);
      await session.trading(1);
      const data = await session.finish();

      expect(data.trades.size).toBeGreaterThan(0);
      expect(session.way.overlaps()).toEqual([]);
    },
    120_000,
  );
});

const ACTIONS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['drop', { stream: 'data' }],
  ['drop', { stream: 'trading' }],
  ['dropMidFrame', { stream: 'all' }],
  ['halfOpen', { stream: 'data' }],
  ['halfOpen', { stream: 'trading' }],
  // To the end: what a venue keeps back for less than the limit nobody can know of.
  ['mute', { stream: 'data' }],
  ['mute', { stream: 'trading', forMs: 300 }],
  ['close', { stream: 'all', code: 1_012 }],
  ['pongDelay', { stream: 'trading', ms: 100 }],
  ['loseAnswer', { count: 2 }],
  ['failAfter', { count: 2, status: 502 }],
  ['failBefore', { count: 2, status: 500 }],
  ['garbageAnswer', { count: 2 }],
  ['fillBeforeAnswer', { count: 2, ms: 60 }],
  ['failBefore', { method: 'GET', path: '/v2/*', count: 3, status: 503 }],
  ['loseAnswer', { method: 'DELETE', path: '/v2/*' }],
  ['rateLimit', { forUs: 20_000_000 }],
  ['rateLimit', { forUs: 10_000_000, hasHeaders: false }],
  ['rejectOrders', { count: 2 }],
  ['duplicateUpdates', { count: 10 }],
  ['replayFill', {}],
  ['unknownUpdate', {}],
  ['alterUpdates', { event: 'dreamt', count: 2 }],
  ['alterUpdates', { status: 'dreamt', count: 2 }],
  ['delayUpdates', { ms: 40 }],
  ['delayUpdates', { ms: 0 }],
  ['heartbeatByte', {}],
  ['unknownMessage', {}],
  ['textOnMsgpack', {}],
  ['slowConsumer', { stream: 'data' }],
  ['refuseUpgrades', { forMs: 50 }],
  ['clockStep', { us: 500_000 }],
];
