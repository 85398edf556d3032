import { encode, encodeTimeSpecToTimestamp, ExtData } from '@msgpack/msgpack';
import { Random } from '../../../src/core/random.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connectWebSocket } from '../../../src/streams/socket/connect-websocket.ts';
import { FeedSocket, RETRY, SOCKET_LIMITS } from '../../../src/streams/socket/feed-socket.ts';
import { alpacaMarketStream } from '../../../src/streams/alpaca/market-stream.ts';
import { ManualTime } from '../../manual-time.ts';
import { until } from '../../venue-socket.ts';
import {
  directoryOf,
  ids,
  NAMES,
  RecordingSink,
  ScriptedHistory,
  TEN_US,
} from './market-harness.ts';
import { trade } from './alpaca-messages.ts';
import { messageOf, serveWebSockets, type TestServer } from './websocket-server.ts';

async function served(options: { readonly refuseWith?: number } = {}): Promise<TestServer> {
  const server = await serveWebSockets(options);
  onTestFinished(() => server.close());
  return server;
}

function marketStream(url: string, codec: 'json' | 'msgpack') {
  const time = new ManualTime(TEN_US);
  const sink = new RecordingSink(NAMES);
  const fatal: string[] = [];
  const stream = alpacaMarketStream({
    url,
    keyId: 'k',
    secret: 's',
    feed: 'iex',
    codec,
    directory: directoryOf(NAMES),
    sink,
    clock: time,
    timers: time,
    random: new Random(1),
    history: new ScriptedHistory(),
    onFatal: (error) => fatal.push(error.message),
  });
  onTestFinished(() => stream.stop());
  return { stream, time, sink, fatal };
}

const ALL = {
  T: 'subscription',
  trades: ['AAPL'],
  quotes: ['AAPL'],
  lulds: ['AAPL'],
  bars: ['*'],
  updatedBars: ['*'],
  statuses: ['*'],
};

describe('an Alpaca market stream on a real websocket', () => {
  it('speaks JSON: authenticates, subscribes and hears a trade', async () => {
    const server = await served();
    const { stream, sink } = marketStream(server.url, 'json');
    stream.start();
    const answer = stream.subscribe(ids(0));
    const socket = await server.connected();
    expect(await messageOf(socket)).toEqual({ action: 'auth', key: 'k', secret: 's' });
    socket.send('[{"T":"success","msg":"connected"}]');
    socket.send('[{"T":"success","msg":"authenticated"}]');
    await messageOf(socket);
    socket.send(JSON.stringify([ALL]));
    expect(await answer).toEqual({ outcome: 'done' });
    socket.send(JSON.stringify([trade('AAPL', TEN_US, 1)]));
    await until(() => sink.lines.length === 1, 'a line');
    expect(sink.lines).toEqual(['TRADE AAPL 15:00:00 1000000']);
  });

  it('speaks MessagePack, in one frame cut into fragments of a byte (D9)', async () => {
    const server = await served();
    const { stream, sink } = marketStream(server.url, 'msgpack');
    stream.start();
    const socket = await server.connected();
    await messageOf(socket);
    socket.send(encode([{ T: 'success', msg: 'authenticated' }]));
    await messageOf(socket);
    socket.send(encode([ALL]));
    const t = new ExtData(-1, encodeTimeSpecToTimestamp({ sec: TEN_US / 1e6, nsec: 123_456_789 }));
    const message = { ...trade('AAPL', TEN_US, 1), t, i: 18_446_744_073_709_551_615n };
    const frame = encode([message], { useBigInt64: true });
    for (const [at, byte] of frame.entries()) {
      socket.send(new Uint8Array([byte]), { fin: at === frame.length - 1, binary: true });
    }
    // JSON in a binary frame, and text where MessagePack was asked for.
    socket.send(new TextEncoder().encode(JSON.stringify([trade('IBM', TEN_US, 1)])));
    socket.send(JSON.stringify([trade('SPY', TEN_US, 1)]));
    await until(() => sink.lines.length === 3, 'three lines');
    expect(sink.lines.map((line) => line.slice(0, 10))).toEqual([
      'TRADE AAPL',
      'TRADE IBM ',
      'TRADE SPY ',
    ]);
  });

  it('D4 stops for good after one try with a key that is refused', async () => {
    const server = await served();
    const { stream, fatal, time } = marketStream(server.url, 'json');
    stream.start();
    const socket = await server.connected();
    socket.send('[{"T":"error","code":402,"msg":"auth failed"}]');
    await until(() => fatal.length === 1, 'a fault');
    time.advance(600_000);
    expect(fatal).toEqual(['alpaca/iex: refused with 402 auth failed']);
    expect(server.sockets).toHaveLength(1);
    expect(stream.health.state).toBe('stopped');
  });

  it('D9 closes on a message of more than 16 MiB, and comes back', async () => {
    const server = await served();
    const { stream, time } = marketStream(server.url, 'json');
    stream.start();
    const first = await server.connected();
    const closed = new Promise((resolve) => first.once('close', resolve));
    first.send(new Uint8Array(16 * 1_024 * 1_024 + 1));
    expect(await closed).toBe(1_009);
    await until(() => stream.health.state === 'waiting', 'a wait');
    time.advance(10_000);
    await server.connected();
    expect(server.sockets).toHaveLength(2);
  });
});

