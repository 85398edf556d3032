import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { dataDirectory } from '../crash/data-directory.ts';
import { environmentWith, MAIN, strata } from '../crash/strata.ts';

const SESSION = 'demo-20240603-1';
const FLAT_OUT = '100000';
const ESCAPE = '\u001b';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const day = dataDirectory();
const at = ['--data-dir', day.path];
afterAll(() => day[Symbol.dispose]());

beforeAll(async () => {
  const ended = await strata([
    'demo',
    '--virtual',
    '--once',
    '--symbols',
    '20',
    '--speed',
    FLAT_OUT,
    ...at,
  ]);
  expect(ended.code, ended.stderr).toBe(0);
});

it('stops at an unknown key, and names file, line and the nearest key', async () => {
  using folder = dataDirectory();
  const config = join(folder.path, 'mine.yaml');
  writeFileSync(config, '# Mine.\nrisk:\n  dailyLosMax: 0.01\n');
  for (const verb of [['demo', '--virtual', '--once'], ['config', 'show'], ['doctor']]) {
    const refused = await strata([...verb, '--config', config, '--data-dir', folder.path]);
    const told = refused.stdout + refused.stderr;

    expect(refused.code, verb.join(' ')).toBe(4);
    expect(told).toContain(`${config}:3 risk.dailyLosMax is not a key`);
    expect(told).toContain('did you mean dailyLossMax?');
  }
  expect(existsSync(join(folder.path, 'sessions'))).toBe(false);
});

it('tells what a mistyped verb, option or value may have meant, and where to look', async () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['demmo'], 'Did you mean demo?'],
    [['demo', '--onse'], 'Did you mean --once?'],
    [['demo', '--seed', '-1'], 'It must be a whole number'],
    [['replay', 'x', '--date', '2013-13-01'], 'It is no date such as 2013-10-07.'],
    [['logs', '--level', 'loud'], 'debug, info, warn, error, fatal'],
    [['explain'], "missing required argument 'target'"],
  ];
  const answers = cases.map(async ([args, hint]) => {
    const refused = await strata(args);

    expect(refused.code, args.join(' ')).toBe(1);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toContain(hint);
    expect(refused.stderr).toContain('strata help');
  });
  await Promise.all(answers);
});

it('answers 2 and what is near for what no session holds', async () => {
  const symbols = await strata(['explain', 'NO SUCH THING', ...at]);
  expect(symbols.code).toBe(2);
  const name = /Its symbols are (\w+)/.exec(symbols.stderr)?.[1] ?? '';
  expect(name).not.toBe('');
  expect((await strata(['explain', name, ...at])).code).toBe(0);
  const near = await strata(['explain', `${name}X`, ...at]);
  expect(near.code).toBe(2);
  expect(near.stderr).toContain(`Did you mean ${name}`);
  const session = await strata(['verify', 'demo-20240603-9', ...at]);
  expect(session.code).toBe(2);
  expect(session.stderr).toContain(`Did you mean ${SESSION}`);
  using empty = dataDirectory();
  const none = await strata(['logs', '--data-dir', empty.path]);
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('strata demo --once');
});

it('answers 2 and the nearest indicator where there is none of that name', async () => {
  const near = await strata(['indicators', 'bolinger']);
  expect(near).toMatchObject({ code: 2, stdout: '' });
  expect(near.stderr).toContain('did you mean bollinger?');
  const known = await strata(['indicators', 'bollinger20-2']);
  expect(known.code).toBe(0);
  expect(known.stdout).toContain('bollinger20-2: Bollinger bands');
});

it('gives JSON of every verb that reads, and of its refusals', async () => {
  const symbols = await strata(['explain', 'NO SUCH THING', ...at]);
  const name = /Its symbols are (\w+)/.exec(symbols.stderr)?.[1] ?? '';
  const verbs: readonly (readonly [args: readonly string[], code: number, field: string])[] = [
    [['verify'], 0, 'result'],
    [['verify', SESSION], 0, 'sessionId'],
    [['parity', SESSION, SESSION], 0, 'counted'],
    [['explain', name], 0, 'story'],
    [['explain', 'NO SUCH THING'], 2, 'near'],
    [['actors'], 0, 'children'],
    [['doctor'], 0, 'findings'],
    [['indicators'], 0, '0.lookback'],
    [['indicators', 'macd(5, 35)'], 0, '0.parameters'],
    [['config', 'show'], 0, 'configHash'],
    [['config', 'show', '--resolved', '--redact'], 0, 'settings'],
  ];
  const answers = verbs.map(async ([args, code, field]) => {
    const told = await strata([...args, '--json', ...at]);

    expect(told.code, args.join(' ')).toBe(code);
    expect(JSON.parse(told.stdout), args.join(' ')).toHaveProperty(field);
  });
  await Promise.all(answers);
  const logs = await strata(['logs', '--json', ...at]);
  const lines: unknown[] = logs.stdout.trim().split('\n').map(parsed);
  expect(lines.at(-1)).toMatchObject({ event: 'sessionEnded', session: SESSION });
});

it('shows every setting with its line, and hides what is private only when asked', async () => {
  const shown = await strata(['config', 'show', '--resolved', ...at]);
  const redacted = await strata(['config', 'show', '--resolved', '--redact', ...at]);

  expect(shown.stdout).toMatch(/^account\.id = "PAPER" {2}# \S+default\.yaml:\d+$/m);
  expect(redacted.stdout).toMatch(/^account\.id = \(private\) {2}# \S+default\.yaml:\d+$/m);
  expect(redacted.stdout).not.toContain('PAPER');
  expect(redacted.stdout.split('\n').length).toBe(shown.stdout.split('\n').length);
});

it('writes plain text into a pipe, whatever the terminal says of colours', async () => {
  for (const environment of [{ NO_COLOR: '1' }, { FORCE_COLOR: '3', TERM: 'xterm-256color' }]) {
    const answers = ['actors', 'doctor', 'logs', 'help'].map(async (verb) => {
      const told = await strata(verb === 'help' ? [verb] : [verb, ...at], { environment });

      expect(told.code, verb).toBe(0);
      expect(told.stdout.length).toBeGreaterThan(100);
      expect(told.stdout + told.stderr).not.toContain(ESCAPE);
    });
    await Promise.all(answers);
  }
});

it('goes on with its session when nobody reads what it writes', async () => {
  using data = dataDirectory();
  const args = [
    'demo',
    '--virtual',
    '--once',
    '--symbols',
    '20',
    '--speed',
    FLAT_OUT,
    '--data-dir',
    data.path,
  ];
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environmentWith(),
  });
  child.stdout.destroy();
  child.stderr.destroy();
  const [code]: unknown[] = await once(child, 'exit');

  expect(code).toBe(0);
  expect(existsSync(join(data.path, 'sessions', SESSION, 'report.html'))).toBe(true);
  expect((await strata(['verify', '--data-dir', data.path])).code).toBe(0);
});

function parsed(line: string): unknown {
  return JSON.parse(line);
}
