import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../src/core/assert.ts';
import { Kernel } from '../../../src/actors/runtime/kernel.ts';
import { MessageQueue } from '../../../src/actors/runtime/message-queue.ts';
import { RowTable } from '../../../src/actors/runtime/row-table.ts';
import { Timers } from '../../../src/actors/runtime/timers.ts';
import { EventBatch } from '../../../src/domain/market/event-batch.ts';
import type { TimerSet } from '../../../src/ports/turn-record.ts';
import { type Fault, tableOf, TOY_NAMES } from './toy-messages.ts';
import { ToyDesk } from './toy-desk.ts';
import { addFrame, makeKernel, POLICY, SESSION_OPENS, START_US } from './toy-session.ts';

describe('timers', () => {
  const timer: fc.Arbitrary<TimerSet> = fc.record({
    actor: fc.integer({ min: 0, max: 2 }),
    dueUs: fc.integer({ min: 0, max: 20 }),
    tag: fc.constantFrom('a', 'b'),
    key: fc.integer({ min: 0, max: 2 }),
  });
  const operation = fc.oneof(
    { weight: 3, arbitrary: timer.map((set) => ({ set, takeUs: -1 })) },
    {
      weight: 2,
      arbitrary: fc.integer({ min: 0, max: 22 }).map((takeUs) => ({ set: undefined, takeUs })),
    },
  );

  it('come out as from a sorted list: by due time, then in the order they were set, once', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const timers = new Timers();
        const model = new SortedTimers();
        for (const { set, takeUs } of operations) {
          if (set === undefined) expect(bare(timers.take(takeUs))).toEqual(model.take(takeUs));
          else {
            timers.add(set);
            model.add(set);
          }
          expect(timers.list()).toEqual(model.list);
          expect(timers.size).toBe(model.list.length);
          expect(timers.nextDueUs).toBe(model.list[0]?.dueUs ?? Number.POSITIVE_INFINITY);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are set again once they have fired', () => {
    const timers = new Timers();
    const set = { actor: 1, dueUs: 5, tag: 'a', key: 0 };
    timers.add(set);
    timers.add({ ...set });
    expect(timers.size).toBe(1);
    expect(timers.take(4)).toBeUndefined();
    expect(bare(timers.take(5))).toEqual(set);
    timers.add(set);
    expect(timers.size).toBe(1);
  });

  it.each([
    ['in the past', -1_000_000, 1],
    ['now', 0, 1],
  ])('that are due %s fire before the next input, in a turn of their own', (_when, byUs, fired) => {
    let heard = 0;
    const desk = new ToyDesk({
      toys: {
        fault: (actor, message) => {
          if (actor === 'strategy' && message === 'timer') heard += 1;
        },
      },
    });
    desk.kernel.timers.add({ actor: 2, dueUs: desk.kernel.nowUs + byUs, tag: 'tidy', key: 0 });
    desk.input(SESSION_OPENS);
    expect(heard).toBe(fired);
  });

  it('that set themselves at the same instant for ever are stopped', () => {
    const desk = new ToyDesk();
    const slot = desk.kernel.slots[2];
    if (slot?.type !== 'actor') throw new Error('strategy is not there');
    slot.definition.decide = (_state, _message, turn) => {
      turn.schedule(turn.nowUs, 'again', 0);
      return [];
    };
    desk.kernel.timers.add({ actor: 2, dueUs: desk.kernel.nowUs, tag: 'again', key: 0 });
    expect(() => desk.input(SESSION_OPENS)).toThrow(InvariantError);
  });

  it.each([Number.NaN, 0.5, Number.POSITIVE_INFINITY])('are never due at %s', (dueUs) => {
    const desk = new ToyDesk();
    const slot = desk.kernel.slots[2];
    if (slot?.type !== 'actor') throw new Error('strategy is not there');
    slot.definition.decide = (_state, _message, turn) => {
      turn.schedule(dueUs, 'again', 0);
      return [];
    };
    desk.trade(0, 100);
    expect(() => desk.trade(0, 101)).toThrow(InvariantError);
  });
});

describe('the queue of a turn', () => {
  it('gives messages first in first out, and forgets what is cut', () => {
    const queue = new MessageQueue(10);
    queue.push(1, -1, 'a');
    const { tail } = queue;
    queue.push(2, 5, 'b');
    queue.push(3, 6, 'c');
    queue.cut(tail);
    queue.push(4, 7, 'd');
    const taken: unknown[] = [];
    while (queue.next()) taken.push([queue.target, queue.row, queue.message]);

    expect(taken).toEqual([
      [1, -1, 'a'],
      [4, 7, 'd'],
    ]);
    expect(queue.tail).toBe(0);
  });

  it('stops a loop of messages, but not that many messages of many inputs', () => {
    const queue = new MessageQueue(3);
    const handle = (count: number) => {
      for (let at = 0; at < count; at += 1) queue.push(0, -1, at);
      while (queue.next());
    };
    for (let input = 0; input < 5; input += 1) {
      queue.beginCount();
      handle(3);
    }
    queue.beginCount();
    expect(() => handle(4)).toThrow(InvariantError);
  });

  it('counts by frame, so that frames in one turn meet its limit no earlier', () => {
    const definitions = makeKernel().slots.map(({ definition }) => definition);
    const kernel = new Kernel({ definitions, rowsMax: 64, messagesMax: 5, policy: POLICY });
    const batch = new EventBatch(64, 8);
    for (let frame = 0; frame < 4; frame += 1) {
      const events = [0, 1, 2, 3].map((at) => ({ symbol: frame * 4 + at, price: 100 }));
      addFrame(batch, { atUs: START_US + frame, events });
    }
    kernel.growRows(16);
    kernel.beginTurn();
    for (let frame = 0; frame < 4; frame += 1) {
      kernel.deliverFrame(batch, frame);
    }
    expect(kernel.hasProduced).toBe(false); // One turn, sixteen messages, four a frame.
  });

  it('lets a loop of messages leave the kernel as our own mistake', () => {
    const desk = new ToyDesk();
    const slot = desk.kernel.slots[2];
    if (slot?.type !== 'actor') throw new Error('strategy is not there');
    slot.definition.decide = (_state, message, turn) => {
      turn.send(TABLE.strategy, Object(message));
      return [];
    };
    desk.trade(0, 100);
    expect(() => desk.trade(0, 101)).toThrow(
      new InvariantError('one input caused more than 1000 messages: a loop'),
    );
  });

  it('takes no message for a row that nobody has named', () => {
    const desk = new ToyDesk({ symbols: 2 });
    const slot = desk.kernel.slots[0];
    if (slot?.type !== 'family') throw new Error('prices are not there');
    slot.definition.sweep = (_rows, _message, turn) =>
      turn.sendRow(TABLE.averages, 2, { kind: 'scored', score: 1 });
    expect(() => desk.input(SESSION_OPENS)).toThrow(InvariantError);
  });
});

