import { present } from '../../src/core/assert.ts';
import { FeatureEngine } from '../../src/domain/features/feature-engine.ts';
import { engineBars } from '../../src/domain/features/engine-bars.ts';
import {
  createFeatureSet,
  type FeatureSet,
  isFeatureSet,
} from '../../src/domain/features/feature-set.ts';
import type { FeatureLayout } from '../../src/domain/features/layout.ts';
import { MOMENTUM_LAYOUT } from '../../src/domain/features/momentum-set.ts';
import { BENCHMARKS, SECTORS } from '../../src/domain/features/source.ts';
import { STANDARD_REGISTRY } from '../../src/domain/features/standard-registry.ts';
import { BarBuilder } from '../../src/domain/market/bars/bar-builder.ts';
import type { BarSource } from '../../src/domain/market/bars/bar-options.ts';
import { NBBO_WIDTH } from '../../src/domain/market/nbbo.ts';
import type { Suite, Outcome, Scale } from '../harness/suite.ts';
import { collectGarbage } from '../harness/collect-garbage.ts';
import { tellPast } from '../indicators/feature-past.ts';
import { minutesOf, twoDays } from '../indicators/feature-market.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import { UsualFeatures } from '../indicators/usual-features.ts';

const SYMBOLS = 200;
const MINUTES = 120;
/** Where it is only to be seen that it runs. */
const QUICK = { symbols: 60, minutes: 10 };
const TURNS = 5;
/** Rows of every symbol in a turn. */
const ROWS_EACH = 20;
const FROM: BarSource = { kind: 'trades', graceUs: 250_000 };
const ALL: FeatureLayout = { feed: 'any', names: [...STANDARD_REGISTRY.features.keys()] };

export const features: Suite = {
  name: 'features',
  measures:
    `${SYMBOLS} seeded symbols with 300 days of history and made-up figures of companies, of ` +
    'the economy and news, a whole day of trades and quotes through the feature engine, then ' +
    `${MINUTES} minutes of the next: ns a trade and a quote, each kind by itself, and a closed ` +
    'bar of any timeframe, the market told. Then a row of every symbol as it stands: `row` is ' +
    'the symbol read and computed, `compute` the second part, `marketRead` what the market’s ' +
    'sources take of that, `usual` the same formulas as closures over maps by name, an object ' +
    'each, values compared; `ratio` is `usual` to `compute` without `marketRead`. `all` is ' +
    'every feature there is, `momentum` the small model’s; `known` were not imputed.',
  leavesOut:
    'making the market; a venue’s own bars, gaps and corrections. `usual` starts with its map ' +
    'filled: neither the symbol’s sources nor the market’s are read in it.',
  target: 'all: a row <= 20 us',
  variants: [
    { name: 'all', run: (scale) => measure(ALL, scale) },
    { name: 'momentum', run: (scale) => measure(MOMENTUM_LAYOUT, scale) },
    { name: 'floor: a row of all copied', run: floor },
  ],
};

interface Named {
  readonly name: string;
  readonly sector: string;
}

interface Spent {
  cpuMs: number;
  wallMs: number;
  count: number;
}

function measure(layout: FeatureLayout, scale: Scale): Outcome {
  const isQuick = scale === 'quick';
  const source = twoDays(isQuick ? QUICK.symbols : SYMBOLS);
  // The first symbols stand for the funds that others are compared with.
  const symbols = source.symbols.map(({ name, sector }, row) => {
    return { name: BENCHMARKS[row]?.fund ?? name, sector };
  });
  const set = createFeatureSet(STANDARD_REGISTRY, layout, symbols.length);
  if (!isFeatureSet(set)) throw new Error(set.reason);
  let closed = 0;
  const barClosed = () => void (closed += 1);
  const engine = new FeatureEngine({ set, symbolsMax: symbols.length, from: FROM, barClosed });
  symbols.forEach(({ name, sector }, row) => engine.name(row, name, sector));
  const startUs = present(source.calendar[0], 'an opening').atUs;
  tellPast(engine, symbols.length, startUs);
  const [trade, quote, bar] = [spent(), spent(), spent()];
  let nowUs = 0;
  for (const { endUs, trades, quotes } of minutesOf(
    engine,
    source,
    isQuick ? QUICK.minutes : MINUTES,
  )) {
    time(quote, quotes.frames, () => engine.take(quotes));
    time(trade, trades.frames, () => engine.take(trades));
    const before = closed;
    nowUs = endUs + 300_000;
    time(bar, 0, () => engine.advance(nowUs));
    bar.count += closed - before;
  }
  source.close();
  const bytesOf = (doubles: number) => doubles * Float64Array.BYTES_PER_ELEMENT;
  return {
    figures: {
      ...rowFigures(engine, layout, symbols, nowUs),
      ...perOne('trade', trade),
      ...perOne('quote', quote),
      ...perOne('bar', bar),
      trades: trade.count,
      quotes: quote.count,
      bars: bar.count,
      timeframes: set.timeframes.length,
      bytesASymbol: bytesOf(engine.state.length) / symbols.length,
      bytesOfSources: bytesOf(set.symbolWidth),
      bytesOfMarket: bytesOf(set.marketWidth),
    },
  };
}

