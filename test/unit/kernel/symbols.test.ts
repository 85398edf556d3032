import { describe, expect, it } from 'vitest';
import { symbolId } from '../../../src/core/ids.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import {
  CHANNEL_QUOTES,
  QUOTE_BID,
  QUOTE_ASK,
  QUOTE_INELIGIBLE,
  STATUS_HALTED,
  STATUS_QUOTING,
  STATUS_TRADING,
} from '../../../src/domain/market/event-batch.ts';
import { ROW_HELD, ROW_LATE, ROW_LAYER } from '../../../src/domain/market/symbol-row.ts';
import { LAYER_2 } from '../../../src/actors/kernel/actor-table.ts';
import { outputsLayout, STANDARD_OUTPUTS } from '../../../src/domain/features/momentum-set.ts';
import { DOLLAR, OPEN_US, RowScene } from './row-scene.ts';

const [A, B] = [0, 1];
/** Within the first minute. */
const T = OPEN_US + 10 * SECOND;

describe('halts', () => {
  const isHalted = (scene: RowScene) => {
    scene.bars(A, [50 * DOLLAR]);
    return scene.observed.at(-1)?.view.isHalted;
  };

  it('end with a fresh quote after the venue said that it trades, no earlier', () => {
    const scene = new RowScene();
    scene.activate(A);
    scene.quote(A, T, 50 * DOLLAR, 51 * DOLLAR);
    expect(isHalted(scene)).toBe(false);
    scene.status(A, scene.nowUs, STATUS_HALTED);
    expect(isHalted(scene)).toBe(true);
    scene.quote(A, scene.nowUs, 50 * DOLLAR, 51 * DOLLAR);
    scene.status(A, scene.nowUs, STATUS_QUOTING);
    scene.quote(A, scene.nowUs, 50 * DOLLAR, 51 * DOLLAR);
    expect(isHalted(scene)).toBe(true);
    scene.status(A, scene.nowUs, STATUS_TRADING);
    expect(isHalted(scene)).toBe(true);
    scene.quote(A, scene.nowUs, 50 * DOLLAR, 51 * DOLLAR, QUOTE_BID | QUOTE_ASK | QUOTE_INELIGIBLE);
    scene.quote(A, scene.nowUs, 50 * DOLLAR, 0);
    expect(isHalted(scene)).toBe(true); // Neither is a market.
    scene.quote(A, scene.nowUs, 50 * DOLLAR, 51 * DOLLAR);
    expect(isHalted(scene)).toBe(false);
    expect(scene.measured.at(-1)?.isHalted).toBe(false);
  });

  it('end at once where the feed has no quotes', () => {
    const scene = new RowScene();
    scene.activate(A);
    scene.status(A, T, STATUS_HALTED);
    expect(isHalted(scene)).toBe(true);
    scene.status(A, scene.nowUs, STATUS_TRADING);
    expect(isHalted(scene)).toBe(false);
  });

  it('are told to layer 2 at once: a halted symbol has no bars', () => {
    const scene = new RowScene();
    scene.status(A, T, STATUS_HALTED);
    expect(scene.harness.heard(LAYER_2)).toEqual([{ kind: 'haltSeen' }]);
  });
});

