import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/cli/config-error.ts';
import { registryOf } from '../../../src/cli/custom-features.ts';
import { resolveConfig } from '../../../src/cli/load-config.ts';
import { STANDARD_REGISTRY } from '../../../src/domain/features/standard-registry.ts';

const own = (text: string) => resolveConfig([{ file: 'own.yaml', text }]);
const named = (text: string) => registryOf(own(text), STANDARD_REGISTRY);

async function refusal(text: string): Promise<ConfigError> {
  try {
    await named(text);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('the features section of a configuration', () => {
  it('adds derived features and rules to the registry, and names them in a layout', async () => {
    const { features } = await named(
      [
        'features:',
        '  derived:',
        '    stretch: (close - vwap) / atr14',
        '  scanners:',
        '    dipInTrend: >-',
        '      rsi14 < 30 and relVolume > 2',
        '      and close > sma(200)',
        '  layout: [return5, stretch, dipInTrend, "stretch:5m", rsi14]',
      ].join('\n'),
    );

    expect(features.size).toBe(STANDARD_REGISTRY.features.size + 2);
    expect(features.get('dipInTrend')).toMatchObject({
      family: 'custom',
      units: 'flag',
      tells: 'As configured: rsi14 < 30 and relVolume > 2 and close > sma(200).',
      inputs: ['rsi14', 'relativeVolume20', 'bar.close', 'sma200'],
    });
  });

  it('leaves the registry as it is where it is empty', async () => {
    expect(await named('')).toBe(STANDARD_REGISTRY);
  });

  it('stops at a bad expression with file, line, key, column, reason and suggestion', async () => {
    const error = await refusal(
      'features:\n  scanners:\n    fine: rsi14 < 30\n    dip: rsi14 < 30 and relVolum > 2\n',
    );

    expect([error.exitCode, error.code]).toEqual([4, 'CONFIG_INVALID']);
    expect(error.message).toBe(
      'own.yaml:4 features.scanners.dip is "rsi14 < 30 and relVolum > 2", column 16: ' +
        'no feature, column or indicator is called relVolum; did you mean relVolume?',
    );
  });

  it('names every expression that cannot be read at once', async () => {
    const { faults } = await refusal(
      'features:\n  derived:\n    a: 1 +\n    b: x = 3\n  scanners:\n    a: rsi14 < 30\n',
    );

    expect(faults.map(({ line, key, what }) => [line, key, what])).toEqual([
      [3, 'features.derived.a', 'is "1 +", column 4: unexpected end of expression'],
      [4, 'features.derived.b', 'is "x = 3", column 3: two numbers are compared with =='],
      [6, 'features.scanners.a', 'is features.derived.a already'],
    ]);
  });

  it('names what a layout has that there is not, or has twice', async () => {
    const { message } = await refusal('features:\n  layout: [return5, retrn1, return5]\n');

    expect(message.split('\n')).toEqual([
      'own.yaml:2 features.layout has retrn1: no feature, column or indicator is called retrn1; ' +
        'did you mean return1?',
      'own.yaml:2 features.layout has return5: stands in it twice',
    ]);
  });

  it('refuses a name that is none, __proto__ among them, and a text that is none', () => {
    const message = (text: string) => {
      try {
        own(text);
      } catch (error) {
        if (error instanceof ConfigError) return error.message;
        throw error;
      }
      return 'accepted';
    };

    expect(message('features:\n  derived:\n    __proto__: rsi14\n')).toBe(
      'own.yaml:3 features.derived.__proto__ is not a key',
    );
    expect(message('features:\n  derived:\n    my-own: rsi14\n')).toBe(
      'own.yaml:3 features.derived.my-own must be a name of letters and digits, such as dipInTrend',
    );
    expect(message('features:\n  scanners:\n    own: 5\n')).toBe(
      'own.yaml:3 features.scanners.own must be text, not 5',
    );
    expect(message(`features:\n  scanners:\n    own: ${'a'.repeat(501)}\n`)).toContain(
      'must be an expression of at most 500 characters',
    );
    const many = Array.from({ length: 201 }, (_, at) => `    a${at}: rsi14\n`).join('');
    expect(message(`features:\n  derived:\n${many}`)).toContain('must be at most 200 expressions');
  });
});
