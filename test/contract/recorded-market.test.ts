import { afterAll } from 'vitest';
import { openRecorded } from '../../src/streams/recorded/open-recorded.ts';
import { RecordedMarket } from '../../src/streams/recorded/recorded-market.ts';
import { Recording } from '../unit/streams/recorded/recording.ts';
import { describeMarketSource } from './market-source.ts';

const FRAME_EVENTS_MAX = 4;
const recording = new Recording();
afterAll(() => {
  recording.remove();
});

const times = Array.from({ length: 40 }, (_, at) => 34_200_000 + Math.floor(at / 3));
for (const [name, price] of [
  ['aaa', 1_000],
  ['bbb', 2_000],
] as const) {
  for (const date of [20131007, 20131008]) {
    const trades = times.map((ms, at) => `${ms},${price + at},100,N,1,0`);
    recording.write(`tick/${name}/${date}_trade.zip`, trades.join('\n'));
    const quotes = times.map((ms, at) => `${ms},${price + at},100,0,0,N,1,0`);
    recording.write(`tick/${name}/${date}_quote.zip`, quotes.join('\n'));
  }
}
const bar = (_: unknown, at: number) => `2025-01-03 14:${at + 30}:00+00:00,1,1,1,1,5`;
const minutes = Array.from({ length: 30 }, bar);
for (const name of ['A', 'B']) {
  const header = 'timestamp,open,high,low,close,volume';
  recording.write(`minutes/${name}.csv.gz`, [header, ...minutes].join('\n'));
}

for (const folder of ['tick', 'minutes']) {
  describeMarketSource(
    `${RecordedMarket.name} of ${folder}`,
    () => openRecorded(`${recording.folder}/${folder}`, { eventsMax: FRAME_EVENTS_MAX }),
    FRAME_EVENTS_MAX,
  );
}
