import { describe, expect, it } from 'vitest';
import { gatherRows } from '../../../../src/compose/train/gather-rows.ts';
import { wideSet } from '../../../../src/compose/train/symbol-rows.ts';
import { DAY, MINUTE } from '../../../../src/core/time.ts';
import { STANDARD_REGISTRY } from '../../../../src/domain/features/standard-registry.ts';
import type { RowBatch } from '../../../../src/ports/time-series.ts';
import { corporateActions } from '../../../../src/store/tables/corporate-actions.ts';
import { bars } from '../../../../src/store/tables/market.ts';
import { layoutTable } from '../../../../src/store/tables/rows.ts';
import { MemorySeries } from '../../../memory-series.ts';
import { FIRST_DAY, seededMinutes } from '../../../seeded-minutes.ts';
import { tinyPlan } from './tiny-training.ts';

const MARKET = { seed: 5, symbols: 3, days: 3, minutes: 90 };
const FEATURES = ['return1', 'barRange'];
/** Between the second day and the third. */
const EX_US = (FIRST_DAY + 4) * DAY;

describe('a training out of the store', () => {
  it('sees no fall of the price where a share was split', async () => {
    const whole = await rowsOf(await store());
    const split = await rowsOf(await store({ isSplit: true }));

    const [plain, adjusted] = [whole.rows[0], split.rows[0]];
    expect(adjusted?.features).toEqual(plain?.features);
    expect(adjusted?.close.at(-1)).toBeCloseTo(plain?.close.at(-1) ?? 0, 3);
    expect(adjusted?.close[0]).toBeCloseTo(plain?.close[0] ?? 0, 3);
    expect(whole.source).toBe('store, feed seeded, 0 rows of sessions');
  });

  it('chooses and weighs its symbols by prices of before the cut, not later splits', async () => {
    // The cut is between the second day and the third, as the split: 400 for one.
    const told = await rowsOf(await store({ isSplit: true, ratio: 400 }));
    const untold = await rowsOf(await store({ isSplit: true, ratio: 1 }));

    expect(untold.universe.layers.get('S000')).toBeGreaterThan(0);
    expect(told.universe).toEqual(untold.universe);
  });

  it('learns from the very rows that sessions computed, where they kept some', async () => {
    const made = await store();
    const { layoutHash } = wideSet(STANDARD_REGISTRY, FEATURES, '1m', 1);
    const atUs = FIRST_DAY * DAY + (870 + 31) * MINUTE;
    await keep(made, layoutHash, atUs);

    const { rows, source } = await rowsOf(made);

    const place = rows[0]?.atUs.indexOf(atUs) ?? -1;
    expect(place).toBeGreaterThan(0);
    expect([...(rows[0]?.features.subarray(place * 2, place * 2 + 2) ?? [])]).toEqual([0.5, 0.25]);
    expect(source).toBe('store, feed seeded, 1 rows of sessions');
  });

  it('says that there are no bars of a feed', async () => {
    const empty = new MemorySeries();
    await empty.migrate([bars, corporateActions]);

    await expect(rowsOf(empty)).rejects.toMatchObject({ code: 'TRAIN_SOURCE' });
  });
});

async function store({ isSplit = false, ratio = 2 } = {}): Promise<MemorySeries> {
  const made = new MemorySeries();
  await made.migrate([bars, corporateActions]);
  for (const batch of seededMinutes(MARKET)) {
    await made.append(isSplit ? beforeSplit(batch) : batch);
  }
  if (isSplit) {
    const row = [[EX_US], ['S000'], ['split'], [ratio], [Number.NaN], [EX_US], ['test']] as const;
    const columns = row.map((values) =>
      typeof values[0] === 'number' ? Float64Array.from(values.map(Number)) : values.map(String),
    );
    await made.append({ table: corporateActions, rows: 1, columns });
  }
  return made;
}

/** As it was traded: twice the price, half the shares. */
function beforeSplit(batch: RowBatch): RowBatch {
  const names = batch.table.columns.map(({ name }) => name);
  const [times, symbols] = [batch.columns[0], batch.columns[names.indexOf('symbol')]];
  const columns = batch.columns.map((values, at) => {
    const factor = ['open', 'high', 'low', 'close', 'vwap'].includes(names[at] ?? '') ? 2 : 1;
    const scale = names[at] === 'volume' ? 0.5 : factor;
    if (scale === 1 || !(values instanceof Float64Array)) return values;
    return values.map((value, row) => {
      const isBefore = Number(times?.[row]) < EX_US && symbols?.[row] === 'S000';
      return isBefore ? value * scale : value;
    });
  });
  return { ...batch, columns };
}

async function keep(made: MemorySeries, hash: string, atUs: number): Promise<void> {
  const table = layoutTable('features', hash, FEATURES);
  await made.migrate([table]);
  const columns = table.columns.map(({ name, kind }, at) => {
    if (name === 'at_us') return Float64Array.of(atUs);
    if (name === 'symbol') return ['S000'];
    if (name === 'feed') return ['seeded'];
    if (kind === 'double') return Float64Array.of(at === table.columns.length - 1 ? 0.25 : 0.5);
    return kind === 'whole' ? Float64Array.of(1) : ['session-1'];
  });
  await made.append({ table, rows: 1, columns });
}

function rowsOf(made: MemorySeries) {
  const plan = tinyPlan({ source: 'store', features: FEATURES });
  const { parts } = plan.training;
  return gatherRows({
    plan: {
      ...plan,
      source: { kind: 'store', feed: 'seeded' },
      layer1: { ...plan.layer1, priceMin: '5', dollarVolume20Min: 0, historyDaysMin: 1 },
      training: { ...plan.training, parts: { ...parts, train: 0.7 } },
    },
    registry: STANDARD_REGISTRY,
    openStore: async () => ({ source: made, close: async () => undefined }),
    progress: () => undefined,
  });
}
