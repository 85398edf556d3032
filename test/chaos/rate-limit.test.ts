import { describe, expect, it } from 'vitest';
import { ChaosSession } from './rig/chaos-session.ts';
import { factsOf } from './rig/journal-story.ts';
import type { WatchedRequest } from './rig/request-watch.ts';

const SPEED = 20;
const LIMIT_US = 60_000_000;
const LIMIT_MS = LIMIT_US / 1_000 / SPEED;

describe('a venue that answers 429', () => {
  it('B11 I6: exits go first after a minute of 429, and no entry left in it, seed 41', async () => {
    await using session = await ChaosSession.start({
      seed: 41,
      speed: SPEED,
      venue: { tradesPerDay: 20_000 },
      config: { market: { bars: 'trades', barSpanMs: 2_000, slots: 30 } },
    });
    await session.until('five positions', () => session.view.heldPositions().length >= 5, 20_000);

    await session.chaos('rateLimit', { forUs: LIMIT_US });
    const limited = () => session.requests.requests.filter(({ status }) => status === 429);
    await session.until('the first 429', () => limited().length > 0);
    const firstMs = limited()[0]?.endedMs ?? 0;
    // An exit is waited with for five seconds of the market: it is due just before the end.
    const dueMs = firstMs + LIMIT_MS - 150;
    await session.until('the last moments of it', () => performance.now() >= dueMs);
    session.command('flatten');
    await session.until(
      'all positions to be closed',
      () => session.view.heldPositions().length === 0,
    );
    await session.settled();
    const data = await session.finish();

    const intents = new Map(
      factsOf(session.witness.facts, 'intended').map((intent) => [
        String(intent.clientOrderId),
        intent,
      ]),
    );
    const after = session.requests.orders.filter(({ sentMs }) => sentMs > firstMs);
    const during = after.filter(({ sentMs }) => sentMs < firstMs + LIMIT_MS * 0.98);
    const isEntry = ({ clientOrderId = '' }: WatchedRequest): boolean =>
      intents.get(clientOrderId)?.purpose === 'entry';
    const first = after.find(({ status }) => status === 200);
    // The venue says when its minute is over, which may be before its refusals are: once more then.
    expect(during.filter(isEntry)).toEqual([]);
    expect(during.length).toBeLessThanOrEqual(10);
    expect(limited().length).toBeLessThanOrEqual(30);
    expect(first && isEntry(first)).toBe(false);
    expect(first?.sentMs).toBeGreaterThanOrEqual(firstMs + LIMIT_MS * 0.98);
    expect(data.breaches).toEqual([]);
  }, 60_000);
});
