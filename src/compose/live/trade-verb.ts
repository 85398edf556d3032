import type { Config } from '../../cli/config-schema.ts';
import type { SkewNews } from '../../actors/services/system-time.ts';
import { CONFIG_FOLDER, loadConfig } from '../../cli/load-config.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { TradeOptions } from '../../cli/verbs.ts';
import { plantedCrashes } from '../planted-crashes.ts';
import { pinModels } from '../pinned-models.ts';
import { crashServices } from './crash-services.ts';
import { DEMO_CREDENTIALS, DEMO_DATE } from './demo-venue.ts';
import { liveDemo, tellSkew } from './live-demo.ts';
import { LiveError } from './live-error.ts';
import { DELAYED_TEXT, demandLiveSettings } from './live-settings.ts';
import type { LivePlace } from './live-place.ts';
import { paperPlace } from './paper-place.ts';
import type { LiveResult } from './run-live.ts';
import { simPlace } from './sim-place.ts';
import { trade } from './trade.ts';

/** `strata trade`: one session in real time, wherever its mode says. */
export async function tradeVerb(
  options: TradeOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<LiveResult> {
  const { dataDir, mode, venue, isCrashing, isJson } = options;
  if (mode === 'paper' && (isCrashing || venue !== undefined)) {
    const option = isCrashing ? '--crash' : '--venue';
    throw new LiveError('LIVE_MODE_OTHER', `${option} is for --mode sim`);
  }
  const isOwnVenue = mode === 'sim' && venue === undefined;
  const written = loadConfig(mode === 'sim' ? 'demo' : 'paper', options.config, CONFIG_FOLDER);
  demandLiveSettings(written);
  if (mode === 'paper' && written.config.market.feed === 'delayed_sip') {
    terminal.writeError(`strata: ${DELAYED_TEXT}\n`);
  }
  const kind = isOwnVenue ? 'demo' : 'trade';
  const resolved = pinModels(written, { dataDir, kind, terminal });
  const request = { dataDir, resolved, terminal, isJson, stop };
  if (isOwnVenue) {
    const { speed } = resolved.config.demo;
    return liveDemo({ ...request, isOnce: true, isCrashing, date: DEMO_DATE, speed });
  }
  const openPlace = (): Promise<LivePlace> => placeOf(options, resolved.config.market, terminal);
  const crashes = isCrashing ? { probe: plantedCrashes(), sabotage: crashServices } : {};
  return trade({ ...request, ...crashes, kind: 'trade', openPlace });
}

async function placeOf(
  { venue }: TradeOptions,
  market: Config['market'],
  terminal: Terminal,
): Promise<LivePlace> {
  const onSkew = ({ skewMs }: SkewNews): void => tellSkew(terminal, skewMs);
  if (venue === undefined) return paperPlace(process.env, market, onSkew);
  return simPlace({ adminUrl: venue, credentials: DEMO_CREDENTIALS, onSkew });
}
