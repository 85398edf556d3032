import {
  CASH,
  GROSS_EXPOSURE_MAX,
  LIMIT_OFFSET_BPS,
  NOTIONAL_MAX,
  ORDERS_PER_SECOND_MAX,
  POSITIONS_MAX,
} from './rule.ts';

const SECOND_US = 1_000_000;
const CENT = 100;
/** Ten-thousandths in a dollar. */
const SCALE = 10_000;

/** The least that one would not trade without: how many, how much, how fast. */
export class PeerRisk {
  #cash = CASH * SCALE;
  #exposure = 0;
  #positions = 0;
  /** When the last orders were made, oldest first. */
  #recent: number[] = [];

  /** Prices in ten-thousandths. Undefined where the order may not be. */
  entry(
    price: number,
    nowUs: number,
  ): { readonly quantity: number; readonly limitPrice: number } | undefined {
    const exact = price + (price * LIMIT_OFFSET_BPS) / 10_000;
    const limitPrice = Math.ceil(exact / CENT) * CENT;
    const quantity = Math.floor((NOTIONAL_MAX * SCALE) / limitPrice);
    const worth = quantity * limitPrice;
    const equity = this.#cash + this.#exposure;
    this.#recent = this.#recent.filter((atUs) => atUs > nowUs - SECOND_US);
    if (quantity < 1 || this.#positions + 1 > POSITIONS_MAX) return undefined;
    if (worth > this.#cash || this.#exposure + worth > equity * GROSS_EXPOSURE_MAX)
      return undefined;
    if (this.#recent.length + 1 > ORDERS_PER_SECOND_MAX) return undefined;
    this.#recent.push(nowUs);
    this.#positions += 1;
    return { quantity, limitPrice };
  }

  /** Negative where it was sold. */
  filled(quantity: number, price: number): void {
    this.#cash -= quantity * price;
    this.#exposure += quantity * price;
    if (quantity < 0) this.#positions -= 1;
  }
}
