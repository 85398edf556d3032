import { onTestFinished } from 'vitest';
import { createTimers } from '../../src/actors/services/system-time.ts';
import { Random } from '../../src/core/random.ts';
import { formatTime, SECOND } from '../../src/core/time.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { RestHistory } from '../../src/streams/alpaca/history/rest-history.ts';
import { alpacaMarketStream } from '../../src/streams/alpaca/market-stream.ts';
import type { MarketHistory } from '../../src/streams/market/market-history.ts';
import type { MarketLimits } from '../../src/streams/market/market-options.ts';
import type { MarketStream } from '../../src/streams/market/market-stream.ts';
import { polygonMarketStream } from '../../src/streams/polygon/market-stream.ts';
import { PolygonHistory } from '../../src/streams/polygon/rest/polygon-history.ts';
import { directoryOf, ids, RecordingSink } from '../unit/streams/market-harness.ts';
import type { VenueRig } from '../venue-rig.ts';

const KEY = 'strata-demo';
const QUICK = { slowMsMin: 300, backoffMsMin: 50, backoffMsMax: 200, fillMsMax: 8_000 };

type Venue = 'alpaca' | 'polygon';

/** The market's time as of the last step; a wall clock that runs. */
class SteppedClock implements Clock {
  readonly speed = 1;
  us = 0;

  nowUs(): number {
    return this.us;
  }

  wallMs(): number {
    return performance.now();
  }
}

interface Asset {
  readonly symbol: string;
  readonly exchange: string;
}

export interface Listener {
  readonly sink: RecordingSink;
  readonly stream: MarketStream;
  readonly alarms: readonly string[];
  readonly fatal: readonly string[];
}

/** A venue, its symbols, and streams that listen to it over real sockets. */
export class Scene {
  readonly clock = new SteppedClock();
  readonly timers = createTimers();
  names: readonly string[] = [];
  /** The first of a listing exchange: the tapes tell halts differently. */
  onNasdaq = '';
  readonly #rig: VenueRig;

  constructor(rig: VenueRig) {
    this.#rig = rig;
  }

  async open(): Promise<this> {
    this.clock.us = (await this.#rig.admin.state()).clock.marketUs;
    const response = await fetch(`${this.#rig.venue.tradingUrl}/v2/assets?status=active`, {
      headers: { 'APCA-API-KEY-ID': KEY, 'APCA-API-SECRET-KEY': KEY },
    });
    const assets: readonly Asset[] = JSON.parse(await response.text());
    this.names = assets.map(({ symbol }) => symbol).toSorted();
    this.onNasdaq = assets.find(({ exchange }) => exchange === 'NASDAQ')?.symbol ?? '';
    return this;
  }

  async pass(seconds: number): Promise<void> {
    this.clock.us += seconds * SECOND;
    await this.#rig.pass(seconds);
  }

  history(venue: Venue): MarketHistory {
    const { clock, timers } = this;
    const { dataUrl, polygonUrl } = this.#rig.venue;
    const shared = { clock, timers, requestsPerMinute: 60_000 };
    if (venue === 'polygon') return new PolygonHistory({ ...shared, url: polygonUrl, key: KEY });
    return new RestHistory({ ...shared, url: dataUrl, keyId: KEY, secret: KEY, feed: 'iex' });
  }

  /** Ended with the test. Settles when the venue has answered about the first symbols. */
  async listen(
    venue: Venue,
    { wanted = 2, limits = {} }: { wanted?: number; limits?: Partial<MarketLimits> } = {},
  ): Promise<Listener> {
    const { clock, timers, names } = this;
    const sink = new RecordingSink(names);
    const alarms: string[] = [];
    const fatal: string[] = [];
    const shared = {
      directory: directoryOf(names),
      sink,
      clock,
      timers,
      random: new Random(5),
      history: this.history(venue),
      limits: { ...QUICK, ...limits },
      onAlarm: (reason: string) => alarms.push(reason),
      onFatal: (error: Error) => fatal.push(error.message),
    };
    const { polygonStreamUrl, dataStreamUrl } = this.#rig.venue;
    const stream =
      venue === 'polygon'
        ? polygonMarketStream({
            ...shared,
            url: `${polygonStreamUrl}/stocks`,
            key: KEY,
            quoteSizes: 'shares',
          })
        : alpacaMarketStream({
            ...shared,
            url: dataStreamUrl,
            keyId: KEY,
            secret: KEY,
            feed: 'iex',
            codec: 'json',
          });
    onTestFinished(() => stream.stop());
    stream.start();
    await stream.subscribe(ids(...this.names.slice(0, wanted).keys()));
    return { sink, stream, alarms, fatal };
  }

  /** The same of the trades of the first symbols. */
  async tradesOf(fromUs: number, toUs: number, wanted = 2): Promise<readonly string[]> {
    const lines: string[] = [];
    const span = { symbols: this.names.slice(0, wanted), fromUs, toUs };
    await this.history('alpaca').trades(span, (name, trades) => {
      for (const { us, price } of trades) {
        const clock = formatTime(us).slice(11, 19);
        lines.push(`TRADE ${name} ${clock} ${Math.round(price * 10_000)}`);
      }
    });
    return lines.toSorted();
  }

  /** What the venue remembers of minutes from one moment to another, by Alpaca's REST. */
  async barsOf(fromUs: number, toUs: number): Promise<readonly string[]> {
    const lines: string[] = [];
    const span = { symbols: this.names, fromUs, toUs };
    await this.history('alpaca').minuteBars(span, (name, bars) => {
      for (const { startUs, open } of bars) {
        lines.push(`BAR ${name} ${formatTime(startUs).slice(11, 19)} ${Math.round(open * 10_000)}`);
      }
    });
    return lines.toSorted();
  }
}

export function toldIn(
  sink: RecordingSink,
  kind: 'BAR' | 'TRADE',
  fromUs: number,
  toUs: number,
): readonly string[] {
  const [from, to] = [fromUs, toUs].map((us) => formatTime(us).slice(11, 19));
  const clockOf = (line: string) => line.split(' ')[2] ?? '';
  const lines = sink.of(kind).filter((line) => clockOf(line) >= (from ?? ''));
  return lines.filter((line) => clockOf(line) < (to ?? '')).toSorted();
}
