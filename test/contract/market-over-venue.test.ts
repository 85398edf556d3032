import { describe, expect, it, onTestFinished } from 'vitest';
import { createTimers } from '../../src/actors/services/system-time.ts';
import { Random } from '../../src/core/random.ts';
import { formatTime, MINUTE, SECOND } from '../../src/core/time.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { RestHistory } from '../../src/streams/alpaca/history/rest-history.ts';
import { alpacaMarketStream } from '../../src/streams/alpaca/market-stream.ts';
import type { MarketHistory } from '../../src/streams/market/market-history.ts';
import type { MarketLimits } from '../../src/streams/market/market-options.ts';
import type { MarketStream } from '../../src/streams/market/market-stream.ts';
import { polygonMarketStream } from '../../src/streams/polygon/market-stream.ts';
import { PolygonHistory } from '../../src/streams/polygon/rest/polygon-history.ts';
import { directoryOf, ids, RecordingSink } from '../unit/streams/market-harness.ts';
import { VenueRig } from '../venue-rig.ts';
import { until } from '../venue-socket.ts';

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

interface Listener {
  readonly sink: RecordingSink;
  readonly stream: MarketStream;
  readonly alarms: readonly string[];
}

/** A venue, its symbols, and streams that listen to it over real sockets. */
class Scene {
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
    const shared = {
      directory: directoryOf(names),
      sink,
      clock,
      timers,
      random: new Random(5),
      history: this.history(venue),
      limits: { ...QUICK, ...limits },
      onAlarm: (reason: string) => alarms.push(reason),
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
    return { sink, stream, alarms };
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

function toldIn(
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

describe("Polygon's market stream over the embedded venue", () => {
  const rig = new VenueRig({ symbols: 12 });

  it('hears what the stream of Alpaca hears, event for event', async () => {
    const scene = await new Scene(rig).open();
    const polygon = await scene.listen('polygon');
    const alpaca = await scene.listen('alpaca');
    for (let count = 0; count < 13; count += 1) await scene.pass(10);
    await rig.admin.chaos('halt', { symbol: scene.onNasdaq });
    await rig.admin.chaos('resume', { symbol: scene.onNasdaq });
    await scene.pass(70);
    await until(() => alpaca.sink.of('BAR').length > 24, 'bars of three minutes');
    const kinds = ['TRADE', 'QUOTE', 'BAR'];
    for (const kind of kinds) {
      const { length } = alpaca.sink.of(kind);
      await until(() => polygon.sink.of(kind).length >= length, `as many of ${kind}`);
    }

    for (const kind of kinds) {
      expect(polygon.sink.of(kind).toSorted()).toEqual(alpaca.sink.of(kind).toSorted());
      expect(polygon.sink.of(kind).length).toBeGreaterThan(0);
    }
    expect(polygon.sink.of('BAND').length).toBeGreaterThan(0);
    expect(polygon.stream.health).toMatchObject({ unknown: 0, gaps: 0, connections: 1 });
    expect(polygon.stream.counts.refusals).toBe(0);
  });

  it('D6 is dropped, comes back, and misses no bar', async () => {
    const scene = await new Scene(rig).open();
    const fromUs = Math.ceil(scene.clock.us / MINUTE) * MINUTE;
    const { sink, stream } = await scene.listen('polygon');
    await scene.pass(150);
    await until(() => sink.of('BAR').length > 12, 'the first bars');
    await rig.admin.chaos('refuseUpgrades', { forMs: 1_000 });
    await rig.admin.chaos('drop');
    await until(() => stream.health.gaps === 1, 'a gap');
    await scene.pass(200);
    await until(() => stream.health.connections === 2, 'another connection');
    await until(() => sink.of('BAR').some((line) => line.includes(' 16:04:')), 'the refill');
    await scene.pass(100);
    const toUs = Math.floor(scene.clock.us / MINUTE) * MINUTE;
    const expected = await scene.barsOf(fromUs, toUs);
    await until(() => toldIn(sink, 'BAR', fromUs, toUs).length >= expected.length, 'all bars');

    expect(toldIn(sink, 'BAR', fromUs, toUs)).toEqual(expected);
    const trades = await scene.tradesOf(fromUs, toUs);
    await until(() => toldIn(sink, 'TRADE', fromUs, toUs).length >= trades.length, 'all trades');

    expect(toldIn(sink, 'TRADE', fromUs, toUs)).toEqual(trades);
    expect(stream.counts).toMatchObject({ gaps: 1, unfilled: 0 });
    // In order of time, symbol by symbol.
    for (const name of scene.names) {
      const own = sink.of(`BAR ${name} `).map((line) => line.split(' ')[2]);
      expect(own).toEqual(own.toSorted());
    }
  });

  it('D4 waits while another has the only connection, alarms, and then has it', async () => {
    const scene = await new Scene(rig).open();
    const first = await scene.listen('polygon');
    expect(first.stream.health.state).toBe('open');
    const second = await scene.listen('polygon', { limits: { settleMsMax: 2_500 } });

    expect(second.stream.health.connections).toBeLessThanOrEqual(8);
    expect(second.alarms[0]).toMatch(/^refused with max_connections .* 3 times in a row$/);
    expect(first.stream.health.connections).toBe(1);
    await first.stream.stop();
    await until(() => second.stream.health.state === 'open', 'the connection');
    await scene.pass(70);
    await until(() => second.sink.of('BAR').length > 0, 'bars');
  });
});

describe("Polygon's market stream that does not read", () => {
  const rig = new VenueRig({ symbols: 200, knobs: { outboundBytesMax: 60_000 } });

  it('D6 D10 is cut without a word, and fills what it was not sent', async () => {
    const scene = await new Scene(rig).open();
    const fromUs = Math.ceil(scene.clock.us / MINUTE) * MINUTE;
    const { sink, stream } = await scene.listen('polygon', { wanted: 200 });
    sink.isFull = true;
    const cuts = async () => (await rig.admin.state()).counters['polygonSlowCuts'];
    await until(
      async () => {
        await scene.pass(60);
        return (await cuts()) === 1;
      },
      'a cut',
      20_000,
    );
    sink.isFull = false;
    for (const resume of sink.resumes.splice(0)) resume();
    await until(() => stream.health.connections === 2, 'another connection', 15_000);
    await until(() => sink.of('GAP').length > 0, 'a gap');
    const toUs = Math.floor(scene.clock.us / MINUTE) * MINUTE;
    const expected = await scene.barsOf(fromUs, toUs);
    await until(
      () => toldIn(sink, 'BAR', fromUs, toUs).length >= expected.length,
      'all bars',
      10_000,
    );

    expect(toldIn(sink, 'BAR', fromUs, toUs)).toEqual(expected);
    expect(toldIn(sink, 'TRADE', fromUs, toUs)).toEqual(await scene.tradesOf(fromUs, toUs, 200));
    expect(stream.counts).toMatchObject({ gaps: 1, unfilled: 0, refusals: 0 });
  });
});
