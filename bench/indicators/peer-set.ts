import type { Walk } from './ten-bars.ts';

/** Every output of the ten, by the names that all sets answer with. */
export const TEN_OUTPUTS = [
  'sma',
  'ema',
  'rsi',
  'macd',
  'signal',
  'histogram',
  'upper',
  'middle',
  'lower',
  'atr',
  'k',
  'd',
  'vwap',
  'obv',
  'adx',
] as const;
export type TenOutput = (typeof TEN_OUTPUTS)[number];
export type TenValues = Readonly<Partial<Record<TenOutput, number>>>;

/** The ten indicators of one symbol in another library, or those of them that it has. */
export interface PeerSet {
  update(walk: Walk, symbol: number, minute: number): void;
  /** An update that answers what came of it. */
  values(walk: Walk, symbol: number, minute: number): TenValues;
}

export interface Peer {
  readonly make: () => PeerSet;
  /** Outputs that start otherwise than TA-Lib's and equal them once that has faded. */
  readonly otherStart: Readonly<Partial<Record<TenOutput, string>>>;
  /** Outputs that are never TA-Lib's, or not there. */
  readonly otherwise: Readonly<Partial<Record<TenOutput, string>>>;
}
