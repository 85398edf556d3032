import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/core/time.ts';
import { VenueRig } from '../venue-rig.ts';
import { until } from '../venue-socket.ts';
import { Scene, toldIn } from './venue-scene.ts';

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
