import { DAY, HOUR, MINUTE, SECOND } from '../../core/time.ts';
import { PRICE_SCALE } from '../../core/money.ts';
import { newYorkDate, newYorkToUs, sessionOf } from '../../domain/market/calendar.ts';
import { dateText } from './account-json.ts';
import { invalid, readInstant } from './order-query.ts';
import { answer, type DeskAnswer, type JsonObject, type Query, refuse } from './wire.ts';

const SAMPLES_MAX = 50_000;

interface Sample {
  readonly us: number;
  readonly equity: number;
}

const STEPS: ReadonlyMap<string, number> = new Map([
  ['1Min', MINUTE],
  ['5Min', 5 * MINUTE],
  ['15Min', 15 * MINUTE],
  ['1H', HOUR],
  ['1D', DAY],
]);
const PERIOD_UNITS: ReadonlyMap<string, number> = new Map([
  ['D', DAY],
  ['W', 7 * DAY],
  ['M', 31 * DAY],
  ['A', 366 * DAY],
  ['Y', 366 * DAY],
]);

/** The account's equity, minute by minute, and GET /account/portfolio/history over it. */
export class EquityHistory {
  #samples: Sample[] = [];
  readonly #base: number;

  constructor(base: number) {
    this.#base = base;
  }

  /** When the next sample is worth taking. */
  isDue(nowUs: number): boolean {
    const last = this.#samples.at(-1)?.us ?? Number.NEGATIVE_INFINITY;
    return Math.floor(nowUs / MINUTE) !== Math.floor(last / MINUTE);
  }

  /** The oldest half goes when it is full. */
  add(us: number, equity: number): void {
    this.#samples.push({ us, equity });
    if (this.#samples.length > SAMPLES_MAX) this.#samples = this.#samples.slice(SAMPLES_MAX / 2);
  }

  /** Columns of numbers, seconds and dollars (venues.md 4.2, 12.4): JSON has no exact money. */
  list(query: Query, nowUs: number): DeskAnswer {
    const period = periodOf(query['period'] ?? '1M');
    if (period === undefined) return refuse(invalid('period', query));
    const timeframe = query['timeframe'] ?? (period <= DAY ? '5Min' : '1D');
    const stepUs = STEPS.get(timeframe);
    if (stepUs === undefined) return refuse(invalid('timeframe', query));
    const startUs = query['start'] === undefined ? nowUs - period : readInstant(query['start']);
    if (startUs === undefined) return refuse(invalid('start', query));
    const endUs = query['end'] === undefined ? nowUs : readInstant(query['end']);
    if (endUs === undefined) return refuse(invalid('end', query));
    const isWide = wantsExtended(query);
    const first = this.#samples.findLast(({ us }) => us < startUs);
    const base = first?.equity ?? this.#base;
    const rows = new Map<number, number>();
    for (const { us, equity } of this.#samples) {
      if (us < startUs || us > endUs) continue;
      if (stepUs !== DAY && !isWide && sessionOf(us) !== 'core') continue;
      rows.set(stampOf(us, stepUs), equity);
    }
    return answer(200, write(rows, base, { timeframe, startUs }));
  }
}

function wantsExtended(query: Query): boolean {
  const reporting = query['intraday_reporting'];
  if (reporting !== undefined) return reporting !== 'market_hours';
  return query['extended_hours'] === 'true';
}

function periodOf(text: string): number | undefined {
  const match = /^(\d{1,3})([DWMAY])$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * (PERIOD_UNITS.get(match[2] ?? '') ?? DAY);
}

/** A day is stamped with its opening in New York. */
function stampOf(us: number, stepUs: number): number {
  if (stepUs !== DAY) return Math.floor(us / stepUs) * stepUs;
  return newYorkToUs(newYorkDate(us), 9 * HOUR + 30 * MINUTE);
}

function write(
  rows: ReadonlyMap<number, number>,
  base: number,
  { timeframe, startUs }: { readonly timeframe: string; readonly startUs: number },
): JsonObject {
  const equities = [...rows.values()];
  return {
    timestamp: [...rows.keys()].map((us) => us / SECOND),
    equity: equities.map((equity) => equity / PRICE_SCALE),
    profit_loss: equities.map((equity) => (equity - base) / PRICE_SCALE),
    profit_loss_pct: equities.map((equity) => (base === 0 ? 0 : (equity - base) / base)),
    base_value: base / PRICE_SCALE,
    base_value_asof: dateText(newYorkDate(startUs)),
    timeframe,
  };
}
