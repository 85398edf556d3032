import { assert } from '../core/assert.ts';
import type { Standing } from '../domain/orders/standing.ts';
import { layerName, LAYER_NAMES, signalMeasure } from './describe.ts';
import { clock, count, dollars, percent, plural, priceText, signedDollars } from './figures.ts';
import { averagePrice, type OrderHistory, standingOf } from './order-histories.ts';
import type { SessionView } from './session-view.ts';
import { bar, fit, fitRight, type Paint, sparkline, type Style, widthOf } from './terminal-text.ts';

interface Frame {
  readonly columns: number;
  readonly rows: number;
  readonly nowUs: number;
  readonly paint: Paint;
}

interface Pane {
  readonly title: string;
  lines(width: number, rows: number): readonly string[];
}

const TOP_ROWS = 5;
/** A tall terminal shows the moves between the layers as well. */
const TALL_ROWS = 32;
const MOVES_SHOWN = 4;
const PANES_DOWN = 3;

/** Six panes, three down and two across, in exactly `rows` lines. */
export function panes(view: SessionView, frame: Frame): readonly string[] {
  const { columns, rows, paint } = frame;
  const top = rows >= TALL_ROWS ? TOP_ROWS + MOVES_SHOWN : TOP_ROWS;
  const rest = rows - PANES_DOWN - top;
  const middle = Math.ceil(rest / 2);
  const left = Math.ceil((columns - 3) / 2);
  const right = columns - 3 - left;
  const size = { left, right, paint };
  const lines = [
    ...pair(funnelPane(view, paint), moneyPane(view, paint), { ...size, rows: top, joint: '┬' }),
    ...pair(signalsPane(view, paint), positionsPane(view, paint), { ...size, rows: middle }),
    ...pair(ordersPane(view, paint), actorsPane(view, paint), { ...size, rows: rest - middle }),
  ];
  assert(lines.length === rows, 'the panes fill the frame');
  return lines;
}

interface PairSize {
  readonly left: number;
  readonly right: number;
  readonly rows: number;
  /** Where the rule between the panes meets the one above. */
  readonly joint?: string;
  readonly paint: Paint;
}

function pair(leftPane: Pane, rightPane: Pane, size: PairSize): readonly string[] {
  const { left, right, rows, joint = '┼', paint } = size;
  const leftLines = leftPane.lines(left - 1, rows);
  const rightLines = rightPane.lines(right - 1, rows);
  const head = `${heading(leftPane.title, left, paint)}${paint(`─${joint}─`, 'dim')}`;
  const body = Array.from({ length: rows }, (_, at) => {
    const leftLine = fit(` ${leftLines[at] ?? ''}`, left);
    return `${leftLine} ${paint('│', 'dim')} ${fit(rightLines[at] ?? '', right)}`;
  });
  return [head + heading(rightPane.title, right, paint), ...body];
}

function heading(title: string, width: number, paint: Paint): string {
  const shown = fit(title, Math.min(widthOf(title), width - 4));
  const rule = '─'.repeat(width - 3 - widthOf(shown));
  return `${paint('─', 'dim')} ${paint(shown, 'bold')} ${paint(rule, 'dim')}`;
}

function funnelPane(view: SessionView, paint: Paint): Pane {
  const sizes = view.layers.map(({ size }) => size);
  const largest = Math.max(1, ...sizes);
  const shades: readonly Style[] = ['blue', 'cyan', 'green', 'magenta'];
  return {
    title: 'UNIVERSE',
    lines(width, rows) {
      const barWidth = width - 20;
      const funnel = LAYER_NAMES.slice(0, 3).map((name, layer) => {
        const size = sizes[layer] ?? 0;
        const label = `${layer} ${fit(name, 9)}${fitRight(count(size), 6)}`;
        return `${label}  ${paint(bar(size / largest, barWidth), shades[layer] ?? 'blue')}`;
      });
      const total = paint(`${plural(view.moves.total, 'move')} between the layers`, 'dim');
      const last = view.moves.last(rows - funnel.length - 1).toReversed();
      return [
        ...funnel,
        total,
        ...last.map(({ atUs, layer, symbol, isMember, reason }) => {
          const way = isMember ? paint('▲', 'green') : paint('▼', 'red');
          const name = fit(view.nameOf(symbol), 6);
          return `${paint(clock(atUs), 'dim')} ${way} ${name} ${layerName(layer)}: ${reason}`;
        }),
      ];
    },
  };
}

