import { ctaFlags, NO_CONDITION, utpFlags } from '../../../domain/market/conditions.ts';
import {
  TRADE_HIGH_LOW,
  TRADE_OPEN_CLOSE,
  TRADE_VOLUME,
} from '../../../domain/market/event-batch.ts';
import type { Answer } from '../../rest/answer.ts';
import { polygonPage } from './polygon-cursor.ts';
import { PolygonQuery } from './polygon-query.ts';
import { get, okBody, type PolygonRequest, type PolygonRoute } from './polygon-route.ts';
import { EXCHANGE_ROWS } from './exchange-rows.ts';

/** What the numbers on trades and quotes mean (venues.md 6.2). */
export function codeRoutes(): readonly PolygonRoute[] {
  return [
    get('/v3/reference/exchanges', (request) => exchanges(request)),
    get('/v3/reference/conditions', (request) => conditions(request)),
  ];
}

const ASSET_CLASSES = ['stocks', 'options', 'crypto', 'fx', 'futures'] as const;

function exchanges(request: PolygonRequest): Answer {
  const query = new PolygonQuery(request);
  const assetClass = query.reader.choice('asset_class', ASSET_CLASSES, 'stocks');
  const locale = query.reader.choice('locale', ['us', 'global'] as const, 'us');
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const results = assetClass === 'stocks' && locale === 'us' ? EXCHANGE_ROWS : [];
  return okBody(request, { count: results.length, results });
}

function conditions(request: PolygonRequest): Answer {
  const query = new PolygonQuery(request);
  const assetClass = query.reader.choice('asset_class', ASSET_CLASSES, 'stocks');
  const type = query.reader.text('data_type');
  const id = query.reader.text('id');
  const sip = query.reader.text('sip');
  query.reader.choice(
    'sort',
    ['asset_class', 'id', 'type', 'name', 'data_types', 'legacy'] as const,
    'id',
  );
  const isDescending = query.isDescending('asc');
  const limit = query.reader.integer('limit', 1_000, 10);
  const { refusal } = query;
  if (refusal !== undefined) return refusal;
  const rows = (assetClass === 'stocks' ? CONDITIONS : [])
    .filter((row) => type === undefined || row.data_types.some((known) => known === type))
    .filter((row) => id === undefined || String(row.id) === id)
    .filter((row) => sip === undefined || Object.hasOwn(row.sip_mapping, sip));
  const ordered = isDescending ? rows.toReversed() : rows;
  const keyOf = (row: (typeof CONDITIONS)[number]) => `${row.type}-${row.id}`;
  const page = polygonPage(request, query.paged, ordered, { limit, keyOf });
  return okBody(request, { count: page.rows.length, results: page.rows, ...page.next });
}

/** Sale conditions: their letters on tapes A and B, and on C; without one it is not used there. */
const SALES: readonly (readonly [id: number, name: string, cta: string, utp: string])[] = [
  [1, 'Acquisition', '', 'A'],
  [2, 'Average Price Trade', 'B', 'W'],
  [3, 'Automatic Execution', 'E', ''],
  [4, 'Bunched Trade', '', 'B'],
  [5, 'Bunched Sold Trade', '', 'G'],
  [7, 'Cash Sale', 'C', 'C'],
  [8, 'Closing Prints', '', '6'],
  [9, 'Cross Trade', 'X', 'X'],
  [10, 'Derivatively Priced', '4', '4'],
  [11, 'Distribution', '', 'D'],
  [12, 'Form T/Extended Hours', 'T', 'T'],
  [13, 'Extended Hours (Sold Out Of Sequence)', 'U', 'U'],
  [14, 'Intermarket Sweep', 'F', 'F'],
  [15, 'Market Center Official Close', 'M', 'M'],
  [16, 'Market Center Official Open', 'Q', 'Q'],
  [17, 'Market Center Opening Trade', 'O', ''],
  [18, 'Market Center Reopening Trade', '5', ''],
  [19, 'Market Center Closing Trade', '6', ''],
  [20, 'Next Day', 'N', 'N'],
  [21, 'Price Variation Trade', 'H', 'H'],
  [22, 'Prior Reference Price', 'P', 'P'],
  [23, 'Rule 155 Trade (AMEX)', 'K', 'K'],
  [25, 'Opening Prints', '', 'O'],
  [27, 'Stopped Stock (Regular Trade)', '', '1'],
  [28, 'Re-Opening Prints', '', '5'],
  [29, 'Seller', 'R', 'R'],
  [30, 'Sold Last', 'L', 'L'],
  [32, 'Sold (Out of Sequence)', 'Z', 'Z'],
  [34, 'Split Trade', '', 'S'],
  [36, 'Yellow Flag Regular Trade', '', 'Y'],
  [37, 'Odd Lot Trade', 'I', 'I'],
  [38, 'Corrected Consolidated Close (per listing market)', '9', '9'],
  [52, 'Contingent Trade', 'V', 'V'],
  [53, 'Qualified Contingent Trade', '7', '7'],
];

const QUOTES: readonly (readonly [id: number, name: string, letter: string])[] = [
  [1, 'Regular, Two-Sided Open', 'R'],
  [20, 'Non Firm Quote', 'N'],
];

const CONDITIONS = [
  ...SALES.map(([id, name, cta, utp]) => ({
    id,
    type: 'sale_condition',
    name,
    asset_class: 'stocks',
    sip_mapping: { ...(cta === '' ? {} : { CTA: cta }), ...(utp === '' ? {} : { UTP: utp }) },
    update_rules: rulesOf(cta, utp),
    data_types: ['trade'],
  })),
  ...QUOTES.map(([id, name, letter]) => ({
    id,
    type: 'quote_condition',
    name,
    asset_class: 'stocks',
    sip_mapping: { CTA: letter, UTP: letter },
    update_rules: undefined,
    data_types: ['nbbo'],
  })),
];

/** By the tables of the tapes; a single market center follows the same here. */
function rulesOf(cta: string, utp: string) {
  const flags = utp === '' ? flagsOf(cta, ctaFlags) : flagsOf(utp, utpFlags);
  const rules = {
    updates_high_low: (flags & TRADE_HIGH_LOW) !== 0,
    updates_open_close: (flags & TRADE_OPEN_CLOSE) !== 0,
    updates_volume: (flags & TRADE_VOLUME) !== 0,
  };
  return { consolidated: rules, market_center: rules };
}

function flagsOf(letter: string, read: (code: number) => number): number {
  return NO_CONDITION & read(letter.charCodeAt(0));
}
