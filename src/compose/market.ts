import { hashText } from '../core/hash.ts';
import { MINUTE } from '../core/time.ts';
import type { DailyBar } from '../domain/market/daily-bar.ts';
import type { DataFaults, MarketSource } from '../ports/market-source.ts';
import { openRecorded } from '../streams/recorded/open-recorded.ts';
import { readDailyHistory } from '../streams/recorded/daily-history.ts';
import { seededHistory } from '../venue/market/seeded-history.ts';
import { createSeededMarket } from '../venue/market/seeded-market.ts';
import { withHistory } from './history-source.ts';
import { type RecordedDelays, recordedDelays } from './recorded-delays.ts';
import { openJournal } from './recorded-session.ts';
import { SessionError } from './session-error.ts';
import type { MarketFile } from './session-files.ts';

export interface OpenedMarket {
  readonly source: MarketSource;
  readonly isHistoryGiven: boolean;
  readonly historyFaults: DataFaults;
  /** How late services answered, where the market is a live session's. */
  readonly delays?: RecordedDelays;
}

const NO_FAULTS: DataFaults = { count: 0, first: [] };

/**
 * Opens the market a session is (or was) about, with its history in front of it.
 *
 * @param historyDays left out: as many as the first layer measures.
 */
export function openMarket(
  file: MarketFile,
  eventsMax: number,
  historyDays?: number,
): OpenedMarket {
  if (file.kind === 'seeded') {
    const { seed, symbols, date } = file;
    const options = { seed, symbols, date, extendedHours: false };
    const source = createSeededMarket(options);
    return opened(source, seededHistory(options), NO_FAULTS);
  }
  if (file.kind === 'journal') {
    const source = openJournal(file.path);
    const { isHistoryGiven } = file;
    const delays = file.isLive === true ? { delays: recordedDelays(file.path) } : {};
    return { source, isHistoryGiven, historyFaults: NO_FAULTS, ...delays };
  }
  if (file.kind === 'live') {
    const message = 'a live market comes once: replay the journal that has it';
    throw new SessionError('SESSION_OTHER_MARKET', message);
  }
  const options = file.date === undefined ? { eventsMax } : { eventsMax, date: file.date };
  const source = openRecorded(file.path, options);
  if (file.history === undefined) {
    return { source, isHistoryGiven: false, historyFaults: NO_FAULTS };
  }
  const names = source.symbols.map(({ name }) => name);
  const first = firstDate(source);
  const { bars, faults } = readDailyHistory(file.history, names, first, historyDays);
  return opened(source, bars, faults);
}

/**
 * Names a market by its symbols in their order and its calendar, and by the seed where it has one:
 * 16 hex digits. Frames are not looked at, so another price in the same days goes unnoticed.
 */
export function marketId(file: MarketFile, { source }: OpenedMarket): string {
  const { symbols, calendar } = source;
  const seed = file.kind === 'seeded' ? file.seed : undefined;
  return hashText(JSON.stringify({ seed, symbols, calendar }));
}

function opened(
  source: MarketSource,
  history: ReadonlyMap<string, readonly DailyBar[]>,
  historyFaults: DataFaults,
): OpenedMarket {
  const atUs = (source.calendar[0]?.atUs ?? 0) - MINUTE;
  return { source: withHistory(source, history, atUs), isHistoryGiven: true, historyFaults };
}

/** History is cut at the first day that is replayed, so that no day sees itself. */
function firstDate(source: MarketSource): number {
  for (const { input } of source.calendar) {
    if (input.kind === 'sessionChanged') return input.date;
  }
  return 0;
}
