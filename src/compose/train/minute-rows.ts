import { SECOND } from '../../core/time.ts';
import { FeatureEngine } from '../../domain/features/feature-engine.ts';
import type { BarSource } from '../../domain/market/bars/bar-options.ts';
import { EventBatch } from '../../domain/market/event-batch.ts';
import type { MarketSource } from '../../ports/market-source.ts';
import { tellInput } from '../features/feature-run.ts';
import { RowTaker, type SymbolRows, type WideSet } from './symbol-rows.ts';

export interface MinuteRowsOptions {
  readonly source: MarketSource;
  readonly wide: WideSet;
  readonly timeframe: string;
  readonly from: BarSource;
  /** Whose rows are taken; the others are heard, as the market is made of all. */
  readonly isWanted: (name: string) => boolean;
  readonly sectors: ReadonlyMap<string, string>;
  /** Rows of before only taught the features. */
  readonly fromUs: number;
  readonly progress: (nowUs: number, rows: number) => void;
}

export interface TakenRows {
  readonly rows: readonly SymbolRows[];
  /** What became no row, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** What every symbol's features were at each close, with nothing known that came after it. */
export function minuteRows(options: MinuteRowsOptions): TakenRows {
  const { source, wide, timeframe, from, isWanted, sectors, fromUs, progress } = options;
  const symbols = source.symbols.map(({ name, sector }) => {
    return { name, sector: sectors.get(name) ?? sector };
  });
  const wanted = symbols.map(({ name }) => isWanted(name));
  const taker = new RowTaker(wide, fromUs);
  const engine: FeatureEngine = new FeatureEngine({
    set: wide.set,
    symbolsMax: symbols.length,
    from,
    barClosed(symbol, closed, endUs) {
      if (closed !== timeframe || wanted[symbol] !== true) return;
      taker.take(symbol, endUs, (row, flags) => engine.row(symbol, row, flags, 0));
    },
  });
  symbols.forEach(({ name, sector }, at) => engine.name(at, name, sector));
  hearAll(engine, source, (nowUs) => progress(nowUs, taker.rows));
  const { refused, imputed } = taker;
  const dropped = { 'feature not known yet': refused, 'damaged bar': engine.damagedBars };
  return {
    rows: taker.finish(symbols),
    dropped: { ...dropped, 'with a stand-in (kept)': imputed },
  };
}

function hearAll(
  engine: FeatureEngine,
  source: MarketSource,
  progress: (nowUs: number) => void,
): void {
  const batch = new EventBatch();
  const { calendar } = source;
  let [told, lastUs] = [0, Number.NEGATIVE_INFINITY];
  const tellUntil = (us: number) => {
    for (let next = calendar[told]; next !== undefined && next.atUs <= us; next = calendar[told]) {
      tellInput(engine, next);
      told += 1;
    }
  };
  while (source.next(batch)) {
    for (let frame = 0; frame < batch.frames; frame += 1) {
      lastUs = batch.frameUs[frame] ?? lastUs;
      tellUntil(lastUs);
      engine.takeFrame(batch, frame);
    }
    progress(lastUs);
  }
  tellUntil(Number.POSITIVE_INFINITY);
  if (Number.isFinite(lastUs)) engine.advance(Math.max(lastUs, calendarEnd(source)) + SECOND);
}

function calendarEnd({ calendar }: MarketSource): number {
  return calendar.at(-1)?.atUs ?? Number.NEGATIVE_INFINITY;
}
