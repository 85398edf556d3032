import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/cli/load-config.ts';
import { polygonCheck } from '../../../src/compose/polygon-check.ts';
import { PolygonError } from '../../../src/streams/polygon/rest/polygon-error.ts';

const alpaca = resolveConfig([]).config.market;
const polygon = resolveConfig([
  { file: 'own.yaml', text: 'market: { provider: polygon, feed: sip, codec: json }' },
]).config.market;
const delayed = resolveConfig([
  {
    file: 'own.yaml',
    text:
      'market: { provider: polygon, feed: delayed_sip, codec: json, ' +
      "polygon: { streamUrl: 'wss://delayed.polygon.io' } }",
  },
]).config.market;
const missing = () => Promise.reject(new PolygonError('POLYGON_CLIENT_MISSING', 'not installed'));

describe("the doctor, of Polygon's market data", () => {
  it.each([
    ['ok', 'POLYGON_API_KEY not set; market data come from Alpaca', {}, alpaca],
    ['ok', 'POLYGON_API_KEY set; market data come from Alpaca', { POLYGON_API_KEY: 'k' }, alpaca],
    ['ok', 'key set for strata trade --mode paper', { POLYGON_API_KEY: 'k' }, polygon],
    ['warn', 'market.provider is polygon, and POLYGON_API_KEY is not set', {}, polygon],
    ['warn', 'fifteen minutes late, and orders go out now', { POLYGON_API_KEY: 'k' }, delayed],
    ['fail', 'POLYGON_API_KEY: characters', { POLYGON_API_KEY: 'a key' }, polygon],
    ['ok', 'POLYGON_API_KEY not set', {}, undefined],
  ] as const)('finds %s: %s', async (state, what, environment, market) => {
    const found = await polygonCheck({ environment, market }).run();

    expect(found.state).toBe(state);
    expect(found.what).toContain(what);
    expect(found.what).not.toContain('a key');
  });

  it('minds a library that is not there only where it is needed', async () => {
    const environment = { POLYGON_API_KEY: 'k' };
    const check = (market: typeof alpaca) =>
      polygonCheck({ environment, market, load: missing }).run();

    expect((await check(alpaca)).state).toBe('warn');
    expect(await check(polygon)).toMatchObject({ state: 'fail', what: 'not installed' });
  });
});
