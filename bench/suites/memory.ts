import { assert } from '../../src/core/assert.ts';
import { symbolId } from '../../src/core/ids.ts';
import { symbols } from '../../src/actors/kernel/symbols.ts';
import { Kernel } from '../../src/actors/runtime/kernel.ts';
import { createFeatureSet, isFeatureSet } from '../../src/domain/features/feature-set.ts';
import { STANDARD_OUTPUTS } from '../../src/domain/features/momentum-set.ts';
import { STANDARD_REGISTRY } from '../../src/domain/features/standard-registry.ts';
import {
  EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  TRADE,
  TRADE_REGULAR,
} from '../../src/domain/market/event-batch.ts';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import type { ListedSymbol } from '../../src/ports/market-source.ts';
import type { Outcome, Scale, Suite } from '../harness/suite.ts';
import { retainedBytes } from '../harness/collect-garbage.ts';
import { openFor, seeded } from '../engine/market.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { benchKernel, openBenchSession } from '../engine/session.ts';

const SYMBOLS = { full: 10_000, quick: 1_000 } as const;
/** Minutes of one trade and one quote a symbol: past the warm-up of every indicator. */
const MINUTES = { full: 45, quick: 4 } as const;
const START_US = 1_717_421_400_000_000;

export const memory: Suite = {
  name: 'memory',
  measures:
    `per symbol: what a kernel of ${SYMBOLS.full.toLocaleString('en-US')} symbols retains beyond ` +
    `the same of none (heap and typed arrays after a collection), over the symbols, fresh and ` +
    `after ${MINUTES.full} minutes of trades and quotes; \`rowBytes\` is what the rows of all ` +
    'families take of that. `with the ten` is the family of symbols alone, the ten its columns; ' +
    '`whole rows` is every actor of the default session in event cadence. flat: heap after a ' +
    'collection and RSS at quarters of a seeded day.',
  leavesOut:
    'the journal, the venue and the market that is replayed: no actors, though RSS has them. ' +
    'The quarters are of the time of one day; more days were not run.',
  target: 'with the ten <= 1,200 bytes a symbol, 12 MB; the fourth quarter like the first',
  variants: [
    { name: 'with the ten', run: (scale) => tenAlone(SYMBOLS[scale]) },
    { name: 'whole rows', run: (scale) => perSymbol(SYMBOLS[scale], MINUTES[scale]) },
    { name: 'flat, seeded 500', run: flat },
    {
      name: 'no-op floor',
      run: (scale) =>
        figuresOf(
          growthOf(() => []),
          SYMBOLS[scale],
        ),
    },
  ],
  goals: [
    {
      id: '3.5',
      says: '10,000 symbol actors with the ten indicators, MB',
      limit: 12,
      sense: 'atMost',
      figure: (of) => of('with the ten', 'tenThousandMb'),
      argued:
        'of 1,336 bytes of a row 336 are the row itself (quote, bar that is open, layers), 1,000 ' +
        'the ten. Bollinger and SMA keep the same 20 closes twice: shared, it would be 1,176',
    },
    {
      id: '3.6',
      says: '10,000 symbols in every actor of the default session, MB',
      limit: 12,
      sense: 'atMost',
      figure: (of) => of('whole rows', 'tenThousandMb'),
      argued:
        'of 2,696 bytes of rows 1,760 are the feature set (the ten, and what models see), 336 ' +
        'the row itself, 240 the indicators that move with every event, 360 the layers and ' +
        'predictions. Not in it: 6.9 KB for each symbol in layer 1 or held, whose last bars can ' +
        'be corrected',
    },
  ],
};

/** Bytes that making it has added. */
function growthOf(make: () => unknown): number {
  const before = retainedBytes();
  const made = make();
  const bytes = retainedBytes() - before;
  return made === undefined ? Number.NaN : bytes;
}

function figuresOf(bytes: number, symbols: number): Outcome {
  const perSymbolBytes = bytes / symbols;
  return { figures: { perSymbolBytes, tenThousandMb: perSymbolBytes / 100 } };
}

