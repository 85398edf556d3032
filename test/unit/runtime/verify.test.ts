import { describe, expect, it } from 'vitest';
import { ByteReader, ByteWriter } from '../../../src/core/bytes.ts';
import { Hash64 } from '../../../src/core/hash.ts';
import { price } from '../../../src/core/money.ts';
import { recover } from '../../../src/actors/runtime/recovery.ts';
import { type Verified, verify } from '../../../src/actors/runtime/verify.ts';
import type { JournalRecord } from '../../../src/ports/journal.ts';
import {
  RECORD_INPUT,
  RECORD_TURN,
  readTurn,
  type RecordedTurn,
  type TurnItem,
  writeTurn,
} from '../../../src/ports/turn-record.ts';
import { failAtMultiplesOf, type ToyOptions } from './toy-messages.ts';
import { fixedPlan } from './toy-plans.ts';
import { Continued, visitorOf } from './toy-recovery.ts';
import { CONFIG, makeKernel, opened, ToyRun } from './toy-session.ts';

const crashing = { fault: failAtMultiplesOf(37) };

function sessionOf(toys: Partial<ToyOptions> = {}): ToyRun {
  return new ToyRun(fixedPlan(40), { toys, framesMax: 16 }).run();
}

function verified(records: readonly JournalRecord[], toys: Partial<ToyOptions> = {}): Verified {
  const read = visitorOf(records);
  return verify({
    read,
    makeKernel: () => makeKernel({ toys }),
    configHash: CONFIG,
    recoverBefore: (kernel, before) => recover({ kernel, read, before }),
  });
}

describe('verify', () => {
  it('finds nothing in a session that is fed again, and gives its hash', () => {
    const { records, hash } = sessionOf();

    expect(verified(records)).toEqual({
      records: records.length,
      decisionHash: hash,
      divergence: undefined,
    });
  });

  it('G2: honours what crashed, also where the code of today would not crash', () => {
    const { records, hash } = sessionOf(crashing);
    const crashes = turnsOf(records).flatMap(({ turn }) => turn.crashes);
    expect(crashes.length).toBeGreaterThan(5);

    for (const toys of [crashing, {}]) {
      const { divergence, decisionHash } = verified(records, toys);
      expect(divergence).toBeUndefined();
      expect(decisionHash).toBe(hash);
    }
  });

  it('names the actor and field of a crash that was not recorded', () => {
    const { records } = sessionOf();

    const { divergence } = verified(records, crashing);
    expect(divergence?.sequence).toBeGreaterThan(0);
    expect(divergence?.recomputed).not.toBe(divergence?.recorded);
  });

  it('names the actor that rounds otherwise, and the price it made', () => {
    const { records } = sessionOf();
    const { divergence } = verified(records, { round: Math.ceil });

    expect(divergence).toMatchObject({ actor: 'prices', field: 'marked.price' });
    expect(Number(divergence?.recomputed)).toBe(Number(divergence?.recorded) + 1);
  });

  it('finds the last bits of an average that leaves only as a hash', () => {
    const { records } = sessionOf();
    const alpha = 0.2 + 5e-14; // Moves the last bits of an average, and no price that is rounded.
    const { divergence } = verified(records, { alpha });

    expect(divergence).toMatchObject({ actor: 'prices', field: 'writeRows.hash' });
  });

  it('finds a fact that was changed by one tick after the event', () => {
    const { records } = sessionOf();
    const { at } = turnWith(records, 'marked');
    const changed = rewritten(records, at, (items) => items.map(oneTickMore));

    expect(verified(changed).divergence).toMatchObject({
      sequence: records[at]?.sequence,
      actor: 'prices',
      field: 'marked.price',
    });
  });

  it('names the turn and the actor where a turn is missing', () => {
    const { records } = sessionOf();
    const { at, turn } = turnWith(records, 'signalled');
    const without = records.filter((_, index) => index !== at);

    const { divergence } = verified(without);
    expect(divergence?.sequence).toBe(records[at - 1]?.sequence);
    expect(divergence).toMatchObject({ actor: nameOf(turn.items[0]), recorded: 'absent' });
  });

  it('finds a turn too many, after a turn and after an input that left none', () => {
    const { records } = sessionOf();
    const { at } = turnWith(records, 'signalled');
    const twice = [...records.slice(0, at + 1), ...records.slice(at)];
    expect(verified(twice).divergence).toMatchObject({ sequence: records[at]?.sequence });

    const quiet = records.findIndex(
      ({ kind }, index) => kind === RECORD_INPUT && records[index + 1]?.kind === RECORD_INPUT,
    );
    const moved = records[at];
    if (moved === undefined) throw new Error('no turn to move');
    const sequence = quiet + 2;
    const invented = [...records.slice(0, quiet + 1), { ...moved, sequence }];
    const { divergence } = verified(invented);
    expect(divergence).toMatchObject({ sequence, recomputed: 'absent' });
  });

  it('begins with the configuration: another one is another hash from the first record on', () => {
    const { records } = sessionOf();
    const read = visitorOf(records);
    const recoverBefore = () => {
      throw new Error('this session has one life');
    };
    const { divergence } = verify({ read, makeKernel, configHash: 'other', recoverBefore });

    expect(divergence).toMatchObject({ sequence: 1, recomputed: 'another hash' });
  });

  it('follows a session through its lives, wherever they were cut', () => {
    const { records } = sessionOf(crashing);
    for (const cut of [5, 6, 7, 60, 61, 62, 63, 120, 121, 122]) {
      const kept = records.slice(0, cut);
      const second = new Continued(kept, { toys: crashing });
      second.accept(opened(second.kernel, 2), second.kernel.nowUs);
      const isLeft = records[cut - 1]?.kind !== RECORD_TURN;
      second.goOn(marketOnly(records.slice(isLeft ? cut - 1 : cut)), 0, 0);
      const both = [...kept, ...second.journal.records];

      const { divergence, decisionHash } = verified(both, crashing);
      expect(divergence, `cut after ${cut}`).toBeUndefined();
      expect(decisionHash).toBe(second.hash);
    }
  });

  it('runs what fell due while nobody lived as the next life did: at once, in one turn', () => {
    const { records } = sessionOf();
    let overdue = 0;
    for (const cut of [20, 60, 61, 100, 120]) {
      const kept = records.slice(0, cut);
      const second = new Continued(kept, {});
      const lateUs = second.kernel.nowUs + 10_000_000;
      if (second.kernel.timers.nextDueUs < lateUs) overdue += 1;
      second.accept(opened(second.kernel, 2), lateUs);
      second.accept({ kind: 'timePassed' }, lateUs + 5_000);
      const both = [...kept, ...second.journal.records];

      expect(verified(both).divergence, `cut after ${cut}`).toBeUndefined();
    }
    expect(overdue).toBeGreaterThan(2);
  });

  it('passes over the last input where its turn did not reach the disk', () => {
    const { records } = sessionOf();
    const { at } = turnWith(records, 'signalled');

    expect(verified(records.slice(0, at))).toMatchObject({
      records: at - 1,
      divergence: undefined,
    });
  });

  it('agrees with a session that sealed a quiet input', () => {
    const { records, sequencer, journal } = sessionOf();
    sequencer.seal();
    sequencer.seal();
    expect(journal.records.at(-1)?.kind).toBe(RECORD_TURN);
    sequencer.accept({ kind: 'timePassed' }, sequencer.nowUs + 1);
    const before = records.length;
    sequencer.seal();

    expect(records.length).toBe(before + 1);
    expect(verified(records)).toMatchObject({ records: records.length, divergence: undefined });
    expect(new Continued(records, {}).recovered).toMatchObject({ untaken: 'none' });
  });
});

