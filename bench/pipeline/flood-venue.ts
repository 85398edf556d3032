import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { agreeing } from './fed-stream.ts';
import { FloodFrames, type FloodPlan } from './flood-frames.ts';

/**
 * A venue that says yes to everything and sends what it is told to, in a process of its own. It
 * writes whole messages to the connection itself, so that a million events a second cost it little.
 * Line by line: it begins with its port; each `Order` is answered with a `Told` when it is over.
 */
export interface Order {
  readonly perSecond: number;
  readonly seconds: number;
  /** Market time of a moment of the wall's clock; both go at one speed. */
  readonly marketUs: number;
  readonly atWallMs: number;
  /** Until all has gone, however long it takes. */
  readonly isWhole: boolean;
}

export interface Told {
  readonly sent: number;
  /** So long nothing could be sent: the reader did not take what was there. */
  readonly heldBackMs: number;
  /** Market time of the last event. */
  readonly lastUs: number;
}

const TICK_MS = 1;
/** What a system and a venue hold for a slow reader. Less than the frames that come again. */
const QUEUED_BYTES_MAX = 2 << 20;
/** Written at a time: with what is queued far less than what comes again. */
const PIECE_EVENTS = 8_192;

const [planText = '{}'] = process.argv.slice(2);
const plan: FloodPlan = JSON.parse(planText);
const frames = new FloodFrames(plan);
const server = createServer();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
let reader: Duplex | undefined;
/** The frame that is sent next. */
let next = 0;

server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (connection) => {
    reader = socket;
    connection.on('message', (data) => connection.send(agreeing(String(data))));
    connection.on('error', () => undefined);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.stdout.write(`${JSON.stringify({ port })}\n`);
});
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  for (const line of text.split('\n')) if (line !== '') flood(JSON.parse(line));
});
process.stdin.on('end', () => process.exit());

/**
 * Every millisecond all that is due by then, as long as the connection takes it. What it does not
 * take goes later; where all was asked for, dated as it was due, and after the end too.
 */
function flood({ perSecond, seconds, marketUs, atWallMs, isWhole }: Order): void {
  const perMs = perSecond / 1_000 / frames.perFrame;
  const wanted = Math.floor(perMs * seconds * 1_000);
  const began = performance.now();
  const beganUs = marketUs + (Date.now() - atWallMs) * 1_000;
  let [sent, heldBackMs, before] = [0, 0, began];
  // What a venue holds back it dates anew: a quote of now, not of when there was no room for it.
  const us = (frame: number) =>
    isWhole ? beganUs + (frame / perMs) * 1_000 : beganUs + (performance.now() - began) * 1_000;
  const timer = setInterval(() => {
    const now = performance.now();
    const due = Math.min(wanted, Math.floor((now - began) * perMs));
    while (sent < due && hasRoom()) sent += send(due - sent, us(sent));
    if (sent < due) heldBackMs += now - before;
    before = now;
    const isOver = now >= began + seconds * 1_000;
    if (!isOver || (isWhole && sent < wanted)) return;
    clearInterval(timer);
    const told: Told = { sent: sent * frames.perFrame, heldBackMs, lastUs: us(sent) };
    process.stdout.write(`${JSON.stringify(told)}\n`);
  }, TICK_MS);
}

function hasRoom(): boolean {
  return (reader?.writableLength ?? 0) <= QUEUED_BYTES_MAX;
}

/** Some of so many, up to where the frames come again. */
function send(most: number, us: number): number {
  const to = Math.min(frames.frames, next + most, next + Math.ceil(PIECE_EVENTS / frames.perFrame));
  const count = to - next;
  reader?.write(frames.dated(next, to, us));
  next = to === frames.frames ? 0 : to;
  return count;
}
