import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BAR } from '../../../src/domain/market/event-batch.ts';
import { DAY } from '../../../src/core/time.ts';
import { openMarket } from '../../../src/compose/market.ts';
import { drain, Recording } from '../streams/recorded/recording.ts';

const DAILY = 'Date,Open,High,Low,Close,Adj Close,Volume\n';
const MINUTES =
  'timestamp,open,high,low,close,volume\n' +
  '2025-01-02 15:00:00+00:00,251.36,251.42,250.6,250.6,834\n' +
  '2025-01-02 15:01:00+00:00,251.3,251.4,250.6,250.9,900\n';

let recording: Recording;
beforeEach(() => {
  recording = new Recording();
});
afterEach(() => {
  recording.remove();
});

function eventsWith(history: string) {
  recording.write('minutes/AAPL.csv.gz', MINUTES);
  recording.write('daily/AAPL.csv', DAILY + history);
  const { source, isHistoryGiven } = openMarket(
    {
      kind: 'recorded',
      path: `${recording.folder}/minutes`,
      date: 20250102,
      history: `${recording.folder}/daily`,
    },
    1_024,
  );
  expect(isHistoryGiven).toBe(true);
  return drain(source);
}

describe('openMarket', () => {
  it('cuts history before the first day, so that no day sees itself (F6)', () => {
    const past = '2024-12-30,10,12,9,11,11,100\n2024-12-31,11,13,10,12,12,200\n';
    const plain = eventsWith(past);
    const foreseen = eventsWith(
      `${past}2025-01-02,250,260,240,255,255,999\n2025-01-03,99,99,99,99,99,9\n`,
    );

    expect(foreseen).toEqual(plain);
    const daily = plain.filter(({ kind, values }) => kind === BAR && values[5] === DAY);
    expect(daily.map(({ values }) => values[3])).toEqual([110_000, 120_000]);
    expect(plain.length).toBe(4);
  });

  it('gives history before anything else, in frames of its own', () => {
    const events = eventsWith('2024-12-31,11,13,10,12,12,200\n');

    const [first, second] = events;
    expect(first?.values[5]).toBe(DAY);
    expect(second?.frame).toBeGreaterThan(first?.frame ?? 0);
    expect(second?.receivedUs).toBeGreaterThan(first?.receivedUs ?? 0);
  });
});
