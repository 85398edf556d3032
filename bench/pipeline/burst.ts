import { Stopwatch } from '../harness/stopwatch.ts';
import type { Meter, Outcome, Scale } from '../harness/suite.ts';
import { inFloodedSession } from './flooded-session.ts';
import { SELDOM } from './rule.ts';

const FULL = { perSecond: 1_000_000, seconds: 10 };
const QUICK = { perSecond: 100_000, seconds: 0.5 };
/** Before the burst, for the compiler. */
const EARLY = { perSecond: 100_000, seconds: 1 };

/** As many events a second as the goal says, from a socket, and how late the last one was. */
export function measureBurst(perFrame: number, scale: Scale, meter: Meter): Promise<Outcome> {
  return inFloodedSession({ rule: SELDOM, perFrame }, async (session) => {
    const { driver } = session.fed.session;
    const early = await session.flood(EARLY.perSecond, EARLY.seconds, true);
    await session.caughtUp(early.sent);
    const { perSecond, seconds } = scale === 'full' ? FULL : QUICK;
    const eventsBefore = driver.events;
    session.lagMsMost = 0;
    meter.begin();
    const watch = new Stopwatch();
    const told = await session.flood(perSecond, seconds, true);
    const lagAtEndMs = session.lagMs;
    await session.caughtUp(early.sent + told.sent);
    const { cpuMs, wallMs } = watch.read();
    const taken = driver.events - eventsBefore;
    meter.end(taken);
    const { conflated, dropped, countMost } = driver.market;
    return {
      figures: {
        sent: told.sent,
        taken,
        takenPerSecond: (taken / wallMs) * 1_000,
        conflated,
        dropped,
        missing: told.sent - taken,
        lastEventLateMs: session.lagMs,
        lagAtEndMs,
        lagMostMs: session.lagMsMost,
        heldBackMs: told.heldBackMs,
        waitedMost: countMost,
        cpuNsPerEvent: (cpuMs / taken) * 1e6,
        cpuShare: cpuMs / wallMs,
      },
    };
  });
}
