import { EXIT_CODES, type ExitCode } from '../../cli/exit-codes.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { VenueOptions } from '../../cli/verbs.ts';
import { parseTimeOfDay } from '../../venue/process/venue-options.ts';
import { type RunningVenue, runVenue } from '../../venue/process/run-venue.ts';

const LOOK_MS = 250;

/**
 * The embedded venue alone: one line of where it is, then it serves until a signal, its admin port
 * or, where that is asked for, a while without a client ends it.
 */
export async function runVenueVerb(
  options: VenueOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<ExitCode> {
  const demo = await demoSettings(options);
  const { port, adminPort, seed, symbols, speed, date, at, plan, key, secret, isJson } = options;
  const venue = await runVenue({
    port,
    adminPort,
    seed: seed ?? demo.seed,
    symbols: symbols ?? demo.symbols,
    speed: speed ?? 1,
    date,
    plan,
    credentials: { key, secret },
    ...(at === undefined ? {} : { atUsOfDay: parseTimeOfDay(at) }),
  });
  const { tradingUrl, dataUrl, streamUrl, dataStreamUrl, newsUrl } = venue;
  const { polygonUrl, polygonStreamUrl, adminUrl } = venue;
  const alpaca = { tradingUrl, dataUrl, streamUrl, dataStreamUrl, newsUrl };
  const urls = { ...alpaca, polygonUrl, polygonStreamUrl, adminUrl };
  if (isJson) terminal.write(`${JSON.stringify({ kind: 'venue', pid: process.pid, ...urls })}\n`);
  else terminal.write(described(urls, options));
  stop.addEventListener('abort', () => void venue.close(), { once: true });
  const watch = setInterval(watchIdle(venue, options.idleExitS), LOOK_MS);
  await venue.ended;
  clearInterval(watch);
  return EXIT_CODES.ok;
}

/** Of the configuration, which takes longer to load than the venue: only where it is asked. */
async function demoSettings({ seed, symbols, config }: VenueOptions) {
  if (seed !== undefined && symbols !== undefined && config === undefined) return { seed, symbols };
  const { CONFIG_FOLDER, loadConfig } = await import('../../cli/load-config.ts');
  return loadConfig('demo', config, CONFIG_FOLDER).config.demo;
}

/** A look at a venue, every so often: ends one that nobody has used for a while; 0 for never. */
export function watchIdle(
  venue: Pick<RunningVenue, 'connections' | 'requests' | 'close'>,
  idleExitS: number,
): () => void {
  let idleMs = 0;
  let requests = 0;
  return () => {
    // A session that begins asks for days of history before it opens a socket.
    const isUsed = venue.connections > 0 || venue.requests !== requests;
    requests = venue.requests;
    idleMs = isUsed ? 0 : idleMs + LOOK_MS;
    if (idleExitS > 0 && idleMs >= idleExitS * 1_000) void venue.close();
  };
}

function described(urls: Readonly<Record<string, string>>, { key, secret }: VenueOptions): string {
  const rows = Object.entries(urls).map(([name, url]) => `  ${name.padEnd(16)} ${url}`);
  return `a venue serves, key ${key}, secret ${secret}\n${rows.join('\n')}\nCtrl-C ends it\n`;
}
