import { describe, expect, it } from 'vitest';
import { Config } from '../../../../src/cli/config-schema.ts';
import { seriesService } from '../../../../src/compose/live/series-service.ts';
import { Durations, timedTurns } from '../../../../src/compose/live/turn-times.ts';
import { sessionFeed } from '../../../../src/compose/store-feed/session-feed.ts';
import { SessionSeries } from '../../../../src/compose/store-feed/session-series.ts';
import type { Requested } from '../../../../src/ports/effect.ts';
import { goldenFile } from '../../../golden/golden-session.ts';
import { ManualTime } from '../../../manual-time.ts';
import { MemorySeries } from '../../../memory-series.ts';
import { FakeSink } from './fake-sink.ts';

const file = goldenFile();
const config = Config.parse(file.config);

function scene() {
  const time = new ManualTime();
  const sink = new FakeSink(() => undefined);
  const series = new SessionSeries({
    place: 'memory',
    makeFeed: (taken, safe) => sessionFeed(file, config, { taken, safe }),
    sink,
    mark: { sequence: 0, move: () => undefined },
    flushMs: 500,
    drainMsMax: 0,
    queueBytesMax: 1_000,
    wallMs: () => time.wallMs(),
    store: new MemorySeries(),
  });
  const said: string[] = [];
  const logged: string[] = [];
  const definition = seriesService({ series, policy: config.services, timers: time });
  const provider = definition.make({
    enter: () => said.push('input'),
    health: (state, reason) => said.push(`${state}: ${reason}`),
    failed: () => said.push('failed'),
    log: (level, event) => logged.push(`${level} ${event}`),
  });
  return { time, sink, said, logged, definition, provider };
}

describe('the store as the tree supervises it', () => {
  it('answers at once whatever the store does, and the kernel hears of nothing (J1)', async () => {
    const { sink, said, definition, provider } = scene();
    sink.isHeld = true;
    await provider.start();
    const effect = { kind: 'writeRows', table: 't', rows: [], width: 0, layoutHash: '' } as const;
    const values = new Float64Array();
    const requested: Requested = {
      input: 1,
      index: 0,
      requestedUs: 0,
      effect: { ...effect, values, barUs: values, bars: values },
    };

    expect(definition.service).toBe('none');
    expect(definition.handles('writeRows')).toBe(true);
    expect(definition.handles('submitOrder')).toBe(false);
    expect(provider.answer?.(requested)).toEqual({ outcome: 'done' });
    expect(said).not.toContain('input');
    await provider.stop();
  });

  it('is degraded while the store is away, says so once, and is up again afterwards', async () => {
    const { time, sink, said, logged, provider } = scene();
    await provider.start();
    sink.isHeld = true;
    time.advance(2_000);
    sink.isHeld = false;
    time.advance(2_000);
    await provider.stop();
    sink.isHeld = true;
    time.advance(2_000);

    expect(said).toEqual(['degraded: away', 'up: ']);
    expect(logged).toEqual(['warn storeTroubled', 'info storeBack']);
    expect(time.pending).toBe(0);
  });
});

describe('how long turns take', () => {
  it('is told to five per cent, and is measured anew when it was told', () => {
    const durations = new Durations();
    for (let us = 1; us <= 1_000; us += 1) durations.add(us);
    const taken = durations.take();

    expect(taken?.samples).toBe(1_000);
    expect((taken?.p50Us ?? 0) / 500).toBeCloseTo(1, 1);
    expect((taken?.p99Us ?? 0) / 990).toBeCloseTo(1, 1);
    expect(taken?.mostUs).toBe(1_000);
    expect(durations.take()).toBeUndefined();
  });

  it('keeps what is out of its range in its first and last counter', () => {
    const durations = new Durations();
    for (const us of [0, 1e12]) durations.add(us);

    expect(durations.take()).toMatchObject({ samples: 2, mostUs: 1e12 });
  });

  it('leaves the watchdog in its place', () => {
    const heard: string[] = [];
    const durations = new Durations();
    const watch = timedTurns(
      { turnBegan: () => heard.push('began'), turnEnded: () => heard.push('ended') },
      durations,
    );
    watch.turnBegan();
    watch.turnEnded();

    expect(heard).toEqual(['began', 'ended']);
    expect(durations.take()?.samples).toBe(1);
  });
});
