import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderProgress, renderScreen, type ScreenOptions } from '../../../src/cli/live-screen.ts';
import { readSession } from '../../../src/cli/read-session.ts';
import { FRAME_MS_MIN, PROGRESS_MS_MIN, ScreenWriter } from '../../../src/cli/screen-writer.ts';
import { SessionView } from '../../../src/cli/session-view.ts';
import { bar, fit, painter, sparkline, widthOf } from '../../../src/cli/terminal-text.ts';
import { type AccountId, symbolId, textId } from '../../../src/core/ids.ts';
import { CollectingTerminal } from './collecting-terminal.ts';
import { filled, ordered, readerOf, SessionScript, smallDay } from './session-script.ts';

function viewOf(script: SessionScript): SessionView {
  return readSession(readerOf(script), script.description.sessionId);
}

/** The small day with a position, a crash and a halt at its end. */
function eventfulDay(): SessionScript {
  const script = smallDay();
  const bac = symbolId(1);
  script.market(1, ...ordered('mr.BAC.0', 9, bac, { sequence: 0 }));
  script.facts(filled('mr.BAC.0', bac, 'buy', 40, 250_000, script.nowUs));
  script.facts({ kind: 'crashed', actor: 'symbols', row: 1, code: 'RangeError', message: 'x' });
  return script.facts({
    kind: 'tradingHalted',
    account: textId<AccountId>('PAPER'),
    level: 'noEntries',
    code: 'OPERATOR',
    reason: 'lunch',
    by: 'me',
  });
}

function options(changes: Partial<ScreenOptions> = {}): ScreenOptions {
  return {
    columns: 80,
    rows: 24,
    isColoured: false,
    kind: 'demo',
    source: 'seed 7, 3 symbols',
    nowUs: smallDay().nowUs,
    speed: 60,
    eventsPerSecond: 1_234,
    journalBytes: 12_345_678,
    hint: 'Ctrl-C ends and reports',
    ...changes,
  };
}

