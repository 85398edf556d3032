import { html } from '../../src/cli/html-text.ts';
import type { Spread } from './spread.ts';
import { number, range } from './words.ts';

/** A bar of a chart: a variant's median, and how far its runs lie apart. */
export interface Bar {
  readonly name: string;
  readonly spread: Spread;
  /** A mark on the bar: the floor under this figure. */
  readonly floor?: number;
  readonly tone: 'own' | 'other';
}

const WIDTH = 960;
const NAME_WIDTH = 300;
const TEXT_WIDTH = 190;
const ROW_HEIGHT = 24;
const BAR_HEIGHT = 12;
const TOP = 4;
const NAME_CHARS_MAX = 44;
/** Above this, bars of one length scale would be a dot beside a line: they get the logarithm. */
const LINEAR_TIMES_MAX = 50;

/** A figure over variants as SVG inside a page: no script, nothing from elsewhere. */
export function spreadChart(title: string, bars: readonly Bar[]): string {
  const values = bars.flatMap(({ spread, floor }) => [spread.max, spread.median, floor ?? 0]);
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  const shown = bars.filter(({ spread }) => spread.median > 0);
  if (most <= 0 || shown.length === 0) return '';
  const least = shown.reduce((low, { spread }) => Math.min(low, spread.median), most);
  const isLog = most / least > LINEAR_TIMES_MAX;
  const x = scale(most, least, isLog);
  const height = TOP * 2 + bars.length * ROW_HEIGHT;
  const rows = bars.map((bar, at) => row(bar, TOP + at * ROW_HEIGHT, x));
  const note = isLog ? ', logarithmic' : '';
  return [
    `<figure><figcaption>${html(title)}${note}</figcaption>`,
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${html(title)}">`,
    ...rows,
    '</svg></figure>',
  ].join('');
}

function scale(most: number, least: number, isLog: boolean): (value: number) => number {
  const room = WIDTH - NAME_WIDTH - TEXT_WIDTH;
  if (!isLog) return (value) => (Math.max(0, value) / most) * room;
  // A tenth of the least begins the scale, so that its bar is still one.
  const from = Math.log10(least / 10);
  const span = Math.log10(most) - from;
  return (value) => (value <= 0 ? 0 : Math.max(0, ((Math.log10(value) - from) / span) * room));
}

function row(
  { name, spread, floor, tone }: Bar,
  top: number,
  x: (value: number) => number,
): string {
  const middle = top + ROW_HEIGHT / 2;
  const at = (value: number) => place(NAME_WIDTH + x(value));
  const { median, min, max } = spread;
  const short = name.length > NAME_CHARS_MAX ? `${name.slice(0, NAME_CHARS_MAX - 1)}…` : name;
  const bar =
    `<rect class="${tone}" x="${NAME_WIDTH}" y="${place(middle - BAR_HEIGHT / 2)}" ` +
    `width="${place(x(median))}" height="${BAR_HEIGHT}"/>`;
  const whisker =
    min < max
      ? `<line class="whisker" x1="${at(min)}" x2="${at(max)}" y1="${middle}" y2="${middle}"/>`
      : '';
  const mark =
    floor === undefined
      ? ''
      : `<line class="floor" x1="${at(floor)}" x2="${at(floor)}" y1="${place(top + 3)}" ` +
        `y2="${place(top + ROW_HEIGHT - 3)}"><title>floor ${number(floor)}</title></line>`;
  return [
    `<g><title>${html(`${name}: ${range(spread)}`)}</title>`,
    `<text class="y" x="${NAME_WIDTH - 8}" y="${middle}">${html(short)}</text>`,
    bar,
    whisker,
    mark,
    `<text class="value" x="${WIDTH - TEXT_WIDTH + 8}" y="${middle}">`,
    `${html(range(spread))}</text></g>`,
  ].join('');
}

function place(value: number): string {
  return String(Math.round(value * 10) / 10);
}
