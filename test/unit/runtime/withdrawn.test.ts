import { describe, expect, it } from 'vitest';
import { Hash64 } from '../../../src/core/hash.ts';
import { type AccountId, type ClientOrderId, symbolId, textId } from '../../../src/core/ids.ts';
import { price, shares } from '../../../src/core/money.ts';
import { Kernel } from '../../../src/actors/runtime/kernel.ts';
import { Sequencer } from '../../../src/actors/runtime/sequencer.ts';
import type { AnyActor } from '../../../src/actors/runtime/slot.ts';
import type { OrderIntent } from '../../../src/domain/orders/intent.ts';
import type { Fact } from '../../../src/ports/fact.ts';
import type { Input } from '../../../src/ports/input.ts';

const ACCOUNT = textId<AccountId>('paper');
const ENTRY = textId<ClientOrderId>('entry');
const EXIT = textId<ClientOrderId>('exit');

function intentOf(clientOrderId: ClientOrderId, purpose: OrderIntent['purpose']): OrderIntent {
  return {
    account: ACCOUNT,
    clientOrderId,
    strategy: textId('toy'),
    signalId: textId(`signal-${clientOrderId}`),
    symbol: symbolId(0),
    side: purpose === 'entry' ? 'buy' : 'sell',
    purpose,
    quantity: shares(100),
    type: 'market',
    timeInForce: 'day',
    referencePrice: price(100_000),
    sequence: 0,
  };
}

const HALTED: Fact = {
  kind: 'tradingHalted',
  account: ACCOUNT,
  level: 'noEntries',
  code: 'TEST',
  reason: 'test',
  by: 'test',
};
const CANCELLED: Fact = {
  kind: 'cancelAsked',
  clientOrderId: EXIT,
  symbol: symbolId(0),
  reason: 'test',
};

/** Does what its last command says: trades, halts, cancels. */
const trader: AnyActor = {
  name: 'trader',
  restart: { restartsMax: 0, withinUs: 1, then: 'stop', quarantineUs: 0 },
  isOrderPath: true,
  hears: ['commanded'],
  applies: [],
  initial: () => undefined,
  apply: () => undefined,
  condense: () => [],
  decide(_state, message, turn) {
    const isCommand = typeof message === 'object' && message !== null && 'verb' in message;
    const verb = isCommand ? message.verb : '';
    if (verb === 'halt') return [HALTED];
    if (verb === 'cancelAll') return [CANCELLED];
    const facts: Fact[] = [];
    for (const intent of [intentOf(ENTRY, 'entry'), intentOf(EXIT, 'exit')]) {
      const { account, clientOrderId, symbol, side, quantity, type, timeInForce } = intent;
      const terms = { account, clientOrderId, symbol, side, quantity, type, timeInForce };
      turn.request({ kind: 'submitOrder', ...terms });
      facts.push({ kind: 'intended', ...intent });
    }
    return facts;
  },
};

/** A sequencer whose journal becomes safe when it is told to. */
class HeldDesk {
  readonly left: string[] = [];
  readonly back: string[] = [];
  #isSafe = false;
  readonly #sequencer: Sequencer;

  constructor() {
    const { left, back } = this;
    this.#sequencer = new Sequencer({
      kernel: new Kernel({
        definitions: [trader],
        rowsMax: 1,
        messagesMax: 10,
        policy: { orderPathFailed: () => [], escalated: () => [] },
      }),
      journal: {
        append: () => undefined,
        flush: () => undefined,
        mark: () => 0,
        isDurable: () => this.#isSafe,
        requestSync: () => undefined,
      },
      router: {
        dispatch: ({ effect }) => left.push('clientOrderId' in effect ? effect.clientOrderId : ''),
        withdraw: ({ effect }) => back.push('clientOrderId' in effect ? effect.clientOrderId : ''),
      },
      observers: [],
      framesMax: 1,
      hash: new Hash64(),
      sequence: 0,
    });
  }

  command(verb: Extract<Input, { kind: 'commanded' }>['verb']): this {
    const said = { account: ACCOUNT, by: 'test', reason: 'test' };
    this.#sequencer.accept({ kind: 'commanded', commandId: 'c', verb, ...said }, 1);
    return this;
  }

  becomeSafe(): this {
    this.#isSafe = true;
    this.#sequencer.releaseDurable();
    return this;
  }
}

describe('I6: an order that waits for the disk', () => {
  it('leaves once it is safe, if nothing came between', () => {
    expect(new HeldDesk().command('flatten').becomeSafe().left).toEqual([ENTRY, EXIT]);
  });

  it('does not leave after a halt if it is an entry, and is said to have been taken back', () => {
    const desk = new HeldDesk().command('flatten').command('halt').becomeSafe();

    expect(desk.left).toEqual([EXIT]);
    expect(desk.back).toEqual([ENTRY]);
  });

  it('does not leave after it was cancelled', () => {
    const desk = new HeldDesk().command('flatten').command('cancelAll').becomeSafe();

    expect(desk.left).toEqual([ENTRY]);
    expect(desk.back).toEqual([EXIT]);
  });

  it('that was safe at once has left before the halt', () => {
    const desk = new HeldDesk().becomeSafe().command('flatten').command('halt');

    expect(desk.left).toEqual([ENTRY, EXIT]);
    expect(desk.back).toEqual([]);
  });
});
