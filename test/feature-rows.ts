import { PREDICTIONS, SYMBOLS } from '../src/actors/kernel/actor-table.ts';
import type { PredictionRowMessage } from '../src/actors/kernel/row-messages.ts';
import { symbols } from '../src/actors/kernel/symbols.ts';
import type { FamilyDefinition } from '../src/actors/runtime/definition.ts';
import { symbolId } from '../src/core/ids.ts';
import { MINUTE } from '../src/core/time.ts';
import { FeatureEngine } from '../src/domain/features/feature-engine.ts';
import type { FeatureSet } from '../src/domain/features/feature-set.ts';
import { momentumSet } from '../src/domain/features/momentum-set.ts';
import { spanOf } from '../src/domain/features/timeframe.ts';
import type { BarSource } from '../src/domain/market/bars/bar-options.ts';
import { EventBatch } from '../src/domain/market/event-batch.ts';
import type { Input } from '../src/ports/input.ts';
import type { MarketSource } from '../src/ports/market-source.ts';
import { KernelHarness } from './kernel-harness.ts';

/** Rows by symbol and end of bar, as text of exact doubles. */
export type Rows = Map<string, string>;

export interface RowsOptions {
  /** Default: what the small momentum model sees. */
  readonly set?: () => FeatureSet;
  /** Who makes the bars. Default: trades. */
  readonly bars?: 'trades' | 'venue';
  readonly graceUs?: number;
  /** Of the venue's bars. Default: a minute. */
  readonly venueSpanUs?: number;
  /** In the engine alone: changes events before they are heard. */
  readonly alter?: (batch: EventBatch, event: number) => void;
}

const GRACE_US = 250_000;
/** I7: the kernel scores no bar that it hears of later than so many bars after its end. */
const BAR_AGE_SPANS_MAX = 2;

/** What the symbols' actors hand to the model. */
export function kernelRows(market: MarketSource, options: RowsOptions = {}): Rows {
  const { set = momentumSet, bars = 'trades', graceUs = GRACE_US } = options;
  const rows: Rows = new Map();
  const oracle: FamilyDefinition<PredictionRowMessage, never> = {
    name: 'predictions',
    restart: { restartsMax: 0, withinUs: 1, then: 'stop', quarantineUs: 0 },
    hears: [],
    applies: [],
    stride: 1,
    layoutHash: 'oracle',
    resetRow: () => undefined,
    receiveRow(_rows, row, message) {
      if (message.kind !== 'featuresReady') return;
      rows.set(`${row} ${message.barUs}`, [...message.features].join(' '));
    },
    sweep: () => undefined,
    apply: () => undefined,
    condense: () => [],
  };
  const features = set();
  const definition = symbols({
    cadence: 'bar',
    bars,
    barSpanUs: spanOf(features.timeframe) ?? Number.NaN,
    barGraceUs: graceUs,
    features,
    zEnter: 2,
    zExit: 0.5,
  });
  const startUs = market.calendar[0]?.atUs ?? 0;
  const harness = new KernelHarness({
    actors: [
      [SYMBOLS, definition],
      [PREDICTIONS, oracle],
    ],
    rowsMax: market.symbols.length,
    startUs: startUs - MINUTE,
  });
  market.symbols.forEach(({ name, assetClass, sector, isTradable }, row) => {
    const symbol = symbolId(row);
    harness.input({ kind: 'symbolNamed', symbol, name, assetClass, sector, isTradable });
    for (const layer of [0, 1, 2]) {
      const move = { layer, symbol, isMember: true, reason: 'test', score: 1, atUs: 0 };
      harness.record({ kind: 'layerMoved', ...move });
    }
  });
  const passTo = (us: number) => harness.advance(Math.max(0, us - harness.nowUs));
  play(market, {
    told: (input, us) => {
      passTo(us);
      harness.input(input);
    },
    heard: (batch) => harness.market(batch),
  });
  passTo(harness.nowUs + 2 * MINUTE);
  return rows;
}

/** What the engine makes of the same events at each bar's close, where the kernel would score. */
export function engineRows(market: MarketSource, options: RowsOptions = {}): Rows {
  const { set = momentumSet, alter } = options;
  const rows: Rows = new Map();
  const features = set();
  const row = new Float64Array(features.width);
  const flags = new Uint8Array(features.width);
  const ageUsMax = BAR_AGE_SPANS_MAX * (spanOf(features.timeframe) ?? Number.NaN);
  let lastUs = 0;
  const engine = new FeatureEngine({
    set: features,
    symbolsMax: market.symbols.length,
    from: sourceOf(options),
    barClosed: (symbol, _timeframe, endUs) => {
      if (lastUs - endUs > ageUsMax) return;
      if (engine.row(symbol, row, flags, 0) === 'refused') return;
      rows.set(`${symbol} ${endUs}`, [...row].join(' '));
    },
  });
  market.symbols.forEach(({ name, sector }, symbol) => engine.name(symbol, name, sector));
  play(market, {
    told: (input, us) => {
      if (input.kind !== 'sessionChanged' || input.phase !== 'core') return;
      const { openUs, closeUs } = input;
      engine.openSession({ openUs, closeUs, coreOpenUs: openUs, isExtended: false }, us);
    },
    heard: (batch) => {
      for (let frame = 0; frame < batch.frames; frame += 1) {
        const frameUs = batch.frameUs[frame] ?? lastUs;
        engine.advance(frameUs);
        lastUs = frameUs;
        if (alter !== undefined) {
          const end = batch.frameEnd[frame] ?? 0;
          for (let event = batch.frameBegin(frame); event < end; event += 1) alter(batch, event);
        }
        engine.takeFrame(batch, frame);
      }
    },
  });
  engine.advance(lastUs + 2 * MINUTE);
  return rows;
}

function sourceOf({ bars, graceUs = GRACE_US, venueSpanUs = MINUTE }: RowsOptions): BarSource {
  return bars === 'venue'
    ? { kind: 'bars', spanUs: venueSpanUs, graceUs }
    : { kind: 'trades', graceUs };
}

/** Calendar and frames in the order of their times. */
function play(
  market: MarketSource,
  to: { told: (input: Input, us: number) => void; heard: (batch: EventBatch) => void },
): void {
  const batch = new EventBatch();
  let told = 0;
  while (market.next(batch)) {
    const firstUs = batch.frameUs[0] ?? 0;
    for (; (market.calendar[told]?.atUs ?? Number.POSITIVE_INFINITY) <= firstUs; told += 1) {
      const entry = market.calendar[told];
      if (entry !== undefined) to.told(entry.input, entry.atUs);
    }
    to.heard(batch);
  }
}

/** The first few rows that only one side has, or that differ. */
export function differences(left: Rows, right: Rows): readonly string[] {
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys]
    .filter((key) => left.get(key) !== right.get(key))
    .slice(0, 5)
    .map((key) => `${key}: ${left.get(key) ?? 'absent'} | ${right.get(key) ?? 'absent'}`);
}
