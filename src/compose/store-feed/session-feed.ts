import { basename } from 'node:path';
import type { Config } from '../../cli/config-schema.ts';
import { outputsLayout, STANDARD_OUTPUTS } from '../../domain/features/momentum-set.ts';
import type { TradingKernelOptions } from '../../actors/kernel/kernel.ts';
import { layer1Warmth } from '../../actors/kernel/layer-1.ts';
import { layer2Warmth } from '../../actors/kernel/layer-2.ts';
import { RowWarmth } from '../../actors/kernel/row-warmth.ts';
import { symbolRowWidth } from '../../domain/market/symbol-row.ts';
import type { TableDeclaration } from '../../ports/time-series.ts';
import { layoutTable } from '../../store/tables/rows.ts';
import { featuresOf, kernelOptions } from '../kernel-options.ts';
import type { SessionFile } from '../session-files.ts';
import type { KnownLayout } from './learned-rows.ts';
import type { Warmths } from './learned-state.ts';
import { StoreFeed } from './store-feed.ts';
import type { RowsTaken } from './table-rows.ts';
import type { RowLayout, WarmQuestion } from './warm-rows.ts';

/** The feed of a session as its file describes it: a life of it, or its journal, makes the same. */
export function sessionFeed(
  file: SessionFile,
  config: Config,
  { taken, safe = 0 }: { readonly taken: RowsTaken; readonly safe?: number },
): StoreFeed {
  return new StoreFeed({
    session: file.sessionId,
    feed: feedName(file, config),
    ticks: config.store.series.ticks,
    layouts: layoutsOf(config),
    warmths: warmthsOf(config),
    barSpanUs: kernelOf(config).symbols.barSpanUs,
    safe,
    taken,
  });
}

/** Of the rows that a kernel of this configuration has. */
export function warmthsOf(config: Config): Warmths {
  const { symbols, layer1, layer2 } = kernelOf(config);
  const { features, barSpanUs, quotes = 'full' } = symbols;
  return {
    row: new RowWarmth({ features, featuresAt: symbolRowWidth(quotes), quotes, barSpanUs }),
    layers: [layer1Warmth(layer1), layer2Warmth(layer2)],
  };
}

/** Whose states a session of this configuration can go on from. */
export function rowLayouts(config: Config): Pick<WarmQuestion, 'row' | 'layers'> {
  const layoutOf = ({ family, layout }: RowLayout): RowLayout => ({ family, layout });
  const { row, layers } = warmthsOf(config);
  return { row: layoutOf(row), layers: layers.map(layoutOf) };
}

function kernelOf(config: Config): TradingKernelOptions {
  return kernelOptions({ config, orderSession: 'none', hasHistory: true, symbolsMax: 1 });
}

/** The wide tables that a session of this configuration writes. */
export function layoutTables(config: Config): readonly TableDeclaration[] {
  return layoutsOf(config).map(({ kind, hash, names }) => layoutTable(kind, hash, names));
}

export function layoutsOf(config: Config): readonly KnownLayout[] {
  const { timeframe, layoutHash, layout } = featuresOf(config);
  return [
    { kind: 'indicators', hash: outputsLayout(timeframe), names: STANDARD_OUTPUTS },
    { kind: 'features', hash: layoutHash, names: layout.names },
  ];
}

/** Only what came from an exchange has the name of a real feed; all others say who made them. */
export function feedName({ market }: SessionFile, { demo }: Config): string {
  switch (market.kind) {
    case 'live':
      return market.place === 'paper' ? market.feed : `sim-${demo.seed}-${demo.symbols}`;
    case 'seeded':
      return `seeded-${market.seed}-${market.symbols}`;
    case 'recorded':
      return `recorded-${basename(market.path)}`;
    case 'journal':
      return `journal-${sessionOf(market.path)}`;
  }
}

/** `.../sessions/demo-1/journal` */
function sessionOf(journal: string): string {
  return basename(journal.replace(/[/\\][^/\\]+[/\\]?$/, ''));
}
