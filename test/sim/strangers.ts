import { type ClientOrderId, symbolId, textId } from '../../src/core/ids.ts';
import { money, price, shares } from '../../src/core/money.ts';
import type { Random } from '../../src/core/random.ts';
import type { Effect } from '../../src/ports/effect.ts';
import type { Auditor } from './auditor.ts';
import type { BrokerLink } from './broker-link.ts';
import type { Faults } from './faults.ts';
import { ACCOUNT } from './kernel-settings.ts';
import type { WorldAgenda } from './world-agenda.ts';

interface Wallet {
  readonly link: BrokerLink;
  readonly auditor: Auditor;
  readonly faults: Faults;
  readonly agenda: WorldAgenda;
  readonly note: (text: string) => void;
}

/** Whoever else has a hand in the account: at the broker, and never through the engine. */
export class Strangers {
  readonly #random: Random;
  readonly #symbols: number;
  readonly #wallet: Wallet;
  #orders = 0;

  constructor(random: Random, symbols: number, wallet: Wallet) {
    this.#random = random;
    this.#symbols = symbols;
    this.#wallet = wallet;
  }

  /** The engine hears of it as of any order of the account. */
  order(): void {
    const random = this.#random;
    const { auditor, faults, note } = this.#wallet;
    faults.count('strangersOrder');
    this.#orders += 1;
    const id = `by-hand-${this.#orders}`;
    auditor.strangers.add(id);
    const symbol = symbolId(random.below(this.#symbols));
    const side = random.pick(['buy', 'buy', 'sell'] as const);
    const quantity = shares(1 + random.below(40));
    note(`${id}: somebody else wants to ${side} ${quantity} of symbol ${symbol}`);
    const limitPrice = price((15 + random.below(90)) * 10_000);
    const isMarket = random.chance(0.6);
    this.#ask({
      kind: 'submitOrder',
      account: ACCOUNT,
      clientOrderId: textId<ClientOrderId>(id),
      symbol,
      side,
      quantity,
      timeInForce: 'day',
      ...(isMarket ? { type: 'market' } : { type: 'limit', limitPrice }),
    });
  }

  /** Shares or cash come, or go. */
  transfer(): void {
    const random = this.#random;
    const { link, faults, note } = this.#wallet;
    faults.count('transfer');
    if (random.chance(0.5)) {
      const amount = money(random.below(2_000_000) - 1_000_000);
      note(`${amount} ten-thousandths come or go`);
      link.broker.transferCash(amount);
      return;
    }
    const symbol = symbolId(random.below(this.#symbols));
    const quantity = random.below(21) - 10;
    note(`${quantity} shares of symbol ${symbol} come or go`);
    link.broker.transferShares(symbol, quantity, money(quantity * 500_000));
  }

  /** What rests would stand in the way of our own orders, and nothing would ever settle. */
  leave(): void {
    const { link, auditor } = this.#wallet;
    for (const { account, clientOrderId } of link.broker.openOrders()) {
      const isTheirs = auditor.strangers.has(clientOrderId);
      if (isTheirs) this.#ask({ kind: 'cancelOrder', account, clientOrderId });
    }
  }

  #ask(effect: Effect): void {
    const { link, agenda } = this.#wallet;
    const requested = { input: 0, index: 0, requestedUs: agenda.nowUs, effect };
    link.broker.request(requested, link.updates);
  }
}