describe('an input that ended its life', () => {
  it('G2: is taken again once, and skipped when it ended a second one', () => {
    const { records } = sessionOf();
    const { at } = turnWith(records, 'intended');
    const left = records.slice(0, at); // The input is there, its turn is not.
    expect(new Continued(left, {}).recovered.untaken).toBe('again');

    const second = new Continued(left, {});
    second.accept(opened(second.kernel, 2), second.kernel.nowUs);
    const again = { ...present(left.at(-1)), sequence: at + 2 };
    const both = [...left, ...second.journal.records.slice(0, 1), again];
    const third = new Continued(both, {});
    expect(third.recovered.untaken).toBe('skipped');
    expect(third.kernel.untaken).toBeUndefined();
  });

  it('G2: is taken by the sequencer itself, after the life has opened', () => {
    const run = sessionOf();
    const answered = run.records.findIndex(
      ({ kind, payload }, index) =>
        kind === RECORD_INPUT && payload[0] === 8 && run.records[index + 1]?.kind === RECORD_TURN,
    );
    const second = new Continued(run.records.slice(0, answered + 1), {});
    const input = second.kernel.untaken?.input;
    expect(input).toMatchObject({ kind: 'answered' });
    second.accept(opened(second.kernel, 2), second.kernel.nowUs);

    expect(second.journal.records.map(({ kind }) => kind)).toEqual([
      RECORD_INPUT,
      RECORD_INPUT,
      RECORD_TURN,
    ]);
    expect(second.journal.records[1]?.payload).toEqual(run.records[answered]?.payload);
    const answers = [...second.recovered.enquire, ...second.recovered.reissue];
    expect(answers.map((requested) => `${requested.input}:${requested.index}`)).not.toContain(
      input?.kind === 'answered' ? `${input.effectInput}:${input.effectIndex}` : '',
    );
  });
});

interface Placed {
  readonly at: number;
  readonly turn: RecordedTurn;
}

function turnsOf(records: readonly JournalRecord[]): readonly Placed[] {
  return records.flatMap(({ kind, payload }, at) =>
    kind === RECORD_TURN ? [{ at, turn: readTurn(new ByteReader(payload)) }] : [],
  );
}

function turnWith(records: readonly JournalRecord[], kind: string): Placed {
  return present(
    turnsOf(records).find(({ turn }) =>
      turn.items.some((item) => item.type === 'fact' && item.fact.kind === kind),
    ),
  );
}

/** The same records, with the items of one turn changed. */
function rewritten(
  records: readonly JournalRecord[],
  at: number,
  change: (items: readonly TurnItem[]) => readonly TurnItem[],
): readonly JournalRecord[] {
  const record = present(records[at]);
  const turn = readTurn(new ByteReader(record.payload));
  const writer = new ByteWriter();
  const hash = new Hash64();
  hash.set(record.hashHigh, record.hashLow);
  writeTurn(writer, { ...turn, items: change(turn.items) }, hash);
  return records.map((each, index) => (index === at ? { ...each, payload: writer.copy() } : each));
}

function oneTickMore(item: TurnItem): TurnItem {
  if (item.type !== 'fact' || item.fact.kind !== 'marked') return item;
  return { ...item, fact: { ...item.fact, price: price(item.fact.price + 1) } };
}

/** Answers belong to effects of the first life, which the second asked for anew. */
function marketOnly(records: readonly JournalRecord[]): readonly JournalRecord[] {
  return records.filter(({ kind }) => kind !== RECORD_INPUT);
}

function nameOf(item: TurnItem | undefined): string | undefined {
  return item === undefined ? undefined : makeKernel().slots[item.actor]?.definition.name;
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the session does not have what is asked for');
  return value;
}
