import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/cli/config-error.ts';
import { resolveConfig } from '../../../src/cli/load-config.ts';

const resolve = (...texts: readonly string[]) =>
  resolveConfig(texts.map((text, at) => ({ file: `${'ab'[at]}.yaml`, text })));

function refusal(...texts: readonly string[]): string {
  try {
    resolve(...texts);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

const POLYGON = 'market:\n  provider: polygon\n  feed: sip\n  codec: json\n';

describe('market.provider', () => {
  it('takes polygon with a feed and a codec that it has', () => {
    const { market } = resolve(POLYGON).config;

    expect(market.provider).toBe('polygon');
    expect(market.polygon.streamUrl).toBe('wss://socket.polygon.io');
  });

  it('says where feed and codec have no meaning with polygon, and what would', () => {
    expect(
      refusal('market:\n  feed: iex\n  codec: msgpack\n', 'market: { provider: polygon }'),
    ).toBe(
      [
        'b.yaml:1 market.feed must be sip or delayed_sip with provider polygon, which has the ' +
          'whole market, not "iex"',
        'b.yaml:1 market.codec must be json with provider polygon, which speaks nothing else, ' +
          'not "msgpack"',
      ].join('\n'),
    );
  });

  it('holds the delayed feed to the delayed host, and no other', () => {
    const delayed = `${POLYGON}  polygon:\n    streamUrl: wss://delayed.polygon.io\n`;
    const late = POLYGON.replace('sip', 'delayed_sip');
    const word = /^b\.yaml:\d market\.feed must be delayed_sip with wss:\/\/delayed\.polygon\.io/;

    expect(refusal('', delayed)).toMatch(word);
    expect(refusal('', late)).toMatch(word);
    expect(resolve(delayed.replace('sip', 'delayed_sip')).config.market.feed).toBe('delayed_sip');
    expect(resolve(`${late}  polygon:\n    streamUrl: wss://feed.example:9\n`)).toBeDefined();
  });

  it('sends the key to no address in the clear but this machine, and shows none in a fault', () => {
    const at = (key: string, url: string) => `market:\n  polygon:\n    ${key}: ${url}\n`;

    expect(resolve(at('streamUrl', 'ws://127.0.0.1:7003'))).toBeDefined();
    expect(resolve(at('restUrl', 'http://localhost:7003'))).toBeDefined();
    expect(refusal(at('streamUrl', 'ws://feed.example'))).toContain('must be wss://HOST');
    expect(refusal(at('restUrl', 'http://feed.example'))).toContain('must be https://HOST');
    const pasted = refusal(at('restUrl', 'https://api.polygon.io/v2?apiKey=Sesame'));
    expect(pasted).toContain('must be https://HOST without path, user or key');
    expect(pasted).not.toContain('Sesame');
  });

  it('leaves the hash alone: the journal has what was told, whoever told it', () => {
    const alpaca = POLYGON.replace('polygon', 'alpaca');
    const sizes = `${POLYGON}  polygon: { quoteSizes: lots }\n`;

    expect(resolve(POLYGON).configHash).toBe(resolve(alpaca).configHash);
    expect(resolve(sizes).configHash).toBe(resolve(alpaca).configHash);
    expect(resolve(POLYGON).configHash).not.toBe(resolve('').configHash);
  });
});
