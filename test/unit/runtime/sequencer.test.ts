import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/core/assert.ts';
import { ByteReader } from '../../../src/core/bytes.ts';
import { Hash64 } from '../../../src/core/hash.ts';
import { type AccountId, textId } from '../../../src/core/ids.ts';
import { type EffectRouter, Sequencer } from '../../../src/actors/runtime/sequencer.ts';
import { startHash } from '../../../src/actors/runtime/verify.ts';
import { EventBatch } from '../../../src/domain/market/event-batch.ts';
import { INPUTS } from '../../../src/ports/input.ts';
import type { Journal } from '../../../src/ports/journal.ts';
import {
  RECORD_INPUT,
  RECORD_MARKET,
  RECORD_TURN,
  readTurn,
} from '../../../src/ports/turn-record.ts';
import { ToyDesk } from './toy-desk.ts';
import type { Fault } from './toy-messages.ts';
import { fixedPlan } from './toy-plans.ts';
import { Continued } from './toy-recovery.ts';
import {
  addFrame,
  CONFIG,
  copyOf,
  makeKernel,
  memoryJournal,
  named,
  opened,
  SESSION_OPENS,
  START_US,
  ToyRun,
} from './toy-session.ts';

/** Ten trades of symbol 0: enough for orders, cancels and rows to leave. */
function tradeOften(desk: ToyDesk, times = 10): void {
  for (let at = 0; at < times; at += 1) desk.trade(0, 100 + at);
}

describe('records', () => {
  it('are numbered without a gap, an input before its turn, each with the hash before it', () => {
    const { records, hash } = new ToyRun(fixedPlan(30), { framesMax: 8 }).run();

    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, at) => at + 1));
    records.forEach(({ kind }, at) => {
      if (kind !== RECORD_TURN) return;
      expect([RECORD_INPUT, RECORD_MARKET]).toContain(records[at - 1]?.kind);
    });
    let [high, low] = [startHash(CONFIG).high, startHash(CONFIG).low];
    for (const { kind, hashHigh, hashLow, payload } of records) {
      expect([hashHigh, hashLow]).toEqual([high, low]);
      if (kind !== RECORD_TURN) continue;
      const turn = readTurn(new ByteReader(payload));
      [high, low] = [turn.hashHigh, turn.hashLow];
    }
    expect(copyOf({ high, low }).hex()).toBe(hash);
  });

  it('are there before anything of their turn leaves', () => {
    const order: string[] = [];
    const journal = memoryJournal({ flush: () => void order.push('flush') });
    const { append } = journal;
    const kernel = makeKernel();
    const sequencer = new Sequencer({
      kernel,
      journal: {
        ...journal,
        append(kind, ...rest) {
          order.push(kind === RECORD_TURN ? 'turn' : 'input');
          append(kind, ...rest);
        },
      },
      router: { dispatch: ({ effect }) => void order.push(effect.kind) },
      observers: [{ turn: () => void order.push('observer') }],
      framesMax: 1,
      hash: new Hash64(),
      sequence: 0,
    });
    sequencer.accept(named(0), START_US);
    order.length = 0;
    for (const price of [100, 101]) {
      sequencer.acceptMarket(batchOf(sequencer.nowUs + 1, price), 0);
    }

    expect(order.slice(0, 2)).toEqual(['input', 'observer']); // A quiet turn.
    expect(order.slice(2)).toEqual(['input', 'turn', 'flush', 'submitOrder', 'observer']);
  });
});

describe('effects', () => {
  it('B7: leave after the flush where they make exposure, else at once', () => {
    const left: string[] = [];
    let flushes = 0;
    const desk = new ToyDesk({ journal: { flush: () => void (flushes += 1) } });
    const dispatch = desk.requests.push.bind(desk.requests);
    desk.requests.push = (...requested) => {
      for (const { effect } of requested) left.push(`${effect.kind} after ${flushes}`);
      return dispatch(...requested);
    };
    tradeOften(desk, 6);

    expect(left).toEqual([
      'submitOrder after 1',
      'writeRows after 1', // Of the third trade: nothing in that turn waits for a disk.
      'infer after 1', // Of the fourth, like the order, but it does not wait.
      'submitOrder after 2',
      'writeRows after 2',
      'cancelOrder after 2',
      'cancelOrder after 2',
      'submitOrder after 3',
    ]);
  });

  it('B7: wait for the sync of their own turn, and leave in order and once', () => {
    const disk = new SlowDisk();
    const desk = new ToyDesk({ journal: disk.half });
    for (const price of [100, 101, 102, 103]) desk.trade(0, price);
    expect(desk.requestsOf('submitOrder')).toEqual([]);
    expect(desk.requestsOf('writeRows')).toHaveLength(1);
    expect(desk.sequencer.heldEffects).toBe(2);
    expect(disk.syncsAsked).toBe(2);

    const turns = desk.journal.records.flatMap(({ kind, sequence }) =>
      kind === RECORD_TURN ? [sequence] : [],
    );
    disk.durable = (turns[0] ?? 0) - 1;
    desk.sequencer.releaseDurable();
    expect(desk.requestsOf('submitOrder')).toEqual([]);
    disk.durable = turns[0] ?? 0;
    desk.sequencer.releaseDurable();
    desk.sequencer.releaseDurable();
    expect(idsOf(desk)).toEqual(['o-0-0']);
    disk.durable = Number.MAX_SAFE_INTEGER;
    desk.sequencer.releaseDurable();
    expect(idsOf(desk)).toEqual(['o-0-0', 'o-0-1']);
    expect(desk.sequencer.heldEffects).toBe(0);
  });

  it('do not leave a second time where the router failed on them', () => {
    const disk = new SlowDisk();
    const desk = new ToyDesk({ journal: disk.half });
    for (const price of [100, 101]) desk.trade(0, price);
    disk.durable = Number.MAX_SAFE_INTEGER;
    desk.requests.push = () => {
      throw new Error('the wire is cut');
    };
    expect(() => desk.sequencer.releaseDurable()).toThrow('the wire is cut');
    expect(desk.sequencer.heldEffects).toBe(0);
  });
});

