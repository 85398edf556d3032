import { describe, expect, it } from 'vitest';
import { ChaosSession } from './rig/chaos-session.ts';
import { foundMs, healed } from './rig/health.ts';

/** The limit, and what a check may be late on a machine that is shared (RELIABILITY D1). */
const SILENCE_MS = 5_000;
const LATE_MS = 250;

describe('connections that end without a word, and with one', () => {
  it('D1 I7: two half-open sockets are found within 5.25 s, seed 21', async () => {
    await using session = await ChaosSession.start({ seed: 21 });
    await session.trading(3);

    const beganMs = performance.now();
    expect(await session.chaos('halfOpen', { stream: 'all' })).toBe(3);
    const found = await Promise.all([
      foundMs(session, 'market', beganMs),
      foundMs(session, 'broker', beganMs),
    ]);
    await healed(session);
    const data = await session.finish();

    expect(Math.max(...found)).toBeLessThanOrEqual(SILENCE_MS + LATE_MS);
    expect(data.gaps).toBeGreaterThanOrEqual(1);
    expect(session.way.overlaps()).toEqual([]);
  }, 60_000);

  const HASTE = 5;

  it.each([
    ['data', 22, 'market'],
    ['trading', 23, 'broker'],
  ] as const)(
    'D1 D2 D3 D6 D9 D10 I7: %s ends in every way, is found and goes on whole, seed %i',
    async (stream, seed, service) => {
      await using session = await ChaosSession.start({
        seed,
        haste: HASTE,
        config: { services: { hungMs: 20_000, backoffMaxMs: 2_000 } },
      });
      await session.trading(3);
      const late: string[] = [];
      const endings = [...ENDINGS, ...(stream === 'data' ? DATA_ENDINGS : TRADING_ENDINGS)];
      for (const [action, parameters] of endings) {
        const beganMs = performance.now();
        // What is only of the data stream needs no name.
        const named = action === 'oversizedFrame' || action === 'slowConsumer' ? 'data' : stream;
        expect(await session.chaos(action, { stream: named, ...parameters })).toBe(1);
        const ms = await foundMs(session, service, beganMs);
        if (ms > SILENCE_MS / HASTE + LATE_MS) late.push(`${action} after ${ms} ms`);
        await healed(session);
      }
      await session.trading(1);
      const data = await session.finish();

      expect(late).toEqual([]);
      expect(data.gaps).toBeGreaterThanOrEqual(stream === 'data' ? endings.length : 0);
      expect(session.way.overlaps()).toEqual([]);
    },
    60_000,
  );
});

const ENDINGS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['halfOpen', {}],
  ['mute', {}],
  ['drop', {}],
  ['dropMidFrame', {}],
  ['close', { code: 1_011 }],
];

/** Too large a frame, and a client that is told to be too slow. */
const DATA_ENDINGS: typeof ENDINGS = [
  ['oversizedFrame', {}],
  ['slowConsumer', {}],
];

/** Of market data every frame is a sign of life; updates may be rare, so their pongs count. */
const TRADING_ENDINGS: typeof ENDINGS = [['noPong', {}]];
