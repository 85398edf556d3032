import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ids, polygonHarness, TEN_US } from '../../unit/streams/market-harness.ts';
import { bar, trade } from '../../unit/streams/polygon-messages.ts';
import { status } from '../../unit/streams/polygon-venue.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const numRuns = isLong ? 50_000 : 200;
const LONG_MS = 3_600_000;

const topics = fc.constantFrom('AM.*', 'T.AAPL', 'Q.AAPL', 'LULD.*', 'T.', '.', 'XX.*', '*', '');
const words = fc.oneof(
  topics.map((one) => `subscribed to: ${one}`),
  topics.map((one) => `unsubscribed to: ${one}`),
  topics.map((one) => `not authorized: ${one}`),
  fc.constantFrom('authenticated', 'not authorized', 'subscribed to:', 'subscribed to: ,,'),
  fc.string({ maxLength: 20 }),
);
const statuses = fc.constantFrom(
  'connected',
  'auth_success',
  'auth_timeout',
  'max_connections',
  'error',
  'success',
  'never heard',
);
/** Whatever a venue may say to us that is not its last word. */
const message = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(statuses, words).map(([of, what]) => status(of, what)) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  {
    weight: 1,
    arbitrary: fc.record({ ev: fc.constant('status'), status: fc.jsonValue({ maxDepth: 1 }) }),
  },
  { weight: 1, arbitrary: fc.constant(trade('AAPL', TEN_US, 1)) },
);

describe('what Polygon says', () => {
  it(
    'E3 D3 never breaks the stream: whatever it was, it is served again afterwards',
    async () => {
      const property = fc.asyncProperty(
        fc.array(fc.array(message, { maxLength: 4 }), { maxLength: 12 }),
        async (frames) => {
          const broken: string[] = [];
          const { stream, venue, sink, fatal, time, pass } = polygonHarness({
            isSessionOpen: () => false,
            onBroken: (error) => broken.push(error.message),
          });
          stream.start();
          void stream.subscribe(ids(0));
          for (const frame of frames) {
            await pass(20);
            venue.say(venue.link, frame);
          }
          // The longest that it may be left alone, and the waits that have grown.
          await pass(60_000);
          expect([broken, fatal]).toEqual([[], []]);
          venue.say(venue.link, [bar('IBM', time.nowUs() - 60_000_000)]);
          await pass(20);
          expect(stream.health.state).toBe('open');
          expect(sink.of('BAR IBM')).toHaveLength(1);
          expect(venue.openAtATime).toBe(1);
        },
      );
      await fc.assert(property, { numRuns });
    },
    LONG_MS,
  );
});
