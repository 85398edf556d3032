import type { SessionDescription } from '../ports/session-reader.ts';
import {
  bytesText,
  clock,
  count,
  dateOf,
  dollars,
  percent,
  plural,
  signedDollars,
  span,
} from './figures.ts';
import { strategyName } from './describe.ts';
import { html, table } from './html-text.ts';
import { type OrderHistory, standingOf } from './order-histories.ts';
import { barChart, lineChart } from './report-charts.ts';
import { REPORT_STYLE } from './report-style.ts';
import {
  adoptionTable,
  alertTable,
  crashTable,
  externalOrderTable,
  faultTable,
  haltTable,
  moveTable,
  orderTable,
  positionTable,
  refusalTable,
  signalTable,
  strategyTable,
  tradeTable,
} from './report-tables.ts';
import type { SessionView } from './session-view.ts';
import { byCount, type SessionEnding, verifyCommand } from './summary.ts';

/** One way of measuring how long something took; `figures` in microseconds. */
export interface LatencyRow {
  /** `decision`, `durable`, `wire`: never one without the setting it was measured under. */
  readonly name: string;
  readonly setting: string;
  readonly samples: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
}

export interface ReportMaterial {
  readonly description: SessionDescription;
  readonly ending: SessionEnding;
  /** As `describeConfig` says it, redacted. */
  readonly config: string;
  readonly latencies: readonly LatencyRow[];
}

/** A session as one page that needs nothing else: no network, no script, no other file. */
export function renderReport(view: SessionView, material: ReportMaterial): string {
  const { sessionId } = material.description;
  return [
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // Nothing is fetched, whatever a name or a headline from outside might try.
    '<meta http-equiv="Content-Security-Policy" ',
    `content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>Strata session ${html(sessionId)}</title><style>${REPORT_STYLE}</style></head>`,
    '<body><main>',
    head(view, material),
    tiles(view, material),
    moneySection(view),
    universeSection(view),
    tradingSection(view),
    latencySection(material.latencies),
    healthSection(view),
    originSection(view, material),
    '</main></body></html>\n',
  ].join('\n');
}

function head(view: SessionView, { description, ending }: ReportMaterial): string {
  const { sessionId, kind, source } = description;
  const { startedUs, nowUs, health } = view;
  const from = `${dateOf(startedUs)} ${clock(startedUs)}`;
  const to =
    dateOf(nowUs) === dateOf(startedUs) ? clock(nowUs) : `${dateOf(nowUs)} ${clock(nowUs)}`;
  const time = startedUs === 0 ? 'nothing came' : `${from} to ${to} New York`;
  const halt =
    health.halt === undefined
      ? ''
      : `<p class="halted">Trading is halted (${html(health.halt.level)}): ` +
        `${html(health.halt.code)}, ${html(health.halt.reason)}</p>`;
  return [
    `<header><h1>Strata session ${html(sessionId)}</h1>`,
    `<p>${html(kind)} of ${html(source)} · ${time} · ${html(ending.reason)}</p></header>${halt}`,
  ].join('');
}

function tiles(view: SessionView, { ending }: ReportMaterial): string {
  const { ledger, startingEquity, profit, drawdownMax, drawdownRatioMax, trades, health } = view;
  const { counters } = view;
  const ratio = startingEquity > 0 ? profit / startingEquity : 0;
  const hits = Number.isFinite(trades.hitRate) ? `${Math.round(trades.hitRate * 100)} % won` : '';
  const rate = ending.wallUs > 0 ? (counters.events * 1_000_000) / ending.wallUs : 0;
  const tone = profit > 0 ? 'gain' : profit < 0 ? 'loss' : '';
  const worst = `${percent(drawdownRatioMax).replace('+', '')} of the highest equity`;
  const filled = view.orders.byStanding.get('filled') ?? 0;
  return `<div class="tiles">${[
    tile('Profit', signedDollars(profit), `${percent(ratio)} of ${dollars(startingEquity)}`, tone),
    tile('Equity', dollars(ledger.equity), `cash ${dollars(ledger.cash)}`),
    tile('Largest drawdown', dollars(drawdownMax), worst),
    tile('Trades closed', count(trades.closed.total), hits),
    tile('Orders', count(view.orders.total), `${count(filled)} filled`),
    tile('Signals', count(view.signals.total), `${count(view.refusals.total)} refused by risk`),
    tile('Events', count(counters.events), `${count(rate)} a second, ${span(ending.wallUs)}`),
    tile(
      'Crashes healed',
      count(health.crashes.total),
      `${health.quarantines} quarantined, ${plural(view.faults.count, 'data fault')}`,
    ),
  ].join('')}</div>`;
}