describe('what strategies are shown', () => {
  it('is the quote, the last price, the band and the range as they are', () => {
    const scene = new RowScene();
    scene.activate(A);
    scene.band(A, T, 45 * DOLLAR, 55 * DOLLAR);
    scene.quote(A, T, 50 * DOLLAR, 51 * DOLLAR);
    scene.bars(A, [50 * DOLLAR], OPEN_US);

    expect(scene.observed).toEqual([
      {
        kind: 'observed',
        symbol: symbolId(A),
        zScore: Number.NaN,
        layer: 2,
        view: {
          bid: 50 * DOLLAR,
          ask: 51 * DOLLAR,
          quoteUs: T,
          isBarOnly: false,
          last: 50 * DOLLAR,
          barUs: OPEN_US + MINUTE,
          isHalted: false,
          bandLow: 45 * DOLLAR,
          bandHigh: 55 * DOLLAR,
          averageRange: Number.NaN,
        },
      },
    ]);
    expect(scene.measured[0]?.spreadBps).toBeCloseTo((1 / 50.5) * 10_000, 9);
  });

  it('is nothing below layer 2, unless shares are held', () => {
    const scene = new RowScene();
    scene.moveLayer(A, 0);
    scene.moveLayer(A, 1);
    scene.bars(A, [50 * DOLLAR]);
    expect(scene.observed).toHaveLength(0);
    scene.hold(A, 10);
    scene.bars(A, [50 * DOLLAR]);
    expect(scene.observed).toMatchObject([{ layer: 1 }]);
    scene.hold(A, 10, 'sell');
    expect(scene.value(A, ROW_HELD)).toBe(0);
    scene.bars(A, [50 * DOLLAR]);
    expect(scene.observed).toHaveLength(1);
  });

  it('is nothing of a bar that is heard of too late (I7): it is counted', () => {
    const scene = new RowScene();
    scene.activate(A);
    scene.to(OPEN_US + 3 * MINUTE);
    scene.bar(A, OPEN_US, [DOLLAR, DOLLAR, DOLLAR, DOLLAR, 100]); // Two spans after its end.
    expect(scene.observed).toHaveLength(1);
    scene.to(OPEN_US + 4 * MINUTE + 1);
    scene.bar(A, OPEN_US + MINUTE, [DOLLAR, DOLLAR, DOLLAR, DOLLAR, 100]);
    expect(scene.observed).toHaveLength(1);
    expect(scene.measured).toHaveLength(2);
    expect(scene.value(A, ROW_LATE)).toBe(1);
  });

  it('goes to the portfolio while shares are held: the middle, or the close', () => {
    const scene = new RowScene();
    scene.bars(A, [49 * DOLLAR]);
    expect(scene.priced).toEqual([]);
    scene.hold(A, 10);
    scene.bars(A, [49 * DOLLAR]);
    scene.quote(A, scene.nowUs, 50 * DOLLAR, 51 * DOLLAR);
    scene.bars(A, [49 * DOLLAR]);
    scene.gap(A, scene.nowUs, CHANNEL_QUOTES);
    scene.bars(A, [48 * DOLLAR], scene.nextMinuteUs());

    const prices = [49 * DOLLAR, 50.5 * DOLLAR, 48 * DOLLAR];
    expect(scene.priced).toEqual(
      prices.map((unit) => ({ kind: 'priced', symbol: A, price: unit })),
    );
  });
});

describe('the layer of a row', () => {
  it('is the highest without a break, whatever order the moves come in', () => {
    const scene = new RowScene();
    const layers: number[] = [];
    const move = (layer: number, isMember: boolean) => {
      scene.moveLayer(A, layer, isMember);
      layers.push(scene.value(A, ROW_LAYER));
    };
    move(0, true);
    move(1, true);
    move(2, true);
    move(1, false); // Layer 2 has not been asked yet ...
    move(1, true); // ... and need not say again that it still has it.
    move(1, false);
    move(2, false);
    move(1, true);
    move(0, false);

    expect(layers).toEqual([0, 1, 2, 0, 2, 0, 0, 1, 0]);
  });

  it('and what is held outlive a snapshot, also for a build with other rows', () => {
    const scene = new RowScene();
    scene.activate(A);
    scene.hold(A, 10);
    scene.bars(A, [50 * DOLLAR]);
    const { harness } = scene;
    expect(harness.reloadedSnapshot()).toEqual(harness.snapshot());

    const other = new RowScene();
    for (const fact of harness.condensed(0)) {
      const slot = other.harness.kernel.slots[0];
      if (slot?.type === 'family') slot.definition.apply(slot.rows, fact);
    }
    expect(other.harness.condensed(0)).toEqual(harness.condensed(0));
    expect(other.value(A, ROW_LAYER)).toBe(2);
  });
});

