import { PRICE_SCALE } from '../../../core/money.ts';
import { OPEN_BAR_TRADES, OPEN_BAR_TURNOVER, OPEN_BAR_VOLUME } from '../bar.ts';
import type { CountedBarKind } from './bar-kind.ts';

/** When a bar that does not live by the clock is complete; what it must know stands in slots. */
export interface BarRule {
  /** Doubles of state behind the bar's own. */
  readonly width: number;
  reset(state: Float64Array, at: number): void;
  /** Of a bar that a part has just been joined to: is it complete? */
  isComplete(state: Float64Array, barAt: number, at: number, part: Float64Array): boolean;
  /** A new bar begins: after a complete one, or after one that the session cut. */
  begin(state: Float64Array, at: number, isAfterComplete: boolean): void;
  /** Whether a corrected part changes what the slots remember, so that they cannot be repaired. */
  readonly remembersParts: boolean;
}

/** Ticks, shares or dollars: the bar counts them anyway. */
export function countedRule({ kind, amount }: CountedBarKind): BarRule {
  const place = PLACES[kind];
  // Dollars are written as a person would; prices are ten-thousandths of them.
  const enough = kind === 'dollar' ? amount * PRICE_SCALE : amount;
  return {
    width: 0,
    remembersParts: false,
    reset: () => undefined,
    begin: () => undefined,

    isComplete(state, barAt) {
      return (state[barAt + place] ?? NaN) >= enough;
    },
  };
}

const PLACES = {
  tick: OPEN_BAR_TRADES,
  volume: OPEN_BAR_VOLUME,
  dollar: OPEN_BAR_TURNOVER,
} as const;
