import type { SessionView } from '../../cli/session-view.ts';
import { SECOND } from '../../core/time.ts';

/** After the close, fills and the last bars may still come. Market time. */
const CLOSING_US = 90 * SECOND;

/** Tells when the core session that was traded is over, and what follows from it has come. */
export class MarketEnd {
  #hasTraded = false;
  #closedUs = Number.POSITIVE_INFINITY;

  isOver(phase: SessionView['phase'], nowUs: number): boolean {
    if (phase === 'core') {
      this.#hasTraded = true;
      this.#closedUs = Number.POSITIVE_INFINITY;
      return false;
    }
    if (!this.#hasTraded) return false;
    this.#closedUs = Math.min(this.#closedUs, nowUs);
    return nowUs >= this.#closedUs + CLOSING_US;
  }
}
