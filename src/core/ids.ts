import { assert } from './assert.ts';

declare const brand: unique symbol;
type NumberId<Name extends string> = number & { readonly [brand]: Name };
type TextId<Name extends string> = string & { readonly [brand]: Name };

/** Place of a symbol in the session's table: first-seen order, journaled, meaningless elsewhere. */
export type SymbolId = NumberId<'SymbolId'>;
export type AccountId = TextId<'AccountId'>;
export type SessionId = TextId<'SessionId'>;
export type StrategyId = TextId<'StrategyId'>;
export type SignalId = TextId<'SignalId'>;
/** Ours, known before the order is sent; how we ask about an order whose fate is unknown. */
export type ClientOrderId = TextId<'ClientOrderId'>;
/** The venue's, known only after it answered. */
export type VenueOrderId = TextId<'VenueOrderId'>;
export type ExecutionId = TextId<'ExecutionId'>;

export const SYMBOLS_MAX = 65_536;

export function symbolId(index: number): SymbolId {
  assert(Number.isInteger(index) && index >= 0 && index < SYMBOLS_MAX, 'a symbol id is an index');
  return index as SymbolId;
}

/**
 * Reads text as an id of the wanted kind. Ids are opaque; the one rule is that they are short,
 * printable and without spaces, so that they survive every wire and every log.
 */
export function textId<Id extends string>(text: string): Id {
  // An id is made for every signal and order, so the words are only made when they are needed.
  if (!isIdText(text)) assert(false, `an id is 1 to 128 printable characters, not "${text}"`);
  return text as Id;
}

const ID_LENGTH_MAX = 128;

/** A loop, because it runs for every id that is made: an expression takes four times as long. */
export function isIdText(text: string): boolean {
  if (text.length === 0 || text.length > ID_LENGTH_MAX) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x21 || code > 0x7e) return false;
  }
  return true;
}
