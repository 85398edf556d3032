import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/core/time.ts';
import { BAR_FINAL, BAR_UPDATED } from '../../src/domain/market/event-batch.ts';
import { ROW_DOUBTED, ROW_LATE } from '../../src/domain/market/symbol-row.ts';
import { learnedBits, rowBits } from '../unit/kernel/learned-slots.ts';
import { DOLLAR, OPEN_US, RowScene } from '../unit/kernel/row-scene.ts';

const RUNS = process.env['STRATA_LONG'] === '1' ? 1_000 : 120;
/** A short history, so that what is too old is met, and both of its checkpoints. */
const BARS_MIN = 6;
const A = 0;

interface Print {
  readonly minute: number;
  /** Microseconds of the minute: few, so that trades share a moment. */
  readonly at: number;
  readonly price: number;
  readonly size: number;
}

const prices = fc.integer({ min: 0, max: 9 }).map((step) => 50 * DOLLAR + step * 100);
const print = fc.record({
  at: fc.integer({ min: 0, max: 8 }).map((slot) => slot * SECOND),
  price: prices,
  size: fc.integer({ min: 1, max: 900 }),
});
/** Trades of each minute; a minute without any has no bar. */
const minutes = fc.array(fc.array(print, { maxLength: 5, size: 'max' }), {
  minLength: 30,
  maxLength: 70,
  size: 'max',
});
const correction = fc.record({
  pick: fc.nat(),
  /** How many minutes after its trade it is told. */
  delay: fc.oneof(fc.nat(3), fc.nat(2 * BARS_MIN + 2)),
  price: fc.oneof(fc.constant(0), prices),
  size: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 900 })),
});

