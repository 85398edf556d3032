import { clock, dateOf } from './figures.ts';
import { html } from './html-text.ts';

/** Charts as SVG inside a page: no script, nothing from elsewhere; colours by the page's style. */

export interface Line {
  /** A class of the page's style: its stroke and the tint under it. */
  readonly tone: 'equity' | 'drawdown' | 'layer0' | 'layer1' | 'layer2';
  readonly points: readonly (readonly [us: number, value: number])[];
}

export interface LineChart {
  readonly title: string;
  readonly line: Line;
  readonly height: number;
  /** Zero belongs to the scale; else it spans the values. */
  readonly fromZero: boolean;
  /** A horizontal line that means something, such as what one began with. */
  readonly base?: number;
  /** Members stay members until they move: drawn as steps. */
  readonly isStepped?: boolean;
  readonly show: (value: number) => string;
}

const WIDTH = 960;
const LEFT = 84;
const RIGHT = 24;
const TOP = 10;
const BOTTOM = 24;
const TICKS_DOWN = 4;
const TICKS_ACROSS = 7;
const POINTS_MAX = 1_000;

export function lineChart(chart: LineChart): string {
  const { line, height, title, show } = chart;
  const points = thinned(line.points);
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) {
    return `<p class="nothing">${html(title)}: nothing to draw.</p>`;
  }
  const { low, high, step } = scaleOf(chart);
  const spanUs = Math.max(1, last[0] - first[0]);
  const x = (us: number) => LEFT + ((us - first[0]) / spanUs) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => {
    const ratio = (value - low) / (high - low);
    return TOP + (1 - ratio) * (height - TOP - BOTTOM);
  };
  const path = points
    .map(([us, value], at) => {
      if (at === 0) return `M${place(x(us))} ${place(y(value))}`;
      return chart.isStepped === true
        ? `H${place(x(us))}V${place(y(value))}`
        : `L${place(x(us))} ${place(y(value))}`;
    })
    .join('');
  const floor = place(y(Math.max(low, Math.min(high, chart.base ?? low))));
  const area = `${path}L${place(x(last[0]))} ${floor}L${place(x(first[0]))} ${floor}Z`;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${html(title)}">`,
    ...levels(low, high, step).map((value) => {
      const at = place(y(value));
      const mark = `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>`;
      return `${mark}<text class="y" x="${LEFT - 8}" y="${at}">${html(show(value))}</text>`;
    }),
    ...timeMarks(first[0], last[0]).map(
      (us) =>
        `<text class="x" x="${place(x(us))}" y="${height - 6}">${timeText(us, spanUs)}</text>`,
    ),
    chart.base === undefined
      ? ''
      : `<line class="base" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${floor}" y2="${floor}"/>`,
    `<path class="area ${line.tone}" d="${area}"/>`,
    `<path class="line ${line.tone}" d="${path}"/>`,
    '</svg>',
  ].join('');
}

export interface BarRow {
  readonly name: string;
  readonly parts: readonly {
    readonly tone: string;
    readonly value: number;
    readonly title: string;
  }[];
  readonly text: string;
}

/** Horizontal bars, a row a name, each of parts that add up. */
export function barChart(rows: readonly BarRow[]): string {
  const total = ({ parts }: BarRow) => parts.reduce((sum, { value }) => sum + value, 0);
  const largest = rows.reduce((most, row) => Math.max(most, total(row)), 0);
  if (largest === 0) return '<p class="nothing">None.</p>';
  const bars = rows.map(({ name, parts, text }) => {
    const pieces = parts
      .filter(({ value }) => value > 0)
      .map(({ tone, value, title }) => {
        const width = place((100 * value) / largest);
        return `<i class="${tone}" style="width:${width}%" title="${html(title)}"></i>`;
      });
    const shown = `<span class="bar">${pieces.join('')}</span>`;
    return `<div class="name">${html(name)}</div>${shown}<div class="text">${html(text)}</div>`;
  });
  return `<div class="bars">${bars.join('')}</div>`;
}

interface Scale {
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

/** Round levels around the values: 1, 2 or 5 times a power of ten apart. */
function scaleOf({ line, fromZero, base }: LineChart): Scale {
  const values = line.points.map(([, value]) => value);
  if (fromZero) values.push(0);
  if (base !== undefined) values.push(base);
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const range = Math.max(most - least, Math.abs(most) * 1e-9, 1);
  const rough = range / TICKS_DOWN;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const low = Math.floor(least / step) * step;
  const high = Math.max(low + step, Math.ceil(most / step) * step);
  return { low, high, step };
}

function levels(low: number, high: number, step: number): readonly number[] {
  const many = Math.round((high - low) / step);
  return Array.from({ length: many + 1 }, (_, at) => low + at * step);
}

function timeMarks(firstUs: number, lastUs: number): readonly number[] {
  const spanUs = lastUs - firstUs;
  const steps = [1, 5, 15, 60, 300, 900, 1_800, 3_600, 7_200, 14_400, 86_400, 604_800, 2_592_000];
  const stepUs = (steps.find((s) => s * 1e6 * TICKS_ACROSS >= spanUs) ?? 31_536_000) * 1e6;
  const marks: number[] = [];
  for (let us = Math.ceil(firstUs / stepUs) * stepUs; us <= lastUs; us += stepUs) marks.push(us);
  return marks.length > 0 ? marks : [firstUs];
}

function timeText(us: number, spanUs: number): string {
  if (spanUs > 2 * 86_400e6) return dateOf(us);
  return spanUs < 300e6 ? clock(us) : clock(us).slice(0, 5);
}

/** More points than columns are not seen. */
function thinned<T>(points: readonly T[]): readonly T[] {
  if (points.length <= POINTS_MAX) return points;
  const step = points.length / POINTS_MAX;
  const last = points.length - 1;
  return Array.from(
    { length: POINTS_MAX },
    (_, at) => points[at === POINTS_MAX - 1 ? last : Math.floor(at * step)],
  ).filter((point) => point !== undefined);
}

function place(value: number): string {
  return String(Math.round(value * 10) / 10);
}
