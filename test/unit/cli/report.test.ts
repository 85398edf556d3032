import { describe, expect, it } from 'vitest';
import { readSession } from '../../../src/cli/read-session.ts';
import { renderReport, type ReportMaterial } from '../../../src/cli/report.ts';
import { SessionView } from '../../../src/cli/session-view.ts';
import {
  renderSummary,
  type SessionEnding,
  summaryJson,
  verifyCommand,
} from '../../../src/cli/summary.ts';
import { type AccountId, symbolId, textId } from '../../../src/core/ids.ts';
import { readerOf, SessionScript, signalled, smallDay } from './session-script.ts';

const ending: SessionEnding = {
  decisionHash: '0123456789abcdef',
  reason: 'the market closed',
  wallUs: 2_000_000,
  cpuUs: 1_000_000,
  inputs: 42,
  journalPath: '.strata/sessions/s-1/journal',
  journalBytes: 12_345,
  reportPath: '.strata/sessions/s-1/report.html',
  notes: ['no history was given: layer 1 passes every symbol'],
};

function materialOf(script: SessionScript): ReportMaterial {
  return {
    description: script.description,
    ending,
    config: 'risk.positionsMax = 20  # default.yaml:9',
    latencies: [
      { name: 'decision', setting: 'durability os', samples: 2, p50Us: 14, p99Us: 55, maxUs: 900 },
    ],
  };
}

function viewOf(script: SessionScript): SessionView {
  return readSession(readerOf(script), script.description.sessionId);
}

describe('verifyCommand', () => {
  it.each([
    ['.strata', 'npx strata verify s-1'],
    ['/var/data', 'npx strata verify s-1 --data-dir /var/data'],
    ["my own's", "npx strata verify s-1 --data-dir 'my own'\\''s'"],
  ])('names %s as a shell takes it', (dataDir, command) => {
    const journalPath = `${dataDir}/sessions/s-1/journal`;

    expect(verifyCommand('s-1', { ...ending, journalPath })).toBe(command);
  });
});

