import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderActors, supervisionTree, treeOfView } from '../../../src/cli/actors.ts';
import {
  type Check,
  doctorExitCode,
  diskCheck,
  nodeCheck,
  renderDoctor,
  runChecks,
} from '../../../src/cli/doctor.ts';
import { EXIT_CODES } from '../../../src/cli/exit-codes.ts';
import { createLookingVerbs, type LookingPorts } from '../../../src/cli/looking-verbs.ts';
import { readSession } from '../../../src/cli/read-session.ts';
import {
  engineStatus,
  parseStatus,
  renderStatus,
  statusExitCode,
} from '../../../src/cli/status.ts';
import { type AccountId, symbolId, textId } from '../../../src/core/ids.ts';
import { riskFold } from '../../../src/compose/risk-fold.ts';
import type { SessionReader } from '../../../src/ports/session-reader.ts';
import { CollectingTerminal } from './collecting-terminal.ts';
import { moved, readerOf, SessionScript, smallDay } from './session-script.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'strata-verbs-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function setUp(scripts: readonly SessionScript[], changes: Partial<LookingPorts> = {}) {
  const terminal = new CollectingTerminal();
  const verbs = createLookingVerbs({
    terminal,
    openSessions: () => readerOf(...scripts),
    holderOf: async () => undefined,
    journalSize: () => ({
      writtenBytes: 600,
      packed: { segments: 2, writtenBytes: 400, storedBytes: 100 },
    }),
    nodeVersion: '22.1.0',
    platform: 'linux',
    arch: 'x64',
    riskFold,
    checks: () => [],
    ...changes,
  });
  return { terminal, verbs };
}

const common = () => ({ dataDir, config: undefined, isJson: false });
const twoDays = () => [smallDay(), smallDay(new SessionScript('s-2'))];

/** A session that stated, when it ended, so many records more than its journal has now. */
function readerOfEnded(lost: number): SessionReader {
  const { description, records } = smallDay();
  const ended = { reason: 'closed', records: records.length + lost, decisionHash: '0' };
  const session = { ...description, ended };
  return {
    list: () => [session],
    find: () => session,
    read: (_id, visit) => records.forEach(visit),
  };
}

describe('explain', () => {
  it('looks into the last session unless one is named', async () => {
    const { terminal, verbs } = setUp(twoDays());
    const code = await verbs.explain({ ...common(), target: 'AAPL', session: undefined });

    expect(code).toBe(EXIT_CODES.ok);
    expect(terminal.out).toContain('symbol AAPL in session s-2');
  });

  it('ends with 2 and near matches where there is no such thing', async () => {
    const { terminal, verbs } = setUp(twoDays());

    expect(await verbs.explain({ ...common(), target: 'AAPK', session: 's-1' })).toBe(2);
    expect(terminal.errors).toContain('Did you mean AAPL?');
    expect(terminal.out).toBe('');
  });

  it('ends with 2 where there is no such session, and names those there are', async () => {
    const { terminal, verbs } = setUp(twoDays());

    expect(await verbs.explain({ ...common(), target: 'AAPL', session: 's' })).toBe(2);
    expect(terminal.errors).toContain('Did you mean s-1, s-2?');
    const nothing = setUp([]);
    const code = await nothing.verbs.explain({ ...common(), target: 'X', session: undefined });
    expect(code).toBe(2);
    expect(nothing.terminal.errors).toContain('strata demo --once');
  });

  it('gives the story as JSON', async () => {
    const { terminal, verbs } = setUp(twoDays());
    await verbs.explain({ ...common(), isJson: true, target: 'mr-2', session: 's-1' });

    expect(JSON.parse(terminal.out)).toMatchObject({
      isFound: true,
      story: { type: 'signal', steps: [{ kind: 'signal' }, { kind: 'refused', sequence: 23 }] },
    });
  });
});

