import { Samples } from '../harness/percentiles.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import type { Meter, Outcome, Scale } from '../harness/suite.ts';
import { type FloodedSession, inFloodedSession } from './flooded-session.ts';
import { OFTEN } from './rule.ts';

/** Ten times what the burst's goal asks for: what cannot be sent waits in the socket. */
const PER_SECOND = 10_000_000;
const FULL_SECONDS = 60;
const QUICK_SECONDS = 0.6;
/** Orders are made until there are enough to be cancelled; the memory that it takes stays. */
const STOCKING = { perSecond: 100_000, seconds: 3 };
const QUICK_STOCKING = { perSecond: 50_000, seconds: 0.4 };
const PER_FRAME = 100;
const CANCEL_MS = 50;
const LOOK_MS = 100;
const SAMPLES_MAX = 10_000;
const MB = 1e6;

/** A minute of far too much, while a person cancels one order after the other. */
export function measureFlooding(
  isUnstoppable: boolean,
  scale: Scale,
  meter: Meter,
): Promise<Outcome> {
  const cancels = new Cancels();
  const cancelled = (): void => cancels.cancelled();
  const options = { rule: OFTEN, perFrame: PER_FRAME, isUnstoppable, isResting: true, cancelled };
  return inFloodedSession(options, async (session) => {
    const isFull = scale === 'full';
    const stocking = isFull ? STOCKING : QUICK_STOCKING;
    const stocked = await session.flood(stocking.perSecond, stocking.seconds, true);
    await session.caughtUp(stocked.sent);
    const { driver } = session.fed.session;
    const eventsBefore = driver.events;
    const ordersBefore = session.fed.desk.open.size;
    const rss = new RssWatch();
    session.lagMsMost = 0;
    meter.begin();
    const watch = new Stopwatch();
    const flood = session.flood(PER_SECOND, isFull ? FULL_SECONDS : QUICK_SECONDS, false);
    const told = await besides(flood, (dueMs) => cancels.next(session, dueMs), CANCEL_MS);
    const { cpuMs, wallMs } = watch.read();
    const taken = driver.events - eventsBefore;
    meter.end(taken);
    const growthMb = rss.end();
    await session.caughtUp(stocked.sent + told.sent);
    const { conflated, dropped, countMost } = driver.market;
    return {
      figures: {
        sent: told.sent,
        takenPerSecond: (taken / wallMs) * 1_000,
        conflated,
        dropped,
        // The marks of gaps are taken too, and nobody sent them.
        uncounted: Math.max(0, session.received - session.taken - conflated - dropped),
        waitedMost: countMost,
        heldBackShare: told.heldBackMs / wallMs,
        lagMostMs: session.lagMsMost,
        rssGrowthMb: growthMb,
        cpuShare: cpuMs / wallMs,
        ordersAtStart: ordersBefore,
        ...cancels.cancel.figures('cancel'),
        ...cancels.word.figures('word'),
      },
    };
  });
}

/** A person's word on a symbol, until the cancel of the order in it leaves. */
class Cancels {
  /** From the moment at which it entered. */
  readonly cancel = new Samples(SAMPLES_MAX);
  /** From the moment at which the word was due: first it waits for the event loop. */
  readonly word = new Samples(SAMPLES_MAX);
  #dueMs = Number.NaN;
  #enteredMs = Number.NaN;

  next({ fed }: FloodedSession, dueMs: number): void {
    if (!Number.isNaN(this.#dueMs)) return; // The one before has not left yet.
    const [order] = fed.desk.open.values();
    if (order === undefined) return;
    this.#dueMs = dueMs;
    this.#enteredMs = performance.now();
    fed.command('ban', order.symbol);
  }

  cancelled(): void {
    if (Number.isNaN(this.#dueMs)) return;
    const nowMs = performance.now();
    this.cancel.add(nowMs - this.#enteredMs);
    this.word.add(nowMs - this.#dueMs);
    this.#dueMs = Number.NaN;
  }
}

class RssWatch {
  readonly #beginBytes = process.memoryUsage.rss();
  #mostBytes = 0;
  readonly #timer = setInterval(() => this.#look(), LOOK_MS);

  end(): number {
    clearInterval(this.#timer);
    this.#look();
    return (this.#mostBytes - this.#beginBytes) / MB;
  }

  #look(): void {
    this.#mostBytes = Math.max(this.#mostBytes, process.memoryUsage.rss());
  }
}

/** Does it every so often, told when it was due, as long as the work takes. */
async function besides<T>(
  work: Promise<T>,
  step: (dueMs: number) => void,
  everyMs: number,
): Promise<T> {
  let dueMs = performance.now() + everyMs;
  const timer = setInterval(() => {
    // What was due meanwhile, and had no chance, is one word and not many.
    const nowMs = performance.now();
    if (nowMs < dueMs) return;
    step(dueMs);
    dueMs += everyMs * Math.max(1, Math.ceil((nowMs - dueMs) / everyMs));
  }, 1);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
