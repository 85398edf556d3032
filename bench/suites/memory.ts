import { symbolId } from '../../src/core/ids.ts';
import type { Kernel } from '../../src/actors/runtime/kernel.ts';
import {
  EventBatch,
  QUOTE,
  QUOTE_ASK,
  QUOTE_BID,
  TRADE,
  TRADE_REGULAR,
} from '../../src/domain/market/event-batch.ts';
import { SECOND } from '../../src/core/time.ts';
import type { Suite, Outcome } from '../harness/suite.ts';
import { retainedBytes } from '../harness/collect-garbage.ts';
import { openFor, seeded } from '../engine/market.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { benchKernel, openBenchSession } from '../engine/session.ts';

const SYMBOLS = 10_000;
/** Minutes of one trade and one quote a symbol: past the warm-up of every indicator. */
const MINUTES = 45;
const START_US = 1_717_421_400_000_000;

export const memory: Suite = {
  name: 'memory',
  measures:
    `per symbol: what a kernel of ${SYMBOLS.toLocaleString('en-US')} symbols retains beyond the ` +
    `same kernel of none (heap and typed arrays after a collection), over the symbols, fresh and ` +
    `after ${MINUTES} minutes of trades and quotes; \`rowBytes\` is what the rows of all ` +
    'families take of that. flat: heap after a collection and RSS at quarters of a seeded day.',
  leavesOut:
    'the journal, the venue and the market that is replayed: no actors, though RSS has them. ' +
    'The quarters are of the time of one day; more days were not run.',
  target: '<= 2,048 bytes a symbol; the fourth quarter like the first',
  variants: [
    { name: 'per symbol', run: perSymbol },
    { name: 'flat, seeded 500', run: flat },
    { name: 'no-op floor', run: () => ({ figures: { perSymbolBytes: growthOf(() => []) } }) },
  ],
};

function growthOf(make: () => unknown): number {
  const before = retainedBytes();
  const made = make();
  const bytes = retainedBytes() - before;
  return made === undefined ? Number.NaN : bytes / SYMBOLS;
}

function perSymbol(): Outcome {
  const marketFile = seeded(SYMBOLS);
  const market = openFor(marketFile);
  const kernel = benchKernel({ marketFile, market, settings: { market: { cadence: 'event' } } });
  const freshBytes = growthOf(() => {
    for (const [symbol, listed] of market.source.symbols.entries()) {
      const named = { kind: 'symbolNamed', symbol: symbolId(symbol), ...listed } as const;
      inTurn(kernel, () => kernel.deliverInput(named, START_US));
    }
    return kernel;
  });
  const warmBytes = growthOf(() => trade(kernel));
  const rowDoubles = kernel.slots.reduce(
    (sum, slot) => sum + (slot.type === 'family' ? slot.rows.stride : 0),
    0,
  );
  return {
    figures: {
      perSymbolBytes: freshBytes + warmBytes,
      rowBytes: rowDoubles * Float64Array.BYTES_PER_ELEMENT,
      freshBytes,
    },
  };
}

function trade(kernel: Kernel): Kernel {
  const batch = new EventBatch(2, 1);
  for (let minute = 0; minute < MINUTES; minute += 1) {
    for (let symbol = 0; symbol < SYMBOLS; symbol += 1) {
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
      inTurn(kernel, () => kernel.deliverFrame(batch, 0, 2, nowUs));
    }
  }
  return kernel;
}

function inTurn(kernel: Kernel, deliver: () => void): void {
  kernel.beginTurn();
  deliver();
  kernel.endTurn();
}

function flat(): Promise<Outcome> {
  return inScratchFolder(async (folder) => {
    const marketFile = seeded(500);
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
