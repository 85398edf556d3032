/** In the order in which a subscription is acknowledged (venues.md 2.3). */
export const STOCK_CHANNELS = [
  'trades',
  'quotes',
  'bars',
  'updatedBars',
  'dailyBars',
  'statuses',
  'lulds',
  'imbalances',
  'corrections',
  'cancelErrors',
] as const;

export const NEWS_CHANNELS = ['news'] as const;

export type DataChannel = (typeof STOCK_CHANNELS)[number] | (typeof NEWS_CHANNELS)[number];

/** Channels of other feeds: asking for one here is error 410, not a misspelling. */
export const OTHER_CHANNELS: readonly string[] = [...STOCK_CHANNELS, 'news', 'orderbooks'];

export type DataFeed = 'iex' | 'sip' | 'delayed_sip' | 'test' | 'news';

export interface DataEndpoint {
  readonly path: string;
  readonly feed: DataFeed;
  readonly channels: readonly DataChannel[];
}

/** venues.md 2.1, the stock and news part of it: crypto and options have no place here. */
export const DATA_ENDPOINTS: readonly DataEndpoint[] = [
  { path: '/v2/iex', feed: 'iex', channels: STOCK_CHANNELS },
  { path: '/v2/sip', feed: 'sip', channels: STOCK_CHANNELS },
  { path: '/v2/delayed_sip', feed: 'delayed_sip', channels: STOCK_CHANNELS },
  { path: '/v2/test', feed: 'test', channels: STOCK_CHANNELS },
  { path: '/v1beta1/news', feed: 'news', channels: NEWS_CHANNELS },
];

export type Plan = 'basic' | 'plus';

/** The free plan has IEX alone (2.4); everyone has the test stream, delayed prices and news. */
export function isInPlan(feed: DataFeed, plan: Plan): boolean {
  return plan === 'plus' || feed !== 'sip';
}
