import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/cli/config-error.ts';
import { Config, configJsonSchema } from '../../../src/cli/config-schema.ts';
import {
  type ResolvedConfig,
  CONFIG_FOLDER,
  describeConfig,
  leavesOf,
  loadConfig,
  resolveConfig,
} from '../../../src/cli/load-config.ts';

const configFile = (name: string) => readFileSync(join(CONFIG_FOLDER, name), 'utf8');

/** Layers of text, named a.yaml, b.yaml and so on. */
function resolve(...texts: readonly string[]) {
  return resolveConfig(
    texts.map((text, at) => ({ file: `${String.fromCodePoint(97 + at)}.yaml`, text })),
  );
}

function refusal(...texts: readonly string[]): ConfigError {
  try {
    resolve(...texts);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('the files in config/', () => {
  it('show every setting with the default of the schema', () => {
    const shown = resolve(configFile('default.yaml')).config;

    expect(leavesOf(shown)).toEqual(leavesOf(Config.parse({})));
    expect(resolve(configFile('default.yaml')).origins.size).toBe(leavesOf(shown).length);
  });

  it('say for every setting why it is so, above it or beside it', () => {
    const lines = configFile('default.yaml').split('\n');
    const settings = lines.flatMap((line, at) => (/^\s*\w+: +\S/.test(line) ? [at] : []));
    const silent = settings.filter(
      (at) => !/\s# \S/.test(lines[at] ?? '') && !/^\s*# \S/.test(lines[at - 1] ?? ''),
    );

    expect(settings).toHaveLength(leavesOf(Config.parse({})).length);
    expect(silent.map((at) => lines[at])).toEqual([]);
  });

  it('load, profile by profile', () => {
    expect(loadConfig('demo').config.journal.durability).toBe('os');
    expect(loadConfig('backtest').config.journal.durability).toBe('none');
    expect(loadConfig('backtest').config.broker.mode).toBe('realistic');
    expect(readdirSync(CONFIG_FOLDER).toSorted()).toContain('default.yaml');
  });

  it('come with the JSON schema that the code generates', () => {
    const how = 'node --import ./test/typescript-threads.mjs scripts/write-schema.mjs';

    expect(configFile('schema.json'), `out of date, run: ${how}`).toBe(configJsonSchema());
  });
});

describe('loadConfig', () => {
  it.each([
    ['market: { barSpanMs: 7000 }', 'market.barSpanMs must be whole seconds that divide a day'],
    ['market: { barSpanMs: 1500 }', 'market.barSpanMs must be whole seconds that divide a day'],
  ])('refuses bars that nobody can make: %s', (yaml, message) => {
    expect(() => loadOwn(yaml)).toThrow(message);
  });

  it.each([
    ['turnEventsMax', 255, 256],
    ['turnMessagesMax', 9_999, 10_000],
  ])('takes no %s of %i, which no market could keep', (name, value, least) => {
    const { code, message } = refusal(`runtime:\n  ${name}: ${value}\n`);

    expect(code).toBe('CONFIG_INVALID');
    expect(message).toBe(`a.yaml:2 runtime.${name} must be at least ${least}, not ${value}`);
    expect(resolve(`runtime:\n  ${name}: ${least}\n`).config.runtime).toHaveProperty(name, least);
  });
});

describe('settings of stores', () => {
  it.each([
    ['host', 'postgres://strata:hunter2@db/strata'],
    ['passwordVariable', 'hunter2'],
    ['password', 'hunter2'],
  ])('repeat no secret that somebody wrote as %s', (name, text) => {
    const error = refusal(`store:\n  relational:\n    ${name}: '${text}'\n`);

    expect(error.message).toContain(`a.yaml:3 store.relational.${name} `);
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(error.message).not.toContain('hunter2');
  });

  it('leave the hash of what is decided alone', () => {
    const { configHash } = resolve('');

    expect(resolve('store: { relational: { kind: postgres, host: db } }').configHash).toBe(
      configHash,
    );
  });
});

describe('resolveConfig', () => {
  it('lays one file over another, key by key', () => {
    const { config, origins } = resolve(
      'risk:\n  positionsMax: 5\n  dailyLossMax: 0.01\n',
      'risk:\n  positionsMax: 6\n',
    );

    expect(config.risk.positionsMax).toBe(6);
    expect(config.risk.dailyLossMax).toBe(0.01);
    expect(config.risk.barAgeMsMax).toBe(180_000);
    expect(origins.get('risk.positionsMax')).toBe('b.yaml:2');
    expect(origins.get('risk.dailyLossMax')).toBe('a.yaml:3');
    expect(origins.get('risk.barAgeMsMax')).toBeUndefined();
  });

  it('freezes the settings to the bottom', () => {
    const { config } = resolve('');

    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.universe.layer1)).toBe(true);
    expect(() => Object.assign(config.risk, { positionsMax: 1 })).toThrow(TypeError);
  });

  it('names file, line and nearest key for an unknown one, and asks for exit code 4', () => {
    const error = refusal('', '# mine\nrisk:\n  dailyLosMax: 0.05\n');

    expect(error.code).toBe('CONFIG_UNKNOWN_KEY');
    expect(error.exitCode).toBe(4);
    expect(error.faults).toEqual([
      {
        file: 'b.yaml',
        line: 3,
        key: 'risk.dailyLosMax',
        what: 'is not a key; did you mean dailyLossMax?',
      },
    ]);
  });

  it('finds a key that stands in the wrong section', () => {
    expect(refusal('positionsMax: 3\n').message).toBe(
      'a.yaml:1 positionsMax is not a key; did you mean risk.positionsMax?',
    );
  });

  it('suggests nothing where nothing is near', () => {
    expect(refusal('risk:\n  zebra: 3\n').message).toBe('a.yaml:2 risk.zebra is not a key');
  });

  it('reports every fault at once, each with what was expected', () => {
    const text = [
      'account:',
      '  startingCash: 100000.00',
      'market: []',
      'broker:',
      '  mode: papper',
      'risk:',
      '  dailyLossMax: 2',
      '  positionsMax: 1.5',
      '  fractionPerTrade: 0',
      '  stopDistanceAtr: .nan',
      '  orderNotionalMax: "12.34567"',
      'strategies:',
      '  momentum:',
      '    isEnabled: yes',
    ].join('\n');

    expect(refusal(text).message.split('\n')).toEqual([
      'a.yaml:2 account.startingCash must be dollars as decimal text in quotes, not 100000',
      'a.yaml:3 market must be a group of keys, not []',
      'a.yaml:5 broker.mode must be one of paper, realistic, not "papper"',
      'a.yaml:7 risk.dailyLossMax must be at most 1, not 2',
      'a.yaml:8 risk.positionsMax must be a whole number, not 1.5',
      'a.yaml:9 risk.fractionPerTrade must be above 0, not 0',
      'a.yaml:10 risk.stopDistanceAtr must be a number, not NaN',
      'a.yaml:11 risk.orderNotionalMax must be dollars with at most 4 places, ' +
        'such as 100000.00, not "12.34567"',
      'a.yaml:14 strategies.momentum.isEnabled must be true or false, not "yes"',
    ]);
  });

  it('shows a fault between two keys where the later of them was set', () => {
    const error = refusal(
      'universe:\n  layer2:\n    leaveScore: 0.6\n',
      'universe:\n  layer2:\n    enterScore: 0.5\n',
    );

    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message).toBe(
      'b.yaml:3 universe.layer2.leaveScore must not be above enterScore, not 0.6',
    );
  });

  it('refuses limits under which a position could not be closed with one order', () => {
    expect(refusal("risk:\n  orderNotionalMax: '9000'\n").message).toBe(
      'a.yaml:2 risk.positionNotionalMax must not be above orderNotionalMax',
    );
  });

  it('refuses to keep every request from entries', () => {
    expect(refusal('broker:\n  requestsPerMinute: 40\n').message).toBe(
      'a.yaml:2 broker.requestsKept must be below requestsPerMinute',
    );
  });

  it('names the line of what is not YAML, of a key given twice, of a second document', () => {
    expect(refusal('risk:\n  a: [1\n').code).toBe('CONFIG_UNREADABLE');
    expect(refusal('log:\n  level: info\n  level: warn\n').message).toMatch(/^a\.yaml:3 .*unique/);
    expect(refusal('log: {}\n---\nlog: {}\n').message).toMatch(/^a\.yaml:2 .*multiple documents/);
    expect(refusal('- 1\n').message).toBe('a.yaml:1 must be a map of sections');
  });

  it('takes __proto__ for what it is: an unknown key', () => {
    expect(refusal('__proto__:\n  polluted: 1\n').code).toBe('CONFIG_UNKNOWN_KEY');
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('is not exhausted by deep nesting or by aliases of aliases', () => {
    const laughs = Array.from(
      { length: 20 },
      (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(10)}]`,
    );

    expect(refusal('['.repeat(100_000)).code).toBe('CONFIG_UNREADABLE');
    expect(refusal(`l0: &l0 lol\n${laughs.join('\n')}\n`).code).toBe('CONFIG_UNREADABLE');
    expect(refusal('#'.repeat(300_000)).code).toBe('CONFIG_UNREADABLE');
  });

  it('answers any text with a configuration or a ConfigError', () => {
    const original = configFile('default.yaml');
    const mutated = fc
      .tuple(fc.nat(original.length), fc.nat(40), fc.string({ maxLength: 12 }))
      .map(([at, cut, text]) => original.slice(0, at) + text + original.slice(at + cut));

    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
        try {
          expect(Object.isFrozen(resolve(text).config)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('configHash', () => {
  const hash = (...texts: readonly string[]) => resolve(...texts).configHash;

  it('is the SHA-256 of what can change a decision', () => {
    expect(hash('')).toMatch(/^[0-9a-f]{64}$/);
    expect(hash('risk:\n  dailyLossMax: 0.0202\n')).not.toBe(hash(''));
  });

  it('does not depend on how a value is written, on its file, or on the order of the keys', () => {
    expect(hash("risk:\n  orderNotionalMax: '12500'\n  stopDistanceAtr: 2.0\n")).toBe(hash(''));
    expect(hash('demo: { seed: 8, speed: 9 }\n')).toBe(hash('', 'demo: { speed: 9, seed: 8 }\n'));
  });

  it('does not change with what is only written down', () => {
    expect(hash('log:\n  level: debug\n')).toBe(hash(''));
  });

  it('does not change with the speed at which a market is watched', () => {
    expect(hash('demo:\n  speed: 5000\n')).toBe(hash(''));
  });
});

describe('describeConfig', () => {
  it('prints every setting with its origin, and hides what is private', () => {
    const resolved = resolve('account:\n  id: U123\nrisk:\n  positionsMax: 5\n');
    const open = describeConfig(resolved, { redact: false }).split('\n');
    const redacted = describeConfig(resolved, { redact: true }).split('\n');

    expect(open[0]).toBe(`config ${resolved.configHash}`);
    expect(open).toHaveLength(1 + leavesOf(resolved.config).length);
    expect(open).toContain('account.id = "U123"  # a.yaml:2');
    expect(open).toContain('risk.positionsMax = 5  # a.yaml:4');
    expect(open).toContain('log.level = "info"  # default');
    expect(redacted).toContain('account.id = (private)  # a.yaml:2');
    expect(redacted.join('\n')).not.toContain('U123');
  });
});

describe('loadConfig', () => {
  it('names a file that is not there', () => {
    expect(() => loadConfig('demo', '/nowhere/mine.yaml')).toThrow(
      /^\/nowhere\/mine\.yaml:1 cannot be read: .*ENOENT/,
    );
  });
});

function loadOwn(yaml: string): ResolvedConfig {
  const folder = mkdtempSync(join(tmpdir(), 'strata-config-'));
  const file = join(folder, 'own.yaml');
  writeFileSync(file, yaml);
  try {
    return loadConfig('demo', file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