describe.each(['append', 'flush', 'sync'] as const)('a journal whose %s fails', (where) => {
  it('B6: lets out no exposure, but cancels; is said to be down once, and takes no more', () => {
    const disk = new BrokenDisk(where);
    let downs = 0;
    const fault: Fault = (_actor, message) => {
      if (message === 'serviceChanged') downs += 1;
    };
    const desk = new ToyDesk({ journal: disk.half, toys: { fault } });
    tradeOften(desk, 5);
    expect(idsOf(desk)).toEqual(['o-0-0', 'o-0-1']);
    expect(desk.requestsOf('cancelOrder')).toEqual([]);
    disk.isBroken = true;
    desk.trade(0, 110); // The third order, which asks to cancel the two before it.
    if (where === 'sync') desk.sequencer.failDurable(new Error('no sync'));

    expect(idsOf(desk)).toEqual(['o-0-0', 'o-0-1']);
    expect(desk.sequencer.heldEffects).toBe(0);
    expect(desk.sequencer.failure).toEqual(new Error(`no ${where}`));
    expect(downs).toBe(1);
    const cancels = desk.requestsOf('cancelOrder').map(({ effect }) => effect);
    expect(cancels.slice(0, 2)).toMatchObject([
      { clientOrderId: 'o-0-0' },
      { clientOrderId: 'o-0-1' },
    ]);

    disk.isBroken = false; // A disk that comes back is not believed.
    const { sequence } = desk.sequencer;
    expect(() => desk.input(SESSION_OPENS)).toThrow(`no ${where}`);
    expect(() => desk.trade(0, 111)).toThrow(`no ${where}`);
    desk.sequencer.failDurable(new Error('again'));
    desk.sequencer.releaseDurable();
    desk.sequencer.seal();
    expect(desk.sequencer.sequence).toBe(sequence);
    expect(downs).toBe(1);
    expect(idsOf(desk)).toHaveLength(2);
  });
});

it.each(['append', 'flush'] as const)('stops at once where %s says the code is wrong', (where) => {
  const disk = new BrokenDisk(where, () => {
    throw new InvariantError('the journal is closed');
  });
  const desk = new ToyDesk({ journal: disk.half });
  tradeOften(desk, 5);
  disk.isBroken = true;
  expect(() => desk.trade(0, 110)).toThrow(new InvariantError('the journal is closed'));
});

