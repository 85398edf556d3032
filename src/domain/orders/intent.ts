import type {
  AccountId,
  ClientOrderId,
  SignalId,
  StrategyId,
  SymbolId,
  VenueOrderId,
} from '../../core/ids.ts';
import type { Price, Shares } from '../../core/money.ts';
import { index, integer, oneOf, optional, type RecordOf, text } from '../../core/record.ts';
import { side } from '../market/side.ts';
import { purpose } from '../signals/purpose.ts';

/** What we want to happen, decided and recorded before anything is sent. */
export const intentFields = {
  account: text<AccountId>(),
  clientOrderId: text<ClientOrderId>(),
  strategy: text<StrategyId>(),
  signalId: text<SignalId>(),
  symbol: index<SymbolId>(),
  side,
  purpose,
  quantity: integer<Shares>(),
  type: oneOf('market', 'limit'),
  limitPrice: optional(integer<Price>()),
  timeInForce: oneOf('day', 'ioc'),
  /** The price risk reckoned with: the far side of the quote. Values the reservation. */
  referencePrice: integer<Price>(),
  /** The place of this order among the symbol's orders of this strategy: the id derives from it. */
  sequence: index(),
  /**
   * Where only bars come, an order is filled when the next ones have come. Until then its silence
   * is no reason to ask about it or to cancel it. Absent where there are quotes.
   */
  patientUntilUs: optional(integer()),
} as const;

export type OrderIntent = RecordOf<typeof intentFields>;

/** What goes to the broker of an intent. */
export const orderRequestFields = {
  account: intentFields.account,
  clientOrderId: intentFields.clientOrderId,
  symbol: intentFields.symbol,
  side: intentFields.side,
  quantity: intentFields.quantity,
  type: intentFields.type,
  limitPrice: intentFields.limitPrice,
  timeInForce: intentFields.timeInForce,
} as const;

export type OrderRequest = RecordOf<typeof orderRequestFields>;

export const cancelFields = {
  account: text<AccountId>(),
  clientOrderId: text<ClientOrderId>(),
  venueOrderId: optional(text<VenueOrderId>()),
} as const;

export const replaceFields = {
  account: text<AccountId>(),
  clientOrderId: text<ClientOrderId>(),
  /** The successor's own client order id: it is a new order to the venue. */
  successor: text<ClientOrderId>(),
  quantity: integer<Shares>(),
  limitPrice: integer<Price>(),
} as const;