describe('a feed socket on a real websocket', () => {
  function socketTo(url: string) {
    const time = new ManualTime();
    const ends: string[] = [];
    const statuses: number[] = [];
    const socket = new FeedSocket({
      connect: connectWebSocket({ url }),
      clock: time,
      timers: time,
      random: new Random(2),
      limits: SOCKET_LIMITS,
      feed: {
        opened: () => {},
        received: () => {},
        lost: () => {},
        judgeStatus: (status) => {
          statuses.push(status);
          return RETRY;
        },
        changed: (state, reason) => ends.push(`${state} ${reason}`.trimEnd()),
      },
    });
    onTestFinished(() => socket.stop());
    return { time, ends, statuses, socket };
  }

  it('D3 hears the status of an upgrade that is refused', async () => {
    const server = await served({ refuseWith: 429 });
    const { ends, statuses, socket } = socketTo(server.url);
    socket.start();
    await until(() => ends.length === 2, 'two ends');
    expect(statuses).toEqual([429]);
    expect(ends).toEqual(['connecting', 'waiting the upgrade was answered with 429']);
  });

  it('D3 tries again where nobody listens, and where the name is unknown', async () => {
    for (const url of ['ws://127.0.0.1:1', 'ws://no.such.host.invalid']) {
      const { ends, socket, time } = socketTo(url);
      socket.start();
      await until(() => ends.length === 2, 'two ends');
      expect(ends[1]).toMatch(/^waiting closed with 1006/);
      time.advance(20_000);
      expect(ends[2]).toBe('connecting');
    }
  });

  it('D1 finds that a peer has stopped answering, within 5.25 s', async () => {
    const server = await served();
    const { ends, socket, time } = socketTo(server.url);
    socket.start();
    const peer = await server.connected();
    await until(() => socket.state === 'open', 'an open socket');
    let pings = 0;
    peer.on('ping', () => {
      pings += 1;
    });
    time.advance(2_000);
    await until(() => pings === 1, 'a ping');
    // Let the pong arrive, then stop the peer's side: the connection stays open.
    for (let turn = 0; turn < 200; turn += 1) await new Promise((go) => setImmediate(go));
    peer.pause();
    const stoppedMs = time.wallMs();
    for (let step = 0; step < 5_250 && socket.state === 'open'; step += 10) time.advance(10);
    expect(socket.state).toBe('waiting');
    expect(time.wallMs() - stoppedMs).toBeLessThanOrEqual(5_250);
    expect(ends.at(-1)).toBe('waiting silent for 5000 ms');
  });
});
