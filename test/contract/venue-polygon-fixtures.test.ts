import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningVenue, runVenue } from '../../src/venue/process/run-venue.ts';
import { officialClient, type OfficialSocket, POLYGON_KEY } from '../polygon-client.ts';
import { VenueAdmin } from '../venue-client.ts';
import { until, type VenueMessage } from '../venue-socket.ts';

const GOLDEN = join(import.meta.dirname, '..', 'golden', 'polygon-venue');
// Real payloads lie outside the repository.
const DATA = join(process.env['STRATA_DATA'] ?? '../shared/data', 'fixtures', 'polygon_rest');
const HOUR_US = 3_600_000_000;

/** What stands under each path of a body: `results[].p: number`. Lists are one of their rows. */
function shapeOf(value: unknown, at = ''): ReadonlyMap<string, string> {
  const shape = new Map<string, string>();
  if (Array.isArray(value)) {
    shape.set(at, 'list');
    for (const row of value)
      for (const [key, type] of shapeOf(row, `${at}[]`)) shape.set(key, type);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      for (const [path, type] of shapeOf(one, `${at}.${key}`)) shape.set(path, type);
    }
  } else shape.set(at, typeof value);
  return shape;
}

function sorted(shape: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...shape].toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** A day with everything in it: after hours, with a trade taken back and one changed. */
let venue: RunningVenue;
let client: OfficialSocket;
beforeAll(async () => {
  venue = await runVenue({
    seed: 6,
    symbols: 40,
    atUsOfDay: 9.6 * HOUR_US,
    isPaused: true,
    extendedHours: true,
  });
  const admin = new VenueAdmin(venue.adminUrl);
  client = await officialClient(venue.polygonStreamUrl, 'T.*,Q.*,A.*,AM.*,LULD.*');
  const told = async (hours: number) => {
    await admin.chaos('clockStep', { us: hours * HOUR_US });
    const { clock } = await admin.state();
    await until(
      async () => (await admin.state()).market.reachedUs >= clock.marketUs,
      'the time',
      60_000,
    );
  };
  await told(1);
  // Every kind of event has been told: the rest of the day would be too much of it.
  await until(() => client.of('LULD').length > 0, 'a band', 30_000);
  client.end();
  await told(6);
  await admin.chaos('correction', { symbol: 'SEMKT' });
  await told(0.01);
  await admin.chaos('lateTrade', { symbol: 'SEMKT', ageMs: 1_000 });
}, 120_000);
afterAll(() => venue.close());

const STREAM: Readonly<Record<string, VenueMessage>> = JSON.parse(
  readFileSync(join(GOLDEN, 'stream.json'), 'utf8'),
);

describe('messages of the Polygon stream', () => {
  it.each(Object.entries(STREAM))(
    'of the kind %s have the documented keys and types',
    (ev, one) => {
      const ours = client.of(ev);

      expect(ours.length).toBeGreaterThan(0);
      expect(sorted(shapeOf(ours))).toEqual(sorted(shapeOf([one])));
    },
  );

  it('are of no other kind', () => {
    expect(new Set(client.messages.map(({ ev }) => ev))).toEqual(new Set(Object.keys(STREAM)));
  });
});

const REST: readonly { readonly path: string; readonly body: unknown }[] = JSON.parse(
  readFileSync(join(GOLDEN, 'rest.json'), 'utf8'),
);

describe('bodies of the Polygon REST', () => {
  it.each(REST)('have the documented keys and types: $path', async ({ path, body }) => {
    const ours = await ask(await pathOf(path));

    expect(sorted(shapeOf(ours))).toEqual(sorted(shapeOf(body)));
  });
});