describe('renderScreen', () => {
  it('shows a session in 80 columns and 24 rows', () => {
    expect(`\n${renderScreen(viewOf(eventfulDay()), options())}\n`).toMatchInlineSnapshot(`
      "
       STRATA  demo · seed 7, 3 symbols     2013-10-07 09:35:03 New York · x60 · open 
       ■ HALTED noEntries: lunch                          7 events (1,234/s) · 0 news 
      ─ UNIVERSE ─────────────────────────────┬── PROFIT AND LOSS ────────────────────
       0 universe      3  ██████████████████  │ equity      100,105.00  +0.10 %       
       1 liquid        2  ████████████        │ profit         +105.00  1 trade 100 % 
       2 active        1  ██████              │ open              0.00  booked +105.00
       5 moves between the layers             │ drawdown         75.00  0.07 % max    
       09:35:03 ▼ BAC    active: score        │ ▄▄▁█                                  
      ─ SIGNALS 3, REFUSED 1 ─────────────────┼── POSITIONS 1 ────────────────────────
       09:35:02 AAPL   mr sell passed         │ BAC       40 @ 25.00            0.00  
       09:33:02 BAC    mr buy  SPREAD_WIDE    │                                       
       09:32:01 AAPL   mr buy  passed         │                                       
                                              │                                       
                                              │                                       
                                              │                                       
                                              │                                       
      ─ ORDERS 3, FILLED 2 ───────────────────┼── ACTORS 5 ───────────────────────────
       09:35:03 buy    100 BAC    intended    │ 1 crash healed, 0 out now             
       09:35:02 sell   100 AAPL   filled      │ ✚ symbols            1x 09:35:03 Rang…
       09:32:01 buy    100 AAPL   filled      │ ● layer-1                             
                                              │ ● layer-2                             
                                              │ ● risk                                
                                              │ ● execution                           
       data clean · journal 12.3 MB · 0 alerts                Ctrl-C ends and reports 
      "
    `);
  });

  it('fills exactly the terminal it is given, coloured or not', () => {
    const view = viewOf(eventfulDay());
    const size = fc.record({
      columns: fc.integer({ min: 1, max: 300 }),
      rows: fc.integer({ min: 1, max: 120 }),
      isColoured: fc.boolean(),
    });

    fc.assert(
      fc.property(size, (changes) => {
        const lines = renderScreen(view, options(changes)).split('\n');
        expect(lines).toHaveLength(changes.rows);
        expect(lines.every((line) => widthOf(line) === changes.columns)).toBe(true);
      }),
    );
  });

  it('stands before anything has happened', () => {
    const text = renderScreen(new SessionView(), options({ nowUs: 0 }));

    expect(text).toContain('starting');
    expect(text).toContain('flat');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('lets no text from outside move the cursor', () => {
    const script = smallDay();
    const reason = '\u001b[2J\u001b]0;title\u0007\r\nhalted';
    script.facts({
      kind: 'tradingHalted',
      account: textId<AccountId>('PAPER'),
      level: 'noEntries',
      code: 'X',
      reason,
      by: 'me',
    });
    const text = renderScreen(viewOf(script), options());

    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    expect(text.split('\n')).toHaveLength(24);
  });
});

describe('renderProgress', () => {
  it('says where a session is in one line', () => {
    const view = viewOf(eventfulDay());

    expect(renderProgress(view, options())).toBe(
      '09:35:03 · 7 events · layers 3 > 2 > 1 · 3 orders · 3 fills · 1 trade · ' +
        'equity 100,105.00 (+105.00, +0.10 %) · 1 crash · HALTED noEntries: OPERATOR',
    );
  });
});

describe('ScreenWriter', () => {
  const frame = options();

  it('redraws in place with one write a frame, no faster than people read', () => {
    const terminal = new CollectingTerminal();
    terminal.isInteractive = true;
    const writer = new ScreenWriter(terminal);
    const view = viewOf(smallDay());
    writer.show(view, 0, frame);
    const first = terminal.out;
    writer.show(view, FRAME_MS_MIN - 1, frame);
    expect(terminal.out).toBe(first);
    writer.show(view, FRAME_MS_MIN, frame);
    const second = terminal.out.slice(first.length);

    expect(first.startsWith('\u001b[?1049h')).toBe(true);
    expect(second.startsWith('\u001b[?2026h\u001b[H')).toBe(true);
    expect(second).not.toContain('\u001b[2J');
    expect(second.endsWith('\u001b[?2026l')).toBe(true);
  });

  it('gives the terminal back once, and only if it took it', () => {
    const terminal = new CollectingTerminal();
    terminal.isInteractive = true;
    const writer = new ScreenWriter(terminal);
    writer.close();
    expect(terminal.out).toBe('');
    writer.show(viewOf(smallDay()), 0, frame);
    terminal.out = '';
    writer.close();
    writer.close();

    expect(terminal.out).toBe('\u001b[?25h\u001b[?1049l');
  });

  it('leaves a frame out while the terminal has not taken the last one', () => {
    const terminal = new CollectingTerminal();
    terminal.isInteractive = true;
    terminal.isBusy = true;
    new ScreenWriter(terminal).show(viewOf(smallDay()), 0, frame);

    expect(terminal.out).toBe('');
  });

  it('writes a line now and then to stderr where nobody watches', () => {
    const terminal = new CollectingTerminal();
    const writer = new ScreenWriter(terminal);
    const view = viewOf(smallDay());
    for (const wallMs of [0, 10, PROGRESS_MS_MIN]) writer.show(view, wallMs, frame);
    writer.close();

    expect(terminal.out).toBe('');
    expect(terminal.errors.trimEnd().split('\n')).toHaveLength(2);
    expect(terminal.errors).not.toContain('\u001b');
  });
});

describe('terminal text', () => {
  it('cuts and fills to exact columns, whatever the colours', () => {
    const paint = painter(true);
    const text = fc.array(fc.tuple(fc.string(), fc.constantFrom('red', 'bold', 'dim')), {
      maxLength: 6,
    });

    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 60 }), (parts, columns) => {
        const line = parts.map(([part, style]) => paint(part, style)).join('');
        expect(widthOf(fit(line, columns))).toBe(columns);
      }),
    );
  });

  it('draws bars to an eighth, and shows what is not nothing', () => {
    expect([bar(0, 8), bar(0.0001, 8), bar(0.5, 8), bar(1, 8), bar(7, 8)]).toEqual([
      '',
      '▏',
      '████',
      '████████',
      '████████',
    ]);
    expect(bar(Number.NaN, 8)).toBe('');
  });

  it('draws a line from the lowest to the highest value', () => {
    expect(sparkline([1, 2, 3, Number.NaN, 8])).toBe('▁▂▃█');
    expect(sparkline([5, 5])).toBe('▁▁');
    expect(sparkline([])).toBe('');
  });
});
