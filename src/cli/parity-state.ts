import type { StrategyId, SymbolId } from '../core/ids.ts';
import { isTerminal } from '../domain/orders/machine.ts';
import type { RiskBook } from '../domain/risk/book.ts';
import { levelOf } from '../domain/risk/restrictions.ts';
import { Stances } from '../domain/signals/stance.ts';
import type { Fact } from '../ports/fact.ts';
import type { Input } from '../ports/input.ts';

/** Risk's own book, folded from a journal by risk's own code. */
export interface RiskFold {
  readonly book: RiskBook;
  apply(applied: Fact | Input): void;
}

/** How far a session was when it decided: events of its market that it had seen, and its time. */
export interface Place {
  readonly events: number;
  readonly nowUs: number;
}

/** What a decision about a symbol rests on besides the market, as text, so that it compares. */
export interface StateView {
  readonly stance: string;
  readonly layer: string;
  /** Crashes and quarantines of the symbol's rows. */
  readonly row: string;
  readonly slot: string;
  readonly holding: string;
  readonly entries: string;
  readonly halt: string;
  readonly said: string;
  readonly health: string;
  readonly reconciled: string;
  readonly unreconciled: string;
  readonly equity: string;
  /** Cash, equity, positions, exposure: what every symbol has a part in. */
  readonly account: string;
}

export type StatePart = keyof StateView;
/** Parts of which every value is kept, because the other session may ask for any place. */
export type KeptPart = 'stance' | 'layer' | 'row' | 'holding';

interface Change {
  readonly place: Place;
  readonly value: string;
}

/** What the kernel of a recorded session knew, as far as its facts tell. */
export class ParityState {
  readonly #risk: RiskFold;
  readonly #names: (symbol: SymbolId) => string;
  readonly #stances = new Map<string, Stances>();
  readonly #layers = new Map<SymbolId, number>();
  readonly #crashes = new Map<number, number>();
  readonly #history = new Map<string, Change[]>();

  constructor(risk: RiskFold, names: (symbol: SymbolId) => string) {
    this.#risk = risk;
    this.#names = names;
  }

  hear(input: Input, place: Place): void {
    this.#risk.apply(input);
    // What rows had not saved they learn again: after a life ended they are not what they were.
    if (input.kind === 'opened' && input.life > 1) this.#crash(ALL_ROWS, place);
  }

