import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import type { Connect, ConnectionListener } from '../../../src/streams/socket/connection.ts';
import {
  FeedSocket,
  RETRY,
  SOCKET_LIMITS,
  STOP,
  type Verdict,
} from '../../../src/streams/socket/feed-socket.ts';
import { ManualTime } from '../../manual-time.ts';

interface Fake {
  readonly listener: ConnectionListener;
  readonly sent: string[];
  pings: number;
  isGone: boolean;
}

function socketOver(judgeStatus: (status: number) => Verdict = () => RETRY, seed = 1) {
  const time = new ManualTime();
  const fakes: Fake[] = [];
  const states: string[] = [];
  const losses: string[] = [];
  const attemptsMs: number[] = [];
  const connect: Connect = (listener) => {
    const fake: Fake = { listener, sent: [], pings: 0, isGone: false };
    expect(fakes.every(({ isGone }) => isGone)).toBe(true);
    fakes.push(fake);
    attemptsMs.push(time.wallMs());
    return {
      send: (text) => fake.sent.push(text),
      ping: () => {
        fake.pings += 1;
      },
      pause: () => {},
      resume: () => {},
      close: () => {},
      terminate: () => {
        fake.isGone = true;
      },
    };
  };
  const socket = new FeedSocket({
    connect,
    clock: time,
    timers: time,
    random: new Random(seed),
    limits: SOCKET_LIMITS,
    feed: {
      opened: () => {},
      received: () => {},
      lost: (reason) => losses.push(reason),
      judgeStatus,
      changed: (state) => states.push(state),
    },
  });
  const newest = () => {
    const fake = fakes.at(-1);
    if (fake === undefined) throw new Error('nobody has connected');
    return fake;
  };
  return { time, fakes, states, losses, attemptsMs, socket, newest };
}

/** Every attempt fails at once, for a time. */
function failFor(of: ReturnType<typeof socketOver>, ms: number): void {
  const untilMs = of.time.wallMs() + ms;
  while (of.time.wallMs() < untilMs) {
    if (of.socket.state === 'connecting') of.newest().listener.closed(1_006, 'ECONNREFUSED');
    of.time.advance(10);
  }
}

