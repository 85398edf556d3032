import { describe, expect, it } from 'vitest';
import { VenueRig } from '../venue-rig.ts';
import { until } from '../venue-socket.ts';
import { Scene } from './venue-scene.ts';

const WANTED = 2;

describe("Polygon's market stream at a venue in trouble", () => {
  const rig = new VenueRig({ symbols: 12 });

  it('D3 D4 hears of too many connections after its welcome, waits and comes back', async () => {
    const scene = await new Scene(rig).open();
    await rig.admin.chaos('polygonMaxConnections', { afterMs: 20, count: 3 });
    const { stream, alarms, sink } = await scene.listen('polygon');
    await until(() => stream.health.connections === 4, 'the fourth connection');
    await until(() => alarms.length > 0, 'an alarm');
    await stream.subscribe([]);
    await scene.pass(70);
    await until(() => sink.of('BAR').length > 0, 'bars');

    expect(alarms).toEqual([
      expect.stringMatching(/^refused with max_connections .* 3 times in a row$/),
    ]);
    expect(stream.counts.refusals).toBe(3);
  });

  it.each(['auth_failed', 'auth_timeout'])('D4 takes %s for what it is', async (status) => {
    const scene = await new Scene(rig).open();
    await rig.admin.chaos('polygonNextAuth', { status });
    const { stream, fatal } = await scene.listen('polygon', { limits: { settleMsMax: 2_000 } });
    const isFatal = status === 'auth_failed';
    await until(() => stream.health.state === (isFatal ? 'stopped' : 'open'), 'its end');

    expect(fatal).toHaveLength(isFatal ? 1 : 0);
    expect(stream.health.connections).toBe(isFatal ? 1 : 2);
  });

  it('D4 stops for good where the plan has no real-time data', async () => {
    const scene = await new Scene(rig).open();
    const { stream, fatal } = await scene.listen('polygon');
    await rig.admin.chaos('polygonStatus');
    await until(() => stream.health.state === 'stopped', 'the end');

    expect(fatal[0]).toMatch(/^polygon\/stocks: refused with error You don't have access/);
  });

  it('goes on without the trades that its plan does not have', async () => {
    const scene = await new Scene(rig).open();
    await rig.admin.chaos('polygonRefuseTopics', { channels: ['T'] });
    const { stream, sink, alarms } = await scene.listen('polygon');
    await scene.pass(70);
    await until(() => sink.of('QUOTE').length > 0 && sink.of('BAR').length > 0, 'the rest');

    expect(alarms).toEqual(['not in the plan: trades (not authorized)']);
    expect(sink.of('TRADE')).toEqual([]);
    expect(stream.counts.refusals).toBe(WANTED);
    expect(stream.health.connections).toBe(1);
  });

  it.each(['1006', '1008'])('D6 is cut as a slow reader with %s, which is a gap', async (code) => {
    const scene = await new Scene(rig).open();
    const { stream, sink } = await scene.listen('polygon');
    await scene.pass(70);
    await until(() => sink.of('BAR').length > 0, 'bars');
    await rig.admin.chaos('polygonSlowCut', { code });
    await until(() => stream.health.gaps === 1, 'a gap');
    await until(() => stream.health.connections === 2, 'another connection');
    await scene.pass(70);
    await until(() => sink.of('BAR').length > 12, 'more bars');

    expect(sink.of('GAP')).toHaveLength(3);
    expect(stream.counts).toMatchObject({ gaps: 1, unfilled: 0, refusals: 0 });
  });

  it('D9 E3 counts what it cannot read or does not know, and stays', async () => {
    const scene = await new Scene(rig).open();
    const { stream, sink } = await scene.listen('polygon');
    await rig.admin.chaos('polygonGarbage');
    await rig.admin.chaos('polygonUnknownEvent');
    await rig.admin.chaos('polygonOversizedFrame');
    await rig.admin.chaos('polygonStatus', { status: 'news_to_us', message: 'never heard' });
    await scene.pass(70);
    await until(() => sink.of('BAR').length > 0, 'bars');

    expect(stream.counts).toMatchObject({ unreadable: 1, unknownKinds: 3, gaps: 1, unfilled: 0 });
    expect(stream.health.connections).toBe(1);
  });

  it('reads the times of bands in each of the units that were seen', async () => {
    const scene = await new Scene(rig).open();
    const { sink, stream } = await scene.listen('polygon');
    await scene.pass(5);
    for (const unit of ['ms', 'us', 'ns']) {
      await rig.admin.chaos('polygonBandTimes', { unit });
      await rig.admin.chaos('halt', { symbol: scene.onNasdaq });
      await rig.admin.chaos('resume', { symbol: scene.onNasdaq });
    }
    await until(() => sink.of('STATUS').length === 6, 'three halts and their ends');

    expect(new Set(sink.of('STATUS').map((line) => line.split(' ')[2]?.slice(0, 5)))).toEqual(
      new Set(['16:00']),
    );
    expect(stream.counts.malformed).toBe(0);
  });

  it('D2 finds that it is mute by asking the venue', async () => {
    const scene = await new Scene(rig).open();
    const { stream, sink } = await scene.listen('polygon');
    await scene.pass(30);
    await until(() => sink.of('TRADE').length > 0, 'trades');
    await rig.admin.chaos('mute', { stream: 'polygon' });
    await scene.pass(120);
    await until(() => stream.health.connections === 2, 'another connection', 9_000);
    await until(() => sink.of('BAR').length > 12, 'the bars that were missed');

    expect(stream.counts).toMatchObject({ gaps: 1, unfilled: 0 });
  }, 15_000);
});
