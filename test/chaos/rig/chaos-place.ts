import { present } from '../../../src/core/assert.ts';
import type { Config } from '../../../src/cli/config-schema.ts';
import type { LivePlace } from '../../../src/compose/live/live-place.ts';
import type { SessionFile } from '../../../src/compose/session-files.ts';
import type { RunningVenue } from '../../../src/venue/process/run-venue.ts';
import { DEMO_CREDENTIALS } from '../../../src/venue/process/venue-options.ts';
import type { FastTime } from './fast-time.ts';
import type { Way } from './way.ts';

export const SESSION_ID = 'chaos';
export const DATE = 20240603;

/** The venue as an engine finds it, by the way that a test may cut. */
export function placeAt(venue: RunningVenue, way: Way, time: FastTime): LivePlace {
  const at = (address: string): string => {
    const url = new URL(address);
    url.port = String(way.port);
    return url.href.replace(/\/$/, '');
  };
  return {
    kind: 'sim',
    name: 'the chaos venue',
    clock: time.clock,
    timers: time,
    urls: {
      trading: at(venue.tradingUrl),
      data: at(venue.dataUrl),
      orderStream: at(venue.streamUrl),
      marketStream: at(venue.dataStreamUrl),
      newsStream: at(venue.newsUrl),
      polygonStream: at(`${venue.polygonStreamUrl}/stocks`),
      polygonRest: at(venue.polygonUrl),
    },
    polygonKey: DEMO_CREDENTIALS.key,
    credentials: { keyId: DEMO_CREDENTIALS.key, secret: DEMO_CREDENTIALS.secret },
    instance: '',
    close: () => venue.close(),
  };
}

export function fileOf(config: Config, seed: number, symbolsMax: number): SessionFile {
  return {
    sessionId: SESSION_ID,
    kind: 'trade',
    source: 'the chaos venue',
    startedUs: 0,
    configHash: `chaos-${seed}`,
    buildId: 'test',
    nodeMajor: Number(present(process.versions.node.split('.')[0], 'node')),
    isHistoryGiven: true,
    market: { kind: 'live', place: 'sim', feed: 'sip', date: DATE, fingerprint: 'chaos' },
    config,
    orderSession: `chaos${seed}`,
    symbolsMax,
  };
}
