import { describe, expect, it } from 'vitest';
import { ROWS_OUT_MAX } from '../../../src/actors/runtime/supervision.ts';
import { InvariantError } from '../../../src/core/assert.ts';
import { rowsOf } from './kernel-state.ts';
import { COUNT, GAPS, LAST, LAYER } from './toy-families.ts';
import { type Fault, ToyError } from './toy-messages.ts';
import { crashesOf, ToyDesk } from './toy-desk.ts';
import { SESSION_OPENS } from './toy-session.ts';

const PRICES = 0;
const SECOND = 1_000_000;
const POISON = 666;

/** Fails the trades of one price, whatever the row. */
const poisoned: Fault = (actor, message, _row, value) => {
  if (actor === 'prices' && message === 'trade' && value === POISON) throw new ToyError('poison');
};

function failing(where: string): Fault {
  return (actor, message) => {
    if (`${actor} ${message}` === where) throw new ToyError(where);
  };
}

describe('a row that crashes', () => {
  it('is put back, the crash is a fact with its words, and its message is not tried again', () => {
    const desk = new ToyDesk({ toys: { fault: poisoned } });
    desk.trade(1, 100);
    const before = rowsOf(present(desk, PRICES));
    desk.takeTurns();
    desk.trade(1, POISON);

    expect(rowsOf(present(desk, PRICES))).toEqual(before);
    const turns = desk.takeTurns();
    const words = { code: 'TOY', message: 'poison' };
    expect(crashesOf(turns)).toEqual([{ actor: PRICES, ordinal: 1, ...words }]);
    expect(turns.flatMap(({ items }) => items)).toEqual([
      { type: 'fact', actor: 255, fact: { kind: 'crashed', actor: 'prices', row: 1, ...words } },
    ]);
    desk.trade(1, 101);
    expect(desk.takeFacts('crashed')).toEqual([]);
    expect(desk.valueOf(PRICES, 1, LAST)).toBe(101);
  });

  it('G1: is out after the fourth crash within ten seconds of input time, and alone', () => {
    const desk = new ToyDesk({ toys: { fault: poisoned, quarantineUs: 60 * SECOND } });
    for (let crash = 1; crash <= 3; crash += 1) desk.trade(1, POISON);
    expect(desk.takeFacts('quarantined')).toEqual([]);
    desk.trade(1, POISON);

    const untilUs = desk.kernel.nowUs + 60 * SECOND;
    expect(desk.takeFacts('quarantined')).toEqual([
      { kind: 'quarantined', actor: 'prices', row: 1, untilUs },
    ]);
    desk.frame({ symbol: 1, price: 100 }, { symbol: 2, price: 100 });
    expect(desk.valueOf(PRICES, 1, COUNT)).toBe(0);
    expect(desk.valueOf(PRICES, 2, COUNT)).toBe(1);
    expect(desk.kernel.deadLetters).toBe(1);
  });

  it('G1: is not out when its crashes lie further apart', () => {
    const desk = new ToyDesk({ toys: { fault: poisoned } });
    for (let crash = 1; crash <= 12; crash += 1) {
      desk.frameAt(desk.kernel.nowUs + 3.4 * SECOND, { symbol: 1, price: POISON });
    }
    const facts = desk.takeFacts();

    expect(facts.filter(({ kind }) => kind === 'crashed')).toHaveLength(12);
    expect(facts.filter(({ kind }) => kind === 'quarantined')).toEqual([]);
  });

  it('G1: comes back by its timer, with a row that has seen nothing but kept decisions', () => {
    const desk = new ToyDesk({ toys: { fault: poisoned, quarantineUs: 60 * SECOND } });
    for (const price of [100, 110, 120]) desk.trade(1, price); // The third mean moves its layer.
    const layer = desk.valueOf(PRICES, 1, LAYER);
    expect(layer).toBe(1);
    for (let crash = 1; crash <= 4; crash += 1) desk.trade(1, POISON);
    desk.takeTurns();
    desk.advance(60 * SECOND - 1);
    expect(desk.takeFacts('lifted')).toEqual([]);
    desk.advance(1);

    expect(desk.takeFacts('lifted')).toEqual([{ kind: 'lifted', actor: 'prices', row: 1 }]);
    expect(desk.valueOf(PRICES, 1, COUNT)).toBe(0);
    expect(desk.valueOf(PRICES, 1, LAYER)).toBe(layer);
    for (let crash = 1; crash <= 3; crash += 1) desk.trade(1, POISON);
    expect(desk.takeFacts('quarantined')).toEqual([]); // A clean record.
    desk.trade(1, 100);
    expect(desk.valueOf(PRICES, 1, COUNT)).toBe(1);
  });

  it('G1: stops new entries when too many rows of its family are out at once', () => {
    const desk = new ToyDesk({ toys: { fault: poisoned }, symbols: ROWS_OUT_MAX + 1 });
    const fail = (symbol: number) => {
      for (let crash = 1; crash <= 4; crash += 1) desk.trade(symbol, POISON);
    };
    for (let symbol = 0; symbol < ROWS_OUT_MAX - 1; symbol += 1) {
      for (let crash = 1; crash <= 4; crash += 1) {
        desk.frameAt(desk.kernel.nowUs, { symbol, price: POISON });
      }
    }
    expect(desk.takeFacts('tradingHalted')).toEqual([]);
    fail(ROWS_OUT_MAX - 1);
    expect(desk.takeFacts('tradingHalted')).toMatchObject([{ code: 'noEntries:prices:ROWS_OUT' }]);
    fail(ROWS_OUT_MAX);
    expect(desk.takeFacts('tradingHalted')).toEqual([]);
  });

  it('keeps a gap of the whole channel from no other row', () => {
    const fault: Fault = (_actor, message, row) => {
      if (message === 'gap' && row === 1) throw new ToyError('gap');
    };
    const desk = new ToyDesk({ toys: { fault } });
    desk.frame({ symbol: -1, price: 0 }, { symbol: 3, price: 100 });

    const gaps = [0, 1, 2, 3].map((row) => desk.valueOf(PRICES, row, GAPS));
    expect(gaps).toEqual([1, 0, 1, 1]);
    expect(desk.valueOf(PRICES, 3, COUNT)).toBe(1);
    expect(desk.takeFacts('crashed')).toHaveLength(1);
  });
});

