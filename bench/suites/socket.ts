import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { EventBatch } from '../../src/domain/market/event-batch.ts';
import { connectWebSocket } from '../../src/streams/socket/connect-websocket.ts';
import type { Meter, Outcome, Scale, Suite, Variant } from '../harness/suite.ts';
import { decodeFrame, ownDecoder } from '../feeds/own-decoding.ts';
import { jsonPeer } from '../feeds/peer-decoding.ts';

const SERVER = fileURLToPath(new URL('../feeds/feed-server.js', import.meta.url));
const TRADES_MAX = 131_072;
const EVENTS_MAX = 500;

interface Plan {
  readonly perFrame: number;
  /** Frames a connection, and connections a receiver; one more of each comes before. */
  readonly frames: number;
  readonly turns: number;
}

const PLANS: readonly (readonly [perFrame: number, full: Plan, quick: Plan])[] = [
  [1, { perFrame: 1, frames: 100_000, turns: 4 }, { perFrame: 1, frames: 10_000, turns: 1 }],
  [100, { perFrame: 100, frames: 1_000, turns: 4 }, { perFrame: 100, frames: 100, turns: 1 }],
];

function nameOf(perFrame: number): string {
  return `Polygon trades, ${perFrame} a frame`;
}

export const socket: Suite = {
  name: 'socket',
  measures:
    'us of CPU a frame of receiving Polygon trades over a loopback websocket, the server a ' +
    'process of its own that sends as fast as it is read: our socket and decoder to columns; ws ' +
    'with JSON.parse to the same columns; and ws alone, which is the floor. In turns in one ' +
    'process, a connection each turn, the first of each not measured.',
  leavesOut:
    'the network, TLS and the supervision of the stream. permessage-deflate: ours never offers ' +
    'it, and here the peer does not either',
  target: 'of ws with JSON.parse: <= 0.5 of the CPU at 100 a frame, <= 0.65 at 1',
  variants: PLANS.map(([perFrame, full, quick]): Variant => ({
    name: nameOf(perFrame),
    run: (scale: Scale, meter: Meter) => run(scale === 'full' ? full : quick, meter),
  })),
  goals: [
    {
      id: '2.1',
      says: 'socket and decode, Polygon trades, 100 a frame: CPU of ours over ws and JSON.parse',
      limit: 0.5,
      sense: 'atMost',
      figure: (of) => of(nameOf(100), 'ownToJsonParseRatio'),
    },
    {
      id: '2.2',
      says: 'socket and decode, Polygon trades, 1 a frame: CPU of ours over ws and JSON.parse',
      limit: 0.65,
      sense: 'atMost',
      figure: (of) => of(nameOf(1), 'ownToJsonParseRatio'),
      argued: 'at one a frame most of the cost is of ws and the system, which both pay',
    },
  ],
};

/** Receives all frames of a connection and answers how many bytes came. */
type Receive = (url: string) => Promise<number>;

async function run({ perFrame, frames, turns }: Plan, meter: Meter): Promise<Outcome> {
  const server = spawn(process.execPath, [SERVER, String(perFrame), String(frames)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const url = `ws://127.0.0.1:${await portOf(server)}`;
    const receivers = receiversOf();
    const costs = { own: 0, jsonParse: 0, raw: 0 };
    for (let turn = -1; turn < turns; turn += 1) {
      for (const name of ['own', 'jsonParse', 'raw'] as const) {
        const isOwn = name === 'own' && turn >= 0;
        if (isOwn) meter.begin();
        const begun = process.cpuUsage();
        await receivers[name](url);
        const { user, system } = process.cpuUsage(begun);
        if (isOwn) meter.end(frames * perFrame);
        if (turn >= 0) costs[name] += user + system;
      }
    }
    const count = frames * turns;
    return {
      figures: {
        frames: count,
        ownUsPerFrame: costs.own / count,
        jsonParseUsPerFrame: costs.jsonParse / count,
        rawUsPerFrame: costs.raw / count,
        ownToJsonParseRatio: costs.own / costs.jsonParse,
        ownToRawRatio: costs.own / costs.raw,
      },
    };
  } finally {
    server.stdin.end();
  }
}

function receiversOf(): Readonly<Record<'own' | 'jsonParse' | 'raw', Receive>> {
  const decoder = ownDecoder('Polygon JSON', TRADES_MAX);
  const batch = new EventBatch(EVENTS_MAX, 1);
  const toColumns = jsonPeer('Polygon JSON');
  return {
    own: (url) => receiveOwn(url, (bytes) => decodeFrame(decoder, bytes, batch)),
    jsonParse: (url) =>
      receivePeer(url, (frame) => {
        batch.clear();
        toColumns(frame, batch);
      }),
    raw: (url) => receivePeer(url, () => {}),
  };
}

function receiveOwn(url: string, take: (bytes: Uint8Array) => void): Promise<number> {
  let bytes = 0;
  return new Promise((resolve, reject) => {
    connectWebSocket({ url })({
      opened: () => {},
      received: (frame) => {
        bytes += frame.length;
        take(frame);
      },
      ponged: () => {},
      refused: (status) => reject(new Error(`refused with ${status}`)),
      closed: () => resolve(bytes),
    });
  });
}

function receivePeer(url: string, take: (frame: Buffer) => void): Promise<number> {
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const peer = new WebSocket(url, { perMessageDeflate: false });
    peer.on('message', (data) => {
      if (!Buffer.isBuffer(data)) return;
      bytes += data.length;
      take(data);
    });
    peer.on('error', reject);
    peer.on('close', () => resolve(bytes));
  });
}

function portOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    server.stdout?.once('data', (text: Buffer) => resolve(text.toString('utf8').trim()));
  });
}
