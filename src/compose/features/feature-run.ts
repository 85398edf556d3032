import { FeatureEngine } from '../../domain/features/feature-engine.ts';
import type { FeatureSet, RowStanding } from '../../domain/features/feature-set.ts';
import type { BarSource } from '../../domain/market/bars/bar-options.ts';
import { newYorkDayNumber } from '../../domain/market/calendar.ts';
import { EventBatch } from '../../domain/market/event-batch.ts';
import type { MarketSource, TimedInput } from '../../ports/market-source.ts';
import type { Facts } from './fact-files.ts';

export interface FeatureRunOptions {
  /** Opens the market anew. */
  readonly open: () => MarketSource;
  readonly set: FeatureSet;
  /** What bars are made of: `barsFault` (bars-heard.ts) has been asked. */
  readonly from: BarSource;
  /** What no market tells. */
  readonly facts: Facts;
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
  const { set, open, from } = options;
  const source = open();
  try {
    const row = source.symbols.findIndex(({ name }) => name === symbol);
    if (row < 0) return undefined;
    const engine = new FeatureEngine({ set, symbolsMax: source.symbols.length, from });
    source.symbols.forEach(({ name, sector }, at) => {
      engine.name(at, name, options.facts.sectors.get(name) ?? sector);
    });
    const told = timedWords(engine, source, options.facts, atUs);
    const lastUs = hearUntil(engine, source, told, atUs, options.progress);
    const values = new Float64Array(set.width);
    const flags = new Uint8Array(set.width);
    const standing = engine.row(row, values, flags, 0);
    return { standing, values, flags, lastUs };
  } finally {
    source.close();
  }
}

/** Something that the engine is told at its time. */
interface TimedWord {
  readonly atUs: number;
  readonly tell: () => void;
}

/** Calendar and facts until a moment, by their times; the market's before a symbol's. */
function timedWords(
  engine: FeatureEngine,
  source: MarketSource,
  facts: Facts,
  atUs: number,
): readonly TimedWord[] {
  const words: TimedWord[] = source.calendar.map((timed) => ({
    atUs: timed.atUs,
    tell: () => tellInput(engine, timed),
  }));
  for (const fact of facts.market) {
    words.push({ atUs: fact.nowUs, tell: () => engine.marketFact(fact) });
  }
  source.symbols.forEach(({ name }, symbol) => {
    for (const fact of facts.symbols.get(name) ?? []) {
      words.push({ atUs: fact.nowUs, tell: () => engine.symbolFact(symbol, fact) });
    }
  });
  return words.filter((word) => word.atUs <= atUs).toSorted((a, b) => a.atUs - b.atUs);
}

/** Frames and words in the order of their times; answers when the last frame came. */
function hearUntil(
  engine: FeatureEngine,
  source: MarketSource,
  words: readonly TimedWord[],
  atUs: number,
  progress: (nowUs: number) => void,
): number {
  const batch = new EventBatch();
  let told = 0;
  let lastUs = Number.NaN;
  const tellUntil = (us: number) => {
    for (; (words[told]?.atUs ?? Number.POSITIVE_INFINITY) <= us; told += 1) words[told]?.tell();
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

export function tellInput(engine: FeatureEngine, { atUs: nowUs, input }: TimedInput): void {
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
