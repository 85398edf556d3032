import { errorText } from '../../src/cli/indicator-cards.ts';
import { allCards } from '../../src/cli/indicators.ts';
import { indicatorsMarkdown } from '../../src/cli/indicators-markdown.ts';
import type { TalibParity } from '../../src/cli/talib-parity.ts';
import { ERROR_MAX, type ParityRow } from './talib-parity.ts';

/** What `npm run parity` prints: every function of TA-Lib, green or not. */
export function parityTable(rows: readonly ParityRow[]): string {
  const lines = rows.map((row) => {
    const { talib, indicator = 'MISSING', firstTheirs, firstOurs, isGreen } = row;
    const errors = [row.worst300, row.worst2000, row.jumpsOurs, row.jumpsTheirs];
    const firsts = [firstTheirs, firstOurs].map((first) => (first === first ? `${first}` : ''));
    const state = isGreen ? `green${noteOf(row)}` : 'RED';
    return line([talib, indicator, ...firsts, ...errors.map(cellOf), state]);
  });
  const green = rows.filter(({ isGreen }) => isGreen).length;
  const lost = rows.filter(losesDigits).length;
  return [
    line(['', '', 'FIRST', 'BAR', 'ERROR', 'OVER', 'AFTER', 'JUMPS', '']),
    line(['TA-LIB', 'INDICATOR', 'theirs', 'ours', '300 bars', '2,000', 'ours', 'theirs', '']),
    ...lines,
    `${green} of ${rows.length} functions are green; in ${lost} TA-Lib loses digits after a jump`,
    '',
  ].join('\n');
}

/** Where the difference is TA-Lib's and not ours. */
function losesDigits({ jumpsTheirs = 0 }: ParityRow): boolean {
  return jumpsTheirs > ERROR_MAX;
}

function noteOf(row: ParityRow): string {
  return losesDigits(row) ? '; differs from it after a jump' : '';
}

function cellOf(error: number | undefined): string {
  return error === undefined || Number.isNaN(error) ? '' : errorText(error);
}

/** The table as the product has it, to two digits. */
export function paritiesOf(rows: readonly ParityRow[]): Readonly<Record<string, TalibParity>> {
  const measured = rows.filter(({ indicator }) => indicator !== undefined);
  return Object.fromEntries(
    measured.map((row) => [
      row.talib,
      {
        firstIndex: row.firstOurs,
        worst300: twoDigits(row.worst300),
        worst2000: twoDigits(row.worst2000),
        ...(losesDigits(row) ? { talibLoses: twoDigits(row.jumpsTheirs ?? 0) } : {}),
      },
    ]),
  );
}

/** The generated part of `src/cli/talib-parity.ts` stands from here to its end. */
export const MODULE_MARK = 'export const TALIB_PARITY: Readonly<Record<string, TalibParity>> = {';

export function parityModule(before: string, rows: readonly ParityRow[]): string {
  const lines = Object.entries(paritiesOf(rows)).map(([talib, parity]) => {
    const fields = Object.entries(parity).map(([name, value]) => `${name}: ${value}`);
    return `  ${talib}: { ${fields.join(', ')} },\n`;
  });
  const head = before.slice(0, before.indexOf(MODULE_MARK));
  return `${head}${MODULE_MARK}\n${lines.join('')}};\n`;
}

/** `docs/indicators.md`. */
export function indicatorsDocument(rows: readonly ParityRow[]): string {
  const parities = paritiesOf(rows);
  return indicatorsMarkdown(allCards(parities), parities);
}

function twoDigits(error: number): number {
  return Number(error.toPrecision(2));
}

const WIDTHS = [-20, -26, 6, 5, 10, 9, 9, 10] as const;

/** Names to the left, figures to the right. */
function line(cells: readonly string[]): string {
  const placed = cells.map((cell, at) => {
    const width = WIDTHS[at] ?? 0;
    return width < 0 ? cell.padEnd(-width) : width > 0 ? cell.padStart(width) : `  ${cell}`;
  });
  return placed.join('').trimEnd();
}
