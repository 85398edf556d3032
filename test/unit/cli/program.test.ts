import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/cli/config-error.ts';
import { EXIT_CODES, type ExitCode } from '../../../src/cli/exit-codes.ts';
import { describeFailure } from '../../../src/cli/failures.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { Verbs } from '../../../src/cli/verbs.ts';
import { DecodeError } from '../../../src/core/bytes.ts';
import { CollectingTerminal } from './collecting-terminal.ts';

interface Called {
  readonly verb: keyof Verbs;
  readonly options: object;
}

/** Verbs that only note what they were called with. */
function noting(calls: Called[], code: ExitCode = EXIT_CODES.ok): Verbs {
  const note = (verb: keyof Verbs) => async (options: object) => {
    calls.push({ verb, options });
    return code;
  };
  return {
    demo: note('demo'),
    trade: note('trade'),
    venue: note('venue'),
    replay: note('replay'),
    verify: note('verify'),
    parity: note('parity'),
    explain: note('explain'),
    actors: note('actors'),
    status: note('status'),
    doctor: note('doctor'),
    logs: note('logs'),
    configShow: note('configShow'),
    indicators: note('indicators'),
    features: note('features'),
    operate: note('operate'),
    stop: note('stop'),
    store: note('store'),
    policy: note('policy'),
    train: note('train'),
    models: note('models'),
    query: note('query'),
    bench: note('bench'),
    exportRows: note('exportRows'),
  };
}

async function run(line: string, code?: ExitCode) {
  const calls: Called[] = [];
  const terminal = new CollectingTerminal();
  const argv = line === '' ? [] : line.split(' ');
  const exitCode = await runProgram(argv, noting(calls, code), terminal);
  return { calls, terminal, exitCode };
}

const common = { dataDir: '.strata', config: undefined, isJson: false };