describe('parity', () => {
  it('ends with 0 where two sessions decided the same, with 7 where they did not', async () => {
    const [left, right] = twoDays();
    const { terminal, verbs } = setUp([left, right].filter((one) => one !== undefined));
    const sides = { left: 's-1', right: 's-2', isStrict: false };
    expect(await verbs.parity({ ...common(), ...sides })).toBe(EXIT_CODES.ok);

    right?.facts(moved(1, symbolId(2), true, 'score', 1, right.nowUs));
    terminal.out = '';
    expect(await verbs.parity({ ...common(), ...sides, isJson: true })).toBe(EXIT_CODES.mismatch);
    expect(JSON.parse(terminal.out)).toMatchObject({
      counted: 1,
      counts: { moves: { onlyRight: 1 } },
    });
  });
});

describe('logs', () => {
  const line = (level: string, event: string) =>
    `${JSON.stringify({ time: 1, level, session: 's-1', input: 3, event, reason: 'x' })}\n`;

  it('shows what passes the filter, for people or as it was written', async () => {
    const folder = join(dataDir, 'sessions/s-1');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'log.ndjson'), line('info', 'recovered') + line('error', 'halted'));
    const { terminal, verbs } = setUp([smallDay()]);
    const filter = {
      session: undefined,
      level: 'warn',
      eventName: undefined,
      linesMax: 10,
    } as const;

    expect(await verbs.logs({ ...common(), ...filter })).toBe(EXIT_CODES.ok);
    expect(terminal.out).toBe('1970-01-01T00:00:00.001000Z error #3 halted reason=x\n');
  });

  it('ends with 2 where a session has no log', async () => {
    const { verbs } = setUp([smallDay()]);
    const filter = { session: 's-1', level: undefined, eventName: undefined, linesMax: 1 };

    expect(await verbs.logs({ ...common(), ...filter })).toBe(EXIT_CODES.notFound);
  });
});

describe('config show', () => {
  const shown = { profile: 'demo', isResolved: false, isRedacted: true } as const;

  it('shows what the user set, and where; all of it when asked', async () => {
    const config = join(dataDir, 'mine.yaml');
    writeFileSync(config, 'risk:\n  positionsMax: 3\n');
    const { terminal, verbs } = setUp([]);
    expect(await verbs.configShow({ ...common(), config, ...shown })).toBe(EXIT_CODES.ok);
    expect(terminal.out).toContain(`risk.positionsMax = 3  # ${config}:2`);
    expect(terminal.out).not.toContain('risk.spreadBpsMax');

    terminal.out = '';
    await verbs.configShow({ ...common(), config, ...shown, isResolved: true });
    expect(terminal.out).toContain('risk.spreadBpsMax = 50');
    expect(terminal.out).toContain('account.id = (private)');
  });

  it('gives the same as JSON, with what is private hidden', async () => {
    const { terminal, verbs } = setUp([]);
    await verbs.configShow({ ...common(), ...shown, isResolved: true, isJson: true });
    const { configHash, settings } = JSON.parse(terminal.out);

    expect(configHash).toMatch(/^[0-9a-f]{64}$/);
    expect(settings).toContainEqual(
      expect.objectContaining({ key: 'account.id', value: '(private)' }),
    );
  });
});