describe('an input', () => {
  it('that is offered inside a turn is our own mistake', () => {
    const inside: (() => void)[] = [];
    const desk = new ToyDesk({
      toys: { fault: () => inside.forEach((call) => call()) },
    });
    inside.push(() => desk.sequencer.accept(SESSION_OPENS, 0));
    expect(() => desk.trade(0, 100)).toThrow(
      new InvariantError('an input was offered inside a turn'),
    );
  });

  it.each(['router', 'observer'] as const)('that the %s offers is our own mistake too', (who) => {
    const kernel = makeKernel();
    const offer = () => sequencer.accept(SESSION_OPENS, 0);
    const router: EffectRouter = { dispatch: () => (who === 'router' ? offer() : undefined) };
    const sequencer: Sequencer = new Sequencer({
      kernel,
      journal: memoryJournal(),
      router,
      observers: [{ turn: (input) => (who === 'observer' && input > 1 ? offer() : undefined) }],
      framesMax: 1,
      hash: new Hash64(),
      sequence: 0,
    });
    sequencer.accept(named(0), START_US);
    const trade = () => {
      for (const price of [1, 2]) sequencer.acceptMarket(batchOf(START_US + price, price), 0);
    };
    expect(trade).toThrow(InvariantError);
  });

  it('comes after the timers that are due before it, each of its own time and turn', () => {
    const desk = new ToyDesk();
    desk.trade(0, 100);
    desk.input(SESSION_OPENS); // Bars at 5, 10, 15 ... milliseconds from here.
    const beganUs = desk.kernel.nowUs;
    const before = desk.journal.records.length;
    desk.frameAt(beganUs + 12_000, { symbol: 0, price: 101 });

    const inputs = desk.journal.records
      .slice(before)
      .filter(({ kind }) => kind !== RECORD_TURN)
      .map(({ kind, nowUs }) => [kind, nowUs - beganUs]);
    expect(inputs).toEqual([
      [RECORD_INPUT, 5_000],
      [RECORD_INPUT, 10_000],
      [RECORD_MARKET, 12_000],
    ]);
  });

  it('that opens a life is its first record, also where timers are long due', () => {
    const first = new ToyDesk();
    first.input(SESSION_OPENS);
    const next = new Continued(first.journal.records, {});
    const { kernel, journal } = next;
    next.accept(opened(kernel, 2), kernel.nowUs + 60_000_000);
    const kinds = () =>
      journal.records.flatMap(({ kind, payload }) => (kind === RECORD_INPUT ? [payload[0]] : []));
    expect(kinds()).toEqual([INPUTS.opened.id]);
    next.accept(SESSION_OPENS, kernel.nowUs);
    expect(kinds().slice(0, 2)).toEqual([INPUTS.opened.id, INPUTS.timePassed.id]);
  });

  it('never moves time back', () => {
    const desk = new ToyDesk();
    const { nowUs } = desk.kernel;
    desk.sequencer.accept(SESSION_OPENS, nowUs - 1_000_000);
    expect(desk.kernel.nowUs).toBe(nowUs);
    desk.frameAt(nowUs - 5, { symbol: 0, price: 100 });
    expect(desk.kernel.nowUs).toBe(nowUs);
  });
});

function batchOf(atUs: number, price: number): EventBatch {
  const batch = new EventBatch(4, 4);
  addFrame(batch, { atUs, events: [{ symbol: 0, price }] });
  return batch;
}

/** Says yes to `isDurable` up to the record that the test names. */
class SlowDisk {
  durable = 0;
  syncsAsked = 0;
  readonly half: Partial<Journal> = {
    isDurable: (mark) => mark <= this.durable,
    requestSync: () => {
      this.syncsAsked += 1;
    },
  };
}

/** Refuses one kind of work from a moment on. */
class BrokenDisk {
  isBroken = false;
  readonly half: Partial<Journal>;

  constructor(where: 'append' | 'flush' | 'sync', refuse = refusing(where)) {
    const work = () => {
      if (this.isBroken) refuse();
    };
    this.half = {
      ...(where === 'append' ? { append: work } : {}),
      ...(where === 'flush' ? { flush: work } : {}),
      ...(where === 'sync' ? { isDurable: () => !this.isBroken } : {}),
    };
  }
}

function refusing(where: string): () => void {
  return () => {
    throw new Error(`no ${where}`);
  };
}

function idsOf(desk: ToyDesk): readonly string[] {
  return desk
    .requestsOf('submitOrder')
    .map(({ effect }) => ('clientOrderId' in effect ? effect.clientOrderId : ''));
}

describe('an input that cannot be written', () => {
  const halt = {
    kind: 'commanded',
    commandId: 'c',
    verb: 'halt',
    account: textId<AccountId>('A'),
    by: 'a person',
    reason: 'x'.repeat(70_000),
  } as const;

  it('takes no number, and what follows goes on where it was', () => {
    const desk = new ToyDesk();
    const { sequence } = desk.sequencer;
    expect(() => desk.input(halt)).toThrow('a text is at most 65,535 bytes');
    expect(desk.sequencer.sequence).toBe(sequence);
    expect(desk.sequencer.failure).toBeUndefined();

    desk.input({ ...halt, reason: 'shorter' });
    desk.sequencer.seal();
    const sequences = desk.journal.records.map((record) => record.sequence);
    expect(sequences).toEqual(sequences.map((_, at) => at + 1));
  });
});

describe('a turn that threw', () => {
  it('is not sealed as one that was taken', () => {
    const kernel = makeKernel();
    const journal = memoryJournal();
    const sequencer = new Sequencer({
      kernel,
      journal,
      router: { dispatch: () => undefined },
      observers: [],
      framesMax: 1,
      hash: new Hash64(),
      sequence: 0,
      fault: (point) => {
        if (point === 'inputAppended' && sequencer.sequence === 2) throw new InvariantError('no');
      },
    });
    sequencer.accept(named(0), START_US);
    expect(() => sequencer.accept(named(1), START_US)).toThrow('no');
    sequencer.seal();

    expect(journal.records.map(({ kind }) => kind)).toEqual([RECORD_INPUT, RECORD_INPUT]);
  });
});
