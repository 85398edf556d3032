import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/cli/load-config.ts';
import { paperPlace } from '../../../src/compose/live/paper-place.ts';

const KEYS = { APCA_API_KEY_ID: 'PKTEST1', APCA_API_SECRET_KEY: 'secret/of+the=account' };
const { market } = resolveConfig([]).config;
const polygon = resolveConfig([
  { file: 'own.yaml', text: 'market: { provider: polygon, feed: sip, codec: json }' },
]).config.market;
const silent = (): void => undefined;

function refusalOf(environment: Readonly<Record<string, string>>, of = market): string {
  try {
    paperPlace(environment, of, silent);
    return 'taken';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('the place of a paper session', () => {
  it("is Alpaca's paper account, by keys from the environment", () => {
    const { urls, credentials, clock } = paperPlace(KEYS, market, silent);

    expect(urls.trading).toBe('https://paper-api.alpaca.markets');
    expect(urls.marketStream).toBe('wss://stream.data.alpaca.markets/v2/iex');
    expect(credentials).toEqual({ keyId: 'PKTEST1', secret: 'secret/of+the=account' });
    expect(clock.speed).toBe(1);
  });

  it('names what is not set', () => {
    expect(refusalOf({})).toContain('APCA_API_KEY_ID and APCA_API_SECRET_KEY');
    expect(refusalOf({ APCA_API_KEY_ID: 'PK' })).toContain('not both set');
    expect(refusalOf({ ...KEYS, APCA_API_SECRET_KEY: '' })).toContain('not both set');
  });

  it.each(['TOPSECRET\n123', 'TOP SECRET', 'TOPSECRÉT', `${'x'.repeat(257)}`])(
    'refuses a secret that no header takes, and never says it: %j',
    (secret) => {
      const said = refusalOf({ ...KEYS, APCA_API_SECRET_KEY: secret });

      expect(said).toContain('APCA_API_SECRET_KEY holds characters');
      expect(said).not.toContain(secret.slice(0, 4));
    },
  );

  it("has Polygon's market beside Alpaca's orders where the configuration says so", () => {
    const { name, urls, polygonKey } = paperPlace(
      { ...KEYS, POLYGON_API_KEY: 'Sesame' },
      polygon,
      silent,
    );

    expect(name).toBe('Alpaca paper, polygon-sip');
    expect(urls.trading).toBe('https://paper-api.alpaca.markets');
    expect(urls.polygonStream).toBe('wss://socket.polygon.io/stocks');
    expect(urls.polygonRest).toBe('https://api.polygon.io');
    expect(polygonKey).toBe('Sesame');
  });

  it('asks for the key of Polygon only where it is needed, and never says it', () => {
    expect(refusalOf(KEYS)).toBe('taken');
    expect(refusalOf(KEYS, polygon)).toBe(
      'market.provider is polygon, and POLYGON_API_KEY is not set',
    );
    const said = refusalOf({ ...KEYS, POLYGON_API_KEY: 'Open Sesame' }, polygon);
    expect(said).toBe('POLYGON_API_KEY holds characters that no key has');
  });
});
