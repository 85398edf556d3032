import {
  clock,
  count,
  dateOf,
  percent,
  plural,
  signedDollars,
  dollars,
  bytesText,
} from './figures.ts';
import { panes } from './screen-panes.ts';
import type { SessionView } from './session-view.ts';
import { fit, type Paint, painter, widthOf } from './terminal-text.ts';

export interface ScreenOptions {
  readonly columns: number;
  readonly rows: number;
  readonly isColoured: boolean;
  /** `demo`, and what is traded: `seed 7, 500 symbols`. */
  readonly kind: string;
  readonly source: string;
  /** Where the market's time stands; the view's own where nothing has come since. */
  readonly nowUs: number;
  /** Market time to wall time; 0 for as fast as it goes. */
  readonly speed: number;
  /** Events a second of wall time, lately. */
  readonly eventsPerSecond: number;
  readonly journalBytes: number;
  /** What a key or Ctrl-C would do. */
  readonly hint: string;
  /** The parts of the outside world, where there are any. */
  readonly services?: readonly ServiceStatus[];
}

/** A service as people look at it. */
export interface ServiceStatus {
  readonly name: string;
  readonly state: 'up' | 'down' | 'degraded' | 'starting';
  readonly restarts: number;
  /** How far behind the venue it is, or what it waits for; empty where there is nothing to say. */
  readonly note: string;
}

const COLUMNS_MIN = 60;
const ROWS_MIN = 16;
const ROWS_MAX = 120;
const COLUMNS_MAX = 300;

/** One frame: exactly `rows` lines of exactly `columns` columns, without a break at its end. */
export function renderScreen(view: SessionView, options: ScreenOptions): string {
  const columns = Math.min(COLUMNS_MAX, Math.max(COLUMNS_MIN, options.columns));
  const rows = Math.min(ROWS_MAX, Math.max(ROWS_MIN, options.rows));
  const paint = painter(options.isColoured);
  const paper = { columns, paint };
  const services = servicesLines(options.services ?? [], paint);
  const lines = [
    titleLine(view, options, paper),
    stateLine(view, options, paper),
    ...services.map((line) => fit(line, columns)),
    ...panes(view, { columns, rows: rows - 3 - services.length, nowUs: options.nowUs, paint }),
    footLine(view, options, paper),
  ];
  // A terminal smaller than the smallest frame shows its upper left part.
  return lines
    .slice(0, options.rows)
    .map((line) => fit(line, options.columns))
    .join('\n');
}

interface Paper {
  readonly columns: number;
  readonly paint: Paint;
}

function titleLine(
  view: SessionView,
  { kind, source, nowUs, speed }: ScreenOptions,
  { columns, paint }: Paper,
): string {
  const pace = speed > 0 ? `x${speed}` : 'flat out';
  const time = nowUs > 0 ? `${dateOf(nowUs)} ${paint(clock(nowUs), 'bold')} New York` : 'starting';
  const right = `${time} · ${pace} · ${phaseText(view.phase)}`;
  const left = `${paint(' STRATA ', 'bold', 'cyan')} ${kind} · ${source}`;
  return sides(left, right, columns);
}

const SERVICE_COLOURS = {
  up: 'green',
  degraded: 'yellow',
  starting: 'yellow',
  down: 'red',
} as const;

function servicesLines(services: readonly ServiceStatus[], paint: Paint): readonly string[] {
  if (services.length === 0) return [];
  const told = services.map(({ name, state, restarts, note }) => {
    const again = restarts > 0 ? ` ${paint(`restarted ${restarts}x`, 'yellow')}` : '';
    const said = note === '' ? '' : ` ${paint(note, 'dim')}`;
    return `${name} ${paint(state, SERVICE_COLOURS[state])}${again}${said}`;
  });
  return [` ${told.join(paint(' · ', 'dim'))}`];
}

function phaseText(phase: SessionView['phase']): string {
  return { closed: 'closed', pre: 'pre-market', core: 'open', post: 'after hours' }[phase];
}

function stateLine(
  view: SessionView,
  { eventsPerSecond }: ScreenOptions,
  { columns, paint }: Paper,
): string {
  const { halt, lives } = view.health;
  const state =
    halt === undefined
      ? paint(' ● trading ', 'green')
      : paint(` ■ HALTED ${halt.level}: ${halt.reason} `, 'bold', 'red');
  const again = lives > 1 ? paint(` recovered ${lives - 1}x `, 'yellow') : '';
  const { events, news } = view.counters;
  const rate = eventsPerSecond > 0 ? ` (${count(eventsPerSecond)}/s)` : '';
  const right = `${count(events)} events${rate} · ${news} news`;
  return sides(state + again, paint(right, 'dim'), columns);
}

function footLine(
  view: SessionView,
  { journalBytes, hint }: ScreenOptions,
  { columns, paint }: Paper,
): string {
  const { services, alerts } = view.health;
  const faults =
    view.faults.count === 0
      ? paint('data clean', 'dim')
      : paint(plural(view.faults.count, 'data fault'), 'yellow');
  const disk = services.get('journal');
  const isWell = disk === undefined || disk.state === 'up';
  const journal = isWell
    ? paint(`journal ${bytesText(journalBytes)}`, 'dim')
    : paint(`disk ${disk.state}: ${disk.reason}`, 'bold', 'red');
  const told = paint(plural(alerts.total, 'alert'), alerts.total > 0 ? 'yellow' : 'dim');
  return sides(` ${faults} · ${journal} · ${told}`, paint(hint, 'dim'), columns);
}

/** The right side is kept whole, the left is cut. */
function sides(left: string, right: string, columns: number): string {
  const shown = fit(right, Math.min(widthOf(right), columns));
  const room = columns - widthOf(shown) - 2;
  return room < 8 ? fit(left, columns) : `${fit(left, room)} ${shown} `;
}

/** One line of progress, for pipes and build logs. */
export function renderProgress(view: SessionView, { nowUs }: Pick<ScreenOptions, 'nowUs'>): string {
  const { layers, orders, health, counters, trades } = view;
  const sizes = layers.slice(0, 3).map(({ size }) => size);
  const profit = view.profit;
  const ratio = view.startingEquity > 0 ? profit / view.startingEquity : 0;
  return [
    nowUs > 0 ? clock(nowUs) : 'starting',
    `${count(counters.events)} events`,
    `layers ${sizes.join(' > ')}`,
    plural(orders.total, 'order'),
    plural(view.fills.total, 'fill'),
    plural(trades.closed.total, 'trade'),
    `equity ${dollars(view.ledger.equity)} (${signedDollars(profit)}, ${percent(ratio)})`,
    plural(health.crashes.total, 'crash', 'crashes'),
    ...(health.halt === undefined ? [] : [`HALTED ${health.halt.level}: ${health.halt.code}`]),
  ].join(' · ');
}
