import type { DailyBar } from '../../domain/market/daily-bar.ts';
export async function fetchHistory(_o: object): Promise<ReadonlyMap<string, readonly DailyBar[]>> {
  return new Map();
}