/** Rows of all symbols in turns with the usual way, of the same state. */
function rowFigures(
  engine: FeatureEngine,
  layout: FeatureLayout,
  symbols: readonly Named[],
  nowUs: number,
) {
  const { set, state, market } = engine;
  const out = new Float64Array(set.width);
  const flags = new Uint8Array(set.width);
  const usual = new UsualFeatures(layout, symbols.length);
  const stride = state.length / symbols.length;
  const setAt = NBBO_WIDTH + new BarBuilder(engineBars(set, FROM)).width;
  const rows = symbols.map(({ name, sector }, symbol) => {
    const benchmark = BENCHMARKS.findIndex(({ fund }) => fund === name);
    const place = SECTORS.findIndex((one) => one.name === sector || one.fund === name);
    const who = { symbol, benchmark, sector: place };
    const raw = new Float64Array(set.rawWidth);
    set.readSymbol(state, symbol * stride + setAt, nowUs, raw, 0);
    return { symbol, who, raw, known: usual.known(raw, market, who, nowUs) };
  });
  let known = 0;
  for (const { symbol, known: of } of rows) {
    engine.row(symbol, out, flags, 0);
    compare(set, out, flags, usual.row(of));
    known += flags.reduce((sum, flag) => sum + 1 - flag, 0);
  }
  const [row, compute, read, theirs] = [spent(), spent(), spent(), spent()];
  const values = new Float64Array(usual.columns);
  const best = (into: Spent, once: (one: (typeof rows)[number]) => void) => {
    const turn = spent();
    collectGarbage();
    time(turn, rows.length * ROWS_EACH, () => {
      for (let left = ROWS_EACH; left > 0; left -= 1) for (const one of rows) once(one);
    });
    if (into.count === 0 || turn.cpuMs < into.cpuMs) Object.assign(into, turn);
  };
  let length = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    best(row, ({ symbol }) => void engine.row(symbol, out, flags, 0));
    best(compute, ({ who, raw }) => {
      set.compute(raw, 0, market, who, nowUs, out, flags, 0);
    });
    best(read, ({ who }) => usual.readMarket(market, who, nowUs, values));
    best(theirs, ({ known: of }) => void (length = usual.row(of).length));
  }
  return {
    columns: set.width,
    known: known / rows.length,
    compared: length,
    ...perOne('row', row),
    ...perOne('compute', compute),
    ...perOne('marketRead', read),
    ...perOne('usual', theirs),
    ratio: theirs.cpuMs / (compute.cpuMs - read.cpuMs),
  };
}

/** To the bit, where a value is not imputed. */
function compare(
  set: FeatureSet,
  out: Float64Array,
  flags: Uint8Array,
  usual: ReturnType<UsualFeatures['row']>,
): void {
  const byName = new Map(usual.map((one) => [one.name.split(':')[0], one]));
  set.columns.forEach(({ name }, at) => {
    const one = present(byName.get(name), name);
    if (one.isImputed !== (flags[at] === 1)) throw new Error(`${name} is known to one of the two`);
    if (!one.isImputed && one.value !== out[at]) throw new Error(`${name} is ${one.value} or not`);
  });
}

function floor(): Outcome {
  const from = new Float64Array(ALL.names.length).fill(1);
  const out = new Float64Array(ALL.names.length);
  const row = spent();
  time(row, 1_000_000, () => {
    for (let left = 1_000_000; left > 0; left -= 1) {
      for (let at = 0; at < out.length; at += 1) out[at] = from[at] ?? NaN;
    }
  });
  return { figures: perOne('row', row) };
}

function spent(): Spent {
  return { cpuMs: 0, wallMs: 0, count: 0 };
}

function time(into: Spent, count: number, run: () => void): void {
  const watch = new Stopwatch();
  run();
  const { cpuMs, wallMs } = watch.read();
  into.cpuMs += cpuMs;
  into.wallMs += wallMs;
  into.count += count;
}

function perOne(name: string, { cpuMs, wallMs, count }: Spent) {
  return { [`${name}CpuNs`]: (cpuMs / count) * 1e6, [`${name}WallNs`]: (wallMs / count) * 1e6 };
}