describe('runProgram', () => {
  it.each<[string, keyof Verbs, object]>([
    ['demo', 'demo', { isOnce: false, isCrashing: false, seed: undefined, speed: undefined }],
    [
      'demo --once --crash --seed 0 --symbols 50 --speed 2.5 --date 2013-10-07 --json',
      'demo',
      {
        isOnce: true,
        isCrashing: true,
        seed: 0,
        symbols: 50,
        speed: 2.5,
        date: 20131007,
        isJson: true,
      },
    ],
    ['replay data', 'replay', { path: 'data', pace: 0, date: undefined, history: undefined }],
    [
      'replay a/b --date 20131007 --history c --pace 60 --data-dir d --config e.yaml',
      'replay',
      { path: 'a/b', date: 20131007, history: 'c', pace: 60, dataDir: 'd', config: 'e.yaml' },
    ],
    ['verify s-1', 'verify', { session: 's-1' }],
    ['verify', 'verify', { session: undefined }],
    ['parity s-1 s-2 --strict', 'parity', { left: 's-1', right: 's-2', isStrict: true }],
    ['explain AAPL --session s-1', 'explain', { target: 'AAPL', session: 's-1' }],
    ['actors', 'actors', { session: undefined }],
    ['status --data-dir d', 'status', { dataDir: 'd' }],
    ['doctor --json', 'doctor', { isJson: true }],
    ['logs', 'logs', { level: undefined, eventName: undefined, linesMax: 100 }],
    [
      'logs --session s --level warn --event halted --lines 5',
      'logs',
      { session: 's', level: 'warn', eventName: 'halted', linesMax: 5 },
    ],
    ['config show', 'configShow', { profile: 'demo', isResolved: false, isRedacted: false }],
    [
      'config show --profile backtest --resolved --redact',
      'configShow',
      { profile: 'backtest', isResolved: true, isRedacted: true },
    ],
    ['indicators', 'indicators', { name: undefined, family: undefined, isMarkdown: false }],
    [
      'indicators bollinger(50,2.5) --family overlap --json',
      'indicators',
      { name: 'bollinger(50,2.5)', family: 'overlap', isJson: true },
    ],
    ['indicators --markdown', 'indicators', { isMarkdown: true }],
    ['halt --reason lunch', 'operate', { verb: 'halt', reason: 'lunch', symbol: undefined }],
    ['resume', 'operate', { verb: 'resume' }],
    ['flatten', 'operate', { verb: 'flatten' }],
    ['cancel-all', 'operate', { verb: 'cancelAll' }],
    ['ban BRK.B', 'operate', { verb: 'ban', symbol: 'BRK.B', reason: 'by hand' }],
    ['unban AAPL', 'operate', { verb: 'unban', symbol: 'AAPL' }],
    ['hands-off AAPL', 'operate', { verb: 'handsOff', symbol: 'AAPL' }],
    ['hands-on AAPL', 'operate', { verb: 'handsOn', symbol: 'AAPL' }],
    ['policy list', 'policy', { profile: 'demo', action: { kind: 'list' } }],
    [
      'policy set risk.entries stopped --why storm --by anna --profile paper',
      'policy',
      {
        profile: 'paper',
        action: { kind: 'set', name: 'risk.entries', value: 'stopped', why: 'storm', by: 'anna' },
      },
    ],
    [
      'policy history risk.entries --json',
      'policy',
      { isJson: true, action: { kind: 'history', name: 'risk.entries' } },
    ],
    ['stop', 'stop', { isFlattening: false, isKeepingOrders: undefined }],
    ['stop --flatten', 'stop', { isFlattening: true, isKeepingOrders: undefined }],
    ['stop --keep-orders', 'stop', { isFlattening: false, isKeepingOrders: true }],
    ['stop --cancel-orders', 'stop', { isFlattening: false, isKeepingOrders: false }],
    ['demo --virtual', 'demo', { isVirtual: true }],
    ['demo --virtual --speed 100000', 'demo', { isVirtual: true, speed: 100_000 }],
    ['train', 'train', { models: ['ensemble'], symbols: [], purpose: 'momentum', seed: 1 }],
    [
      'train --models mlp,xgboost --symbols AAPL,BRK.B --layer 2 --limit 9 --lookback-days 30',
      'train',
      { models: ['mlp', 'xgboost'], symbols: ['AAPL', 'BRK.B'], layer: 2, limit: 9 },
    ],
    [
      'train --source store --purpose value --label barrier --seed 7 --name big --resume',
      'train',
      { source: 'store', purpose: 'value', label: 'barrier', seed: 7, isResumed: true },
    ],
    ['models list', 'models', { action: { kind: 'list' } }],
    [
      'models show lstm@0123abcd --html',
      'models',
      { action: { kind: 'show', model: 'lstm@0123abcd', isHtml: true } },
    ],
    ['trade', 'trade', { mode: 'sim', venue: undefined, isCrashing: false }],
    ['trade --mode paper --crash', 'trade', { mode: 'paper', isCrashing: true }],
    ['trade --venue http://v', 'trade', { mode: 'sim', venue: 'http://v' }],
    [
      'venue --port 7001 --seed 3 --symbols 9 --speed 0.5 --at 11:00 --plan plus --idle-exit 9',
      'venue',
      { port: 7001, adminPort: 0, seed: 3, symbols: 9, speed: 0.5, at: '11:00', plan: 'plus' },
    ],
  ])('hands "%s" to its verb', async (line, verb, options) => {
    const { calls, exitCode, terminal } = await run(line);

    expect(exitCode).toBe(EXIT_CODES.ok);
    expect(terminal.errors).toBe('');
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({ verb, options: { ...common, ...options } });
  });

  it('ends with the exit code of the verb', async () => {
    expect((await run('status', EXIT_CODES.riskHalted)).exitCode).toBe(6);
  });

  it.each([
    ['dmeo', 'Did you mean demo?'],
    ['demo --onec', 'Did you mean --once?'],
    ['demo --seed x', 'whole number from 0'],
    ['demo --symbols 0', 'whole number from 1 to 10000'],
    ['demo --date 2013-02-30', 'no date'],
    ['demo --symbols -5', 'whole number from 1 to 10000'],
    ['demo --symbols 10001', 'whole number from 1 to 10000'],
    ['demo --date 2024-06-01', '20240601 is no trading day; the next one is 20240603'],
    ['demo --date 2024-12-25', '20241225 is no trading day; the next one is 20241226'],
    ['demo --date 1900-01-02', 'trades from 19900201 to 20301231'],
    ['demo --date 1990-01-31', 'trades from 19900201 to 20301231'],
    ['demo --date 2099-01-02', 'trades from 19900201 to 20301231'],
    ['demo --speed 0', 'above 0'],
    ['status --data-dir package.json', 'It is a file, not a directory.'],
    ['demo --speed -1', 'above 0'],
    ['demo --speed 5000', "argument '5000' is invalid. It must be a number from 0.1 to 1000."],
    ['demo --once --speed 0.05', 'It must be a number from 0.1 to 1000.'],
    ['venue --speed 5000', 'It must be a number from 0.1 to 1000.'],
    ['venue --speed 0.05', 'It must be a number from 0.1 to 1000.'],
    ['venue --speed x', 'It must be a number from 0.1 to 1000.'],
    ['venue --key=', 'It must not be empty.'],
    ['venue --secret=', 'It must not be empty.'],
    ['demo --speed 1e9', 'above 0'],
    ['replay x --pace -1', 'at least 0'],
    ['train --purpose luck', 'liquidity, momentum, value, ensemble'],
    ['train --symbols not/there.txt', 'no symbol, nor a file that is there'],
    ['train --symbols ,', 'It names no symbol.'],
    ['train --layer 4', 'whole number from 0 to 3'],
    ['train --name Big', 'lower-case letters'],
    ['models show', "missing required argument 'name'"],
    ['logs --level loud', 'debug, info, warn, error, fatal'],
    ['ban', "missing required argument 'symbol'"],
    ['parity one', "missing required argument 'b'"],
    ['halt now', 'too many arguments'],
  ])('refuses "%s", says why and runs nothing', async (line, why) => {
    const { calls, exitCode, terminal } = await run(line);

    expect(calls).toEqual([]);
    expect(exitCode).toBe(EXIT_CODES.error);
    expect(terminal.errors).toContain(why);
    expect(terminal.errors).toContain('strata help');
    expect(terminal.out).toBe('');
  });

  it('shows its verbs to one who types nothing, or asks', async () => {
    for (const line of ['', 'help', '--help']) {
      const { exitCode, terminal } = await run(line);
      expect(exitCode).toBe(EXIT_CODES.ok);
      for (const verb of ['demo', 'replay', 'verify', 'parity', 'explain', 'hands-off', 'stop']) {
        expect(terminal.out).toContain(`\n  ${verb} `);
      }
    }
  });

  it('lets no name of a file move the cursor', async () => {
    const terminal = new CollectingTerminal();
    const error = new Error('\u001b[2Ja.csv:1 is bad\n\rb.csv:2 is bad');
    const verbs = { ...noting([]), replay: () => Promise.reject(error) };
    await runProgram(['replay', 'x'], verbs, terminal);

    expect(terminal.errors).toContain('strata: \ufffd[2Ja.csv:1 is bad\n\ufffdb.csv:2 is bad\n');
  });

  it('says its version', async () => {
    const terminal = new CollectingTerminal();

    expect(await runProgram(['--version'], noting([]), terminal, '1.2.3')).toBe(EXIT_CODES.ok);
    expect(terminal.out).toBe('1.2.3\n');
  });

  it.each(['halt', 'flatten', 'cancel-all'])('says that %s lasts until resume', async (verb) => {
    const { terminal } = await run(`${verb} --help`);

    expect(terminal.out).toContain('until `resume`');
  });

  it('tells what went wrong in one line and what to do in the next', async () => {
    const calls: Called[] = [];
    const terminal = new CollectingTerminal();
    const verbs = { ...noting(calls), verify: () => Promise.reject(new DecodeError('broken', 7)) };
    const exitCode = await runProgram(['verify'], verbs, terminal);

    expect(exitCode).toBe(EXIT_CODES.error);
    expect(terminal.errors).toBe(
      'strata: broken at byte 7 (DECODE)\n' +
        'Find out who wrote them; run the build that did, or restore the file.\n',
    );
  });
});

