import { describe, expect, it } from 'vitest';
import { BARS, FILLS, rowsFrom, sceneOf, tableOf, textOf } from './sink-scene.ts';

function range(from: number, until: number): readonly number[] {
  return Array.from({ length: until - from }, (_, at) => from + at);
}

describe('a sink before a store that is up', () => {
  it('writes what was offered, gathered by table and in its order', async () => {
    const { sink, store, time } = sceneOf();
    for (let at = 0; at < 10; at += 1) {
      sink.offer(rowsFrom(at * 2, 2));
      sink.offer(rowsFrom(at, 1, FILLS));
    }
    await time.pass(400);

    expect(store.times()).toEqual(range(0, 20));
    expect(store.times(FILLS)).toEqual(range(0, 10));
    expect(store.calls).toBe(2);
    expect(sink.counters()).toMatchObject({ written: 30, queued: 0, oldestMs: 0, offersSafe: 20 });
  });

  it('sends no more rows at once than its limit', async () => {
    const { sink, store, time } = sceneOf({ sendRowsMax: 7 });
    for (let at = 0; at < 10; at += 1) sink.offer(rowsFrom(at * 3, 3));
    await time.pass(600);

    expect(store.batches.map(({ rows }) => rows)).toEqual([6, 6, 6, 6, 6]);
    expect(store.times()).toEqual(range(0, 30));
  });

  it('touches no disk', async () => {
    const { sink, disk, time } = sceneOf();
    sink.offer(rowsFrom(0, 5));
    await time.pass(2_000);
    await sink.close(1_000);

    expect(disk.operations).toEqual([]);
  });

  it('does not look on when there is nothing to do', async () => {
    const { sink, time } = sceneOf();
    sink.offer(rowsFrom(0));
    await time.pass(1_000);

    expect(time.pending).toBe(0);
  });

  it('takes batches whose arrays are longer than their rows', async () => {
    const { sink, store, time } = sceneOf();
    const long = rowsFrom(0, 9);
    sink.offer({ ...long, rows: 2 });
    sink.offer({ ...rowsFrom(2, 9), rows: 3 });
    store.state = 'away';
    await time.pass(2_000);
    store.state = 'up';
    await time.pass(20_000);

    expect(store.times()).toEqual(range(0, 5));
  });

  it('goes on with another declaration of the same table', async () => {
    const { sink, store, time } = sceneOf();
    sink.offer(rowsFrom(0, 2));
    sink.offer(rowsFrom(2, 2, tableOf('bars')));
    await time.pass(500);

    expect(store.batches.map(({ rows }) => rows)).toEqual([2, 2]);
  });
});

describe('a store that is away (J1)', () => {
  it('costs no row: they wait on disk and are written in their order when it is back', async () => {
    const { sink, store, disk, time, logs } = sceneOf({ segmentBytes: 2_000 });
    store.state = 'away';
    for (let at = 0; at < 600; at += 1) {
      sink.offer(rowsFrom(at, 1));
      await time.pass(100, 50);
    }
    const away = sink.counters();

    expect(away).toMatchObject({ isAway: true, lost: 0, written: 0 });
    expect(away.queued).toBeLessThan(15);
    expect(away.queued + away.spooled).toBe(600);
    expect(away.oldestMs).toBeGreaterThan(59_000);
    expect(away.spooledBytes).toBe(disk.usedBytes);
    store.state = 'up';
    await time.pass(16_000, 100);

    expect(store.times()).toEqual(range(0, 600));
    expect(sink.counters()).toMatchObject({ written: 600, spooled: 0, isAway: false, oldestMs: 0 });
    expect(logs.map(([event]) => event)).toEqual(['storeAway', 'storeBack']);
    await sink.close(0);
    expect(disk.usedBytes).toBe(0);
  });

  it('is asked less and less often, and never more than its limits say', async () => {
    const { sink, store, time } = sceneOf({ backoffMsMin: 1_000, backoffMsMax: 8_000 });
    store.state = 'away';
    sink.offer(rowsFrom(0));
    await time.pass(80_000, 100);

    // 0, then after 1, 2, 4, 8, 8 ... seconds, each between half of it and all.
    expect(store.calls).toBeGreaterThanOrEqual(12);
    expect(store.calls).toBeLessThanOrEqual(24);
  });

  it('is the same when it is full, or locked by another', async () => {
    const { sink, store, time } = sceneOf();
    store.state = 'full';
    sink.offer(rowsFrom(0, 3));
    await time.pass(3_000);

    expect(sink.counters()).toMatchObject({ isAway: true, spooled: 3 });
  });

  it('loses none of its rows by a crash of ours, but for those of the last second', async () => {
    const { sink, store, disk, time } = sceneOf();
    store.state = 'away';
    sink.offer(rowsFrom(0, 100));
    await time.pass(1_200);
    sink.offer(rowsFrom(100, 5));
    expect(sink.counters().offersSafe).toBe(1);
    const next = sceneOf({}, { disk: disk.crash() });

    expect(next.sink.counters()).toMatchObject({ spooled: 100 });
    await next.time.pass(1_000);
    expect(next.store.times()).toEqual(range(0, 100));
    expect(next.store.batches[0]?.columns).toEqual(rowsFrom(0, 100).columns);
    expect(next.store.batches[0]?.table).toEqual(BARS);
  });

  it('loses none by a loss of power once the device has them', async () => {
    const { sink, store, disk, time } = sceneOf();
    store.state = 'away';
    sink.offer(rowsFrom(0, 100));
    await time.pass(1_300);
    const next = sceneOf({}, { disk: disk.crash({ powerLoss: true, seed: 7 }) });
    await next.time.pass(1_000);

    expect(next.store.times()).toEqual(range(0, 100));
  });

  it('spools what is being sent for too long, and sends it once if it was taken', async () => {
    const { sink, store, time } = sceneOf();
    store.state = 'hangs';
    sink.offer(rowsFrom(0, 4));
    await time.pass(300);
    sink.offer(rowsFrom(4, 4));
    await time.pass(3_000);

    expect(sink.counters()).toMatchObject({ queued: 0, spooled: 8, offersSafe: 2 });
    store.state = 'up';
    store.release();
    await time.pass(1_000);
    expect(store.times()).toEqual(range(0, 8));
    expect(sink.counters()).toMatchObject({ spooled: 0, written: 8 });
  });
});