function moneyPane(view: SessionView, paint: Paint): Pane {
  const { ledger, startingEquity, drawdownMax, drawdownRatioMax, trades, equityCurve } = view;
  const { profit } = view;
  const ratio = startingEquity > 0 ? profit / startingEquity : 0;
  const tone = (ticks: number, text: string) => tinted(paint, ticks, text);
  return {
    title: 'PROFIT AND LOSS',
    lines(width, rows) {
      const hits = Number.isFinite(trades.hitRate) ? ` ${Math.round(trades.hitRate * 100)} %` : '';
      const lines = [
        `equity   ${fitRight(dollars(ledger.equity), 13)}  ${tone(profit, percent(ratio))}`,
        `profit   ${tone(profit, fitRight(signedDollars(profit), 13))}  ` +
          paint(`${plural(trades.closed.total, 'trade')}${hits}`, 'dim'),
        `open     ${tone(ledger.unrealized, fitRight(signedDollars(ledger.unrealized), 13))}  ` +
          paint(`booked ${signedDollars(ledger.realized)}`, 'dim'),
        `drawdown ${fitRight(dollars(drawdownMax), 13)}  ` +
          paint(`${percent(drawdownRatioMax).replace('+', '')} max`, 'dim'),
      ];
      const spark = sparkline(equityCurve.spread(0, width));
      const room = Math.max(0, rows - lines.length - 1);
      const strategies = [...view.strategies].slice(0, room).map(([code, one]) => {
        const sums = `${one.orders} orders, ${one.trades} closed`;
        const figure = tone(one.realized, fitRight(signedDollars(one.realized), 12));
        return `${fit(code, 5)} ${figure}  ${paint(sums, 'dim')}`;
      });
      return [...lines, paint(spark, profit < 0 ? 'red' : 'green'), ...strategies];
    },
  };
}

function signalsPane(view: SessionView, paint: Paint): Pane {
  return {
    title: `SIGNALS ${count(view.signals.total)}, REFUSED ${count(view.refusals.total)}`,
    lines(width, rows) {
      const refused = new Map(view.refusals.last(4 * rows).map((one) => [one.signalId, one.code]));
      return view.signals
        .last(rows)
        .toReversed()
        .map((signal) => {
          const { atUs, symbol, strategy, side, signalId } = signal;
          const code = refused.get(signalId);
          const fate = code === undefined ? paint('passed', 'green') : paint(code, 'yellow');
          const head = `${paint(clock(atUs), 'dim')} ${fit(view.nameOf(symbol), 6)}`;
          const what = `${fit(strategy, 2)} ${sided(paint, side)}`;
          const measured = width >= 50 ? ` ${fit(signalMeasure(signal), 19)}` : '';
          return `${head} ${what}${measured} ${fate}`;
        });
    },
  };
}

function positionsPane(view: SessionView, paint: Paint): Pane {
  const held = view.heldPositions();
  return {
    title: `POSITIONS ${held.length}`,
    lines(_width, rows) {
      if (held.length === 0) return [paint('flat', 'dim')];
      const valued = held.map(([symbol, { quantity, cost, mark }]) => ({
        name: view.nameOf(symbol),
        quantity,
        average: cost / quantity,
        profit: quantity * mark - cost,
      }));
      const shown = valued.toSorted((a, b) => Math.abs(b.profit) - Math.abs(a.profit));
      return atMost(shown, rows).map((one) => {
        if (typeof one === 'string') return paint(one, 'dim');
        const { name, quantity, average, profit } = one;
        const figures = `${fitRight(count(quantity), 6)} @ ${fit(priceText(average), 9)}`;
        const result = tinted(paint, profit, fitRight(signedDollars(profit), 11));
        return `${fit(name, 6)}${figures} ${result}`;
      });
    },
  };
}

