import { describe, expect, it } from 'vitest';
import { EXECUTION } from '../../../src/actors/kernel/actor-table.ts';
import { SECOND } from '../../../src/core/time.ts';
import type { AnswerWords, KernelHarness } from '../../kernel-harness.ts';
import { type AccountId, textId } from '../../../src/core/ids.ts';
import {
  ACCOUNT,
  approval,
  done,
  effectsOf,
  halted,
  intentOf,
  last,
  orderId,
  orderPath,
  place,
  refused,
  releasesOf,
  reportOf,
  standingIn,
  update,
} from './orders-fixture.ts';

const ORDER = orderId('order-0');

describe('an approved order', () => {
  it('is recorded, and sent as it was approved', () => {
    const harness = orderPath();
    const intent = intentOf(0);

    place(harness, intent);

    expect(harness.facts[0]).toEqual({ kind: 'intended', ...intent });
    expect(effectsOf(harness, 'submitOrder')).toEqual([
      {
        kind: 'submitOrder',
        account: intent.account,
        clientOrderId: ORDER,
        symbol: intent.symbol,
        side: 'buy',
        quantity: 100,
        type: 'limit',
        limitPrice: 100_000,
        timeInForce: 'day',
      },
    ]);
  });

  it('works once the venue has taken it', () => {
    const harness = orderPath();

    harness.answer(place(harness), done(reportOf(intentOf(0), { status: 'pendingNew' })));

    expect(standingIn(harness, ORDER)).toBe('working');
    expect(releasesOf(harness, ORDER)).toBe(0);
  });

  it('is rejected by an explicit refusal alone, and its reservation is given back once', () => {
    const harness = orderPath();

    harness.answer(place(harness), refused('INSUFFICIENT_BUYING_POWER'));

    expect(standingIn(harness, ORDER)).toBe('rejected');
    expect(harness.factsOf('stood')[0]?.reason).toContain('INSUFFICIENT_BUYING_POWER');
    expect(releasesOf(harness, ORDER)).toBe(1);
    expect(effectsOf(harness, 'enquireOrder')).toEqual([]);
  });

  it('that is refused although it works is asked about, not rejected', () => {
    const harness = orderPath();
    const submitted = place(harness);
    update(harness, reportOf(intentOf(0)));

    harness.answer(submitted, refused('SUB_PENNY'));

    expect(standingIn(harness, ORDER)).toBe('working');
    expect(effectsOf(harness, 'enquireOrder')).toHaveLength(1);
  });
});

describe('B9: the same order again', () => {
  it.each([2, 10, 100])('approved %i times is sent once', (times) => {
    const harness = orderPath();
    const approvals = Array.from({ length: times }, () => approval(intentOf(0)));

    harness.tell(EXECUTION, ...approvals);
    harness.tell(EXECUTION, ...approvals);

    expect(effectsOf(harness, 'submitOrder')).toHaveLength(1);
    expect(harness.factsOf('intended')).toHaveLength(1);
  });

  it('is not sent again by an engine that was started anew', () => {
    const harness = orderPath();
    place(harness);

    const restarted = harness.restarted();
    restarted.tell(EXECUTION, approval(intentOf(0)));

    expect(restarted.effects).toEqual([]);
    expect(restarted.pending('submitOrder')).toHaveLength(1);
  });

  it('called a duplicate by the venue is placed already: enquired, and adopted', () => {
    const harness = orderPath();

    harness.answer(place(harness), refused('DUPLICATE_CLIENT_ORDER_ID'));

    expect(standingIn(harness, ORDER)).toBe('unknown');
    const enquiry = last(harness, 'enquireOrder');
    harness.answer(enquiry, done(reportOf(intentOf(0), { event: 'snapshot' })));
    expect(standingIn(harness, ORDER)).toBe('working');
    expect(releasesOf(harness, ORDER)).toBe(0);
  });

  it('an answer that comes twice counts once', () => {
    const harness = orderPath();
    const submitted = place(harness);
    const words = done(reportOf(intentOf(0)));
    harness.answer(submitted, words);
    const before = harness.facts.length;

    harness.answer(submitted, words);
    harness.answer(submitted, { outcome: 'unknown' });

    expect(harness.facts).toHaveLength(before);
  });

  it('takes no sequence a second time under another name', () => {
    const harness = orderPath();
    place(harness, intentOf(5));
    harness.takeEffects();

    harness.tell(EXECUTION, approval(intentOf(4)));

    expect(effectsOf(harness, 'submitOrder')).toHaveLength(1);
    expect(releasesOf(harness, orderId('order-4'))).toBe(1);
    expect(effectsOf(harness, 'alert').map(({ code }) => code)).toEqual(['ORDER_SEQUENCE_TAKEN']);
  });
});

const NO_ANSWER: readonly (readonly [what: string, words: AnswerWords])[] = [
  ['no answer in time', { outcome: 'unknown', code: 'DEADLINE' }],
  ['a reset connection', { outcome: 'unknown', code: 'RESET' }],
  ['a server error', { outcome: 'failed', code: 'HTTP_503' }],
  ['an expired request', { outcome: 'expired' }],
  ['an answer that cannot be read', done()],
  ['an answer about another order', done(reportOf(intentOf(9)))],
];

