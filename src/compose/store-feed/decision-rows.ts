import { PRICE_SCALE } from '../../core/money.ts';
import type { OrderIntent } from '../../domain/orders/intent.ts';
import type { Fact, FactOf } from '../../ports/fact.ts';
import { fills, orders, signals } from '../../store/tables/decisions.ts';
import type { SymbolNames } from './symbol-names.ts';
import { type RowsTaken, TableRows } from './table-rows.ts';
import { Places, type TurnPlace } from './turn-place.ts';

export interface DecisionRowsOptions {
  readonly names: SymbolNames;
  readonly rowsMax: number;
  readonly taken: RowsTaken;
}

/** Risk answers within the turn; what it has not answered by then is written as it is. */
const WAITING_MAX = 10_000;
/** An order that so many came after has long ended; of an older one the side is not told. */
const INTENTS_MAX = 200_000;

type Signalled = FactOf<'signalled'>;

interface WaitingSignal {
  readonly signal: Signalled;
  readonly turn: TurnPlace;
}

/** Signals with risk's answer, orders each time they stand differently, and fills. */
export class DecisionRows {
  readonly #names: SymbolNames;
  readonly #signals: TableRows;
  readonly #orders: TableRows;
  readonly #fills: TableRows;
  readonly #orderPlaces = new Places();
  readonly #fillPlaces = new Places();
  readonly #waiting = new Map<string, WaitingSignal>();
  /** Made in this turn, and not answered in it yet. */
  readonly #fresh = new Set<string>();
  readonly #intents = new Map<string, OrderIntent>();

  constructor({ names, rowsMax, taken }: DecisionRowsOptions) {
    this.#names = names;
    this.#signals = new TableRows(signals, rowsMax, taken);
    this.#orders = new TableRows(orders, rowsMax, taken);
    this.#fills = new TableRows(fills, rowsMax, taken);
  }

  get tables(): readonly TableRows[] {
    return [this.#signals, this.#orders, this.#fills];
  }

  take(fact: Fact, turn: TurnPlace): void {
    switch (fact.kind) {
      case 'signalled':
        keep(this.#waiting, fact.signalId, { signal: fact, turn: { ...turn } }, WAITING_MAX);
        this.#fresh.add(fact.signalId);
        return;
      case 'approved':
        return this.#answer(fact.signalId, 'approved');
      case 'refused':
        return this.#answer(fact.signalId, fact.code);
      case 'intended':
        keep(this.#intents, fact.clientOrderId, fact, INTENTS_MAX);
        return this.#order(fact, { standing: 'intended', venueOrderId: '', reason: '' }, turn);
      case 'stood':
        return this.#stood(fact, turn);
      case 'filled':
        return this.#fill(fact, turn);
    }
  }

  /** What the turn has not answered stands without an answer, until one comes. */
  endTurn(): void {
    if (this.#fresh.size === 0) return;
    for (const signalId of this.#fresh) {
      const waiting = this.#waiting.get(signalId);
      if (waiting !== undefined) this.#signal(waiting, '');
    }
    this.#fresh.clear();
  }

  #answer(signalId: string, outcome: string): void {
    const waiting = this.#waiting.get(signalId);
    if (waiting === undefined) return;
    this.#waiting.delete(signalId);
    this.#fresh.delete(signalId);
    this.#signal(waiting, outcome);
  }

  #signal({ signal, turn }: WaitingSignal, outcome: string): void {
    this.#signals.add([
      signal.atUs,
      turn.session,
      turn.sequence,
      this.#names.of(signal.symbol),
      signal.signalId,
      signal.strategy,
      signal.side,
      signal.purpose,
      signal.value,
      signal.threshold,
      signal.last / PRICE_SCALE,
      signal.stopDistance / PRICE_SCALE,
      signal.reason,
      signal.modelVersion ?? '',
      outcome,
    ]);
  }

  #stood(
    { clientOrderId, symbol, standing, venueOrderId, reason }: FactOf<'stood'>,
    turn: TurnPlace,
  ) {
    const told = { standing, venueOrderId: venueOrderId ?? '', reason: reason ?? '' };
    const intent = this.#intents.get(clientOrderId);
    if (intent !== undefined) return this.#order(intent, told, turn);
    this.#orders.add([
      ...this.#begin(turn, this.#orderPlaces, symbol),
      '',
      clientOrderId,
      told.venueOrderId,
      told.standing,
      '',
      '',
      Number.NaN,
      Number.NaN,
      told.reason,
    ]);
  }

  #order(
    intent: OrderIntent,
    told: { readonly standing: string; readonly venueOrderId: string; readonly reason: string },
    turn: TurnPlace,
  ): void {
    const { limitPrice } = intent;
    this.#orders.add([
      ...this.#begin(turn, this.#orderPlaces, intent.symbol),
      intent.account,
      intent.clientOrderId,
      told.venueOrderId,
      told.standing,
      intent.side,
      intent.type,
      intent.quantity,
      limitPrice === undefined ? Number.NaN : limitPrice / PRICE_SCALE,
      told.reason,
    ]);
  }

  #fill({ account, clientOrderId, symbol, side, execution }: FactOf<'filled'>, turn: TurnPlace) {
    this.#fills.add([
      ...this.#begin(turn, this.#fillPlaces, symbol),
      account,
      clientOrderId,
      execution.executionId,
      side,
      execution.quantity,
      execution.price / PRICE_SCALE,
      execution.venueUs,
    ]);
  }

  #begin(turn: TurnPlace, places: Places, symbol: number): readonly (number | string)[] {
    return [turn.atUs, turn.session, turn.sequence, places.next(turn), this.#names.of(symbol)];
  }
}

/** The oldest goes where there are too many. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.set(key, value);
  if (map.size <= most) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