  apply(fact: Fact, place: Place): void {
    this.#risk.apply(fact);
    switch (fact.kind) {
      case 'signalled':
        this.#stanceOf(fact.strategy).touch(fact.symbol);
        return;
      case 'intended':
        this.#stanceOf(fact.strategy).intended(fact.strategy, fact.clientOrderId, fact.symbol);
        return this.#keep(fact.symbol, place);
      case 'filled': {
        const { clientOrderId, symbol, side, execution } = fact;
        for (const stances of this.#stances.values()) {
          stances.filled(clientOrderId, symbol, side, execution.quantity, execution.venueUs);
        }
        return this.#keep(symbol, place);
      }
      case 'stood':
        if (isTerminal(fact.standing)) {
          for (const stances of this.#stances.values()) stances.ended(fact.clientOrderId);
        }
        return this.#keep(fact.symbol, place);
      case 'layerMoved': {
        const { symbol, layer, isMember } = fact;
        const before = this.#layers.get(symbol) ?? 0;
        this.#layers.set(symbol, isMember ? before | (1 << layer) : before & ~(1 << layer));
        return this.#note('layer', '', symbol, place);
      }
      case 'positionAdopted':
        return this.#keep(fact.symbol, place);
      case 'crashed':
      case 'quarantined':
        return this.#crash(fact.row, place);
    }
  }

  view(symbol: SymbolId, strategy: string): StateView {
    const { restrictions, exposure, pace, listings } = this.#risk.book;
    const { halt, isEnding, policies, banned, handsOff, health } = restrictions;
    const { sector } = listings.get(symbol) ?? { sector: '' };
    const account = [
      exposure.cash,
      exposure.equity,
      exposure.positions,
      exposure.freeCash,
      exposure.gross,
      exposure.inSector(sector),
      pace.recent.length,
    ];
    return {
      stance: this.#part('stance', strategy, symbol),
      layer: this.#part('layer', '', symbol),
      row: this.#part('row', '', symbol),
      slot: String(restrictions.slots.has(symbol)),
      holding: this.#part('holding', '', symbol),
      entries: String(pace.entriesOf(symbol)),
      halt: [
        levelOf(halt),
        ...(isEnding ? ['ending'] : []),
        ...[...policies.values()].map(({ name, value }) => `${name} ${value}`).toSorted(),
      ].join(', '),
      said: `${banned.has(symbol)}, ${handsOff.has(symbol)}`,
      health: JSON.stringify([...health].filter(([, state]) => state !== 'up').toSorted()),
      reconciled: String(restrictions.isReconciled),
      unreconciled: String(exposure.unreconciled),
      equity: String(exposure.equity),
      account: account.join(' '),
    };
  }

  /** What a part was when a session had come as far as this. */
  at(part: KeptPart, strategy: string, name: string, place: Place): string {
    const changes = this.#history.get(keyOf(part, strategy, name)) ?? [];
    return changes.findLast((change) => !isAfter(change.place, place))?.value ?? NOTHING[part];
  }

  #part(part: KeptPart, strategy: string, symbol: SymbolId): string {
    switch (part) {
      case 'stance': {
        const stance = this.#stances.get(strategy)?.of(symbol);
        return stance === undefined ? '0/0' : `${stance.quantity}/${stance.openOrders}`;
      }
      case 'layer':
        return String(this.#layers.get(symbol) ?? 0);
      case 'row':
        return String((this.#crashes.get(symbol) ?? 0) + (this.#crashes.get(ALL_ROWS) ?? 0));
      case 'holding': {
        const { exposure } = this.#risk.book;
        const orders = exposure.ordersOf(symbol).map((order) => `${order.side} ${order.remaining}`);
        return [exposure.held(symbol), ...orders].join(', ');
      }
    }
  }

  #keep(symbol: SymbolId, place: Place): void {
    for (const strategy of this.#stances.keys()) this.#note('stance', strategy, symbol, place);
    this.#note('holding', '', symbol, place);
  }

  #crash(row: number, place: Place): void {
    this.#crashes.set(row, (this.#crashes.get(row) ?? 0) + 1);
    for (const { symbol } of this.#risk.book.listings.values()) {
      if (row === ALL_ROWS || Number(symbol) === row) this.#note('row', '', symbol, place);
    }
  }

  #note(part: KeptPart, strategy: string, symbol: SymbolId, place: Place): void {
    const key = keyOf(part, strategy, this.#names(symbol));
    const changes = this.#history.get(key) ?? [];
    const value = this.#part(part, strategy, symbol);
    if ((changes.at(-1)?.value ?? NOTHING[part]) === value) return;
    changes.push({ place, value });
    this.#history.set(key, changes);
  }

  #stanceOf(strategy: StrategyId): Stances {
    const known = this.#stances.get(strategy) ?? new Stances(strategy);
    this.#stances.set(strategy, known);
    return known;
  }
}

const ALL_ROWS = -1;
const NOTHING: Readonly<Record<KeptPart, string>> = {
  stance: '0/0',
  layer: '0',
  row: '0',
  holding: '0',
};

/** Only a stance is a strategy's own. */
function keyOf(part: KeptPart, strategy: string, name: string): string {
  return part === 'stance' ? `${part} ${strategy} ${name}` : `${part} ${name}`;
}

/** The market is the common clock; where it stood still, the sessions' own time is. */
export function isAfter(one: Place, other: Place): boolean {
  return one.events === other.events ? one.nowUs > other.nowUs : one.events > other.events;
}
