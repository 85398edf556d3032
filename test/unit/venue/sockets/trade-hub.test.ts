import { describe, expect, it } from 'vitest';
import { MarketTimers } from '../../../../src/venue/clock/market-timers.ts';
import { VenueClock } from '../../../../src/venue/clock/venue-clock.ts';
import type { Link } from '../../../../src/venue/sockets/socket-link.ts';
import { TradeHub } from '../../../../src/venue/sockets/trade-hub.ts';
import { ManualTime } from '../../../manual-time.ts';

class TextLink implements Link {
  readonly bufferedBytes = 0;
  readonly said: Readonly<Record<string, unknown>>[] = [];
  closed = 0;
  send(frame: string | Uint8Array): void {
    this.said.push(JSON.parse(String(frame)));
  }
  close(code: number): void {
    this.closed = code;
  }
  drop(): void {}
}

function rig() {
  const time = new ManualTime();
  const clock = new VenueClock({
    startUs: 0,
    speed: 1,
    wallMs: () => time.wallMs(),
    epochMs: () => 0,
  });
  const marketTimers = new MarketTimers(clock, time);
  const hub = new TradeHub({ timers: time, marketTimers, frames: 'text' });
  const link = new TextLink();
  const session = hub.connect(link, {});
  const say = (message: unknown) => {
    session.receive(Buffer.from(JSON.stringify(message)), false);
  };
  say({ action: 'auth', key: 'k', secret: 's' });
  say({ action: 'listen', data: { streams: ['trade_updates'] } });
  link.said.length = 0;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const events = () => link.said.map(({ data }) => Object(data).event);
  return { time, hub, link, turn, events };
}

const update = (event: string, id = 'a') => ({ event, order: { client_order_id: id } });

describe('the order stream', () => {
  it('lets the answer of the request go first: updates leave in a later turn', async () => {
    const { hub, link, turn, events } = rig();
    hub.publish(update('new'));
    hub.publish(update('fill'));
    const whileAnswering = link.said.length;
    await turn();

    expect(whileAnswering).toBe(0);
    expect(events()).toEqual(['new', 'fill']);
  });

  it('keeps the order of what happened also where it is held back', async () => {
    const { hub, time, turn, events } = rig();
    hub.delayMs = 300;
    hub.publish(update('new'));
    await turn();
    time.advance(299);
    expect(events()).toEqual([]);
    hub.publish(update('fill'));
    time.advance(1);

    expect(events()).toEqual(['new', 'fill']);
  });

  it('repeats what it said, no more than it remembers', async () => {
    const { hub, turn, events } = rig();
    for (const event of ['new', 'partial_fill', 'fill']) hub.publish(update(event));
    await turn();
    hub.repeat(hub.last(2));

    expect(events()).toEqual(['new', 'partial_fill', 'fill', 'partial_fill', 'fill']);
    for (let at = 0; at < 5_000; at += 1) {
      hub.publish(update('new', String(at)));
      await turn();
    }
    expect(hub.last(100_000).length).toBeLessThanOrEqual(2_000);
  });

  it('closes a connection that never authenticates', () => {
    const { hub, time } = rig();
    const link = new TextLink();
    hub.connect(link, {});
    time.advance(12_000);

    expect(link.closed).toBe(1_008);
  });
});
