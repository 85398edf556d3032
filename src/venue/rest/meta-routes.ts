import { type Answer, badParameter, notFound, ok } from './answer.ts';
import { QueryReader } from './query-reader.ts';
import type { RestRequest, Route } from './route.ts';

/** What the letters on trades and quotes mean (venues.md 5). */
export function metaRoutes(): readonly Route[] {
  const path = '/v2/stocks/meta';
  return [
    { method: 'GET', path: `${path}/exchanges`, side: 'data', handle: () => ok(EXCHANGES) },
    {
      method: 'GET',
      path: `${path}/conditions/{}`,
      side: 'data',
      handle: (request, [kind = '']) => conditions(request, kind),
    },
  ];
}

function conditions({ query }: RestRequest, kind: string): Answer {
  const reader = new QueryReader(query);
  const tape = reader.choice('tape', ['A', 'B', 'C', 'N', 'O'], 'A');
  if (reader.fault !== undefined) return reader.fault;
  if (reader.text('tape') === undefined) return badParameter('tape is required');
  if (kind === 'quote') return ok(QUOTES);
  if (kind !== 'trade') return notFound(`no conditions of ${kind}`);
  return ok(tape === 'A' || tape === 'B' ? TRADES_CONSOLIDATED : TRADES_NASDAQ);
}

const EXCHANGES = {
  A: 'NYSE American (AMEX)',
  B: 'NASDAQ OMX BX',
  C: 'National Stock Exchange',
  D: 'FINRA ADF',
  H: 'MIAX',
  I: 'International Securities Exchange',
  J: 'Cboe EDGA',
  K: 'Cboe EDGX',
  L: 'Long Term Stock Exchange',
  M: 'Chicago Stock Exchange',
  N: 'New York Stock Exchange',
  P: 'NYSE Arca',
  Q: 'NASDAQ OMX',
  S: 'NASDAQ Small Cap',
  T: 'NASDAQ Int',
  U: 'Members Exchange',
  V: 'IEX',
  W: 'CBOE',
  X: 'NASDAQ OMX PSX',
  Y: 'Cboe BYX',
  Z: 'Cboe BZX',
} as const;

const TRADES_CONSOLIDATED = {
  ' ': 'Regular Sale',
  '4': 'Derivatively Priced',
  '5': 'Market Center Reopening Trade',
  '6': 'Market Center Closing Trade',
  '7': 'Qualified Contingent Trade',
  '9': 'Corrected Consolidated Close Price as per Listing Market',
  B: 'Average Price Trade',
  C: 'Cash Trade (Same Day Clearing)',
  E: 'Automatic Execution',
  F: 'Inter-market Sweep Order',
  H: 'Price Variation Trade',
  I: 'Odd Lot Trade',
  K: 'Rule 127 (NYSE only) or Rule 155 (NYSE American only)',
  L: 'Sold Last (Late Reporting)',
  M: 'Market Center Official Close',
  N: 'Next Day Trade (Next Day Clearing)',
  O: 'Market Center Opening Trade',
  P: 'Prior Reference Price',
  Q: 'Market Center Official Open',
  R: 'Seller',
  T: 'Extended Hours Trade',
  U: 'Extended Hours Sold (Out Of Sequence)',
  V: 'Contingent Trade',
  X: 'Cross Trade',
  Z: 'Sold (Out Of Sequence)',
} as const;

const TRADES_NASDAQ = {
  '@': 'Regular Sale',
  '1': 'Stopped Stock (Regular Trade)',
  '4': 'Derivatively Priced',
  '5': 'Re-Opening Prints',
  '6': 'Closing Prints',
  '7': 'Qualified Contingent Trade',
  '9': 'Corrected Consolidated Close (per listing market)',
  A: 'Acquisition',
  B: 'Bunched Trade',
  C: 'Cash Sale',
  D: 'Distribution',
  F: 'Intermarket Sweep',
  G: 'Bunched Sold Trade',
  H: 'Price Variation Trade',
  I: 'Odd Lot Trade',
  K: 'Rule 155 Trade (AMEX)',
  L: 'Sold Last',
  M: 'Market Center Official Close',
  N: 'Next Day',
  O: 'Opening Prints',
  P: 'Prior Reference Price',
  Q: 'Market Center Official Open',
  R: 'Seller',
  S: 'Split Trade',
  T: 'Form T',
  U: 'Extended trading hours (Sold Out of Sequence)',
  V: 'Contingent Trade',
  W: 'Average Price Trade',
  X: 'Cross Trade',
  Y: 'Yellow Flag Regular Trade',
  Z: 'Sold (out of sequence)',
} as const;

const QUOTES = {
  A: 'Slow Quote Offer Side',
  B: 'Slow Quote Bid Side',
  F: 'Fast Trading',
  H: 'Slow Quote Bid And Offer Side',
  N: 'Non Firm Quote',
  O: 'Opening Quote',
  R: 'Regular, Two-Sided Open Quote',
} as const;