const STANDING_STYLES: Readonly<Partial<Record<Standing, Style>>> = {
  filled: 'green',
  partiallyFilled: 'green',
  working: 'cyan',
  intended: 'cyan',
  cancelPending: 'yellow',
  replacePending: 'yellow',
  unknown: 'magenta',
  rejected: 'red',
  notPlaced: 'red',
};

function ordersPane(view: SessionView, paint: Paint): Pane {
  const { orders } = view;
  const filled = orders.byStanding.get('filled') ?? 0;
  return {
    title: `ORDERS ${count(orders.total)}, FILLED ${count(filled)}`,
    lines(width, rows) {
      return orders
        .list()
        .slice(-rows)
        .toReversed()
        .map((order) => orderLine(view.nameOf(order.intent.symbol), order, { width, paint }));
    },
  };
}

function orderLine(
  name: string,
  order: OrderHistory,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): string {
  const { intent, intendedUs } = order;
  const standing = standingOf(order);
  const style = STANDING_STYLES[standing];
  const paid = width >= 48 ? ` ${fitRight(priceText(averagePrice(order)), 9)}` : '';
  const head = `${paint(clock(intendedUs), 'dim')} ${sided(paint, intent.side)}`;
  const what = `${fitRight(count(intent.quantity), 5)} ${fit(name, 6)}`;
  return `${head} ${what}${paid} ${style === undefined ? standing : paint(standing, style)}`;
}

function actorsPane(view: SessionView, paint: Paint): Pane {
  const { health } = view;
  const { crashes, outNow } = health;
  const actors = [...health.actors.values()];
  return {
    title: `ACTORS ${actors.length}`,
    lines(width, rows) {
      const nameWidth = width >= 44 ? 24 : 18;
      const summary =
        crashes.total === 0
          ? paint('no crash', 'dim')
          : `${paint(plural(crashes.total, 'crash healed', 'crashes healed'), 'yellow')}, ` +
            `${outNow} out now`;
      const order = actors.toSorted((a, b) => b.lastCrashUs - a.lastCrashUs);
      const shown = atMost(order, rows - 1).map((actor) => {
        if (typeof actor === 'string') return paint(actor, 'dim');
        const { name, quarantined, lastCrashUs, lastCode } = actor;
        if (quarantined.size > 0) {
          const out = quarantined.has(-1) ? 'out' : plural(quarantined.size, 'row out', 'rows out');
          return `${paint('■', 'red')} ${fit(name, nameWidth)} ${paint(out, 'red')}`;
        }
        if (actor.crashes === 0) return `${paint('●', 'green')} ${fit(name, nameWidth)}`;
        const told = `${actor.crashes}x ${clock(lastCrashUs)} ${lastCode}`;
        return `${paint('✚', 'yellow')} ${fit(name, nameWidth)} ${paint(told, 'yellow')}`;
      });
      return [summary, ...shown];
    },
  };
}

/** The first so many; where some are left out, the last line says how many. */
function atMost<T>(items: readonly T[], rows: number): readonly (T | string)[] {
  if (items.length <= rows) return items;
  return [...items.slice(0, rows - 1), `and ${items.length - rows + 1} more`];
}

function sided(paint: Paint, side: 'buy' | 'sell'): string {
  return side === 'buy' ? paint('buy ', 'green') : paint('sell', 'red');
}

function tinted(paint: Paint, ticks: number, text: string): string {
  if (Math.round(ticks) === 0) return text;
  return paint(text, ticks > 0 ? 'green' : 'red');
}