describe('a table of rows', () => {
  it('restores every bit of a row, whatever a handler did to it before it failed', () => {
    const bits = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
    const shape = fc.record({
      stride: fc.integer({ min: 1, max: 9 }),
      rows: fc.integer({ min: 1, max: 150 }),
      seed: fc.array(bits, { minLength: 1, maxLength: 40 }),
      at: fc.nat(),
      writes: fc.array(fc.tuple(fc.nat(), bits), { maxLength: 30 }),
    });
    fc.assert(
      fc.property(shape, ({ stride, rows, seed, at, writes }) => {
        const table = new RowTable(stride, 200);
        table.grow(rows - 1);
        const words = new BigUint64Array(table.values.buffer);
        for (let word = 0; word < rows * stride; word += 1) words[word] = pick(seed, word);
        const before = words.slice(0, rows * stride);
        const row = at % rows;
        table.keep(row);
        for (const [column, word] of writes) words[table.at(row) + (column % stride)] = word;
        table.restore(row);

        expect(words.slice(0, rows * stride)).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps its content when it grows, and says which rows are new', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 299 }), { maxLength: 20 }), (named) => {
        const table = new RowTable(3, 300);
        let known = 0;
        for (const row of named) {
          expect(table.grow(row)).toBe(known);
          for (; known <= row; known += 1) {
            expect([...table.values.subarray(table.at(known), table.at(known) + 3)]).toEqual([
              0, 0, 0,
            ]);
            table.values.fill(known + 1, table.at(known), table.at(known) + 3);
          }
        }
        expect(table.rows).toBe(known);
        for (let row = 0; row < known; row += 1)
          expect(table.values[table.at(row) + 1]).toBe(row + 1);
      }),
    );
    expect(() => new RowTable(3, 300).grow(300)).toThrow(InvariantError);
  });

  it('loads the checkpoint it gave, and no other shape', () => {
    const table = new RowTable(2, 100);
    table.grow(70);
    table.values.forEach((_, at) => (table.values[at] = at));
    const fresh = new RowTable(2, 100);
    fresh.load(table.checkpoint().slice(), table.rows);
    expect(fresh.checkpoint()).toEqual(table.checkpoint());
    expect(() => fresh.load(new Float64Array(3), 2)).toThrow(InvariantError);
  });

  it('is as before wherever random handlers of a family fail', () => {
    const trade = fc.record({
      symbol: fc.integer({ min: 0, max: 3 }),
      price: fc.integer({ min: 1, max: 50 }),
      isFailing: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 40 }), (trades) => {
        let isFailing = false;
        const fault: Fault = (actor, message) => {
          if (isFailing && actor === 'prices' && message === 'trade') throw new Error('x');
        };
        const desk = new ToyDesk({ toys: { fault, quarantineUs: 1 } });
        const rows = () =>
          desk.kernel.slots.flatMap((slot) =>
            slot.type === 'family'
              ? [...new BigUint64Array(slot.rows.checkpoint().slice().buffer)]
              : [],
          );
        for (const { symbol, price, isFailing: fails } of trades) {
          // Far enough apart that no row is ever out.
          desk.advance(11_000_000);
          const before = rows();
          isFailing = fails;
          desk.trade(symbol, price);
          isFailing = false;
          if (fails) expect(rows()).toEqual(before);
          else expect(rows()).not.toEqual(before);
        }
      }),
      { numRuns: 30 },
    );
  });
});

const TABLE = tableOf(TOY_NAMES);

/** What a heap must be like: a list, sorted anew each time, stable. */
class SortedTimers {
  list: TimerSet[] = [];

  add(set: TimerSet): void {
    if (this.list.some((known) => JSON.stringify(known) === JSON.stringify(set))) return;
    this.list = [...this.list, set].toSorted((left, right) => left.dueUs - right.dueUs);
  }

  take(nowUs: number): TimerSet | undefined {
    const [first] = this.list;
    if (first === undefined || first.dueUs > nowUs) return undefined;
    this.list = this.list.slice(1);
    return first;
  }
}

function bare(timer: TimerSet | undefined): TimerSet | undefined {
  if (timer === undefined) return undefined;
  const { actor, dueUs, tag, key } = timer;
  return { actor, dueUs, tag, key };
}

function pick(words: readonly bigint[], at: number): bigint {
  return words[at % words.length] ?? 0n;
}