describe('with event cadence', () => {
  const at = (scene: RowScene) => scene.observed.map(({ zScore }) => zScore);
  /** Nineteen quotes about a mean; the next one is the first whose distance is known. */
  const about = (scene: RowScene) => {
    for (let second = 0; second < 19; second += 1) {
      const bid = 50 * DOLLAR + (second % 2) * 1_000;
      scene.quote(A, OPEN_US + second * SECOND, bid, bid + 100);
    }
  };
  const quote = (scene: RowScene, bid: number) => scene.quote(A, scene.nowUs + 1, bid, bid + 100);

  it('a row speaks only of an unusual fall while nothing is held', () => {
    const scene = new RowScene({ cadence: 'event' });
    scene.activate(A);
    about(scene);
    quote(scene, 50 * DOLLAR);
    quote(scene, 51 * DOLLAR);
    expect(at(scene)).toEqual([]);
    quote(scene, 48 * DOLLAR);
    expect(at(scene)).toHaveLength(1);
    expect(at(scene)[0]).toBeLessThan(-2);
  });

  it('a row that is held speaks near the mean and far below it, and not between', () => {
    const scene = new RowScene({ cadence: 'event' });
    scene.hold(A, 10);
    about(scene);
    const before = at(scene).length;
    quote(scene, 50 * DOLLAR + 500); // The mean.
    expect(at(scene).length).toBe(before + 1);
    quote(scene, 49.97 * DOLLAR); // Between one and two deviations.
    expect(at(scene).length).toBe(before + 1);
    quote(scene, 48 * DOLLAR);
    expect(at(scene).length).toBe(before + 2);
  });

  it('says nothing below layer 2, and learns nothing out of the session or in a halt', () => {
    const scene = new RowScene({ cadence: 'event' }, 2, OPEN_US - MINUTE);
    scene.moveLayer(A, 0);
    scene.moveLayer(A, 1);
    for (let second = 30; second < 60; second += 1) {
      scene.quote(A, OPEN_US - MINUTE + second * SECOND, 90 * DOLLAR, 91 * DOLLAR);
    }
    about(scene);
    quote(scene, 48 * DOLLAR);
    expect(at(scene)).toEqual([]);
    scene.moveLayer(A, 2);
    scene.status(A, scene.nowUs, STATUS_HALTED);
    quote(scene, 1 * DOLLAR);
    expect(at(scene)).toEqual([]);
    scene.status(A, scene.nowUs, STATUS_TRADING);
    quote(scene, 47 * DOLLAR);
    expect(at(scene)).toHaveLength(1);
    expect(at(scene)[0]).toBeGreaterThan(-5); // Of the session's own quotes.
  });
});

describe('what leaves for the time series store', () => {
  it("is every indicator's outputs, as they stand in the row, in dollars", () => {
    const scene = new RowScene();
    const closes = Array.from({ length: 40 }, (_, at) => 50 * DOLLAR + ((at * 13) % 17) * 100);
    scene.bars(B, closes);

    const rows = scene.harness.effects.map(({ effect }) => effect);
    expect(rows).toHaveLength(40);
    const [last] = rows.slice(-1);
    const width = STANDARD_OUTPUTS.length;
    expect(last).toMatchObject({
      kind: 'writeRows',
      table: 'indicators',
      rows: [B],
      width,
      layoutHash: outputsLayout('1m'),
    });
    if (last?.kind !== 'writeRows') throw new Error('rows are written');
    const mean = closes.slice(-20).reduce((sum, close) => sum + close, 0) / 20;
    expect(last.values[0]).toBeCloseTo(mean / DOLLAR, 9);
    expect([...last.values].every((value) => !Number.isNaN(value))).toBe(true);
  });
});
