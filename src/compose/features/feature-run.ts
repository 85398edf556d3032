import { DAY, MS } from '../../core/time.ts';
import { FeatureEngine } from '../../domain/features/feature-engine.ts';
import type { FeatureSet, RowStanding } from '../../domain/features/feature-set.ts';
import type { BarSource } from '../../domain/market/bars/bar-options.ts';
import { newYorkDayNumber } from '../../domain/market/calendar.ts';
import { BAR, EventBatch, TRADE } from '../../domain/market/event-batch.ts';
import type { Input } from '../../ports/input.ts';
import type { MarketSource, TimedInput } from '../../ports/market-source.ts';

export interface FeatureRunOptions {
  /** Opens the market anew: once to see what it holds, once to hear it. */
  readonly open: () => MarketSource;
  readonly set: FeatureSet;
  readonly graceMs: number;
  /** Told of market time as it passes. */
  readonly progress: (nowUs: number) => void;
}

export interface FeatureRow {
  readonly standing: RowStanding;
  readonly values: Float64Array;
  /** 1 where a value was imputed. */
  readonly flags: Uint8Array;
  /** When the last event that it knows was received. */
  readonly lastUs: number;
}

/**
 * What the features of a symbol were at a moment: the market is heard from its beginning to then,
 * and nothing after it. Undefined where the market has no such symbol.
 */
export function featureRowAt(
  options: FeatureRunOptions,
  symbol: string,
  atUs: number,
): FeatureRow | undefined {
  const { set, open } = options;
  const from = barsOf(open, options.graceMs * MS);
  const source = open();
  try {
    const row = source.symbols.findIndex(({ name }) => name === symbol);
    if (row < 0) return undefined;
    const engine = new FeatureEngine({ set, symbolsMax: source.symbols.length, from });
    source.symbols.forEach(({ name, sector }, at) => engine.name(at, name, sector));
    const lastUs = hearUntil(engine, source, atUs, options.progress);
    const values = new Float64Array(set.width);
    const flags = new Uint8Array(set.width);
    const standing = engine.row(row, values, flags, 0);
    return { standing, values, flags, lastUs };
  } finally {
    source.close();
  }
}

/** Trades where the market has any; else the span of its bars. */
function barsOf(open: () => MarketSource, graceUs: number): BarSource {
  const source = open();
  const batch = new EventBatch();
  try {
    while (source.next(batch)) {
      for (let event = 0; event < batch.count; event += 1) {
        const kind = batch.kind[event];
        const spanUs = batch.f[event] ?? 0;
        if (kind === TRADE) return { kind: 'trades', graceUs };
        if (kind === BAR && spanUs < DAY) return { kind: 'bars', spanUs };
      }
    }
    return { kind: 'trades', graceUs };
  } finally {
    source.close();
  }
}

/** Frames and calendar in the order of their times; answers when the last one came. */
function hearUntil(
  engine: FeatureEngine,
  source: MarketSource,
  atUs: number,
  progress: (nowUs: number) => void,
): number {
  const calendar = source.calendar.filter((entry) => entry.atUs <= atUs);
  const batch = new EventBatch();
  let told = 0;
  let lastUs = Number.NaN;
  const tellUntil = (us: number) => {
    for (; told < calendar.length && (calendar[told]?.atUs ?? 0) <= us; told += 1) {
      tellInput(engine, calendar[told]);
    }
  };
  while (source.next(batch)) {
    for (let at = 0; at < batch.frames; at += 1) {
      const nowUs = batch.frameUs[at] ?? 0;
      if (nowUs > atUs) {
        tellUntil(atUs);
        engine.advance(atUs);
        return lastUs;
      }
      tellUntil(nowUs);
      engine.takeFrame(batch, at);
      lastUs = nowUs;
    }
    progress(lastUs);
  }
  tellUntil(atUs);
  engine.advance(atUs);
  return lastUs;
}

function tellInput(engine: FeatureEngine, timed: TimedInput | undefined): void {
  if (timed === undefined) return;
  const { atUs: nowUs } = timed;
  const input: Input = timed.input;
  if (input.kind === 'sessionChanged' && input.phase === 'core') {
    const { openUs, closeUs } = input;
    const day = newYorkDayNumber(openUs);
    engine.openSession({ openUs, closeUs, coreOpenUs: openUs, isExtended: false }, nowUs);
    engine.marketFact({ kind: 'session', day, openUs, closeUs, nowUs });
  } else if (input.kind === 'newsArrived') {
    const { headline, sentiment } = input;
    for (const symbol of input.symbols) {
      engine.symbolFact(symbol, { kind: 'news', headline, sentiment, nowUs });
    }
  }
}
