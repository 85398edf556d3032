import { describe, expect, it } from 'vitest';
import { ChaosSession } from './rig/chaos-session.ts';
import { factsOf } from './rig/journal-story.ts';

const SPEED = 120;
/** What the venue takes to cancel, in its own time: long enough for fills to come in between. */
const CANCEL_US = 20_000_000;

describe('fills that race cancels', () => {
  it('B13 I4 I5: partial fills overtake the cancels of what is left, seed 81', async () => {
    await using session = await ChaosSession.start({
      seed: 81,
      speed: SPEED,
      venue: { rules: { partialFillChance: 1, cancelUs: CANCEL_US } },
      // Nothing is given time to be filled: every order is cancelled while it works.
      config: {
        execution: {
          orderDeadlineMs: 60_000,
          settlingMs: 120_000,
          enquiryRetryMs: 18_000,
          unfilledCancelMs: 500,
          reconcileMs: 120_000,
          limitOffsetBps: 0,
        },
      },
    });
    const cancels = () => new Set(factsOf(session.witness.facts, 'cancelAsked').map(idOf));
    const standings = (id: string) =>
      factsOf(session.witness.facts, 'stood').filter(({ clientOrderId }) => clientOrderId === id);
    const executions = (id: string) =>
      factsOf(session.witness.facts, 'filled').filter(({ clientOrderId }) => clientOrderId === id);
    await session.until('twenty cancels', () => cancels().size >= 20, 30_000);
    await session.settled();
    await session.finish();

    const raced = [...cancels()];
    const ends = raced.map((id) => standings(id).at(-1)?.standing);
    expect(raced.filter((id) => executions(id).length > 1).length).toBeGreaterThan(3);
    expect(ends.filter((end) => end === 'filled').length).toBeGreaterThan(0);
    expect(ends.filter((end) => end === 'canceled').length).toBeGreaterThan(0);
  }, 60_000);
});

function idOf({ clientOrderId }: { readonly clientOrderId: string }): string {
  return clientOrderId;
}
