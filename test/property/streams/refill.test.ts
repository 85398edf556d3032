import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../../src/core/time.ts';
import { BAR_FINAL } from '../../../src/domain/market/event-batch.ts';
import * as alpaca from '../../unit/streams/alpaca-messages.ts';
import {
  type AlpacaHarness,
  alpacaHarness,
  ids,
  NAMES,
  type PolygonHarness,
  polygonHarness,
  TEN_US,
} from '../../unit/streams/market-harness.ts';
import * as polygon from '../../unit/streams/polygon-messages.ts';

const isLong = process.env['STRATA_LONG'] === '1';
const numRuns = isLong ? 20_000 : 150;
const LONG_MS = 3_600_000;
/** A minute of the market in a second. */
const SPEED = 60;
const MINUTE_MS = 60_000 / SPEED;

/** What befalls the stream, at a step of the day; a minute has a hundred. */
type Trouble = { readonly step: number; readonly steps: number; readonly symbol: number } & {
  readonly kind:
    | 'cut'
    /** Cut, and nobody answers for some steps. */
    | 'down'
    /** A frame cannot be read. */
    | 'garbled'
    /** The venue's memory takes some steps to answer. */
    | 'slow'
    /** A bar of some minutes ago is told again. */
    | 'again';
};

const MINUTES = 8;
const STEPS = 100;
const trouble: fc.Arbitrary<Trouble> = fc.record({
  kind: fc.constantFrom('cut', 'cut', 'down', 'garbled', 'slow', 'again'),
  step: fc.nat(MINUTES * STEPS),
  steps: fc.integer({ min: 1, max: 3 * STEPS }),
  symbol: fc.nat(NAMES.length - 1),
});

interface World {
  readonly harness: AlpacaHarness | PolygonHarness;
  readonly barOf: (name: string, startUs: number) => object;
  readonly bars: string;
}

const WORLDS: readonly (readonly [string, () => World])[] = [
  ['Alpaca', () => ({ harness: alpacaHarness(CLOSED, SPEED), barOf: alpaca.bar, bars: 'bars' })],
  ['Polygon', () => ({ harness: polygonHarness(CLOSED, SPEED), barOf: polygon.bar, bars: 'AM' })],
];
/** Nothing is owed, so that silence has no say. */
const CLOSED = { isSessionOpen: () => false };

describe.each(WORLDS)("what %s's stream has lost", (_, open) => {
  it(
    'D6 D7 comes in its place, each bar once, whatever befell it and when',
    async () => {
      const property = fc.asyncProperty(fc.array(trouble, { maxLength: 14 }), async (troubles) => {
        const { harness, barOf, bars } = open();
        const { stream, venue, sink, history, pass } = harness;
        stream.start();
        void stream.subscribe(ids(0));
        let [downTo, slowTo] = [0, 0];
        for (let step = 0; step <= MINUTES * STEPS; step += 1) {
          await pass(MINUTE_MS / STEPS);
          venue.script.isDead = step < downTo;
          if (step >= slowTo) history.open();
          for (const of of troubles) if (of.step === step) befall(of, Math.floor(step / STEPS));
          if (step > 0 && step % STEPS === 0) tellMinute(step / STEPS - 1);
        }
        venue.script.isDead = false;
        history.open();
        await pass(20_000);

        function tellMinute(at: number): void {
          const startUs = TEN_US + at * MINUTE;
          const price = { open: 100, high: 100, low: 100, close: 100, volume: 10 };
          for (const name of NAMES) history.bars.push([name, { startUs, ...price }]);
          for (const name of NAMES) tell([barOf(name, startUs)]);
        }
        /** What is said to a connection that has not asked for it is not said. */
        function tell(frame: readonly object[]): void {
          const { link } = venue;
          if (link.list(bars).includes('*')) venue.say(link, frame);
        }
        function befall(of: Trouble, at: number): void {
          switch (of.kind) {
            case 'down':
              downTo = Math.max(downTo, of.step + of.steps);
              venue.script.isDead = true;
              return venue.close(venue.link);
            case 'cut':
              return venue.close(venue.link);
            case 'garbled': {
              const whole = JSON.stringify([barOf(NAMES[of.symbol] ?? '', TEN_US)]);
              return venue.sayBytes(venue.link, new TextEncoder().encode(whole.slice(0, -9)));
            }
            case 'slow':
              slowTo = Math.max(slowTo, of.step + of.steps);
              history.isHeld = true;
              return;
            case 'again': {
              const ago = 2 + (of.steps % 5);
              if (at < ago) return;
              tell([barOf(NAMES[of.symbol] ?? '', TEN_US + (at - ago) * MINUTE)]);
            }
          }
        }
        expect(stream.counts.unfilled).toBe(0);
        for (const name of NAMES) {
          const told = sink.lines.flatMap((line, at) =>
            line.startsWith(`BAR ${name} `) && sink.flags[at] === BAR_FINAL
              ? [line.split(' ')[2]]
              : [],
          );
          const expected = Array.from({ length: MINUTES }, (_minute, at) =>
            clockOf(TEN_US + at * MINUTE),
          );
          expect(told).toEqual(expected);
        }
      });
      await fc.assert(property, { numRuns });
    },
    LONG_MS,
  );
});

function clockOf(us: number): string {
  return new Date(us / 1_000).toISOString().slice(11, 19);
}