describe('a row whose trades are corrected and busted', () => {
  it('is to the bit what the right trades make, or counts what it cannot know', () => {
    let [exact, doubted, late] = [0, 0, 0];
    const corrections = fc.array(correction, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(minutes, corrections, (told, wanted) => {
        const prints = told.flatMap((each, minute) => each.map((one) => ({ minute, ...one })));
        if (prints.length === 0) return;
        const changes = chosen(prints, wanted);
        const corrected = play(prints, told.length, changes);
        const known = changes.length - corrected.doubted - corrected.late;
        exact += known;
        doubted += corrected.doubted;
        late += corrected.late;
        if (known < changes.length) return;
        const right = prints.flatMap((one, place) => {
          const change = changes.find(({ of }) => of === place);
          return change === undefined ? [one] : change.now.size > 0 ? [change.now] : [];
        });
        const expected = play(right, told.length, []);
        expect(learnedBits(corrected.scene)).toEqual(learnedBits(expected.scene));
        for (const { scene } of [corrected, expected]) {
          scene.bars(A, [50 * DOLLAR, 51 * DOLLAR], scene.nextMinuteUs());
        }
        expect(corrected.scene.measured.at(-1)).toEqual(expected.scene.measured.at(-1));
        expect(corrected.scene.observed.at(-1)).toEqual(expected.scene.observed.at(-1));
        expect(newestRow(corrected.scene)).toEqual(newestRow(expected.scene));
        expect(rowBits(corrected.scene.harness.restarted())).toEqual(
          rowBits(corrected.scene.harness),
        );
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    // Otherwise the test would prove nothing.
    expect(Math.min(exact, doubted, late)).toBeGreaterThan(RUNS / 8);
  });

  it('has right counts also where a price is in doubt', () => {
    const bust = fc.record({ pick: fc.nat(), delay: fc.nat(3) });
    let doubted = 0;
    fc.assert(
      fc.property(minutes, bust, (told, { pick, delay }) => {
        const prints = told.flatMap((each, minute) => each.map((one) => ({ minute, ...one })));
        const of = pick % Math.max(1, prints.length);
        const one = prints[of];
        if (one === undefined) return;
        const now = { ...one, size: 0 };
        const atMinute = one.minute + 1 + delay;
        const busted = play(prints, told.length, [{ of, old: one, now, atMinute }]);
        if (busted.late > 0) return;
        doubted += busted.doubted;
        // The same prices, and no shares of it: only what counts shares tells them apart.
        const without = prints.map((each, place) => (place === of ? now : each));
        const isBar = without.some(({ minute, size }) => minute === one.minute && size > 0);
        if (busted.doubted === 0 || !isBar) return;
        const expected = play(without, told.length, []);
        expect(learnedBits(busted.scene)).toEqual(learnedBits(expected.scene));
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(doubted).toBeGreaterThan(RUNS / 8);
  });
});

const venueBar = fc
  .tuple(prices, fc.nat(3), fc.nat(3), fc.nat(3), fc.nat(900))
  .map(([low, toOpen, toClose, above, volume]): readonly number[] => {
    const [open, close] = [low + toOpen * 100, low + toClose * 100];
    return [open, Math.max(open, close) + above * 100, low, close, volume];
  });

describe("a row of the venue's bars, which it tells anew", () => {
  it('is to the bit what the right bars make, and counts what is too old', () => {
    const bars = fc.array(fc.option(venueBar, { freq: 8, nil: undefined }), {
      minLength: 40,
      maxLength: 70,
      size: 'max',
    });
    const anew = fc.record({ pick: fc.nat(), delay: fc.nat(2 * BARS_MIN + 2), values: venueBar });
    let [taken, late] = [0, 0];
    fc.assert(
      fc.property(bars, fc.array(anew, { minLength: 1, maxLength: 6 }), (told, wanted) => {
        const scene = venueScene();
        const right = new Map(told.entries());
        for (let minute = 0; minute < told.length + 2 * BARS_MIN + 4; minute += 1) {
          tell(scene, minute, told[minute]);
          for (const { pick, delay, values } of wanted) {
            const of = pick % told.length;
            if (of + delay !== minute) continue;
            const before = scene.value(A, ROW_LATE);
            scene.bar(A, OPEN_US + of * MINUTE, values, MINUTE, BAR_FINAL | BAR_UPDATED);
            if (scene.value(A, ROW_LATE) > before) late += 1;
            else {
              taken += 1;
              right.set(of, values);
            }
          }
        }
        const expected = venueScene();
        for (const [minute, values] of right) tell(expected, minute, values);
        expect(learnedBits(scene)).toEqual(learnedBits(expected));
        expect(scene.value(A, ROW_DOUBTED)).toBe(0);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(Math.min(taken, late)).toBeGreaterThan(RUNS / 8);
  });
});

interface Change {
  /** Place among the prints. */
  readonly of: number;
  readonly old: Print;
  readonly now: Print;
  readonly atMinute: number;
}

/** Of the last bar; it has none where nothing moves. */
function newestRow(scene: RowScene) {
  const barUs = Math.floor(scene.nowUs / MINUTE) * MINUTE;
  return scene.featureRows.find((row) => row.barUs === barUs)?.features;
}

/** Each print is corrected once at most: of two, the second would name what the first made. */
function chosen(
  prints: readonly Print[],
  wanted: readonly { pick: number; delay: number; price: number; size: number }[],
): readonly Change[] {
  const changes = new Map<number, Change>();
  for (const { pick, delay, price, size } of wanted) {
    const of = pick % prints.length;
    const old = prints[of];
    if (old === undefined) continue;
    // Half of them change the size alone, as feeds mostly do.
    const now = { ...old, price: price === 0 ? old.price : price, size };
    changes.set(of, { of, old, now, atMinute: old.minute + delay });
  }
  return [...changes.values()];
}

/** Minute by minute: each is closed before the next, then come the corrections of others. */
function play(prints: readonly Print[], minutesMax: number, changes: readonly Change[]) {
  const scene = new RowScene({ historyBars: BARS_MIN });
  scene.activate(A);
  const end = minutesMax + 2 * BARS_MIN + 4;
  for (let minute = 0; minute < end; minute += 1) {
    const own = prints.filter((one) => one.minute === minute);
    for (const one of own) scene.trade(A, timeOf(one), one.price, one.size);
    const due = changes.filter(({ atMinute }) => atMinute === minute);
    // Of the minute itself while it is open, of others when it is closed.
    for (const change of due.filter(({ old }) => old.minute === minute)) correct(scene, change);
    scene.to(OPEN_US + (minute + 1) * MINUTE + SECOND);
    for (const change of due.filter(({ old }) => old.minute < minute)) correct(scene, change);
  }
  return { scene, doubted: scene.value(A, ROW_DOUBTED), late: scene.value(A, ROW_LATE) };
}

function correct(scene: RowScene, { old, now }: Change): void {
  const price = now.size === 0 ? 0 : now.price;
  scene.correction(A, scene.nowUs, [old.price, old.size, price, now.size], timeOf(old));
}

function timeOf({ minute, at }: Print): number {
  return OPEN_US + minute * MINUTE + 5 * SECOND + at;
}

function venueScene(): RowScene {
  const scene = new RowScene({ bars: 'venue', historyBars: BARS_MIN });
  scene.activate(A);
  return scene;
}

function tell(scene: RowScene, minute: number, values: readonly number[] | undefined): void {
  if (values !== undefined) scene.bar(A, OPEN_US + minute * MINUTE, values);
  else scene.to(OPEN_US + (minute + 1) * MINUTE);
}
