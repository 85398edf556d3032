import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChaosSession } from './rig/chaos-session.ts';
import { factsOf } from './rig/journal-story.ts';
import type { WatchedRequest } from './rig/request-watch.ts';

const SEED = 11;
/** From the end of a request to the question about it (B11). */
const ENQUIRY_MS_MAX = 250;

describe(`answers and updates that lie, seed ${SEED}`, () => {
  let session: ChaosSession;

  beforeAll(async () => {
    session = await ChaosSession.start({ seed: SEED });
    await session.trading(5);
  }, 60_000);
  afterAll(async () => {
    await session.end();
  });

  /** The faults of the venue's REST are met by the next orders: those that it touched. */
  async function met(
    action: string,
    parameters: Readonly<Record<string, unknown>>,
    isHit: (request: WatchedRequest) => boolean,
    count: number,
  ): Promise<readonly WatchedRequest[]> {
    const beganMs = performance.now();
    // A few more: an update may have told of one what its answer did not.
    await session.chaos(action, { ...parameters, count: count + 3 });
    // What was under way by then may meet them too.
    const hits = (): readonly WatchedRequest[] =>
      session.requests.orders.filter((order) => order.endedMs > beganMs && isHit(order));
    await session.until(`${count} orders that met ${action}`, () => hits().length >= count);
    await session.chaos('clearRestFaults');
    return hits();
  }

  function standings(id: string | undefined): readonly string[] {
    return factsOf(session.witness.facts, 'stood')
      .filter(({ clientOrderId }) => clientOrderId === id)
      .map(({ standing }) => standing);
  }

  function enquiriesOf({ clientOrderId, endedMs }: WatchedRequest): readonly number[] {
    return session.requests.requests
      .filter((one) => one.method === 'GET' && one.clientOrderId === clientOrderId)
      .map(({ sentMs }) => sentMs - endedMs);
  }

  it.each([
    ['the answer is lost', 'loseAnswer', {}, answered(0)],
    ['it was executed and a 504 says otherwise', 'failAfter', { status: 504 }, answered(504)],
    ['the body is no JSON', 'garbageAnswer', { text: '<html>ok</html>' }, answered(200)],
  ] as const)(
    'B11 I1: an order is asked about, and never sent again, where %s',
    async (_, action, parameters, isHit) => {
      // Where an update says what the answer did not, there is nothing left to ask.
      await session.chaos('delayUpdates', { ms: 600 });
      const isUnknown = (order: WatchedRequest): boolean =>
        isHit(order) && standings(order.clientOrderId).includes('unknown');
      const hit = await met(action, parameters, isUnknown, 3);
      await session.chaos('delayUpdates', { ms: 0 });
      await session.settled();

      for (const request of hit.slice(0, 3)) {
        expect(standings(request.clientOrderId)).not.toContain('rejected');
        expect(enquiriesOf(request).length).toBeGreaterThan(0);
      }
      const soonest = hit.map((request) => Math.min(...enquiriesOf(request)));
      expect(Math.min(...soonest)).toBeLessThan(ENQUIRY_MS_MAX);
    },
  );

  it('B11 B12: an order that a 503 kept out is given up only by absence, twice', async () => {
    const hit = await met('failBefore', { status: 503 }, answered(503), 2);
    await session.settled();

    expect(hit.length).toBeGreaterThanOrEqual(2);
    for (const { clientOrderId } of hit) {
      expect(standings(clientOrderId)).toEqual(['unknown', 'notPlaced']);
      const absences = factsOf(session.witness.facts, 'absent').filter(
        (fact) => fact.clientOrderId === clientOrderId,
      );
      expect(absences.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('B13: a fill that is told before the order was answered is booked once', async () => {
    const isLate = ({ sentMs, endedMs }: WatchedRequest): boolean =>
      endedMs - sentMs >= 200 && endedMs < Number.POSITIVE_INFINITY;
    const hit = await met('fillBeforeAnswer', { ms: 200 }, isLate, 3);
    await session.settled();

    expect(hit.map(({ clientOrderId }) => standings(clientOrderId).at(-1))).toContain('filled');
  });

  it('B13: what is refused after a 200 is rejected, and its exposure free again', async () => {
    const before = factsOf(session.witness.facts, 'stood').length;
    await session.chaos('rejectOrders', { count: 3 });
    const rejected = () =>
      factsOf(session.witness.facts, 'stood')
        .slice(before)
        .filter(({ standing }) => standing === 'rejected');
    await session.until('three rejections', () => rejected().length >= 3);
    await session.settled();

    const released = new Set(
      factsOf(session.witness.facts, 'released').map(({ clientOrderId }) => clientOrderId),
    );
    for (const { clientOrderId } of rejected()) expect(released).toContain(clientOrderId);
  });

  it('I5 C1: updates told again, and a whole life told again, book nothing', async () => {
    const fills = factsOf(session.witness.facts, 'filled').length;
    expect(fills).toBeGreaterThan(10);
    const repeated = await session.chaos('duplicateUpdates', { count: 40 });
    const replayed = await session.chaos('replayFill');
    await session.trading(3);
    await session.settled();

    expect(repeated).toBe(40);
    expect(replayed).toBeGreaterThanOrEqual(2);
  });

  it('E3: an unknown event is a question, an unknown status and keys are none', async () => {
    const questions = () =>
      session.requests.requests.filter(({ path }) => /^\/v2\/orders\/[^/]+$/.test(path)).length;
    const before = questions();
    await session.chaos('unknownUpdate', { event: 'reimagined' });
    await session.until('a question', () => questions() > before);
    await session.chaos('alterUpdates', { event: 'transmuted', status: 'odd', count: 4 });
    await session.trading(3);
    await session.chaos('alterUpdates', { status: 'dreamt', count: 3 });
    await session.trading(3);
    await session.chaos('alterUpdates', { extra: { quantum: { of: 'solace' } }, count: 3 });
    await session.trading(3);
    await session.settled();
  });

  it('D9: the one byte of the older protocol is no message and no fault', async () => {
    const { tradingConnections } = (await session.state()).counters;
    expect(await session.chaos('heartbeatByte')).toBe(1);
    await session.trading(3);
    await session.settled();

    expect((await session.state()).counters['tradingConnections']).toBe(tradingConnections);
    expect(session.said.filter(({ event }) => event === 'brokerUnreadable')).toEqual([]);
  });

  it('I1 to I9 hold over the whole session', async () => {
    const data = await session.finish();

    expect(data.trades.size).toBeGreaterThan(20);
    expect(session.requests.orders.length).toBeGreaterThan(50);
  });
});

function answered(wanted: number): (request: WatchedRequest) => boolean {
  return ({ status }) => status === wanted;
}
