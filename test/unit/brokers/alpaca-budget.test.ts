import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Priority, RateBudget } from '../../../src/brokers/alpaca/rate-budget.ts';
import { MINUTE, MS, SECOND } from '../../../src/core/time.ts';
import { cancel, enquire, limit, submit } from '../../order-effects.ts';
import { ManualTime } from '../../manual-time.ts';
import { AlpacaScene } from './alpaca-scene.ts';
import { wireOrder } from './scripted-venue.ts';

const ORDERS = '/v2/orders';

describe('RateBudget', () => {
  it('grants no more than the limit in any minute of market time', async () => {
    const asks = fc.array(
      fc.record({
        steps: fc.integer({ min: 0, max: 40 }),
        priority: fc.constantFrom<Priority>('cancel', 'exit', 'enquiry', 'entry'),
        isTold: fc.boolean(),
      }),
      { minLength: 1, maxLength: 120 },
    );

    await fc.assert(
      fc.asyncProperty(asks, fc.constantFrom(1, 60), async (list, speed) => {
        const time = new ManualTime(0, speed);
        const budget = open(time, 20, 5);
        const granted: number[] = [];
        for (const { steps, priority, isTold } of list) {
          for (let step = 0; step < steps; step += 1) {
            time.advance(STEP_MS);
            await settled();
          }
          void budget.acquire(priority, time.wallMs() + 1_000).then((isGranted) => {
            if (isGranted) granted.push(time.nowUs());
          });
          if (isTold) budget.heard({ remaining: 20, resetUs: time.nowUs() + MINUTE });
          await settled();
        }
        for (const from of granted) {
          // A grant is seen a step late at most.
          const untilUs = from + MINUTE - STEP_MS * MS * speed;
          const within = granted.filter((us) => us >= from && us < untilUs);
          expect(within.length).toBeLessThanOrEqual(20);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('keeps its share from entries, and refuses them at once', async () => {
    const time = new ManualTime();
    const budget = open(time, 20, 5);

    const entries = await Promise.all(times(20, () => budget.acquire('entry', 9_999)));
    expect(entries.filter(Boolean)).toHaveLength(15);
    expect(time.pending).toBe(0);
    const cancels = await Promise.all(times(5, () => budget.acquire('cancel', 9_999)));
    expect(cancels.filter(Boolean)).toHaveLength(5);
  });

  it('lets cancels go before exits before enquiries, whoever came first', async () => {
    const time = new ManualTime();
    const budget = open(time, 20, 4);
    await Promise.all(times(20, () => budget.acquire('cancel', 0)));
    const order: string[] = [];
    for (const priority of ['enquiry', 'exit', 'cancel', 'enquiry', 'cancel'] as const) {
      void budget.acquire(priority, 120_000).then(() => order.push(priority));
    }

    await time.pass(60_001, 1_000);

    expect(order).toEqual(['cancel', 'cancel', 'exit', 'enquiry', 'enquiry']);
  });

  it('gives up at the deadline of who waits', async () => {
    const time = new ManualTime();
    const budget = open(time, 20, 4);
    await Promise.all(times(20, () => budget.acquire('cancel', 0)));
    const waiting = budget.acquire('exit', 4_500);

    time.advance(4_500);

    expect(await waiting).toBe(false);
  });

  it('waits in market time: a minute of a fast market is short', async () => {
    const time = new ManualTime(0, 60);
    const budget = open(time, 20, 4);
    await Promise.all(times(20, () => budget.acquire('cancel', 0)));
    const waiting = budget.acquire('cancel', 4_500);

    time.advance(1_001);

    expect(await waiting).toBe(true);
  });

  it('believes the venue where it says that less is left', async () => {
    const time = new ManualTime();
    const budget = open(time, 20, 4);
    await budget.acquire('enquiry', 0);
    budget.heard({ limit: 20, remaining: 5, resetUs: 30 * SECOND });

    expect(budget.leftForEntries).toBe(1);
    expect(await budget.acquire('entry', 9)).toBe(true);
    expect(await budget.acquire('entry', 9)).toBe(false);
    time.advance(30_001);
    expect(budget.leftForEntries).toBe(20 - 2 - 4);
  });

  it("takes the venue's limit where that is lower than ours", async () => {
    const time = new ManualTime();
    const budget = open(time, 200, 40);
    budget.heard({ limit: 100, remaining: 100, resetUs: 1 });

    expect(budget.leftForEntries).toBe(60);
  });

  it('counts what is under way against what the venue says is left', async () => {
    const time = new ManualTime();
    const budget = open(time, 200, 0);
    await Promise.all(times(3, () => budget.acquire('enquiry', 0)));
    budget.heard({ remaining: 10, resetUs: 30 * SECOND });

    expect(budget.leftForEntries).toBe(8);
  });

  it('after a 429 without a word waits longer each time', async () => {
    const time = new ManualTime();
    const budget = open(time, 200, 0);
    for (const waitMs of [1_000, 2_000, 4_000]) {
      budget.struck(undefined);
      const waiting = budget.acquire('cancel', time.wallMs() + 60_000);
      time.advance(waitMs - 1);
      expect(budget.leftForEntries).toBe(0);
      time.advance(2);
      expect(await waiting).toBe(true);
      budget.heard({});
    }
  });
});

describe('a 429', () => {
  it.each([
    ['when to come again', { 'Retry-After': '2' }],
    ['when its minute ends', { ...left(0), 'X-RateLimit-Reset': '1795100648' }],
    ['nothing', {}],
  ])('that says %s lets cancels and exits wait, and refuses entries', async (_, headers) => {
    const scene = await AlpacaScene.up();
    await held(scene);
    scene.venue.on('GET', `${ORDERS}:by_client_order_id`, { body: wireOrder('c1') });
    scene.venue.on('DELETE', ORDERS, { status: 204 });
    const body = { code: 42_910_000, message: 'rate limit exceeded' };
    scene.venue.once('GET', `${ORDERS}:by_client_order_id`, { status: 429, body, headers });

    const cancelled = scene.perform(cancel('c1'));
    await scene.until(() => scene.venue.askedFor('GET', ORDERS).length > 0, 'the first try');
    await scene.settle();
    const entry = await scene.perform(submit('n1'));
    const exit = scene.perform(submit('x1', { side: 'sell' }));
    await scene.settle();

    expect(entry).toMatchObject({ outcome: 'refused', code: 'RATE_LIMITED' });
    expect(scene.venue.askedFor('POST', ORDERS)).toEqual([]);
    scene.venue.on('POST', ORDERS, { body: wireOrder('x1', { side: 'sell' }) });
    await scene.time.pass(2_100, 100);
    expect(await cancelled).toMatchObject({ outcome: 'done' });
    expect(await exit).toMatchObject({ outcome: 'done' });
  });

  it('for a minute leaves an exit refused, never unknown, since it was never sent', async () => {
    const scene = await AlpacaScene.up();
    await held(scene);
    const body = { message: 'too many requests' };
    scene.venue.on('POST', ORDERS, { status: 429, body, headers: { 'Retry-After': '60' } });

    const exit = scene.perform(submit('x1', { side: 'sell' }));
    await scene.until(() => scene.venue.askedFor('POST', ORDERS).length > 0, 'the first try');
    await scene.settle();
    await scene.time.pass(4_600, 100);

    expect(await exit).toMatchObject({ outcome: 'refused', code: 'RATE_LIMITED' });
    expect(scene.venue.askedFor('POST', ORDERS)).toHaveLength(1);
  });

  it('does not send an exit that the kernel, in a fast market, has given up', async () => {
    const scene = await AlpacaScene.up({ speed: 60 });
    await held(scene);
    const headers = { 'Retry-After': '6' };
    scene.venue.on('POST', ORDERS, { status: 429, body: { message: 'slow down' }, headers });

    const exit = scene.perform(submit('x1', { side: 'sell' }));
    await scene.until(() => scene.venue.askedFor('POST', ORDERS).length > 0, 'the first try');
    await scene.settle();
    scene.time.advance(84);
    await scene.settle();

    expect(await exit).toMatchObject({ outcome: 'refused', code: 'RATE_LIMITED' });
    scene.time.advance(100);
    await scene.settle();
    expect(scene.venue.askedFor('POST', ORDERS)).toHaveLength(1);
  });

  it('on an entry refuses it, and it is not sent again', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('POST', ORDERS, { status: 429, body: { message: 'slow down' } });

    expect(await scene.perform(limit('n1', 2_314_000))).toMatchObject({
      outcome: 'refused',
      code: 'RATE_LIMITED',
    });
    expect(scene.venue.askedFor('POST', ORDERS)).toHaveLength(1);
  });

  it('holds nobody back from a stop', async () => {
    const scene = await AlpacaScene.up();
    const headers = { 'Retry-After': '60' };
    scene.venue.on('GET', ORDERS, { status: 429, body: { message: 'slow down' }, headers });
    const answer = scene.perform(cancel('c1'));
    await scene.until(() => scene.venue.askedFor('GET', ORDERS).length > 0, 'the first try');
    await scene.settle();

    await scene.provider.stop();

    expect(await answer).toMatchObject({ outcome: 'refused', code: 'RATE_LIMITED' });
  });

  it('B12 on an enquiry is no absence', async () => {
    const scene = await AlpacaScene.up();
    scene.venue.on('GET', ORDERS, { status: 429, body: { message: 'slow down' } });

    const answer = scene.perform(enquire('e1'));
    await scene.until(() => scene.venue.askedFor('GET', ORDERS).length > 0, 'the first try');
    for (let at = 0; at < 50; at += 1) {
      scene.time.advance(100);
      await scene.settle();
    }

    expect(await answer).toMatchObject({ outcome: 'refused', code: 'RATE_LIMITED' });
  });
});

const STEP_MS = 50;

function open(time: ManualTime, requestsPerMinute: number, requestsKept: number): RateBudget {
  return new RateBudget({ clock: time, timers: time, requestsPerMinute, requestsKept });
}

/** Ten shares of the first symbol, as a fill told. */
async function held(scene: AlpacaScene): Promise<void> {
  const more = { qty: '10', price: '231.41', position_qty: '10' };
  scene.venue.update(
    'fill',
    wireOrder('h1', { qty: '10', filled_qty: '10', status: 'filled' }),
    more,
  );
  await scene.until(() => scene.reports.length === 1, 'the fill');
}

function left(remaining: number): Record<string, string> {
  return { 'X-RateLimit-Limit': '200', 'X-RateLimit-Remaining': String(remaining) };
}

function times<T>(count: number, make: () => T): readonly T[] {
  return Array.from({ length: count }, make);
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}
