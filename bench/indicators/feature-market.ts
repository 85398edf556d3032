import { present } from '../../src/core/assert.ts';
import { MINUTE } from '../../src/core/time.ts';
import { withHistory } from '../../src/compose/history-source.ts';
import type { FeatureEngine } from '../../src/domain/features/feature-engine.ts';
import { newYorkDayNumber } from '../../src/domain/market/calendar.ts';
import { EventBatch, QUOTE, TRADE } from '../../src/domain/market/event-batch.ts';
import type { MarketSource } from '../../src/ports/market-source.ts';
import { seededHistory } from '../../src/venue/market/seeded-history.ts';
import { createSeededMarket } from '../../src/venue/market/seeded-market.ts';

/** Days before the first, so that what looks back a year is known. */
const HISTORY_DAYS = 300;
const BATCH_EVENTS = 1_024;

/** A day that is heard, and a second one that is measured; their past in front of them. */
export function twoDays(symbols: number): MarketSource {
  const options = { seed: 7, symbols, days: 2, extendedHours: false };
  const source = createSeededMarket(options);
  const firstUs = present(source.calendar[0], 'an opening').atUs;
  return withHistory(source, seededHistory(options, HISTORY_DAYS), firstUs - MINUTE);
}

/**
 * One minute's trades and quotes, each kind by itself: every event a frame, at the minute's end.
 * The same object with every minute, so that nothing is collected while one is timed.
 */
export interface MinuteOfKinds {
  endUs: number;
  readonly trades: EventBatch;
  readonly quotes: EventBatch;
}

/**
 * Plays the first day to the engine, then hands over so many minutes of the second, kind by kind,
 * from a quarter of an hour after its opening on; what lies between is played too.
 */
export function* minutesOf(
  engine: FeatureEngine,
  source: MarketSource,
  count: number,
): Generator<MinuteOfKinds> {
  const openings = source.calendar.flatMap(({ atUs, input }) =>
    input.kind === 'sessionChanged' && input.phase === 'core' ? [{ ...input, atUs }] : [],
  );
  const fromUs = present(openings[1], 'a second day').openUs + 15 * MINUTE;
  const batch = new EventBatch(BATCH_EVENTS, BATCH_EVENTS);
  let opened = 0;
  let endUs = fromUs;
  const room = () => new EventBatch(MINUTE_EVENTS, MINUTE_EVENTS);
  const kinds = { endUs, trades: room(), quotes: room() };
  while (source.next(batch)) {
    for (let frame = 0; frame < batch.frames; frame += 1) {
      const nowUs = batch.frameUs[frame] ?? 0;
      for (; (openings[opened]?.atUs ?? Infinity) <= nowUs; opened += 1) {
        const { openUs, closeUs, atUs } = present(openings[opened], 'an opening');
        engine.openSession({ openUs, closeUs, coreOpenUs: openUs, isExtended: false }, atUs);
        const day = newYorkDayNumber(openUs);
        engine.marketFact({ kind: 'session', day, openUs, closeUs, nowUs: atUs });
      }
      if (nowUs < fromUs) engine.takeFrame(batch, frame);
      else {
        if (nowUs >= endUs) {
          if (endUs > fromUs) yield kinds;
          endUs += MINUTE;
          if (endUs > fromUs + count * MINUTE) return;
          kinds.endUs = endUs;
          kinds.trades.clear();
          kinds.quotes.clear();
        }
        sort(batch, frame, kinds);
      }
    }
  }
}

/** Room for the events of a minute. */
const MINUTE_EVENTS = 100_000;

function sort(batch: EventBatch, frame: number, { endUs, trades, quotes }: MinuteOfKinds): void {
  for (let event = batch.frameBegin(frame); event < (batch.frameEnd[frame] ?? 0); event += 1) {
    const kind = batch.kind[event] ?? 0;
    const to = kind === TRADE ? trades : kind === QUOTE ? quotes : undefined;
    const symbol = batch.symbol[event] ?? -1;
    const venueUs = batch.venueUs[event] ?? 0;
    if (to === undefined) continue;
    const at = to.add(kind, symbol, venueUs, batch.flags[event] ?? 0, batch.exchange[event] ?? 0);
    for (const column of ['a', 'b', 'c', 'd', 'e', 'f'] as const) {
      to[column][at] = batch[column][event] ?? 0;
    }
    to.endFrame(endUs - 1);
  }
}
