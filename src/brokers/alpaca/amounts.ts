import { type Money, money, parseMoney, parsePrice, type Price, price } from '../../core/money.ts';
import { PRICE_SCALE, type Shares, shares, SHARES_MAX } from '../../core/money.ts';
import { formatMoney } from '../../core/money.ts';

/** A number of shares as the venue writes it, up to nine decimals (venues.md 4.3). */
export interface Quantity {
  /** Towards zero: we trade whole shares, so a fraction is somebody else's. */
  readonly whole: number;
  /** One text for one amount: `40`, `40.0` and `040` are all `40`. */
  readonly text: string;
  readonly isFractional: boolean;
}

export function parseQuantity(text: string): Quantity | undefined {
  const match = /^(-?)0*(\d{1,12})(?:\.(\d{1,12}?)0*)?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', digits = '', rest = ''] = match;
  const fraction = /^0*$/.test(rest) ? '' : `.${rest}`;
  const whole = Number(digits);
  const isNegative = sign === '-' && (whole !== 0 || fraction !== '');
  return {
    whole: isNegative && whole !== 0 ? -whole : whole,
    text: `${isNegative ? '-' : ''}${whole}${fraction}`,
    isFractional: fraction !== '',
  };
}

/** What an order of ours can hold; of a larger one, which is never ours, so much is told. */
export function sharesOf({ whole }: Quantity): Shares {
  return shares(Math.min(Math.max(whole, 0), SHARES_MAX));
}

/** Undefined where it is no price; what lies below a ten-thousandth is rounded, halves up. */
export function parseFillPrice(text: string): Price | undefined {
  const exact = parsePrice(text);
  if (exact !== undefined) return exact;
  const match = /^(\d{1,6})\.(\d{4})(\d)\d*$/.exec(text);
  if (match === null) return undefined;
  const ticks = Number(match[1]) * PRICE_SCALE + Number(match[2]) + (Number(match[3]) >= 5 ? 1 : 0);
  return ticks > 0 ? price(ticks) : undefined;
}

/** As `parseMoney`; what lies below a ten-thousandth is cut. */
export function parseAmount(text: string): Money | undefined {
  const exact = parseMoney(text);
  if (exact !== undefined) return exact;
  const match = /^(-?\d{1,11}\.\d{4})\d+$/.exec(text);
  return match === null ? undefined : parseMoney(match[1] ?? '');
}

/** `231.40`: the venue takes it so, and answers `231.4`. */
export function priceText(value: Price): string {
  return formatMoney(money(value));
}
