import { expect, it, vi } from 'vitest';
import { createAlpacaBroker } from '../../src/brokers/alpaca/alpaca-broker.ts';
import { symbolId, textId } from '../../src/core/ids.ts';
import { Random } from '../../src/core/random.ts';
import type { EffectAnswer, Provider } from '../../src/ports/service.ts';
import { createTimers } from '../../src/actors/services/system-time.ts';
import { DEMO_CREDENTIALS } from '../../src/venue/process/venue-options.ts';
import { DENSE_VENUE } from '../live-rig/dense-orders.ts';
import { LiveVenue } from '../live-rig/live-venue.ts';
import { submit } from '../order-effects.ts';
import { ALPACA_DEFAULTS } from '../unit/brokers/alpaca-defaults.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SEED = Number(process.env['STRATA_SEED'] ?? 1);
const ORDERS = 12;
const REPEATS_MAX = 100;
const LIVES = 3;
const DUPLICATE = 'DUPLICATE_CLIENT_ORDER_ID';
const CHAOS = ['loseAnswer', 'failAfter', 'garbageAnswer'];

const title = `one order of 2 to ${REPEATS_MAX} requests, in parallel and over ${LIVES} lives`;
it(`(B9) makes ${title}, STRATA_SEED=${SEED}`, async () => {
  await using venue = await LiveVenue.start({ ...DENSE_VENUE, symbols: 4 });
  const random = new Random(SEED);
  const repeats = Array.from({ length: ORDERS }, (_, at) =>
    at === 0 ? REPEATS_MAX : 2 + random.below(REPEATS_MAX - 1),
  );
  const answers: EffectAnswer[] = [];
  for (let life = 0; life < LIVES; life += 1) {
    const broker = brokerAt(venue);
    await broker.start();
    for (const [at, count] of repeats.entries()) {
      // The request took effect, and nobody is told.
      const chaos = CHAOS[random.below(CHAOS.length * 2)];
      if (chaos !== undefined) await venue.admin.chaos(chaos);
      const share = Math.ceil(count / LIVES);
      const asked = Array.from({ length: share }, (_, index) => {
        const effect = submit(`repeated-${at}`);
        return broker.perform({ input: at + 1, index, requestedUs: 0, effect });
      });
      answers.push(...(await Promise.all(asked)));
    }
    await broker.stop();
    await venue.admin.chaos('clearRestFaults');
  }
  const ids = (await venue.books()).orders.map(({ clientOrderId }) => clientOrderId);
  const outcomes = new Map<string, number>();
  for (const { outcome, code = '' } of answers) {
    const word = `${outcome} ${code}`.trim();
    outcomes.set(word, (outcomes.get(word) ?? 0) + 1);
  }

  process.stdout.write(`${answers.length} requests, ${ids.length} orders: `);
  process.stdout.write(`${[...outcomes].map((pair) => pair.join(' x ')).join(', ')}\n`);
  expect(ids.toSorted()).toEqual(repeats.map((_, at) => `repeated-${at}`).toSorted());
  // Execution reads this one refusal as "it is there", and enquires (submit.test.ts).
  const others = answers.filter(
    ({ outcome, code }) => outcome !== 'done' && outcome !== 'unknown' && code !== DUPLICATE,
  );
  expect(others).toEqual([]);
  expect(outcomes.get(`refused ${DUPLICATE}`)).toBeGreaterThan(ORDERS);
});

function brokerAt(venue: LiveVenue): Provider {
  return createAlpacaBroker({
    ...ALPACA_DEFAULTS,
    account: textId('contract'),
    tradingUrl: venue.tradingUrl,
    streamUrl: venue.streamUrl,
    keyId: DEMO_CREDENTIALS.key,
    secret: DEMO_CREDENTIALS.secret,
    symbols: { size: 1, idOf: () => symbolId(0), nameOf: () => 'SEMKT' },
    clock: { nowUs: () => Date.now() * 1_000, wallMs: () => performance.now(), speed: 1 },
    timers: createTimers(),
    requestsPerMinute: 1_000_000,
  }).make({
    enter: () => undefined,
    health: () => undefined,
    failed: (error) => expect.fail(error.message),
    log: () => undefined,
  });
}
