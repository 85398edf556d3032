import { ByteReader, ByteWriter, DecodeError } from '../../core/bytes.ts';
import type { AccountId, SymbolId } from '../../core/ids.ts';
import type { Money } from '../../core/money.ts';
import { index, integer, nested, optional, row, text, unionCodec } from '../../core/record.ts';
import { type AccountBook, addOrder, type BookOptions, createBook } from './account-book.ts';
import { venueOrderFields } from './venue-order.ts';

const VERSION = 1;

const session = { openUs: integer(), closeUs: integer() } as const;

/** Numbers and field order are the format of a saved book: append, never reorder. */
const SAVED = unionCodec({
  account: row(1, {
    version: index(),
    account: text<AccountId>(),
    idPrefix: text(),
    cash: integer<Money>(),
    session: optional(nested(session)),
  }),
  /** The session's day orders have expired. */
  sessionOver: row(2, {}),
  position: row(3, {
    symbol: index<SymbolId>(),
    quantity: integer(),
    cost: integer<Money>(),
    realized: integer<Money>(),
  }),
  order: row(4, venueOrderFields),
  /** Ends the records; the market's columns follow. */
  market: row(5, {}),
});

/** Everything the venue must not forget: the same book gives the same bytes. */
export function saveBook(book: AccountBook): Uint8Array {
  const writer = new ByteWriter();
  SAVED.write(writer, {
    kind: 'account',
    version: VERSION,
    account: book.account,
    idPrefix: book.rules.idPrefix,
    cash: book.cash,
    ...(book.session === undefined ? {} : { session: book.session }),
  });
  if (book.isSessionOver) SAVED.write(writer, { kind: 'sessionOver' });
  for (const [symbol, position] of book.positions) {
    SAVED.write(writer, { kind: 'position', symbol, ...position });
  }
  for (const order of book.orders.values()) SAVED.write(writer, { kind: 'order', ...order });
  SAVED.write(writer, { kind: 'market' });
  book.market.write(writer);
  return writer.copy();
}

/**
 * The book that was saved, under the rules given. Throws `DecodeError` where the bytes are damaged
 * or of another account. What single exchanges quoted is not kept: only the best of them.
 */
export function restoreBook(bytes: Uint8Array, options: BookOptions): AccountBook {
  const book = createBook(options);
  const reader = new ByteReader(bytes);
  for (;;) {
    const at = reader.at;
    const record = SAVED.read(reader);
    switch (record.kind) {
      case 'account':
        if (record.version !== VERSION) throw new DecodeError('unknown version of a book', at);
        if (record.account !== book.account || record.idPrefix !== book.rules.idPrefix) {
          throw new DecodeError(`a book of ${record.idPrefix}, account ${record.account}`, at);
        }
        book.cash = record.cash;
        book.session = record.session;
        break;
      case 'sessionOver':
        book.isSessionOver = true;
        break;
      case 'position': {
        const { symbol, quantity, cost, realized } = record;
        book.positions.set(symbol, { quantity, cost, realized });
        break;
      }
      case 'order': {
        const { kind: _, ...order } = record;
        if (book.orders.has(order.request.clientOrderId)) {
          throw new DecodeError('an order is saved twice', at);
        }
        addOrder(book, { ...order, executions: [...order.executions] });
        break;
      }
      case 'market':
        book.market.read(reader);
        if (!reader.isDone) throw new DecodeError('bytes after the end of a book', reader.at);
        return book;
    }
  }
}