describe('doctor', () => {
  it('finds a healthy place well, and says what it measured', async () => {
    const { terminal, verbs } = setUp([], { openSessions: () => readerOfEnded(0) });
    const code = await verbs.doctor(common());

    expect(code).toBe(EXIT_CODES.ok);
    expect(terminal.out).toContain(
      'events at 100 bytes each, as measured, and compressed 4.0 times, measured on 2 segments',
    );
    expect(terminal.out).toMatch(/✓ last journal +s-1 is whole: \d+ records/);
    expect(terminal.out).toContain('none is running on this data directory');
  });

  it('finds that an ended session has lost records', async () => {
    const { terminal, verbs } = setUp([], { openSessions: () => readerOfEnded(5) });

    expect(await verbs.doctor(common())).toBe(EXIT_CODES.mismatch);
    expect(terminal.out).toMatch(/s-1: it ended with \d+ records, its journal has \d+/);
  });

  it.each([
    [{ kind: 'demo' }, 'the next `strata demo` goes on with it'],
    [{ kind: 'trade' }, 'the next `strata trade` goes on with it, if it is of the same day'],
    [{ kind: 'replay' }, 'replay it again'],
  ] as const)('warns of a last session that has not ended: %o', async ({ kind }, what) => {
    const { description, records } = smallDay(new SessionScript('s-1', { kind }));
    const { ended: _, ...unfinished } = description;
    const reader: SessionReader = {
      list: () => [unfinished],
      find: () => unfinished,
      read: (_id, visit) => records.forEach(visit),
    };
    const killed = setUp([], { openSessions: () => reader });
    const holder = { pid: 1, sessionId: 's-1', sinceUs: 0 };
    const running = setUp([], { openSessions: () => reader, holderOf: async () => holder });

    expect(await killed.verbs.doctor(common())).toBe(EXIT_CODES.ok);
    expect(killed.terminal.out).toMatch(/! last journal +s-1 is whole: .*, but it has not ended\n/);
    expect(killed.terminal.out).toContain(what);
    expect(await running.verbs.doctor(common())).toBe(EXIT_CODES.ok);
    expect(running.terminal.out).toMatch(/✓ last journal +s-1 is whole: .*; it runs\n/);
  });

  it('names a bad setting and ends with 4', async () => {
    const config = join(dataDir, 'mine.yaml');
    writeFileSync(config, 'risk:\n  positionMax: 3\n');
    const { terminal, verbs } = setUp([]);
    const code = await verbs.doctor({ ...common(), config });

    expect(code).toBe(EXIT_CODES.config);
    expect(terminal.out).toContain(`${config}:2 risk.positionMax`);
  });

  it('takes a check that throws as a finding, and goes on', async () => {
    const broken: Check = {
      name: 'broken',
      run() {
        throw Object.assign(new Error('disk is gone'), { code: 'DISK_MISSING' });
      },
    };
    const findings = await runChecks([broken, nodeCheck('20.19.0'), nodeCheck('20.18.9')]);

    expect(findings.map(({ state }) => state)).toEqual(['fail', 'ok', 'fail']);
    expect(findings[0]?.what).toBe('disk is gone (DISK_MISSING)');
    expect(doctorExitCode(findings)).toBe(EXIT_CODES.error);
    expect(renderDoctor(findings, { isColoured: false })).toContain('2 failed, 0 warnings.');
  });

  it('lets no name of a file move the cursor', async () => {
    const named: Check = {
      name: 'named',
      run: () => ({ state: 'warn', what: 'a\u001b[2J\nb\r', action: '' }),
    };
    const text = renderDoctor(await runChecks([named]), { isColoured: false });

    expect(text).toContain('a\ufffd[2J\nb\ufffd\n');
  });

  it('warns where the disk has less room than the journal may take', async () => {
    const forecast = { bytesMax: 1e18, bytesPerEvent: 60, isMeasured: false, packed: undefined };
    const [finding] = await runChecks([diskCheck(dataDir, forecast)]);

    expect(finding?.state).toBe('warn');
    expect(finding?.what).toContain('as assumed');
  });

  it('says where the ratio of compression is from, and counts it into the room', async () => {
    const forecast = { bytesMax: 6e9, bytesPerEvent: 60, isMeasured: true };
    const whatOf = async (packed: { times: number; segments: number } | undefined) => {
      const [finding] = await runChecks([diskCheck(dataDir, { ...forecast, packed })]);
      return finding?.what;
    };

    expect(await whatOf(undefined)).toContain('100,000,000 events at 60 bytes each, as measured');
    expect(await whatOf({ times: 3, segments: 0 })).toContain(
      '300,000,000 events at 60 bytes each, as measured, and compressed 3.0 times, assumed',
    );
    expect(await whatOf({ times: 3.34, segments: 1 })).toContain(
      'compressed 3.3 times, measured on 1 segment',
    );
  });

  it('ends with 7 where the last journal is damaged', async () => {
    const damaged = {
      ...readerOf(smallDay()),
      read() {
        throw Object.assign(new Error('000001 is damaged at byte 7'), { code: 'JOURNAL_DAMAGED' });
      },
    };
    const { terminal, verbs } = setUp([], { openSessions: () => damaged });

    expect(await verbs.doctor(common())).toBe(EXIT_CODES.mismatch);
    expect(terminal.out).toContain('000001 is damaged at byte 7');
  });
});

