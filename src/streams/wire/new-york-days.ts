import { HOUR } from '../../core/time.ts';
import { newYorkDayNumber } from '../../domain/market/calendar.ts';

/**
 * New York's days by number, for moments that are nearly always of the same hour: midnight and the
 * changes of its clocks fall on whole hours.
 */
export class NewYorkDays {
  #fromUs = 0;
  #toUs = 0;
  #day = 0;

  of(us: number): number {
    if (us < this.#fromUs || us >= this.#toUs) {
      this.#fromUs = Math.floor(us / HOUR) * HOUR;
      this.#toUs = this.#fromUs + HOUR;
      this.#day = newYorkDayNumber(us);
    }
    return this.#day;
  }
}
