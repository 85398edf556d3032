import type { ModelCard } from '../models/artefact/card.ts';
import { html, table } from './html-text.ts';
import { renderCard } from './model-card-text.ts';
import { REPORT_STYLE } from './report-style.ts';

/** A card as a page by itself: no script, nothing from elsewhere. */
export function cardPage(card: ModelCard): string {
  const { metrics, curve, version } = card;
  const parts = [
    `<h2>Verdict</h2><p>${html(metrics.verdict)}</p>`,
    '<h2>Final test</h2>',
    figureTable(card),
    '<h2>Loss</h2>',
    plot(lossPlot(curve)),
    '<h2>What its probabilities were worth</h2>',
    plot(reliabilityPlot(metrics.reliability ?? [])),
    '<h2>Card</h2>',
    `<pre>${linesOf(renderCard(card))}</pre>`,
  ];
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<title>${html(version)}</title><style>${REPORT_STYLE}</style></head>` +
    `<body><main><header><h1>${html(version)}</h1><p>${html(card.label.text)}</p></header>` +
    `${parts.join('\n')}</main></body></html>\n`
  );
}

/** Escaped with its lines kept. */
function linesOf(text: string): string {
  return text.split('\n').map(html).join('\n');
}

function figureTable({ metrics }: ModelCard): string {
  const number = (key: string) => ({
    title: key,
    isNumber: true,
    text: ({ figures }: (typeof metrics.table)[number]) => figures[key]?.toFixed(4) ?? '-',
  });
  return table(
    [
      { title: '', text: ({ name }) => name },
      ...['logLoss', 'brier', 'calibrationError', 'auc', 'accuracy'].map(number),
      { title: 'model less it', isNumber: true, text: ({ difference }) => bounds(difference) },
    ],
    metrics.table,
  );
}

function bounds(difference: ModelCard['metrics']['table'][number]['difference']): string {
  if (difference === undefined) return '';
  const { value, low, high } = difference;
  const interval =
    low === undefined || high === undefined ? '' : ` [${low.toFixed(5)}, ${high.toFixed(5)}]`;
  return `${value.toFixed(5)}${interval}`;
}

interface Series {
  readonly tone: string;
  readonly title: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface Plot {
  readonly title: string;
  readonly series: readonly Series[];
  /** Both scales where they are given; else as the points have them. */
  readonly unit?: true;
}

function lossPlot(curve: ModelCard['curve']): Plot {
  const judged = curve.flatMap(({ at, validationLoss }) =>
    validationLoss === undefined ? [] : [[at, validationLoss] as const],
  );
  return {
    title: 'loss by step or tree',
    series: [
      { tone: 'equity', title: 'training', points: curve.map(({ at, loss }) => [at, loss]) },
      { tone: 'drawdown', title: 'validation', points: judged },
    ],
  };
}

function reliabilityPlot(groups: NonNullable<ModelCard['metrics']['reliability']>): Plot {
  return {
    title: 'said, and seen',
    unit: true,
    series: [
      {
        tone: 'layer0',
        title: 'as it should be',
        points: [
          [0, 0],
          [1, 1],
        ],
      },
      { tone: 'equity', title: 'as it was', points: groups.map(({ said, seen }) => [said, seen]) },
    ],
  };
}

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 64;
const EDGE = 24;

function plot({ title, series, unit }: Plot): string {
  const drawn = series.filter(({ points }) => points.length > 0);
  const all = drawn.flatMap(({ points }) => points);
  if (all.length < 2) return `<p class="nothing">${html(title)}: nothing to draw.</p>`;
  const xs = unit === true ? [0, 1] : all.map(([x]) => x);
  const ys = unit === true ? [0, 1] : all.map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const x = (value: number) =>
    LEFT + ((value - left) / Math.max(right - left, 1e-12)) * (WIDTH - LEFT - EDGE);
  const y = (value: number) =>
    EDGE + (1 - (value - low) / Math.max(high - low, 1e-12)) * (HEIGHT - 2 * EDGE);
  const marks = [low, (low + high) / 2, high].map((value) => {
    const at = y(value).toFixed(1);
    return (
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - EDGE}" y1="${at}" y2="${at}"/>` +
      `<text class="y" x="${LEFT - 8}" y="${at}">${value.toFixed(3)}</text>`
    );
  });
  const paths = drawn.map(({ tone, title: name, points }) => {
    const path = points
      .map(([px, py], at) => `${at === 0 ? 'M' : 'L'}${x(px).toFixed(1)} ${y(py).toFixed(1)}`)
      .join('');
    return `<path class="line ${tone}" d="${path}"><title>${html(name)}</title></path>`;
  });
  const names = drawn.map(({ title: name }) => html(name)).join(' · ');
  return (
    `<h3>${html(title)}: ${names}</h3>` +
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${html(title)}">` +
    `${marks.join('')}${paths.join('')}` +
    `<text class="x" x="${LEFT}" y="${HEIGHT - 6}">${left.toFixed(2)}</text>` +
    `<text class="x" x="${WIDTH - EDGE}" y="${HEIGHT - 6}">${right.toFixed(2)}</text></svg>`
  );
}
