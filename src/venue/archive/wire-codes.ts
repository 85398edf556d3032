import { TRADE_EXTENDED } from '../../domain/market/conditions.ts';
import {
  TRADE_HIGH_LOW,
  TRADE_LAST,
  TRADE_OPEN_CLOSE,
  TRADE_REGULAR,
  TRADE_SUSPICIOUS,
  TRADE_VOLUME,
} from '../../domain/market/event-batch.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';

/** `A` New York, `B` the regional exchanges, `C` Nasdaq (venues.md 2.5). */
export type Tape = 'A' | 'B' | 'C';

/** Funds list on Arca; of five companies three on Nasdaq, as trading/asset-table.ts lists them. */
export function tapeOf(listing: ListedSymbol, number: number): Tape {
  if (listing.assetClass !== 'equity') return 'B';
  return number % 5 < 3 ? 'C' : 'A';
}

/** Letters of the consolidated tapes by the number an event carries; 0 and 1 mean the primary. */
export function exchangeCode(exchange: number, tape: Tape): string {
  return exchange <= 1 ? PRIMARY[tape] : (OTHERS[exchange - 2] ?? FINRA);
}

const PRIMARY: Readonly<Record<Tape, string>> = { A: 'N', B: 'P', C: 'Q' };
const FINRA = 'D';
const OTHERS = ['V', 'K', 'J', 'Z', 'Y', 'U', FINRA] as const;

/**
 * Sale conditions whose meaning (domain/market/conditions.ts) is the flags of the trade, so that
 * who builds bars from our letters gets the bars that we build from the flags. A doubtful print
 * goes out as an official close, which may change nothing. Shared arrays: nobody writes to them.
 */
export function tradeConditions(flags: number, isCore: boolean, tape: Tape): readonly string[] {
  const table = tape === 'C' ? NASDAQ : CONSOLIDATED;
  if ((flags & TRADE_SUSPICIOUS) !== 0) return table.statement;
  switch (flags & (TRADE_REGULAR | TRADE_EXTENDED)) {
    case TRADE_REGULAR:
      return table.regular;
    case TRADE_VOLUME:
      return isCore ? table.oddLot : table.oddLotExtended;
    case TRADE_VOLUME | TRADE_EXTENDED:
      return table.extended;
    case TRADE_HIGH_LOW | TRADE_VOLUME:
      return table.outOfSequence;
    case TRADE_HIGH_LOW | TRADE_LAST | TRADE_OPEN_CLOSE:
      return table.corrected;
    default:
      return (flags & TRADE_VOLUME) === 0 ? table.statement : table.oddLot;
  }
}

const NASDAQ = conditionTable('@');
const CONSOLIDATED = conditionTable(' ');

function conditionTable(regular: string) {
  return {
    regular: [regular],
    oddLot: [regular, 'I'],
    oddLotExtended: [regular, 'T', 'I'],
    extended: [regular, 'T'],
    outOfSequence: [regular, 'Z'],
    corrected: [regular, '9'],
    statement: ['M'],
  } as const;
}

/** One entry speaks for both sides: a regular quote. */
export const QUOTE_CONDITIONS: readonly string[] = ['R'];

/** A corrected trade has an id of its own, past those of any day. */
export function correctedId(id: number): number {
  return 1_000_000_000_000 + id;
}
