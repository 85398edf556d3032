import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streaming } from '@alpacahq/alpaca-trade-api';
import {
  ctaFlags,
  NO_CONDITION,
  tradeFlags,
  utpFlags,
} from '../../src/domain/market/conditions.ts';
import { type RunningVenue, runVenue } from '../../src/venue/process/run-venue.ts';
import { VenueAdmin } from '../venue-client.ts';
import { DEMO_KEYS, subscribed, until, type VenueMessage, VenueSocket } from '../venue-socket.ts';

const CREDENTIALS = { keyId: DEMO_KEYS.key, secret: DEMO_KEYS.secret };
const SECOND_US = 1_000_000;
const FUNDS = ['SEMKT', 'SETEC'];

let venue: RunningVenue;
let admin: VenueAdmin;

beforeAll(async () => {
  venue = await runVenue({
    seed: 3,
    symbols: 40,
    isPaused: true,
    extendedHours: false,
    knobs: { connectionsPerEndpoint: 2 },
  });
  admin = new VenueAdmin(venue.adminUrl);
});

afterAll(async () => {
  await venue.close();
});

describe("the venue's data stream, to the official SDK", () => {
  it('brings quotes, trades, bands and bars over msgpack, times to the nanosecond', async () => {
    const stream = new streaming.StockDataStream({
      credentials: CREDENTIALS,
      url: venue.dataStreamUrl,
    });
    const seen = { trades: 0, quotes: 0, bars: 0, dailyBars: 0, lulds: 0 };
    const stamps: string[] = [];
    stream.onTrade((trade) => {
      seen.trades += 1;
      stamps.push(trade.timestampRaw ?? '');
      expect(trade.price).toBeGreaterThan(0);
      expect(trade.timestamp).toBeInstanceOf(Date);
    });
    stream.onQuote((quote) => {
      seen.quotes += 1;
      expect(quote.askPrice).toBeGreaterThan(quote.bidPrice);
    });
    stream.onBar((bar) => {
      seen.bars += 1;
      expect(bar.high).toBeGreaterThanOrEqual(bar.low);
      expect(bar.timestamp.getUTCSeconds()).toBe(0);
    });
    stream.onDailyBar(() => {
      seen.dailyBars += 1;
    });
    stream.onLuld(() => {
      seen.lulds += 1;
    });
    stream.subscribeForTrades(FUNDS);
    stream.subscribeForQuotes(FUNDS);
    stream.subscribeForBars(['*']);
    stream.subscribeForDailyBars(['*']);
    stream.subscribeForLulds(['*']);
    stream.connect();
    expect(await stream.waitForAuthentication(5_000)).toBe(true);
    await until(async () => {
      const { connections } = await admin.state();
      return connections.data.some(({ subscriptions }) => subscriptions['lulds']?.[0] === '*');
    }, 'the subscription');
    await admin.chaos('clockStep', { us: 125 * SECOND_US });
    await until(() => Object.values(seen).every((count) => count > 0), JSON.stringify(seen));
    const places = new Set(stamps.map((stamp) => stamp.split('.')[1]?.length));
    stream.disconnect();

    expect([...places]).toEqual([10]); // Nine digits and the Z.
    expect(stream.getSubscriptions()).toMatchObject({ trades: FUNDS, bars: ['*'] });
  });

  it('D4 tells a wrong key once, and the SDK gives up for good', async () => {
    const stream = new streaming.StockDataStream({
      credentials: { keyId: 'WRONG', secret: 'WRONG' },
      url: venue.dataStreamUrl,
    });
    stream.connect();

    expect(await stream.waitForAuthentication(5_000)).toBe(false);
    stream.disconnect();
  });

  it('D5 restores the whole subscription after the connection was dropped', async () => {
    const stream = new streaming.StockDataStream({
      credentials: CREDENTIALS,
      url: venue.dataStreamUrl,
      initialReconnectMs: 10,
    });
    const acknowledged: string[][] = [];
    stream.on(streaming.EVENT.SUBSCRIPTION, (channels) => {
      acknowledged.push([...Object(channels).trades, ...Object(channels).bars]);
    });
    stream.subscribeForTrades(FUNDS);
    stream.subscribeForBars(['*']);
    stream.connect();
    await until(() => acknowledged.length >= 1, 'a first acknowledgement');
    await admin.chaos('drop', { stream: 'data' });
    await until(() => acknowledged.length >= 2, 'a second acknowledgement');
    stream.disconnect();

    expect(acknowledged.at(-1)).toEqual([...FUNDS, '*']);
  });

  it('brings news over its own endpoint', async () => {
    const stream = new streaming.NewsStream({ credentials: CREDENTIALS, url: venue.newsUrl });
    const headlines: string[] = [];
    stream.onNews((story) => {
      headlines.push(story.headline);
      expect(story.id).toBeGreaterThan(0);
    });
    stream.subscribeForNews(['*']);
    stream.connect();
    expect(await stream.waitForAuthentication(5_000)).toBe(true);
    await until(async () => {
      const { connections } = await admin.state();
      return connections.data.some(({ subscriptions }) => subscriptions['news']?.[0] === '*');
    }, 'the subscription');
    for (let hour = 0; hour < 7 && headlines.length === 0; hour += 1) {
      await admin.chaos('clockStep', { us: 3_600 * SECOND_US });
      await until(async () => (await admin.state()).market.lagUs === 0, 'an hour of market');
    }
    await until(() => headlines.length > 0, 'a story');
    stream.disconnect();

    expect(headlines[0]).toMatch(/^[A-Z.]+ \w+/);
  });
});