describe('B11: an order that is not answered', () => {
  it.each(NO_ANSWER)('after %s is unknown and enquired at once', (_what, words) => {
    const harness = orderPath();
    const submitted = place(harness);
    harness.advance(SECOND);
    harness.takeEffects();

    harness.answer(submitted, words);

    expect(harness.factsOf('stood').map(({ standing }) => standing)).toEqual(['unknown']);
    const [enquiry] = harness.takeEffects();
    expect(enquiry?.effect).toMatchObject({
      kind: 'enquireOrder',
      clientOrderId: ORDER,
      attempt: 1,
    });
    expect(enquiry?.requestedUs).toBe(harness.nowUs);
    expect(releasesOf(harness, ORDER)).toBe(0);
  });

  it.each(NO_ANSWER)('keeps on asking when the enquiry ends in %s', (_what, words) => {
    const harness = orderPath();
    const exit = intentOf(0, { type: 'market', purpose: 'exit' }); // Nothing cancels it meanwhile.
    harness.answer(place(harness, exit), { outcome: 'unknown' });

    for (let attempt = 1; attempt <= 25; attempt += 1) {
      const enquiry = last(harness, 'enquireOrder');
      expect(enquiry.effect).toMatchObject({ attempt });
      harness.answer(enquiry, words);
      harness.advance(20 * SECOND);
    }

    expect(standingIn(harness, ORDER)).toBe('unknown');
    expect(releasesOf(harness, ORDER)).toBe(0);
    const fates = effectsOf(harness, 'alert').filter(({ code }) => code === 'ORDER_FATE_UNKNOWN');
    expect(fates).toHaveLength(2);
    harness.answer(last(harness, 'enquireOrder'), done(reportOf(intentOf(0))));
    expect(standingIn(harness, ORDER)).toBe('working');
  });

  it.each(NO_ANSWER)('asks what became of a cancel after %s', (_what, words) => {
    const harness = orderPath();
    harness.answer(place(harness), done(reportOf(intentOf(0))));
    harness.tell(EXECUTION, { kind: 'cancelWanted', clientOrderId: ORDER, reason: 'TEST' });
    harness.takeEffects();

    harness.answer(last(harness, 'cancelOrder'), words);
    if (words.outcome === 'done') harness.advance(5 * SECOND);

    expect(harness.takeEffects().map(({ effect }) => effect.kind)).toEqual(['enquireOrder']);
    expect(standingIn(harness, ORDER)).toBe('working');
    harness.answer(last(harness, 'enquireOrder'), done(reportOf(intentOf(0))));
    harness.advance(5 * SECOND);
    expect(last(harness, 'cancelOrder').effect).toMatchObject({ clientOrderId: ORDER });
  });

  it('is asked about although nobody ever answered at all', () => {
    const harness = orderPath();
    place(harness);

    harness.advance(10 * SECOND);

    expect(standingIn(harness, ORDER)).toBe('unknown');
    expect(harness.pending('enquireOrder')).toHaveLength(1);
  });

  it('that was taken and never heard of again is asked about', () => {
    const harness = orderPath();
    harness.answer(place(harness), done(reportOf(intentOf(0))));

    harness.advance(10 * SECOND);

    expect(harness.pending('enquireOrder')).toHaveLength(1);
  });

  it('goes on being asked about after a restart', () => {
    const harness = orderPath();
    harness.answer(place(harness), { outcome: 'unknown' });
    harness.answer(last(harness, 'enquireOrder'), { outcome: 'failed' });

    const restarted = harness.restarted();
    restarted.advance(5 * SECOND);

    expect(last(restarted, 'enquireOrder').effect).toMatchObject({ attempt: 2 });
    expect(restarted.hash).not.toBe(harness.hash);
  });
});

function haltedPath(level: Parameters<typeof halted>[0]): KernelHarness {
  const harness = orderPath();
  harness.record(halted(level));
  return harness;
}

describe('I6: a halted account', () => {
  it.each(['noEntries', 'cancelAll', 'flatten', 'stop'] as const)(
    'sends no entry at level %s, and says why',
    (level) => {
      const harness = haltedPath(level);

      harness.tell(EXECUTION, approval(intentOf(0)));

      expect(effectsOf(harness, 'submitOrder')).toEqual([]);
      expect(standingIn(harness, ORDER)).toBe('rejected');
      expect(harness.factsOf('stood')[0]?.reason).toBe('halted: DAILY_LOSS');
      expect(releasesOf(harness, ORDER)).toBe(1);
    },
  );

  it.each(['exit', 'flatten'] as const)('still sends an order to %s', (purpose) => {
    const harness = haltedPath('flatten');

    harness.tell(EXECUTION, approval(intentOf(0, { purpose, side: 'sell' })));

    expect(effectsOf(harness, 'submitOrder')).toHaveLength(1);
  });

  it('still sends cancels and enquiries', () => {
    const harness = orderPath();
    harness.answer(place(harness), done(reportOf(intentOf(0))));
    const unanswered = place(harness, intentOf(1));
    harness.record(halted('cancelAll'));

    harness.answer(unanswered, { outcome: 'unknown' });
    harness.tell(EXECUTION, { kind: 'cancelAllWanted', entriesOnly: false, reason: 'HALT' });

    expect(harness.pending('cancelOrder')).toHaveLength(1);
    expect(harness.pending('enquireOrder')).toHaveLength(1);
  });

  it('stays halted over a restart, and enters again when a person resumes it', () => {
    const harness = haltedPath('noEntries').restarted();
    harness.tell(EXECUTION, approval(intentOf(0)));
    expect(effectsOf(harness, 'submitOrder')).toEqual([]);

    harness.record({ kind: 'tradingResumed', account: ACCOUNT, by: 'me', reason: 'looked' });
    harness.tell(EXECUTION, approval(intentOf(1)));

    expect(effectsOf(harness, 'submitOrder')).toHaveLength(1);
  });

  it('does not take another account with it', () => {
    const harness = haltedPath('noEntries');
    const account = textId<AccountId>('another');

    harness.tell(EXECUTION, approval(intentOf(0, { account })));

    expect(effectsOf(harness, 'submitOrder')).toHaveLength(1);
  });
});
