import { EXIT_CODES, type ExitCode } from '../cli/exit-codes.ts';
import { CONFIG_FOLDER, loadConfig, type ResolvedConfig } from '../cli/load-config.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { DemoOptions } from '../cli/verbs.ts';
import { type BegunVenue, beginVenue, endVenue, venueSpeed } from './live/begun-venue.ts';
import { DEMO_DATE } from './live/demo-venue.ts';

/**
 * The market of the demo, over sockets or in virtual time. What trades it is loaded while its venue
 * starts: the two are one second, one after the other.
 */
export async function demoVerb(
  options: DemoOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<ExitCode> {
  const { isVirtual } = options;
  // Another seed is another configuration: what was typed is part of its hash.
  const typed = { ...typedSettings(options), ...(isVirtual ? VIRTUAL : {}) };
  const written = loadConfig('demo', options.config, CONFIG_FOLDER, typed);
  const begun = isVirtual ? undefined : beginVenue(wishOf(options, written));
  try {
    return await run({ options, written, begun, terminal, stop });
  } catch (error) {
    await endVenue(begun);
    throw error;
  }
}

async function run(of: {
  readonly options: DemoOptions;
  readonly written: ResolvedConfig;
  readonly begun: BegunVenue | undefined;
  readonly terminal: Terminal;
  readonly stop: AbortSignal;
}): Promise<ExitCode> {
  const { options, written, begun, terminal, stop } = of;
  const { dataDir, isOnce, isCrashing, isVirtual, speed, isJson } = options;
  const { pinModels } = await import('./pinned-models.ts');
  const resolved = pinModels(written, { dataDir, kind: 'demo', terminal });
  const date = options.date ?? DEMO_DATE;
  const request = { dataDir, isOnce, isCrashing, date, speed, resolved, terminal, isJson, stop };
  const { isFailed } = isVirtual
    ? await (await import('./demo.ts')).demo(request)
    : await (await import('./live/live-demo.ts')).liveDemo({ ...request, begun });
  return isFailed ? EXIT_CODES.error : EXIT_CODES.ok;
}

function wishOf({ dataDir, isOnce, speed, date }: DemoOptions, { config }: ResolvedConfig) {
  const { seed, symbols, speed: usual } = config.demo;
  const at = venueSpeed({ symbols, isOnce, usual, asked: speed });
  return { dataDir, seed, symbols, speed: at.speed, date: date ?? DEMO_DATE };
}

/** In virtual time every symbol's trades and quotes come, and no venue makes bars of them. */
const VIRTUAL = { market: { bars: 'trades', slots: 0 }, execution: { reconcileMs: 0 } };

function typedSettings({ seed, symbols, speed }: DemoOptions): Readonly<Record<string, unknown>> {
  const typed = [
    ['seed', seed],
    ['symbols', symbols],
    ['speed', speed],
  ].filter(([, value]) => value !== undefined);
  return typed.length === 0 ? {} : { demo: Object.fromEntries(typed) };
}
