import { expect, it } from 'vitest';
import { watchIdle } from '../../../src/compose/live/venue-verb.ts';
import { runVenue } from '../../../src/venue/process/run-venue.ts';

/** Looks until it ends; what happens before each look is told. */
function looksUntilEnd(use: (look: number, venue: { requests: number }) => void): number {
  const ends: number[] = [];
  let looks = 0;
  const venue = {
    connections: 0,
    requests: 0,
    close: async () => {
      ends.push(looks);
    },
  };
  const look = watchIdle(venue, 5);
  while (ends.length === 0 && looks < 1_000) {
    use(looks, venue);
    look();
    looks += 1;
  }
  return looks;
}

it('(H6) ends a venue that nobody uses, and none that is only asked over HTTP', () => {
  const unused = looksUntilEnd(() => undefined);
  const asked = looksUntilEnd((look, venue) => {
    if (look < 100) venue.requests += 1;
  });

  expect(unused).toBeLessThan(100);
  expect(asked).toBe(100 + unused);
});

it('counts the requests that come', async () => {
  const venue = await runVenue({ symbols: 2 });
  const before = venue.requests;
  await fetch(`${venue.tradingUrl}/v2/clock`);
  const after = venue.requests;
  await venue.close();

  expect([before, after]).toEqual([0, 1]);
});
