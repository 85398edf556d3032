import { assert } from '../../core/assert.ts';
import { Hash64 } from '../../core/hash.ts';
import {
  type AccountId,
  type ClientOrderId,
  type SessionId,
  type StrategyId,
  textId,
} from '../../core/ids.ts';

/** Venues differ: Alpaca took 48 before it took 128 (venues.md 4.3). */
export const CLIENT_ORDER_ID_MAX = 48;

export interface ClientOrderIdParts {
  readonly account: AccountId;
  readonly session: SessionId;
  /** Changes only when a journal was lost, never on recovery. */
  readonly epoch: number;
  readonly strategy: StrategyId;
  readonly symbolName: string;
  /** The place of the order among the symbol's orders of this strategy. */
  readonly sequence: number;
}

/**
 * A pure function of what an order is, so that a recovery which decides nothing again and a
 * repeat that should not be both name the same order: `momentum.AAPL.0f3a6c51d2e84b97.12`.
 *
 * Strategy and symbol are there for the reader and are cut to fit. What tells ids apart is the
 * 64-bit hash of all parts but the sequence, and the sequence itself, in full after the last dot:
 * of one strategy and symbol no two ids are ever equal.
 */
export function clientOrderId(parts: ClientOrderIdParts): ClientOrderId {
  return numbered(seriesOf(parts), parts.sequence);
}

/** The same for one owner, whose ids are made on the way of an order: what they share is kept. */
export class ClientOrderIds {
  readonly #owner: IdOwner;
  readonly #series = new Map<StrategyId, Map<string, string>>();

  constructor({ account, session, epoch }: IdOwner) {
    this.#owner = { account, session, epoch };
  }

  of(strategy: StrategyId, symbolName: string, sequence: number): ClientOrderId {
    let ofStrategy = this.#series.get(strategy);
    if (ofStrategy === undefined) this.#series.set(strategy, (ofStrategy = new Map()));
    let series = ofStrategy.get(symbolName);
    if (series === undefined) {
      series = seriesOf({ ...this.#owner, strategy, symbolName });
      ofStrategy.set(symbolName, series);
    }
    return numbered(series, sequence);
  }
}

type IdOwner = Pick<ClientOrderIdParts, 'account' | 'session' | 'epoch'>;

/** All but the sequence. */
function seriesOf(parts: Omit<ClientOrderIdParts, 'sequence'>): string {
  assert(Number.isInteger(parts.epoch) && parts.epoch >= 0, 'an epoch counts from 0');
  return `${plain(parts.strategy, 10)}.${plain(parts.symbolName, 8)}.${originOf(parts)}.`;
}

function numbered(series: string, sequence: number): ClientOrderId {
  assert(
    Number.isInteger(sequence) && sequence >= 0 && sequence <= SEQUENCE_MAX,
    'the sequence of an order fits in 32 bits',
  );
  const id = `${series}${sequence}`;
  // 10 + 8 + 16 + 10 digits and three dots: 47.
  assert(id.length <= CLIENT_ORDER_ID_MAX, 'a client order id fits every venue');
  return textId<ClientOrderId>(id);
}

const SEQUENCE_MAX = 0xffff_ffff;

/**
 * Has an id the form that we give to ours? An order in our account under such an id is no order of
 * a person: if this session does not know it, it is of another session or of a journal that was
 * lost.
 */
export function isOwnForm(clientOrderId: string): boolean {
  return OWN_FORM.test(clientOrderId);
}

const OWN_FORM = /^[A-Za-z0-9_-]{0,10}\.[A-Za-z0-9_-]{0,8}\.[0-9a-f]{16}\.\d{1,10}$/;

/** Each text is hashed with its length, so that moving a letter to the next part is seen. */
function originOf({
  account,
  session,
  epoch,
  strategy,
  symbolName,
}: Omit<ClientOrderIdParts, 'sequence'>): string {
  const hash = new Hash64();
  hash.text(account);
  hash.text(session);
  hash.int(epoch);
  hash.int(Math.floor(epoch / 4_294_967_296));
  hash.text(strategy);
  hash.text(symbolName);
  return hash.hex();
}

function plain(text: string, lengthMax: number): string {
  const cut = text.slice(0, lengthMax);
  return PLAIN.test(cut) ? cut : cut.replaceAll(/[^A-Za-z0-9-]/g, '_');
}

const PLAIN = /^[A-Za-z0-9-]*$/;