describe('what goes wrong with rows', () => {
  it('keeps a refused row with its reason in a file, and writes the others', async () => {
    const { sink, store, disk, time, logs } = sceneOf();
    const batch = rowsFrom(1, 3);
    const prices = batch.columns[2];
    if (prices instanceof Float64Array) prices[1] = Infinity;
    sink.offer(batch);
    await time.pass(500);

    expect(sink.counters()).toMatchObject({ written: 2, refused: 1, queued: 0 });
    expect(store.calls).toBe(1);
    expect(JSON.parse(textOf(disk, 'spool/refused.ndjson'))).toEqual({
      table: 'bars',
      reason: 'price is Infinity, not a finite number or NaN',
      row: { at_us: 2, symbol: 'S2 ü', price: 'Infinity', is_open: 0, state: ['-0', -1] },
    });
    expect(logs).toMatchObject([['storeRowsRefused', { table: 'bars', rows: 1 }]]);
  });

  it('lets a table that is another one hold up no other, and tells of it once', async () => {
    const { sink, store, time, logs } = sceneOf({ backoffMsMax: 2_000 });
    store.blocked.add('fills');
    sink.offer(rowsFrom(0, 2, FILLS));
    sink.offer(rowsFrom(0, 2));
    await time.pass(10_000, 50);

    expect(store.times()).toEqual([0, 1]);
    expect(sink.counters()).toMatchObject({
      isAway: false,
      spooled: 2,
      blocked: { fills: 'table fills is another one' },
    });
    expect(logs.map(([event]) => event)).toEqual(['storeTableBlocked']);
    store.blocked.clear();
    await time.pass(5_000, 50);
    expect(store.times(FILLS)).toEqual([0, 1]);
    expect(sink.counters().blocked).toEqual({});
  });

  it('loses the newest when all is full: counted, named, with the range', async () => {
    const limits = { queueBytesMax: 2_000, spoolBytesMax: 10_000, segmentBytes: 4_000 };
    const { sink, store, disk, time, logs } = sceneOf(limits);
    store.state = 'away';
    for (let at = 0; at < 400; at += 1) sink.offer(rowsFrom(at));
    await time.pass(2_000);
    const { queued, spooled, spooledBytes, lost, lostRanges, queuedBytes } = sink.counters();

    expect(lost).toBeGreaterThan(100);
    expect(queued + spooled + lost).toBe(400);
    expect(spooledBytes).toBeLessThanOrEqual(10_000);
    expect(queuedBytes).toBeLessThanOrEqual(2_000);
    expect(lostRanges).toEqual([{ table: 'bars', rows: lost, fromUs: 400 - lost, lastUs: 399 }]);
    expect(logs.map(([event]) => event)).toContain('storeRowsLost');
    store.state = 'up';
    await time.pass(30_000, 100);
    await sink.close(1_000);
    expect(store.times()).toEqual(range(0, 400 - lost));
    const told = textOf(disk, 'spool/lost.ndjson').trim().split('\n');
    const rows = told.map((line): number => JSON.parse(line).rows);
    expect(rows.reduce((sum, some) => sum + some, 0)).toBe(lost);
  });

  it('writes no more after an error of ours, and says so', async () => {
    const { sink, store, time, failures } = sceneOf();
    const wrong = new TypeError('our own');
    store.append = () => Promise.reject(wrong);
    sink.offer(rowsFrom(0));
    await time.pass(5_000);

    expect(failures).toEqual([wrong]);
    expect(sink.counters()).toMatchObject({ spooled: 1, written: 0 });
  });
});

