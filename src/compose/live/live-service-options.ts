import type { Config } from '../../cli/config-schema.ts';
import type { Input } from '../../ports/input.ts';
import type { MarketSink } from '../../ports/live-market.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import type { Alert } from '../small-services.ts';
import type { SessionSeries } from '../store-feed/session-series.ts';
import type { LivePlace } from './live-place.ts';

/** What the services of a live session are made of, and whom they talk to. */
export interface LiveServiceOptions {
  readonly place: LivePlace;
  readonly config: Config;
  /** Where models are looked for; left out: those that are shipped. */
  readonly modelFolders?: readonly string[] | undefined;
  readonly symbols: readonly ListedSymbol[];
  /** From this time on bars were missed: the last that the kernel has, or the day's opening. */
  readonly missedSinceUs: () => number;
  /** Is the core session on? Outside of it a feed may well be silent. */
  readonly isOpen: () => boolean;
  readonly sink: MarketSink;
  readonly enter: (input: Input) => void;
  readonly alert: (alert: Alert) => void;
  /** Left out: rows are kept nowhere but in the journal. */
  readonly series?: SessionSeries | undefined;
}