/** The family of symbols alone, whose columns are the outputs of the ten and what they stand on. */
function tenAlone(count: number): Outcome {
  const layout = { feed: 'any', names: STANDARD_OUTPUTS };
  const features = createFeatureSet(STANDARD_REGISTRY, layout, 1);
  assert(isFeatureSet(features), 'the ten can be planned');
  const family = symbols({
    cadence: 'bar',
    barSpanUs: MINUTE,
    barGraceUs: SECOND,
    features,
    zEnter: 2,
    zExit: 1,
    quotes: 'consolidated',
  });
  const policy = { orderPathFailed: () => [], escalated: () => [] };
  const options = { definitions: [family], rowsMax: count, messagesMax: 1_000, policy };
  const kernel = new Kernel(options);
  const bytes = growthOf(() => {
    for (let symbol = 0; symbol < count; symbol += 1) {
      name(kernel, symbol, { name: `S${symbol}`, ...LISTED });
    }
    return kernel;
  });
  const { figures } = figuresOf(bytes, count);
  const rowBytes = family.stride * Float64Array.BYTES_PER_ELEMENT;
  return { figures: { ...figures, rowBytes } };
}

const LISTED = { assetClass: 'equity', sector: '', isTradable: true } as const;

function name(kernel: Kernel, symbol: number, listed: ListedSymbol): void {
  const named = { kind: 'symbolNamed', symbol: symbolId(symbol), ...listed } as const;
  inTurn(kernel, () => kernel.deliverInput(named, START_US));
}

function perSymbol(count: number, minutes: number): Outcome {
  const marketFile = seeded(count);
  const market = openFor(marketFile);
  const kernel = benchKernel({ marketFile, market, settings: { market: { cadence: 'event' } } });
  const freshBytes = growthOf(() => {
    for (const [symbol, listed] of market.source.symbols.entries()) name(kernel, symbol, listed);
    return kernel;
  });
  const warmBytes = growthOf(() => trade(kernel, count, minutes));
  const { figures } = figuresOf(freshBytes + warmBytes, count);
  const rowDoubles = kernel.slots.reduce(
    (sum, slot) => sum + (slot.type === 'family' ? slot.rows.stride : 0),
    0,
  );
  const rowBytes = rowDoubles * Float64Array.BYTES_PER_ELEMENT;
  return { figures: { ...figures, rowBytes, freshBytes: freshBytes / count } };
}

function trade(kernel: Kernel, count: number, minutes: number): Kernel {
  const batch = new EventBatch(2, 1);
  for (let minute = 0; minute < minutes; minute += 1) {
    for (let symbol = 0; symbol < count; symbol += 1) {
      const nowUs = START_US + minute * 60 * SECOND + symbol;
      const price = 1_000_000 + ((minute * 37 + symbol) % 100) * 100;
      batch.clear();
      const quote = batch.add(QUOTE, symbol, nowUs, QUOTE_BID | QUOTE_ASK, 0);
      batch.a[quote] = price - 50;
      batch.b[quote] = 100;
      batch.c[quote] = price + 50;
      batch.d[quote] = 100;
      const print = batch.add(TRADE, symbol, nowUs, TRADE_REGULAR, 0);
      batch.a[print] = price;
      batch.b[print] = 100;
      batch.endFrame(nowUs);
      inTurn(kernel, () => kernel.deliverFrame(batch, 0));
    }
  }
  return kernel;
}

function inTurn(kernel: Kernel, deliver: () => void): void {
  kernel.beginTurn();
  deliver();
  kernel.endTurn();
}

function flat(scale: Scale): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const marketFile = seeded(scale === 'full' ? 500 : 20);
    const market = openFor(marketFile);
    const settings = { market: { cadence: 'event' } };
    const { session } = openBenchSession({ folder, marketFile, market, settings });
    const openUs = market.source.calendar[0]?.atUs ?? 0;
    const closeUs = market.source.calendar.at(-1)?.atUs ?? 0;
    const figures: Record<string, number> = {};
    for (const quarter of [1, 2, 3, 4]) {
      const untilUs = openUs + ((closeUs - openUs) * quarter) / 4;
      await session.advance(quarter === 4 ? Number.MAX_SAFE_INTEGER : untilUs);
      const { rss } = process.memoryUsage();
      figures[`at${quarter * 25}HeapMb`] = retainedBytes() / 1e6;
      figures[`at${quarter * 25}RssMb`] = rss / 1e6;
    }
    await session.close();
    return { figures };
  });
}