describe('a feed socket', () => {
  it('D3 never has two attempts, waits longer each time, and no longer than its limit', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const of = socketOver(() => RETRY, seed);
      of.socket.start();
      failFor(of, 120_000);
      const waits = of.attemptsMs.slice(1).map((ms, at) => ms - (of.attemptsMs[at] ?? 0));
      expect(Math.max(...waits)).toBeLessThanOrEqual(SOCKET_LIMITS.backoffMsMax + 10);
      // A venue that is away for two minutes is not stormed.
      expect(of.attemptsMs.length).toBeLessThan(80);
    }
  });

  it('D3 is back within 10 s of the venue, whatever the seed', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const of = socketOver(() => RETRY, seed);
      of.socket.start();
      failFor(of, 60_000);
      const backMs = of.time.wallMs();
      while (of.socket.state !== 'connecting') of.time.advance(10);
      of.newest().listener.opened();
      expect(of.time.wallMs() - backMs).toBeLessThanOrEqual(10_000);
    }
  });

  it('gives up an attempt that gets no answer', () => {
    const of = socketOver();
    of.socket.start();
    of.time.advance(5_000);
    expect(of.states).toEqual(['connecting', 'waiting']);
    expect(of.newest().isGone).toBe(true);
    expect(of.losses).toEqual([]);
  });

  it('D1 pings, and drops a peer that sends no byte for the limit', () => {
    const of = socketOver();
    of.socket.start();
    of.newest().listener.opened();
    for (let beat = 0; beat < 100; beat += 1) {
      of.time.advance(2_000);
      of.newest().listener.ponged();
    }
    expect(of.newest().pings).toBe(100);
    expect(of.socket.state).toBe('open');
    of.time.advance(4_999);
    expect(of.socket.state).toBe('open');
    // It looks fifty times in the limit.
    of.time.advance(101);
    expect(of.losses).toEqual(['silent for 5000 ms']);
  });

  it('starts its waits anew after data and a second, or after 30 s, and not before', () => {
    const lived = (ms: number, hasData: boolean) => {
      const of = socketOver();
      of.socket.start();
      failFor(of, 60_000);
      while (of.socket.state !== 'connecting') of.time.advance(10);
      of.newest().listener.opened();
      if (hasData) of.socket.steady();
      for (let left = ms; left > 0; left -= 1_000) {
        of.newest().listener.ponged();
        of.time.advance(Math.min(left, 1_000));
      }
      const before = of.attemptsMs.length;
      of.newest().listener.closed(1_006, '');
      failFor(of, 2_000);
      return of.attemptsMs.length - before;
    };
    expect(lived(1_000, true)).toBeGreaterThan(2);
    expect(lived(30_000, false)).toBeGreaterThan(2);
    expect(lived(500, true)).toBeLessThan(3);
    expect(lived(10_000, false)).toBeLessThan(3);
  });

  it('D4 stops where the answer to the upgrade says so, and waits where it says slow', () => {
    const fatal = socketOver(() => STOP);
    fatal.socket.start();
    fatal.newest().listener.refused(401);
    fatal.newest().listener.closed(1_006, '');
    fatal.time.advance(3_600_000);
    expect(fatal.attemptsMs).toHaveLength(1);
    expect(fatal.states).toEqual(['connecting', 'stopped']);

    const slow = socketOver(() => ({ then: 'retry', waitMsMin: 30_000 }));
    slow.socket.start();
    slow.newest().listener.refused(429);
    slow.time.advance(29_999);
    expect(slow.attemptsMs).toHaveLength(1);
    slow.time.advance(600);
    expect(slow.attemptsMs).toHaveLength(2);
  });

  it('hears nothing of a connection that it has given up', () => {
    const of = socketOver();
    of.socket.start();
    const first = of.newest();
    first.listener.opened();
    of.socket.drop('enough');
    first.listener.received(new Uint8Array(1));
    first.listener.closed(1_000, '');
    expect(of.losses).toEqual(['enough']);
    expect(of.states).toEqual(['connecting', 'open', 'waiting']);
  });

  it('does not count silence while it does not read', () => {
    const of = socketOver();
    of.socket.start();
    of.newest().listener.opened();
    of.socket.pause();
    of.time.advance(60_000);
    expect(of.socket.state).toBe('open');
    of.socket.resume();
    of.time.advance(4_999);
    expect(of.socket.state).toBe('open');
    of.time.advance(101);
    expect(of.socket.state).toBe('waiting');
  });

  it('stops within its time, also where the peer never says goodbye', async () => {
    const of = socketOver();
    of.socket.start();
    of.newest().listener.opened();
    const stopped = of.socket.stop();
    of.time.advance(1_000);
    await stopped;
    expect(of.newest().isGone).toBe(true);
    of.time.advance(600_000);
    expect(of.attemptsMs).toHaveLength(1);
    expect(of.time.pending).toBe(0);
  });

  it('waits again where a connection cannot even be begun', () => {
    const time = new ManualTime();
    const states: string[] = [];
    const socket = new FeedSocket({
      connect: () => {
        throw new SyntaxError('Invalid URL: nowhere');
      },
      clock: time,
      timers: time,
      random: new Random(1),
      limits: SOCKET_LIMITS,
      feed: {
        opened: () => {},
        received: () => {},
        lost: () => {},
        judgeStatus: () => RETRY,
        changed: (state, reason) => states.push(`${state} ${reason}`.trimEnd()),
      },
    });
    socket.start();
    expect(states).toEqual(['connecting', 'waiting Invalid URL: nowhere']);
  });
});
