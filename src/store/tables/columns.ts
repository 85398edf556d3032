import type { ColumnDeclaration } from '../../ports/time-series.ts';

export const SYMBOL: ColumnDeclaration = {
  name: 'symbol',
  kind: 'symbol',
  tells: 'as the exchange lists it',
  symbolCapacity: 16_384,
};

/** A simulated market is a feed of its own, so it never stands among real prices. */
export const FEED: ColumnDeclaration = {
  name: 'feed',
  kind: 'symbol',
  tells: 'sip, iex, or the seeded market that made it',
};

export const SESSION: ColumnDeclaration = {
  name: 'session',
  kind: 'symbol',
  tells: 'id of the session that decided it',
  symbolCapacity: 4_096,
};

/** Sequence of the journal's record: with the session it names the very turn. */
export const SEQUENCE: ColumnDeclaration = {
  name: 'sequence',
  kind: 'whole',
  tells: "number of the journal's record",
};

/** Several of a kind in one turn. */
export const PLACE: ColumnDeclaration = {
  name: 'place',
  kind: 'whole',
  tells: 'counts those of one turn',
};
