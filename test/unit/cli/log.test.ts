import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LINE_FIELDS, LOG_EVENTS } from '../../../src/cli/log-events.ts';
import { type Log, type LogOptions, openLog } from '../../../src/cli/log.ts';
import { parseLogLine, readLogs, renderLogs } from '../../../src/cli/read-logs.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strata-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function options(changes: Partial<LogOptions> = {}): LogOptions {
  return {
    path: join(folder, 'sessions/s-1/log.ndjson'),
    session: 's-1',
    level: 'info',
    secrets: [],
    input: () => 0,
    onFault(error) {
      throw error;
    },
    ...changes,
  };
}

describe('openLog', () => {
  it('writes a line an event, with session and input number, into a folder it makes', async () => {
    let input = 7;
    const log = openLog(options({ input: () => input }));
    log.event('recovered', { life: 2, records: 3, droppedBytes: 0, enquiries: 1 });
    input = 8;
    log.event('halted', { account: 'PAPER', step: 'noEntries', reason: 'operator' });
    await log.close();

    const lines = readFileSync(options().path, 'utf8').trimEnd().split('\n').map(parseLogLine);
    expect(lines).toMatchObject([
      {
        level: 'info',
        session: 's-1',
        input: 7,
        event: 'recovered',
        fields: { life: 2, records: 3, droppedBytes: 0, enquiries: 1 },
      },
      { level: 'error', input: 8, event: 'halted', fields: { account: 'PAPER' } },
    ]);
    expect(log.lost).toBe(0);
  });

  it('leaves out what is below its level', async () => {
    const log = openLog(options({ level: 'error' }));
    log.event('recovered', { life: 2, records: 3, droppedBytes: 0, enquiries: 0 });
    log.event('halted', { account: 'PAPER', step: 'noEntries', reason: 'operator' });
    await log.close();

    const { lines } = readLogs(options().path, { linesMax: 10 });
    expect(lines.map(({ event }) => event)).toEqual(['halted']);
  });

  it('never writes a secret, whatever field it slips into', async () => {
    const log = openLog(options({ secrets: ['', 'AK-1', 'AK-123'] }));
    log.event('crashHealed', { actor: 'broker', row: -1, error: '401 for AK-123 (AK-123)' });
    await log.close();

    const text = readFileSync(options().path, 'utf8');
    expect(text).not.toContain('AK-1');
    expect(text).toContain('401 for (redacted) ((redacted))');
  });

  it('reports once that it cannot write, counts what is lost, and stops nobody', async () => {
    writeFileSync(join(folder, 'sessions'), 'a file where the folder would be');
    const faults: Error[] = [];
    let log: Log | undefined;
    const failed = new Promise<void>((resolve) => {
      const onFault = (error: Error) => resolve(void faults.push(error));
      log = openLog(options({ onFault }));
      log.event('halted', { account: 'PAPER', step: 'noEntries', reason: 'before it is known' });
    });
    await failed;
    log?.event('halted', { account: 'PAPER', step: 'noEntries', reason: 'after' });
    await log?.close();

    expect(faults).toHaveLength(1);
    expect(log?.lost).toBe(1);
  });

  it('counts an event after the end as lost', async () => {
    const log = openLog(options());
    await log.close();
    log.event('halted', { account: 'PAPER', step: 'noEntries', reason: 'late' });
    await log.close();

    expect(log.lost).toBe(1);
    expect(readLogs(options().path, { linesMax: 1 }).lines).toEqual([]);
  });

  it('takes only events of the table with their fields', () => {
    const log: Pick<Log, 'event'> = { event: () => {} };
    // @ts-expect-error not in the table
    log.event('somethingElse', {});
    // @ts-expect-error a field is missing
    log.event('halted', { account: 'PAPER' });
    // @ts-expect-error a field of another type
    log.event('diskState', { state: 'full', freeBytes: '0' });

    expect(Object.keys(LOG_EVENTS)).toContain('halted');
  });
});

describe('LOG_EVENTS', () => {
  it('leaves the fields of every line alone, and says what each event means', () => {
    for (const { fields, meaning } of Object.values(LOG_EVENTS)) {
      expect(Object.keys(fields).filter((name) => LINE_FIELDS.includes(name))).toEqual([]);
      expect(meaning).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('readLogs', () => {
  const line = (at: number, level: string, event: string, more: object = {}) =>
    JSON.stringify({ level, time: at * 1_000, session: 's', input: at, event, ...more });

  function read(texts: readonly string[], filter: Parameters<typeof readLogs>[1]) {
    const path = join(folder, 'log.ndjson');
    writeFileSync(path, texts.join('\n'));
    return readLogs(path, filter);
  }

  it('answers the last lines that pass the filter', () => {
    const texts = [1, 2, 3, 4, 5, 6].map((at) =>
      line(at, at % 2 === 0 ? 'error' : 'info', at < 4 ? 'halted' : 'recovered'),
    );
    const inputs = (filter: Parameters<typeof readLogs>[1]) =>
      read(texts, filter).lines.map(({ input }) => input);

    expect(inputs({ linesMax: 2 })).toEqual([5, 6]);
    expect(inputs({ linesMax: 0 })).toEqual([]);
    expect(inputs({ linesMax: 9, levelMin: 'warn' })).toEqual([2, 4, 6]);
    expect(inputs({ linesMax: 1, event: 'halted' })).toEqual([3]);
    expect(inputs({ linesMax: 9, levelMin: 'error', event: 'halted' })).toEqual([2]);
  });

  it('keeps the last lines of a log larger than its memory, whatever the chunks cut', () => {
    const texts = Array.from({ length: 9_000 }, (_, at) =>
      line(at, 'info', 'halted', { reason: 'größer €'.repeat(at % 5) }),
    );
    const { lines, unreadable } = read(texts, { linesMax: 100 });

    expect(unreadable).toBe(0);
    expect(lines.map(({ input }) => input)).toEqual(
      Array.from({ length: 100 }, (_, at) => 8_900 + at),
    );
    expect(lines[2]?.fields).toEqual({ reason: 'größer €größer €' });
  });

  it('counts what is no log line, and the torn end of a crash', () => {
    const whole = line(1, 'info', 'halted');
    const texts = ['null', '[]', '{}', 'x'.repeat(200_000), '', whole, whole.slice(0, 30)];
    const { lines, unreadable } = read(texts, { linesMax: 10 });

    expect(lines).toHaveLength(1);
    expect(unreadable).toBeGreaterThanOrEqual(5);
  });

  it('renders a line for people so that a text cannot pass for another field or line', () => {
    const page = read([line(1, 'warn', 'crashHealed', { error: 'x\n level=info', restarts: 2 })], {
      linesMax: 1,
    });

    expect(renderLogs(page, { isJson: false })).toBe(
      '1970-01-01T00:00:01.000000Z warn  #1 crashHealed error="x\\n level=info" restarts=2\n',
    );
    expect(renderLogs({ lines: [], unreadable: 2 }, { isJson: false })).toBe(
      '2 unreadable lines\n',
    );
  });

  it('renders JSON that reads back as the same line', () => {
    const page = read([line(1, 'warn', 'ofAnotherBuild', { count: 2 }), 'torn'], { linesMax: 1 });
    const text = renderLogs(page, { isJson: true });

    expect(parseLogLine(text.trimEnd())).toEqual(page.lines[0]);
    expect(text.split('\n')).toHaveLength(2);
  });
});
