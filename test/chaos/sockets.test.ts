import { describe, expect, it } from 'vitest';
import { ChaosSession } from './rig/chaos-session.ts';

/** What a check may be late on a machine that is shared (RELIABILITY D1). */
const LATE_MS = 250;

/** When the kernel heard that a service is well no more, from a moment on. */
async function foundMs(
  session: ChaosSession,
  service: 'market' | 'broker',
  beganMs: number,
): Promise<number> {
  const news = () =>
    session.witness.services.find(
      ({ atMs, input }) => atMs > beganMs && input.service === service && input.state !== 'up',
    );
  await session.until(`${service} degraded`, () => news() !== undefined);
  return (news()?.atMs ?? Number.POSITIVE_INFINITY) - beganMs;
}

function isUp(session: ChaosSession, service: string): boolean {
  return session.view.health.services.get(service)?.state === 'up';
}

async function healed(session: ChaosSession): Promise<number> {
  return session.until('all up again', () => isUp(session, 'market') && isUp(session, 'broker'));
}

describe('connections that die without a word', () => {
  it('D1 I7: two half-open sockets are found within 5.25 s of the real limit, seed 21', async () => {
    await using session = await ChaosSession.start({ seed: 21 });
    await session.trading(3);

    const beganMs = performance.now();
    expect(await session.chaos('halfOpen', { stream: 'all' })).toBe(2);
    const found = await Promise.all([
      foundMs(session, 'market', beganMs),
      foundMs(session, 'broker', beganMs),
    ]);
    await healed(session);
    await session.trading(3);
    const data = await session.finish();

    expect(Math.max(...found)).toBeLessThanOrEqual(5_000 + LATE_MS);
    expect(data.gaps).toBeGreaterThanOrEqual(1);
    expect(session.way.overlaps()).toEqual([]);
  }, 60_000);

  const SILENCE_MS = 1_000;

  it('D1 D2 D3 D6 D9 D10: market data end in every way, and go on whole, seed 22', async () => {
    await using session = await ChaosSession.start({
      seed: 22,
      config: {
        market: { silenceMsMax: SILENCE_MS, slots: 30, bars: 'trades', barSpanMs: 10_000 },
      },
    });
    await session.trading(3);
    const found: [string, number][] = [];
    for (const [action, parameters] of ENDINGS) {
      const beganMs = performance.now();
      expect(await session.chaos(action, { stream: 'data', ...parameters })).toBe(1);
      found.push([action, await foundMs(session, 'market', beganMs)]);
      await healed(session);
      await session.trading(1);
    }
    const data = await session.finish();

    const late = found.filter(([, ms]) => ms > SILENCE_MS + LATE_MS);
    expect(late).toEqual([]);
    expect(data.gaps).toBeGreaterThanOrEqual(ENDINGS.length);
    expect(session.way.overlaps()).toEqual([]);
  }, 60_000);
});

const ENDINGS: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['halfOpen', {}],
  ['mute', {}],
  ['drop', {}],
  ['dropMidFrame', {}],
  ['close', { code: 1_011 }],
  ['oversizedFrame', {}],
  ['slowConsumer', {}],
];