describe('a family whose sweep crashes', () => {
  it('has set no timer and sent nothing, also before it failed', () => {
    const desk = new ToyDesk({ toys: { fault: failing('prices sessionChanged') } });
    desk.input(SESSION_OPENS);

    expect(desk.takeTurns().map(({ timers, crashes }) => [timers, crashes.length])).toEqual([
      [[], 1],
    ]);
    expect(desk.kernel.timers.size).toBe(0);
  });

  it('is out as a whole, comes back itself, and starts its rows anew', () => {
    const quarantineUs = SECOND;
    const desk = new ToyDesk({ toys: { fault: failing('prices sessionChanged'), quarantineUs } });
    desk.trade(1, 100);
    for (let crash = 1; crash <= 4; crash += 1) desk.input(SESSION_OPENS);
    expect(desk.takeFacts('quarantined')).toMatchObject([{ actor: 'prices', row: -2 }]);
    desk.trade(1, 100);
    expect(desk.valueOf(PRICES, 1, COUNT)).toBe(1);
    desk.advance(quarantineUs);

    expect(desk.takeFacts('lifted')).toEqual([{ kind: 'lifted', actor: 'prices', row: -2 }]);
    expect(desk.kernel.slots.map(({ isOut }) => isOut)).not.toContain(true);
    expect(desk.valueOf(PRICES, 1, COUNT)).toBe(0);
  });

  it('hears the timers of its time out when it is back, so that no chain of timers ends', () => {
    let isFailing = false;
    const fault: Fault = (actor, message) => {
      if (isFailing && actor === 'prices' && message === 'sessionChanged') throw new ToyError('x');
    };
    const desk = new ToyDesk({ toys: { fault, quarantineUs: SECOND } });
    desk.trade(1, 100);
    desk.input(SESSION_OPENS); // A bar every five milliseconds from here on.
    isFailing = true;
    for (let crash = 1; crash <= 4; crash += 1) desk.input(SESSION_OPENS);
    desk.takeTurns();
    desk.advance(SECOND - 1);
    expect(desk.takeFacts('marked')).toEqual([]);
    desk.advance(1);
    desk.trade(1, 100);
    desk.advance(SECOND);
    expect(desk.takeFacts('marked').length).toBeGreaterThan(30);
  });
});

describe('an actor that crashes', () => {
  it('goes on after a crash within its budget, and then to its step of the ladder', () => {
    const desk = new ToyDesk({ toys: { fault: failing('strategy observed') } });
    for (const price of [100, 101]) desk.trade(1, price);
    expect(desk.takeFacts('tradingHalted')).toEqual([]);
    for (const price of [102, 103]) desk.trade(1, price);

    expect(desk.takeFacts('tradingHalted')).toMatchObject([{ code: 'noEntries:strategy:TOY' }]);
    expect(desk.kernel.slots[2]?.isOut).toBe(false);
  });

  it('G3: stops at once where it is of the order path', () => {
    const desk = new ToyDesk({ toys: { fault: failing('risk signal') } });
    for (const price of [100, 101]) desk.trade(1, price);

    const codes = desk.takeFacts('tradingHalted').map((fact) => 'code' in fact && fact.code);
    expect(codes).toEqual(['TOY', 'stop:risk:TOY']);
  });

  it('G3: ends the process when what it decided cannot be applied', () => {
    const desk = new ToyDesk();
    const slot = desk.kernel.slots[4];
    if (slot?.type !== 'actor') throw new Error('execution is not there');
    slot.definition.apply = () => {
      throw new Error('no room');
    };
    desk.trade(1, 100);
    const trade = () => desk.trade(1, 101);

    expect(trade).toThrow(new InvariantError('execution failed to apply intended: no room'));
    expect(trade).toThrow(InvariantError); // And takes nothing more.
  });

  it.each([
    ['an error without a message', Object.assign(new Error('x'), { message: undefined }), 'Error'],
    ['a text', 'just words', 'THROWN'],
    ['nothing', undefined, 'THROWN'],
    ['an object that cannot be text', Object.create(null), 'THROWN'],
    ['an error with a number for a code', Object.assign(new Error('x'), { code: 5 }), 'Error'],
    ['a long message', new RangeError('y'.repeat(5_000)), 'RangeError'],
  ])('is told of %s', (_what, thrown: unknown, code) => {
    const fault: Fault = (actor, message) => {
      if (actor === 'strategy' && message === 'observed') throw thrown;
    };
    const desk = new ToyDesk({ toys: { fault } });
    for (const price of [100, 101]) desk.trade(1, price);
    const [crash] = crashesOf(desk.takeTurns());

    expect(crash?.code).toBe(code);
    expect(crash?.message.length).toBeLessThanOrEqual(200);
  });
});

function present(desk: ToyDesk, place: number) {
  const slot = desk.kernel.slots[place];
  if (slot === undefined) throw new Error(`no actor has place ${place}`);
  return slot;
}
