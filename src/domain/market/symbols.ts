import { assert, present } from '../../core/assert.ts';
import { type SymbolId, SYMBOLS_MAX, symbolId } from '../../core/ids.ts';

export type AssetClass = 'equity' | 'fund' | 'index' | 'crypto' | 'option';

/** What the engine knows about a symbol before any price. */
export interface SymbolListing {
  readonly symbol: SymbolId;
  /** As the feed writes it: `BRK.B`, `BTC/USD`, `O:SPY251219C00650000`. */
  readonly name: string;
  readonly assetClass: AssetClass;
  /** Empty where there is none. */
  readonly sector: string;
  readonly isTradable: boolean;
}

/**
 * Names and numbers of a session's symbols. A number is the place in first-seen order, so that
 * everything else can be columns; it is journaled and means nothing in another session.
 */
export class SymbolTable {
  readonly #ids = new Map<string, SymbolId>();
  readonly #listings: SymbolListing[] = [];

  get size(): number {
    return this.#listings.length;
  }

  /** Ask before adding what came from outside: adding to a full table stops the engine. */
  get isFull(): boolean {
    return this.size >= SYMBOLS_MAX;
  }

  /** A known name keeps its number and takes the new listing; a new one gets the next number. */
  add(listing: Omit<SymbolListing, 'symbol'>): SymbolId {
    const { name, assetClass, sector, isTradable } = listing;
    assert(isSymbolName(name), `a symbol's name is 1 to 32 printable characters, not "${name}"`);
    const symbol = this.#ids.get(name) ?? symbolId(this.size);
    this.#ids.set(name, symbol);
    this.#listings[symbol] = { symbol, name, assetClass, sector, isTradable };
    return symbol;
  }

  find(name: string): SymbolId | undefined {
    return this.#ids.get(name);
  }

  /** The number must come from this table. */
  listing(symbol: SymbolId): SymbolListing {
    return present(this.#listings[symbol], `the listing of symbol ${symbol}`);
  }

  /** In order of their numbers. */
  names(): readonly string[] {
    return this.#listings.map((listing) => listing.name);
  }
}

/** 1 to 32 printable ASCII characters without spaces: for names that come from outside. */
export function isSymbolName(text: string): boolean {
  return /^[\x21-\x7e]{1,32}$/.test(text);
}

/**
 * A name as text that is safe in a path (also where case is ignored), a URL and an actor's name:
 * `BRK.B` is `brk.b`, `BTC/USD` is `btc_2fusd`. Different names give different texts.
 *
 * Capitals become small, digits and inner `.` and `-` stay, all else is `_` and two hex digits.
 * nact allows `[a-z0-9-$_.+!*'(),]` in names; file systems and URLs less, so less is used.
 *
 * @param name printable ASCII, at least one character.
 */
export function encodeSymbol(name: string): string {
  assert(/^[\x20-\x7e]+$/.test(name), `a symbol's name is printable ASCII, not "${name}"`);
  const isReserved = WINDOWS_DEVICE.test(name);
  let text = '';
  for (let at = 0; at < name.length; at += 1) {
    const character = name.charAt(at);
    // `.`, `..`, a trailing dot and a leading dash mean something to file systems and commands.
    const isInner = at > 0 && at < name.length - 1;
    if (/[A-Z0-9]/.test(character) && !(isReserved && at === 0)) text += character.toLowerCase();
    else if (isInner && (character === '.' || character === '-')) text += character;
    else text += `_${character.charCodeAt(0).toString(16)}`;
  }
  return text;
}

// Windows opens the device, whatever the folder and the extension.
const WINDOWS_DEVICE = /^(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\.|$)/;

/** The name that `encodeSymbol` made this text from; undefined where it made none such. */
export function decodeSymbol(text: string): string | undefined {
  if (!/^(?:[a-z0-9.-]|_[2-7][0-9a-f])+$/.test(text)) return undefined;
  const name = text.replaceAll(/_(..)|([a-z])/g, (_, code?: string, letter?: string) =>
    code === undefined ? (letter ?? '').toUpperCase() : String.fromCharCode(Number(`0x${code}`)),
  );
  // One text per name: what decodes but would be written differently is not ours.
  return /^[\x20-\x7e]+$/.test(name) && encodeSymbol(name) === text ? name : undefined;
}