describe('a disk that fails', () => {
  it('keeps rows in memory while it takes none, and goes on behind a torn write', async () => {
    const { sink, store, disk, time, logs } = sceneOf();
    store.state = 'away';
    sink.offer(rowsFrom(0, 3));
    await time.pass(1_200);
    disk.plan({ operation: 'append', nth: 1, code: 'DISK_FULL', tornAfter: 17 });
    sink.offer(rowsFrom(3, 3));
    await time.pass(1_200);

    expect(sink.counters()).toMatchObject({ spooled: 3, queued: 3, lost: 0 });
    await time.pass(2_000);
    expect(sink.counters()).toMatchObject({ spooled: 6, queued: 0, lost: 0 });
    expect(logs.map(([event]) => event)).toEqual(['storeAway', 'storeSpoolFailed']);
    const next = sceneOf({}, { disk: disk.crash() });
    await next.time.pass(1_000);
    expect(next.store.times()).toEqual(range(0, 6));
    expect(next.sink.counters().damagedBytes).toBe(0);
  });

  it('writes nothing behind a batch that it took in part', async () => {
    const { sink, store, disk, time } = sceneOf();
    // While a batch is under way nobody looks into the spool, and its file stays open.
    store.state = 'hangs';
    for (const from of [0, 3, 6]) {
      if (from === 3) disk.plan({ operation: 'append', nth: 1, code: 'DISK_FULL', tornAfter: 31 });
      sink.offer(rowsFrom(from, 3));
      await time.pass(3_000);
    }
    const next = sceneOf({}, { disk: disk.crash() });
    await next.time.pass(1_000);

    expect(next.store.times()).toEqual(range(0, 9));
    expect(next.sink.counters().damagedBytes).toBe(0);
  });

  it('goes on without a sync that failed', async () => {
    const { sink, store, disk, time } = sceneOf();
    disk.plan({ operation: 'sync', nth: 1, code: 'DISK_SYNC_FAILED' });
    store.state = 'away';
    sink.offer(rowsFrom(0, 3));
    await time.pass(2_000);
    store.state = 'up';
    await time.pass(20_000, 100);

    expect(store.times()).toEqual(range(0, 3));
  });

  it('puts a damaged segment aside, and sends what is whole in it', async () => {
    const { store, sink, disk, time } = sceneOf();
    store.state = 'away';
    for (const from of [0, 10, 20]) {
      sink.offer(rowsFrom(from, 10));
      await time.pass(1_200);
    }
    const found = disk.crash();
    const name = found.list('spool/bars').at(-1) ?? '';
    const { length } = found.read(`spool/bars/${name}`);
    found.flipBit(`spool/bars/${name}`, length * 8 - 5);
    const next = sceneOf({}, { disk: found });
    await next.time.pass(1_000);

    expect(next.store.times()).toEqual(range(0, 20));
    expect(next.sink.counters().damagedBytes).toBeGreaterThan(0);
    expect(next.logs.map(([event]) => event)).toEqual(['storeSpoolDamaged']);
    expect(found.list('spool/bars')).toEqual([name.replace('.seg', '.damaged')]);
  });
});

describe('the end of a sink', () => {
  it('writes what is left', async () => {
    const { sink, store } = sceneOf();
    sink.offer(rowsFrom(0, 3));
    sink.offer(rowsFrom(0, 2, FILLS));

    expect(await sink.close(1_000)).toMatchObject({ written: 5, queued: 0, spooled: 0 });
    expect(store.times()).toEqual([0, 1, 2]);
  });

  it('spools what a store that is away does not take', async () => {
    const { sink, store, disk } = sceneOf();
    store.state = 'away';
    sink.offer(rowsFrom(0, 3));

    expect(await sink.close(1_000)).toMatchObject({ written: 0, queued: 0, spooled: 3 });
    const next = sceneOf({}, { disk });
    await next.time.pass(500);
    expect(next.store.times()).toEqual([0, 1, 2]);
  });

  it('waits no longer than it may for a store that hangs', async () => {
    const { sink, store, disk, time } = sceneOf();
    store.state = 'hangs';
    sink.offer(rowsFrom(0, 3));
    await time.pass(300);
    const closed = sink.close(700);
    await time.pass(800);

    expect(await closed).toMatchObject({ queued: 0, spooled: 3 });
    store.state = 'up';
    store.release();
    await time.pass(10);
    const next = sceneOf({}, { disk });
    await next.time.pass(500);
    expect(next.store.times()).toEqual([0, 1, 2]);
  });

  it('counts as lost what neither the store nor the disk takes', async () => {
    const { sink, store, disk } = sceneOf();
    store.state = 'away';
    disk.capacityBytes = 0;
    sink.offer(rowsFrom(4, 3));

    expect(await sink.close(0)).toMatchObject({
      lost: 3,
      queued: 0,
      lostRanges: [{ table: 'bars', rows: 3, fromUs: 4, lastUs: 6 }],
    });
  });
});