describe('renderReport', () => {
  const page = renderReport(viewOf(smallDay()), materialOf(smallDay()));

  it('needs nothing but itself: no script, no address, and a policy that forbids them', () => {
    expect(page).not.toMatch(/<script|<img|<link|<iframe|https?:|url\(|@import|\son\w+=/i);
    expect(page).toContain("default-src 'none'");
  });

  it('holds the charts, the tables and where all comes from', () => {
    for (const text of [
      'Equity in dollars',
      'Drawdown in dollars',
      'members of layer 2',
      'Orders by strategy',
      'Refusals by reason',
      'mr.AAPL.0',
      'back at the mean',
      'the spread was 62.5 bps, limit 50 bps',
      'durability os',
      'risk.positionsMax = 20',
      ending.decisionHash,
      'strata verify s-1',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).toContain('+105.00');
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  it('closes every element it opens', () => {
    const open: string[] = [];
    for (const [, slash, name = '', end] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
      if (name === 'meta' || end === '/') continue;
      if (slash === '/') expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('shows text from outside as text', () => {
    const script = smallDay();
    const nasty = '<img src=x onerror="alert(1)">&\u0007';
    script.facts(
      signalled(8, symbolId(0), script.nowUs, { reason: nasty }),
      { kind: 'crashed', actor: 'symbols', row: 0, code: 'X', message: nasty },
      { kind: 'alert', severity: 'warn', code: 'x', text: nasty },
      {
        kind: 'tradingHalted',
        account: textId<AccountId>('PAPER'),
        level: 'stop',
        code: 'X',
        reason: nasty,
        by: 'me',
      },
    );
    const shown = renderReport(viewOf(script), materialOf(script));

    expect(shown).not.toContain('<img');
    expect(shown).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp; ');
  });

  it('stands for a session in which nothing happened', () => {
    const empty = renderReport(new SessionView(), materialOf(new SessionScript()));

    expect(empty).toContain('nothing to draw');
    expect(empty).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('renderSummary', () => {
  it('says in a screenful what came of a session', () => {
    const script = smallDay();
    const text = renderSummary(viewOf(script), script.description, ending);

    expect(text).toMatchInlineSnapshot(`
      "
      Session s-1 (demo: seed 7, 3 symbols)
        ended        the market closed
        market time  2013-10-07 09:30:00 to 09:35:03 New York, in 2.0 s (x152)
        events       6 in 3 frames, 3 a second
        universe     3 symbols, 2 liquid, 1 active; 5 moves
        signals      3, 1 refused (SPREAD_WIDE 1)
        orders       2: 2 filled
        trades       1 closed, 1 won (100 %)
        equity       100,105.00, +105.00 (+0.10 %); drawdown 75.00; flat
        crashes      none
        halts        none
        data         no faults
        note         no history was given: layer 1 passes every symbol
        decisions    0123456789abcdef after 42 records
        report       .strata/sessions/s-1/report.html
        journal      .strata/sessions/s-1/journal (12.3 kB)
        check it     npx strata verify s-1
      "
    `);
    expect(text.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  it('names the store that took the rows, and how to ask it', () => {
    const script = smallDay();
    const store = 'DuckDB, .strata/store/strata.duckdb';
    const text = renderSummary(viewOf(script), script.description, { ...ending, store });

    expect(text).toContain(`  store        ${store}: npx strata query says what is in it\n`);
  });

  it('says that trading is halted', () => {
    const script = smallDay().facts({
      kind: 'tradingHalted',
      account: textId<AccountId>('PAPER'),
      level: 'noEntries',
      code: 'DAILY_LOSS',
      reason: 'lost 2 %',
      by: 'risk',
    });

    expect(renderSummary(viewOf(script), script.description, ending)).toContain(
      'HALTED now, noEntries: DAILY_LOSS, lost 2 %',
    );
  });
});

describe('summaryJson', () => {
  it('gives hash, counts, rates and money as numbers that JSON can carry', () => {
    const script = smallDay();
    const summary = summaryJson(viewOf(script), script.description, ending);

    expect(JSON.parse(JSON.stringify(summary))).toMatchObject({
      sessionId: 's-1',
      decisionHash: ending.decisionHash,
      counts: { events: 6, symbols: 3, layerMoves: 5, orders: 2, fills: 2, trades: 1, crashes: 0 },
      standings: { filled: 2 },
      refusals: { SPREAD_WIDE: 1 },
      money: { profit: 1_050_000, equity: 1_001_050_000, drawdownMax: 750_000 },
      rates: { eventsPerSecond: 3, eventsPerCpuSecond: 6 },
    });
  });
});

describe('the halts of a summary', () => {
  const account = textId<AccountId>('PAPER');
  const said = { by: 'operator', reason: 'lunch' };

  it('are halts alone, neither bans nor resumptions', () => {
    const script = smallDay().facts(
      { kind: 'tradingHalted', account, level: 'noEntries', code: 'OPERATOR', ...said },
      { kind: 'tradingResumed', account, by: 'operator', reason: 'eaten' },
      { kind: 'symbolBanned', symbol: symbolId(0), isBanned: true, ...said },
    );
    const view = viewOf(script);

    const text = renderSummary(view, script.description, ending);
    expect(text).toContain('halts        1, the last: halted: noEntries (lunch)\n');
    expect(summaryJson(view, script.description, ending)).toMatchObject({ counts: { halts: 1 } });
  });
});

describe('the faults of a summary', () => {
  it('move no cursor, whatever the name of the file', () => {
    const script = smallDay();
    const view = viewOf(script);
    const file = 'm/\u001b[2J\n.csv';
    view.faults = { count: 1, first: [{ file, line: 2, field: 'open', detail: '"\u0007"' }] };

    const text = renderSummary(view, script.description, ending);
    expect(text).toContain('m/\ufffd[2J\ufffd.csv:2 open: "\ufffd"\n');
  });
});

describe('the refusals of a summary', () => {
  it('name four codes and count the others', () => {
    const script = smallDay();
    const view = viewOf(script);
    view.refusalsByCode.clear();
    for (const [at, code] of ['A', 'B', 'C', 'D', 'E', 'F'].entries()) {
      view.refusalsByCode.set(code, 9 - at);
    }

    const text = renderSummary(view, script.description, ending);
    expect(text).toContain('(A 9, B 8, C 7, D 6, other 9)');
  });
});