describe("the venue's data stream, to a plain client", () => {
  it('says the same in both codecs, event by event', async () => {
    const other = await runVenue({ seed: 3, symbols: 5, isPaused: true, knobs: TWO_CLIENTS });
    const channels = { trades: FUNDS, quotes: FUNDS, bars: ['*'], lulds: ['*'] };
    const text = await subscribed(other.dataStreamUrl, channels);
    const packed = await subscribed(other.dataStreamUrl, channels, 'msgpack');
    await new VenueAdmin(other.adminUrl).chaos('clockStep', { us: 90 * SECOND_US });
    for (const client of [text, packed]) {
      await until(() => client.of('b').length > 3 && client.of('t').length > 3, 'events');
    }
    await until(() => packed.messages.length === text.messages.length, 'as many of both');
    const first = text.messages.filter((message) => isData(message));
    const second = packed.messages.filter((message) => isData(message));
    text.end();
    packed.end();
    await other.close();

    expect(text.rawFrames.every((frame) => typeof frame === 'string')).toBe(true);
    expect(packed.rawFrames.every((frame) => typeof frame !== 'string')).toBe(true);
    expect(second.map(inMilliseconds)).toEqual(first.map(inMilliseconds));
  });

  it('gives every trade conditions that the condition tables read back to its flags', async () => {
    const other = await runVenue({ seed: 5, symbols: 30, plan: 'plus', isPaused: true });
    const client = await subscribed(other.dataStreamUrl, { trades: ['*'] });
    await new VenueAdmin(other.adminUrl).chaos('clockStep', { us: 120 * SECOND_US });
    await until(() => client.of('t').length > 1_000, 'trades');
    const kinds = new Map<string, number>();
    for (const trade of client.of('t')) {
      const letters = String(trade['c']);
      const table = trade['z'] === 'C' ? utpFlags : ctaFlags;
      const conditions = letters.split(',').map((letter) => table(letter.charCodeAt(0)));
      const flags = tradeFlags(conditions.reduce((all, one) => all & one, NO_CONDITION));
      kinds.set(letters, flags);
      const isOfficial = letters.includes('M'); // A price that the market states: no trade.
      const ofSize = Number(trade['s']) < 100 ? VOLUME_ONLY : REGULAR;
      expect(flags, letters).toBe(isOfficial ? 0 : ofSize);
    }
    client.end();
    await other.close();

    expect([...kinds.keys()].some((letters) => letters.includes('O'))).toBe(true);
    expect([...kinds.keys()].some((letters) => letters.includes('I'))).toBe(true);
  });

  it('D9 reads a message that comes in fragments', async () => {
    const client = await new VenueSocket(venue.dataStreamUrl).open();
    const text = JSON.stringify({ action: 'auth', ...DEMO_KEYS });
    for (let at = 0; at < text.length; at += 7) {
      client.socket.send(text.slice(at, at + 7), { fin: at + 7 >= text.length });
    }

    await client.message(({ msg }) => msg === 'authenticated', 'authenticated');
    client.end();
  });

  it('compresses for those who offer it and for nobody else', async () => {
    const plain = await new VenueSocket(venue.dataStreamUrl, { perMessageDeflate: false }).open();
    const deflated = await new VenueSocket(venue.dataStreamUrl, { perMessageDeflate: true }).open();
    const extensions = [plain.socket.extensions, deflated.socket.extensions];
    await deflated.message(({ msg }) => msg === 'connected', 'a welcome');
    plain.end();
    deflated.end();

    expect(extensions).toEqual(['', 'permessage-deflate']);
  });

  it('answers paths that are no streams with 404, and refused upgrades with 429', async () => {
    const nowhere = new VenueSocket(`${venue.dataStreamUrl}x`);
    await until(() => nowhere.refusedStatus !== 0, 'a refusal');
    await admin.chaos('refuseUpgrades', { forMs: 60_000 });
    const refused = new VenueSocket(venue.dataStreamUrl);
    await until(() => refused.refusedStatus !== 0, 'a refusal');
    await admin.chaos('refuseUpgrades', { forMs: 0 });

    expect([nowhere.refusedStatus, refused.refusedStatus]).toEqual([404, 429]);
    (await new VenueSocket(venue.dataStreamUrl).open()).end();
  });

  it('never puts a control message together with another', async () => {
    const client = await subscribed(venue.dataStreamUrl, { trades: FUNDS });
    client.send({ action: 'nonsense' });
    await client.message(({ code }) => code === 400, 'error 400');
    client.end();

    const kinds = new Set(['success', 'subscription', 'error']);
    expect(client.messages.every(({ T }) => kinds.has(String(T)))).toBe(true);
    expect(client.frames.every((count) => count === 1)).toBe(true);
  });
});

const TWO_CLIENTS = { connectionsPerEndpoint: 2 };
const REGULAR = 15;
const VOLUME_ONLY = 4;

function isData({ T }: VenueMessage): boolean {
  return T !== 'success' && T !== 'subscription';
}

/** The library's own reader has milliseconds; the rest must be equal to the bit. */
function inMilliseconds(message: VenueMessage): VenueMessage {
  const { t } = message;
  return { ...message, t: (t instanceof Date ? t : new Date(String(t))).getTime() };
}
