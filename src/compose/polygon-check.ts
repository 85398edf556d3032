import type { Check, Finding } from '../cli/doctor.ts';
import type { Config } from '../cli/config-schema.ts';
import { loadPolygonClient } from '../streams/polygon/rest/polygon-client.ts';
import { PolygonError } from '../streams/polygon/rest/polygon-error.ts';
import { DELAYED_TEXT } from './live/live-settings.ts';
import { isKeyText, POLYGON_KEY_VARIABLE } from './live/paper-place.ts';

export interface PolygonCheckParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Undefined where the configuration cannot be read, which fails under its own name. */
  readonly market: Config['market'] | undefined;
  readonly load?: (url: string) => Promise<unknown>;
}

/**
 * Whether a session could have its market data from Polygon. The key's value is never looked at,
 * and nobody is asked over the network.
 */
export function polygonCheck(parts: PolygonCheckParts): Check {
  return { name: 'polygon', run: () => look(parts) };
}

async function look({
  environment,
  market,
  load = loadPolygonClient,
}: PolygonCheckParts): Promise<Omit<Finding, 'name'>> {
  const key = environment[POLYGON_KEY_VARIABLE] ?? '';
  const isWanted = market?.provider === 'polygon';
  if (key !== '' && !isKeyText(key)) {
    const what = `${POLYGON_KEY_VARIABLE}: characters that no key has`;
    return { state: 'fail', what, action: 'Copy the key again, without spaces and line breaks.' };
  }
  try {
    await load('https://api.polygon.io');
  } catch (error) {
    if (!(error instanceof PolygonError)) throw error;
    const state = isWanted ? 'fail' : 'warn';
    return { state, what: error.message, action: 'Run npm ci: the library is a part of it.' };
  }
  if (!isWanted) {
    const set = key === '' ? 'not set' : 'set';
    const what = `${POLYGON_KEY_VARIABLE} ${set}; market data come from Alpaca (market.provider)`;
    return { state: 'ok', what, action: '' };
  }
  if (key === '') {
    const what = `market.provider is polygon, and ${POLYGON_KEY_VARIABLE} is not set`;
    const action = 'Set it for a paper session; the embedded venue needs none.';
    return { state: 'warn', what, action };
  }
  if (market.feed === 'delayed_sip') {
    const action = 'Take sip to trade; the delayed feed is there to try things.';
    return { state: 'warn', what: `key set; ${DELAYED_TEXT}`, action };
  }
  return { state: 'ok', what: 'key set for strata trade --mode paper', action: '' };
}
