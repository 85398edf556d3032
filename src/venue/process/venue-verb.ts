import { runVenue } from './run-venue.ts';
import type { VenueOptions } from './venue-options.ts';

export interface VenueVerbOptions extends VenueOptions {
  /** The venue ends when this process is gone; undefined: it outlives whoever started it. */
  readonly parentPid?: number | undefined;
  /** Called once with where it is: one line of JSON. */
  readonly onReady: (line: string) => void;
}

/** The venue as a process of its own: it serves until a signal, its parent or a client ends it. */
export async function runVenueVerb(options: VenueVerbOptions): Promise<void> {
  const venue = await runVenue(options);
  const { tradingUrl, dataUrl, streamUrl, dataStreamUrl, newsUrl, adminUrl } = venue;
  const urls = { tradingUrl, dataUrl, streamUrl, dataStreamUrl, newsUrl, adminUrl };
  const stop = () => {
    void venue.close();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const watch = watchParent(options.parentPid, stop);
  options.onReady(JSON.stringify({ kind: 'venue', pid: process.pid, ...urls }));
  await venue.ended;
  clearInterval(watch);
  process.off('SIGTERM', stop);
  process.off('SIGINT', stop);
}

const WATCH_MS = 500;

function watchParent(pid: number | undefined, stop: () => void) {
  if (pid === undefined) return undefined;
  return setInterval(() => {
    if (!isAlive(pid)) stop();
  }, WATCH_MS).unref();
}

/** Signal 0 asks whether a process is there. A child whose parent died has another one. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
