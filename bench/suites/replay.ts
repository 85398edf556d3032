import { EventBatch } from '../../src/domain/market/event-batch.ts';
import type { MarketFile } from '../../src/compose/session-files.ts';
import type { Meter, Suite, Outcome, Scale, Variant } from '../harness/suite.ts';
import { BATCH_EVENTS, leanTicks, openFor, seeded } from '../engine/market.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { openBenchSession } from '../engine/session.ts';
import { Stopwatch } from '../harness/stopwatch.ts';

/** A day of 10,000 symbols is 106 million events, of 500 five million: the first will do. */
const SEEDED_EVENTS = 2_000_000;
/** Of any market, where it is only to be seen that it runs. */
const QUICK_EVENTS = 150_000;
const FLOOR_EVENTS = 2_000_000;

const lean = leanTicks();
const leanMarket: Choice = { label: 'lean', ...lean };
const seeded500: Choice = { label: 'seeded 500', file: seeded(500), eventsMax: SEEDED_EVENTS };
const seeded10k: Choice = {
  label: 'seeded 10,000',
  file: seeded(10_000),
  eventsMax: SEEDED_EVENTS,
};

export const replay: Suite = {
  name: 'replay',
  measures:
    'a recorded or seeded market through the whole session in virtual time: opening and decoding ' +
    'it, ten indicators (event: on every trade and quote; bar: at each close), layers, ' +
    'predictions, two strategies, risk, execution, portfolio, simulated broker, journal with ' +
    'durability os; `decode` is the market pulled alone. CPU of all threads.',
  leavesOut:
    'starting Node and loading modules; a live feed, sockets, fsync. Of the seeded markets the ' +
    `first ${SEEDED_EVENTS.toLocaleString('en-US')} events; \`decode\` there is making them.`,
  target: 'lean, event: >= 500,000 events per CPU-second, decoding included',
  variants: [
    ...[leanMarket, seeded500, seeded10k].flatMap((choice): readonly Variant[] => [
      {
        name: `${choice.label}, event`,
        run: (scale, meter) => session(choice, 'event', scale, meter),
      },
      { name: `${choice.label}, bar`, run: (scale, meter) => session(choice, 'bar', scale, meter) },
      { name: `${choice.label}, decode`, run: (scale) => decode(choice, scale) },
    ]),
    { name: 'no-op floor', run: floor },
  ],
};

interface Choice {
  readonly label: string;
  readonly file: MarketFile;
  readonly eventsMax?: number;
  readonly note?: string;
}

function session(
  choice: Choice,
  cadence: 'event' | 'bar',
  scale: Scale,
  meter: Meter,
): Promise<Outcome> {
  const { file, note } = choice;
  return inScratchFolder(async (folder) => {
    const watch = new Stopwatch();
    meter.begin();
    const market = openFor(file, eventsOf(choice, scale));
    const settings = { market: { cadence } };
    const opened = openBenchSession({ folder, marketFile: file, market, settings });
    while (await opened.session.advance(Number.MAX_SAFE_INTEGER)) continue;
    await opened.session.close();
    const { driver, writer, sequencer } = opened.session;
    meter.end(driver.events);
    const figures = {
      ...watch.rates(driver.events),
      journalBytesPerEvent: writer.totalBytes / driver.events,
      orders: opened.decided.orders,
      rssMb: process.memoryUsage().rss / 1e6,
    };
    return { figures, note: `${note ?? ''} decision hash ${sequencer.hash.hex()}`.trim() };
  });
}

function eventsOf({ eventsMax }: Choice, scale: Scale): number | undefined {
  return scale === 'quick' ? QUICK_EVENTS : eventsMax;
}

function decode(choice: Choice, scale: Scale): Outcome {
  const { file, note } = choice;
  const watch = new Stopwatch();
  const { source } = openFor(file, eventsOf(choice, scale));
  const batch = new EventBatch(BATCH_EVENTS, BATCH_EVENTS);
  let events = 0;
  while (source.next(batch)) events += batch.count;
  source.close();
  return { figures: watch.rates(events), ...(note === undefined ? {} : { note }) };
}

/** Frames of a full batch handed to nobody: the loop, and what the machine does beside it. */
function floor(): Outcome {
  const batch = new EventBatch(BATCH_EVENTS, BATCH_EVENTS);
  while (!batch.isFull) {
    batch.add(1, batch.count, 1, 0, 0);
    batch.endFrame(batch.count);
  }
  const watch = new Stopwatch();
  let events = 0;
  let sum = 0;
  while (events < FLOOR_EVENTS) {
    for (let frame = 0; frame < batch.frames; frame += 1) {
      const end = batch.frameEnd[frame] ?? 0;
      for (let at = batch.frameBegin(frame); at < end; at += 1) sum += batch.symbol[at] ?? 0;
    }
    events += batch.count;
  }
  return { figures: { ...watch.rates(events), sum } };
}
