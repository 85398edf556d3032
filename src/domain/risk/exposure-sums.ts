import type { SymbolId } from '../../core/ids.ts';
import type { SymbolListing } from '../market/symbols.ts';
import type { Purpose } from '../signals/purpose.ts';

/** An order, as far as it is counted. */
interface Counted {
  readonly symbol: SymbolId;
  readonly purpose: Purpose;
  readonly price: number;
  readonly remaining: number;
  readonly isUnreconciled: boolean;
}

interface Held {
  readonly quantity: number;
  readonly mark: number;
}

/** What is held in one symbol and what entries may add, in size. */
interface InSymbol {
  worth: number;
  entries: number;
  isHeld: boolean;
}

/**
 * The sums over holdings and open orders that risk asks for at every signal, kept as those change.
 * Money is whole, so a sum that was added to and taken from is the sum that a walk finds; what is
 * counted must be taken away as it was added, before it changes.
 */
export class ExposureSums {
  /** Of quantity times mark; shorts count below zero. */
  held = 0;
  /** The shorts of it. */
  short = 0;
  /** Entries that may still be filled, at their worst price. */
  entries = 0;
  /** The size of all holdings, short ones too. */
  holdings = 0;
  unreconciled = 0;
  /** Symbols of entries in which nothing is held. */
  coming = 0;
  readonly #listings: ReadonlyMap<SymbolId, SymbolListing>;
  readonly #inSymbol = new Map<SymbolId, InSymbol>();
  readonly #inSector = new Map<string, number>();

  constructor(listings: ReadonlyMap<SymbolId, SymbolListing>) {
    this.#listings = listings;
  }

  inSector(sector: string): number {
    return this.#inSector.get(sector) ?? 0;
  }

  order({ symbol, purpose, price, remaining, isUnreconciled }: Counted, sign: 1 | -1): void {
    if (isUnreconciled) this.unreconciled += sign;
    if (purpose !== 'entry') return;
    const worth = sign * remaining * price;
    const part = this.#part(symbol);
    this.entries += worth;
    this.#weigh(symbol, part, worth);
    const wasComing = isComing(part);
    part.entries += sign;
    this.coming += isComing(part) - wasComing;
  }

  holding(symbol: SymbolId, { quantity, mark }: Held, sign: 1 | -1): void {
    const worth = sign * quantity * mark;
    const part = this.#part(symbol);
    const size = sign * Math.abs(quantity) * mark;
    this.held += worth;
    if (quantity < 0) this.short += worth;
    this.holdings += size;
    this.#weigh(symbol, part, size);
    const wasComing = isComing(part);
    part.isHeld = sign === 1;
    this.coming += isComing(part) - wasComing;
  }

  /** The symbol has another sector from now on: call it before the listings say so. */
  leaveSector(symbol: SymbolId, next: string): void {
    const worth = this.#inSymbol.get(symbol)?.worth ?? 0;
    if (worth === 0) return;
    this.#add(this.#listings.get(symbol)?.sector, -worth);
    this.#add(next, worth);
  }

  #part(symbol: SymbolId): InSymbol {
    let part = this.#inSymbol.get(symbol);
    if (part === undefined) {
      part = { worth: 0, entries: 0, isHeld: false };
      this.#inSymbol.set(symbol, part);
    }
    return part;
  }

  #weigh(symbol: SymbolId, part: InSymbol, worth: number): void {
    part.worth += worth;
    this.#add(this.#listings.get(symbol)?.sector, worth);
  }

  /** What is not listed is in no sector, not even in the one without a name. */
  #add(sector: string | undefined, worth: number): void {
    if (sector !== undefined) this.#inSector.set(sector, this.inSector(sector) + worth);
  }
}

function isComing({ entries, isHeld }: InSymbol): 0 | 1 {
  return entries > 0 && !isHeld ? 1 : 0;
}