describe('actors', () => {
  it('draws one tree: services in their order, the kernel under the engine', () => {
    const script = smallDay();
    script.input({ kind: 'serviceChanged', service: 'broker', state: 'down', reason: 'no line' });
    script.facts({ kind: 'crashed', actor: 'layer-2', row: -1, code: 'X', message: '' });
    script.facts({ kind: 'quarantined', actor: 'layer-2', row: -1, untilUs: 1 });
    const tree = treeOfView(readSession(readerOf(script), 's-1'), true);

    expect(renderActors(tree, { isColoured: false })).toMatchInlineSnapshot(`
      "strata                         ended       1 crash healed
      ├─ market                      ended
      ├─ broker                      stopped     no line
      ├─ inference                   ended
      ├─ stores                      ended
      └─ engine                      ended       1 crash healed
         ├─ symbols                  ended
         ├─ layer-1                  ended
         ├─ layer-2                  quarantined 1 crash healed
         ├─ risk                     ended
         └─ execution                ended
      "
    `);
  });

  it('shows as stopped what was killed', () => {
    const tree = treeOfView(readSession(readerOf(smallDay()), 's-1'), false);

    expect(renderActors(tree, { isColoured: false })).not.toMatch(/running|ended/);
  });

  it('shows rows and those that are out', () => {
    const kernel = [{ name: 'symbols', rows: 500, rowsOut: 2, isOut: false, crashes: 3 }];
    const text = renderActors(supervisionTree([], kernel), { isColoured: false });

    expect(text).toMatch(/symbols +degraded +500 rows, 2 rows out, 3 crashes healed\n/);
  });
});

describe('status', () => {
  const parts = {
    sessionId: 's-1',
    kind: 'demo',
    source: 'seed 7',
    pid: 1,
    sinceUs: 0,
    records: 30,
    events: 6,
    decisionHash: '0123456789abcdef',
    journalState: 'well',
    journalBytes: 1_000,
  };

  it('survives the control channel and is refused when it is not of this format', () => {
    const status = engineStatus(readSession(readerOf(smallDay()), 's-1'), parts);
    const sent: Record<string, unknown> = JSON.parse(JSON.stringify(status));

    expect(parseStatus(sent)).toEqual(status);
    expect(parseStatus({ ...sent, orders: '2' })).toBeUndefined();
    expect(parseStatus({})).toBeUndefined();
    expect(renderStatus(status)).toContain('equity     100,105.00 (+105.00)');
    expect(statusExitCode(status)).toBe(EXIT_CODES.ok);
  });

  it('names the symbols that are banned, and those that the operator has', () => {
    const said = { by: 'operator', reason: 'by hand' };
    const script = smallDay().facts(
      { kind: 'symbolBanned', symbol: symbolId(0), isBanned: true, ...said },
      { kind: 'handsOff', symbol: symbolId(1), isOff: true, ...said },
    );
    const status = engineStatus(readSession(readerOf(script), 's-1'), parts);

    expect(status).toMatchObject({ banned: ['AAPL'], handsOff: ['BAC'] });
    expect(renderStatus(status)).toContain('\nbanned     AAPL\nhands off  BAC\n');
    expect(parseStatus(JSON.parse(JSON.stringify(status)))).toEqual(status);
    expect(parseStatus({ ...status, banned: [7] })).toBeUndefined();
  });

  it('counts the banned that it does not name, and moves no cursor', () => {
    const status = engineStatus(readSession(readerOf(smallDay()), 's-1'), parts);
    const banned = Array.from({ length: 12 }, (_, at) => `S${at}`);
    const text = renderStatus({ ...status, banned, halt: 'a\u001b[2Jb' });

    expect(text).toContain('S9 and 2 more\n');
    expect(text).toContain('HALTED a\ufffd[2Jb\n');
    expect(renderStatus(status)).not.toContain('banned');
  });

  it('ends with 6 where trading is halted', () => {
    const script = smallDay().facts({
      kind: 'tradingHalted',
      account: textId<AccountId>('PAPER'),
      level: 'noEntries',
      code: 'DAILY_LOSS',
      reason: 'lost 2 %',
      by: 'risk',
    });
    const status = engineStatus(readSession(readerOf(script), 's-1'), parts);

    expect(statusExitCode(status)).toBe(EXIT_CODES.riskHalted);
    expect(renderStatus(status)).toContain('HALTED noEntries: DAILY_LOSS, lost 2 %');
  });
});