function tile(label: string, figure: string, more: string, tone = ''): string {
  return [
    `<div class="tile"><div class="label">${html(label)}</div>`,
    `<div class="figure ${tone}">${html(figure)}</div>`,
    `<div class="more">${html(more)}</div></div>`,
  ].join('');
}

function moneySection(view: SessionView): string {
  const { samples } = view.equityCurve;
  const column = (at: number) =>
    inSession(
      view,
      samples.map(({ us, values }) => [us, values[at] ?? 0] as const),
    );
  return [
    '<h2>Equity</h2>',
    lineChart({
      title: 'Equity in dollars',
      line: { tone: 'equity', points: column(0) },
      height: 260,
      fromZero: false,
      base: view.startingEquity,
      show: wholeDollars,
    }),
    '<h3>Below the highest equity so far</h3>',
    lineChart({
      title: 'Drawdown in dollars',
      line: { tone: 'drawdown', points: column(1).map(([us, ticks]) => [us, -ticks] as const) },
      height: 130,
      fromZero: true,
      base: 0,
      show: wholeDollars,
    }),
    `<h2>Positions at the end</h2>${positionTable(view)}`,
    `<h2>Strategies</h2>${strategyTable(view)}`,
    fold(`Trades closed (${count(view.trades.closed.total)})`, tradeTable(view)),
  ].join('');
}

function universeSection(view: SessionView): string {
  const { samples } = view.funnelCurve;
  const layers = (['layer0', 'layer1', 'layer2'] as const).map((tone, layer) => {
    const name = ['Universe', 'Liquid', 'Active'][layer] ?? '';
    const points = samples.map(({ us, values }) => [us, values[layer] ?? 0] as const);
    const last = points.at(-1);
    const chart = lineChart({
      title: `${name}: members of layer ${layer}`,
      line: { tone, points: inSession(view, points) },
      height: layer === 0 ? 90 : 130,
      fromZero: true,
      isStepped: true,
      show: count,
    });
    return `<h3>${name}: ${count(last?.[1] ?? 0)} in layer ${layer}</h3>${chart}`;
  });
  return [
    `<h2>The funnel</h2>${layers.join('')}`,
    fold(`Moves between the layers (${count(view.moves.total)})`, moveTable(view)),
  ].join('');
}

function tradingSection(view: SessionView): string {
  const refusals = byCount(view.refusalsByCode).map(([code, many]) => ({
    name: code,
    parts: [{ tone: 'refused', value: many, title: `${code} ${many}` }],
    text: count(many),
  }));
  return [
    '<h2>From signal to order</h2><div class="two">',
    `<div><h3>Orders by strategy</h3>${orderBars(view)}</div>`,
    `<div><h3>Refusals by reason</h3>${barChart(refusals)}</div></div>`,
    fold(`Orders (${count(view.orders.total)})`, orderTable(view)),
    fold(`Signals (${count(view.signals.total)})`, signalTable(view)),
    fold(`Refusals (${count(view.refusals.total)})`, refusalTable(view)),
  ].join('');
}

type Points = readonly (readonly [us: number, value: number])[];

/**
 * From the first opening bell to the end, so that all charts share their time: the hours before are
 * waiting, and the last level lasts.
 */
function inSession(view: SessionView, points: Points): Points {
  const { openedUs, nowUs } = view;
  const before = points.findLast(([us]) => us <= openedUs);
  const within = points.filter(([us]) => us > openedUs);
  const last = within.at(-1) ?? before;
  const begin = before === undefined ? [] : [[Math.max(openedUs, before[0]), before[1]] as const];
  const end = last === undefined || last[0] >= nowUs ? [] : [[nowUs, last[1]] as const];
  return [...begin, ...within, ...end];
}

const OUTCOMES = ['filled', 'open', 'ended', 'rejected'] as const;
type Outcome = (typeof OUTCOMES)[number];