describe('describeFailure', () => {
  it.each([
    ['JOURNAL_DAMAGED', EXIT_CODES.mismatch],
    ['VERIFY_DIVERGED', EXIT_CODES.mismatch],
    ['ENGINE_NOT_RUNNING', EXIT_CODES.notRunning],
    ['ENGINE_SILENT', EXIT_CODES.timeout],
    ['CONFIG_INVALID', EXIT_CODES.config],
    ['SOMETHING_ELSE', EXIT_CODES.error],
  ])('ends %s with %i', (code, exitCode) => {
    const error = Object.assign(new Error('what'), { code });

    expect(describeFailure(error)).toMatchObject({ what: `what (${code})`, exitCode });
  });

  it('takes what is no Error too, and always says what to do', () => {
    expect(describeFailure('text').what).toBe('text');
    expect(describeFailure(undefined).action).not.toBe('');
    expect(describeFailure(new ConfigError('CONFIG_INVALID', [])).exitCode).toBe(4);
  });
});

describe('EXIT_CODES', () => {
  it('keeps its numbers: scripts rely on them', () => {
    expect(EXIT_CODES).toEqual({
      ok: 0,
      error: 1,
      notFound: 2,
      notRunning: 3,
      config: 4,
      timeout: 5,
      riskHalted: 6,
      mismatch: 7,
      stopped: 8,
    });
  });
});
