import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../src/core/bytes.ts';
import { readTurn, RECORD_TURN } from '../../src/ports/turn-record.ts';
import { stateOf } from '../unit/runtime/kernel-state.ts';
import { failAtMultiplesOf } from '../unit/runtime/toy-messages.ts';
import { plans } from '../unit/runtime/toy-plans.ts';
import { ToyRun } from '../unit/runtime/toy-session.ts';

const toys = { fault: failAtMultiplesOf(37) };

describe('batches never change decisions', () => {
  it('decides the same of 1, 7 or 64 frames a turn, with crashes, timers and answers', () => {
    fc.assert(
      fc.property(plans(60), (plan) => {
        const singly = new ToyRun(plan, { toys, framesMax: 1 }).run();

        for (const framesMax of [7, 64]) {
          const grouped = new ToyRun(plan, { toys, framesMax }).run();
          expect(grouped.hash).toBe(singly.hash);
          expect(decisionsOf(grouped)).toEqual(decisionsOf(singly));
          expect(rowsAndFactsOf(grouped)).toEqual(rowsAndFactsOf(singly));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('decides the same however the source cuts its batches', () => {
    fc.assert(
      fc.property(plans(40), fc.integer({ min: 1, max: 12 }), (plan, cut) => {
        const whole = new ToyRun(plan, { toys, framesMax: 64 }).run();
        const inPieces = new ToyRun(plan, { toys, framesMax: 64, cut }).run();

        expect(inPieces.hash).toBe(whole.hash);
        expect(rowsAndFactsOf(inPieces)).toEqual(rowsAndFactsOf(whole));
      }),
      { numRuns: 60 },
    );
  });

  it('groups frames at all, and its sessions crash, trade, ask and wait', () => {
    const seen = new Set<string>();
    let fewer = 0;
    fc.assert(
      fc.property(plans(60), (plan) => {
        const singly = new ToyRun(plan, { toys, framesMax: 1 }).run();
        const grouped = new ToyRun(plan, { toys, framesMax: 64 }).run();
        if (grouped.records.length < singly.records.length) fewer += 1;
        for (const kind of decisionsOf(singly)) seen.add(kind.split(' ')[0] ?? '');
      }),
      { numRuns: 30, seed: 7 },
    );

    expect(fewer).toBeGreaterThan(5);
    const wanted = ['crashed', 'quarantined', 'lifted', 'marked', 'layerMoved', 'stood'];
    expect([...seen]).toEqual(
      expect.arrayContaining([...wanted, 'submitOrder', 'cancelOrder', 'infer', 'writeRows']),
    );
  });
});

/** What was decided and asked, in order, without the numbers of turns and inputs. */
function decisionsOf({ records }: ToyRun): readonly string[] {
  return records
    .filter(({ kind }) => kind === RECORD_TURN)
    .flatMap(({ payload }) => readTurn(new ByteReader(payload)).items)
    .map((item) => {
      if (item.type === 'digest') return `${item.effectKind} ${item.hash}`;
      const content = item.type === 'fact' ? item.fact : item.effect;
      return `${content.kind} ${JSON.stringify(content)}`;
    });
}

/** Effects carry the number of their input, which grouping changes. */
function rowsAndFactsOf({ kernel }: ToyRun): Readonly<Record<string, unknown>> {
  const { outstanding: _outstanding, ...rest } = stateOf(kernel);
  return rest;
}