function orderBars(view: SessionView): string {
  const byStrategy = new Map<string, Map<Outcome, number>>();
  for (const order of view.orders.list()) {
    const counts = byStrategy.get(order.intent.strategy) ?? new Map<Outcome, number>();
    byStrategy.set(order.intent.strategy, counts);
    const outcome = outcomeOf(order);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const rows = [...byStrategy].map(([strategy, counts]) => ({
    name: strategyName(strategy),
    parts: OUTCOMES.map((tone) => {
      const value = counts.get(tone) ?? 0;
      return { tone, value, title: `${tone} ${value}` };
    }),
    text: count([...counts.values()].reduce((sum, many) => sum + many, 0)),
  }));
  const key = OUTCOMES.map((outcome) => `<b class="${outcome}"></b>${outcome}`).join('');
  return `${barChart(rows)}<p class="key">${key}</p>`;
}

function outcomeOf(order: OrderHistory): Outcome {
  switch (standingOf(order)) {
    case 'filled':
      return 'filled';
    case 'rejected':
    case 'notPlaced':
      return 'rejected';
    case 'canceled':
    case 'expired':
    case 'replaced':
      return 'ended';
    case 'intended':
    case 'unknown':
    case 'working':
    case 'partiallyFilled':
    case 'cancelPending':
    case 'replacePending':
      return 'open';
  }
}

function latencySection(latencies: readonly LatencyRow[]): string {
  if (latencies.length === 0) return '';
  const shown = table(
    [
      { title: 'Latency', text: ({ name }) => name },
      { title: 'Setting', text: ({ setting }) => setting },
      { title: 'Samples', isNumber: true, text: ({ samples }) => count(samples) },
      { title: 'p50', isNumber: true, text: ({ p50Us }) => span(p50Us) },
      { title: 'p99', isNumber: true, text: ({ p99Us }) => span(p99Us) },
      { title: 'Largest', isNumber: true, text: ({ maxUs }) => span(maxUs) },
    ],
    latencies,
  );
  return `<h2>Latency</h2>${shown}`;
}

function healthSection(view: SessionView): string {
  const { health, faults } = view;
  return [
    ...brokerSections(view),
    '<h2>What went wrong</h2>',
    `<h3>Crashes healed</h3>${crashTable(view)}`,
    `<h3>Halts and restrictions</h3>${haltTable(view)}`,
    `<h3>Faults in the data (${count(faults.count)})</h3>${faultTable(view)}`,
    `<h3>Alerts (${count(health.alerts.total)})</h3>${alertTable(view)}`,
  ].join('');
}

/** Nothing where the account was ours alone. */
function brokerSections(view: SessionView): readonly string[] {
  const { adoptions, externalOrders, drifts } = view.broker;
  if (adoptions.total + externalOrders.size === 0) return [];
  return [
    '<h2>Not by this session</h2>',
    `<h3>Orders of others (${count(externalOrders.size)})</h3>${externalOrderTable(view)}`,
    `<h3>Positions adopted from the broker, ${plural(drifts.total, 'drift')}</h3>`,
    adoptionTable(view),
  ];
}

function originSection(view: SessionView, { description, ending, config }: ReportMaterial): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Decision hash', ending.decisionHash],
    ['Config hash', description.configHash],
    ['Build', description.buildId],
    ['Node.js', `major version ${description.nodeMajor}`],
    ['Lives of the engine', String(view.health.lives)],
    ['History for layer 1', description.isHistoryGiven ? 'given' : 'none: every symbol passed'],
    ['Records', count(ending.inputs)],
    ['Journal', `${ending.journalPath} (${bytesText(ending.journalBytes)})`],
    ['Check it', verifyCommand(description.sessionId, ending)],
    ...ending.notes.map((note) => ['Note', note] as const),
  ];
  const shown = table(
    [
      { title: 'What', text: ([name]) => name },
      { title: 'Value', text: ([, value]) => value, tone: () => 'wide' },
    ],
    rows,
  );
  return `<h2>Where this comes from</h2>${shown}${fold(
    'Configuration',
    `<pre>${html(config)}</pre>`,
  )}`;
}

function fold(title: string, content: string): string {
  return `<details><summary>${html(title)}</summary>${content}</details>`;
}

function wholeDollars(ticks: number): string {
  const text = dollars(ticks);
  return text.endsWith('.00') ? text.slice(0, -3) : text;
}