/** Real bodies by the paths that have them, and what of theirs we do not send. */
const REAL: readonly {
  readonly file: string;
  readonly path: string;
  readonly gone?: readonly string[];
}[] = [
  { file: 'v1__marketstatus__now', path: '/v1/marketstatus/now' },
  { file: 'v1__marketstatus__upcoming', path: '/v1/marketstatus/upcoming' },
  { file: 'v1__open-close__AAPL__2005-04-01&adjusted=true', path: '/v1/open-close/{T}/{D}' },
  {
    file: 'v2__aggs__grouped__locale__us__market__stocks__2005-04-04&adjusted=true',
    path: '/v2/aggs/grouped/locale/us/market/stocks/{P}',
  },
  { file: 'v2__aggs__ticker__AAPL__prev', path: '/v2/aggs/ticker/{T}/prev' },
  {
    file: 'v2__aggs__ticker__AAPL__range__1__day__2005-04-01__2005-04-04',
    path: '/v2/aggs/ticker/{T}/range/1/day/2024-01-01/{D}',
  },
  { file: 'v2__last__nbbo__AAPL', path: '/v2/last/nbbo/{T}' },
  // Conditions, and what the reporting facility adds, are there where the trade has them.
  {
    file: 'v2__last__trade__AAPL',
    path: '/v2/last/trade/{T}',
    gone: ['.results.c', '.results.r', '.results.f'],
  },
  { file: 'v2__reference__news&ticker=NFLX', path: '/v2/reference/news' },
  // A fair value belongs to the plans of businesses.
  {
    file: 'v2__snapshot__locale__us__markets__stocks__gainers',
    path: `${snapshots()}/gainers`,
    gone: ['fmv'],
  },
  {
    file: 'v2__snapshot__locale__us__markets__stocks__tickers__AAPL',
    path: `${snapshots()}/tickers/{T}`,
    gone: ['fmv'],
  },
  {
    file: 'v2__snapshot__locale__us__markets__stocks__tickers__index',
    path: `${snapshots()}/tickers`,
    gone: ['fmv'],
  },
  { file: 'v3__quotes__AAPL', path: '/v3/quotes/{T}?limit=5' },
  {
    file: 'v3__reference__conditions&asset_class=stocks',
    path: '/v3/reference/conditions?limit=1000',
    gone: ['legacy'],
  },
  { file: 'v3__reference__dividends', path: '/v3/reference/dividends' },
  { file: 'v3__reference__exchanges', path: '/v3/reference/exchanges' },
  { file: 'v3__reference__splits', path: '/v3/reference/splits' },
  { file: 'v3__reference__tickers', path: '/v3/reference/tickers?limit=5' },
  {
    file: 'v3__reference__tickers__AAPL',
    path: '/v3/reference/tickers/{E}',
    gone: ['ticker_suffix'],
  },
  { file: 'v3__reference__tickers__types', path: '/v3/reference/tickers/types' },
  { file: 'v3__trades__AAPL&limit=2', path: '/v3/trades/{T}' },
];

function snapshots(): string {
  return '/v2/snapshot/locale/us/markets/stocks';
}

describe.skipIf(!existsSync(DATA))('bodies that Polygon has really sent', () => {
  it.each(REAL)('have keys and types of ours: $file', async ({ file, path, gone = [] }) => {
    const name = readdirSync(DATA).find((known) => known === `${file}.json`);
    const theirs = shapeOf(JSON.parse(readFileSync(join(DATA, String(name)), 'utf8')));
    const ours = shapeOf(await ask(await pathOf(path)));
    for (const [key, type] of theirs) {
      const isGone = gone.some((end) => key.includes(end));
      // An absent value says nothing of its type.
      if (!isGone && type !== 'object') expect(ours.get(key), key).toBe(type);
    }
  });
});

async function ask(path: string): Promise<unknown> {
  const response = await fetch(`${venue.polygonUrl}${path}`, {
    headers: { Authorization: `Bearer ${POLYGON_KEY}` },
  });
  return response.json();
}

async function pathOf(pattern: string): Promise<string> {
  const { results } = Object(await ask('/v3/reference/tickers?type=CS&limit=100'));
  const listed = results.map(({ ticker }: { ticker: string }) => ticker);
  return pattern
    .replaceAll('{L}', ['NOSUCH', ...listed].join(','))
    .replaceAll('{T}', 'SEMKT')
    .replaceAll('{E}', results[0].ticker)
    .replaceAll('{D}', '2024-06-03')
    .replaceAll('{P}', '2024-05-31');
}
