import { ACTORS } from '../../actors/kernel/actor-table.ts';
import type { Fact } from '../../ports/fact.ts';
import type { Input } from '../../ports/input.ts';

const WHOLE = -1;

/**
 * Which bars of the feed the kernel takes for its own: of the span that it lives by, in the core
 * session, of a symbol whose row is not out. What it makes of them it tells itself; of all others
 * only the feed's word is there.
 */
export class OwnBars {
  readonly #spanUs: number;
  readonly #out = new Set<number>();
  #openUs = 0;
  #closeUs = 0;

  constructor(spanUs: number) {
    this.#spanUs = spanUs;
  }

  input(input: Input): void {
    if (input.kind !== 'sessionChanged') return;
    this.#openUs = input.openUs;
    this.#closeUs = input.closeUs;
  }

  fact(fact: Fact): void {
    if (fact.kind !== 'quarantined' && fact.kind !== 'lifted') return;
    if (fact.actor !== ACTORS[0]) return;
    if (fact.kind === 'quarantined') this.#out.add(fact.row);
    else this.#out.delete(fact.row);
  }

  has(symbol: number, startUs: number, spanUs: number): boolean {
    if (spanUs !== this.#spanUs || this.#out.has(symbol) || this.#out.has(WHOLE)) return false;
    return this.#closeUs === 0 || (startUs >= this.#openUs && startUs < this.#closeUs);
  }
}
