import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/cli/config-error.ts';
import { CONFIG_FOLDER, resolveConfig } from '../../../src/cli/load-config.ts';
import { demandLiveSettings } from '../../../src/compose/live/live-settings.ts';

const shipped = (name: string) => ({
  file: name,
  text: readFileSync(join(CONFIG_FOLDER, name), 'utf8'),
});
const usual = [shipped('default.yaml'), shipped('paper.yaml')];

describe('the settings of a session in real time', () => {
  it('need slots, or no quote would ever come and bars would price an entry', () => {
    const none = { file: 'own.yaml', text: 'market:\n  slots: 0\n' };
    const demand = () => demandLiveSettings(resolveConfig([...usual, none]));

    expect(demand).toThrow(ConfigError);
    expect(demand).toThrow('own.yaml:2 market.slots must be 1 or more in a session in real time');
    expect(() => demandLiveSettings(resolveConfig(usual))).not.toThrow();
  });

  it("of the README's session on Polygon are those of the whole market, not of IEX", () => {
    const readme = readFileSync(join(CONFIG_FOLDER, '../README.md'), 'utf8');
    const text = /```yaml\n(# polygon\.yaml\n[^`]+)```/.exec(readme)?.[1] ?? '';
    const { config } = resolveConfig([...usual, { file: 'polygon.yaml', text }]);
    const whole = resolveConfig([shipped('default.yaml')]).config;

    expect(config.market).toMatchObject({ provider: 'polygon', feed: 'sip', bars: 'venue' });
    expect(config.universe.layer1).toEqual(whole.universe.layer1);
    expect(config.risk).toEqual(whole.risk);
    expect(() =>
      demandLiveSettings(resolveConfig([...usual, { file: 'polygon.yaml', text }])),
    ).not.toThrow();
  });
});
