/** Text for a terminal: colours as ANSI sequences, widths counted without them. */

const STYLES = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
  onRed: 41,
} as const;

export type Style = keyof typeof STYLES;

/** Answers text as it is where the terminal has no colours. */
export type Paint = (text: string, ...styles: readonly Style[]) => string;

export function painter(isColoured: boolean): Paint {
  return (text, ...styles) => {
    if (!isColoured || text === '' || styles.length === 0) return text;
    return `${ESCAPE}[${styles.map((style) => STYLES[style]).join(';')}m${text}${RESET}`;
  };
}

const ESCAPE = '\u001b';
const RESET = `${ESCAPE}[0m`;
/** A change of style, or one character. */
const PIECES = new RegExp(`${ESCAPE}\\[[0-9;]*m|[^]`, 'gu');

/**
 * Text from outside, such as the name of a file, as a terminal may have it: what would move the
 * cursor, change colours or break the line is shown as `�`, so that it is still seen.
 */
export function onOneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '�');
}

/** The same for text of several lines. */
export function plainText(text: string): string {
  return text.split('\n').map(onOneLine).join('\n');
}

/** Columns that a line takes: every character of ours is one wide. */
export function widthOf(line: string): number {
  let width = 0;
  for (const [piece] of line.matchAll(PIECES)) width += columnsOf(piece);
  return width;
}

/**
 * Exactly so many columns: cut with `…`, or filled with blanks. Control characters are left out, so
 * that no text from outside moves the cursor or rings the bell.
 */
export function fit(line: string, columns: number): string {
  const pieces = [...line.matchAll(PIECES)].map(([piece]) => piece).filter(isShown);
  const width = pieces.reduce((sum, piece) => sum + columnsOf(piece), 0);
  if (width <= columns) return pieces.join('') + ' '.repeat(columns - width);
  if (columns <= 0) return '';
  let cut = '';
  let left = columns - 1;
  for (const piece of pieces) {
    left -= columnsOf(piece);
    if (left < 0) break;
    cut += piece;
  }
  return `${cut}…${cut.includes(ESCAPE) ? RESET : ''}`;
}

function columnsOf(piece: string): number {
  return isShown(piece) && piece.length <= 2 ? 1 : 0;
}

/** A style is longer than a character, which has at most two units. */
function isShown(piece: string): boolean {
  return piece.length > 1 || !/^\p{Cc}$/u.test(piece);
}

/** The same, to the right. */
export function fitRight(line: string, columns: number): string {
  const width = widthOf(line);
  return width >= columns ? fit(line, columns) : ' '.repeat(columns - width) + line;
}

/** Lines of at most so many columns, broken at blanks; a word that is longer has its own line. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || widthOf(last) + 1 + widthOf(word) > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** A horizontal bar of `ratio` of the columns, to an eighth; what is not nothing is seen. */
export function bar(ratio: number, columns: number): string {
  const shown = Math.max(0, Math.min(1, Number.isFinite(ratio) ? ratio : 0));
  const eighths = Math.max(shown > 0 ? 1 : 0, Math.round(shown * columns * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

const STEPS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** One character a value, from the lowest to the highest; a flat line where all are equal. */
export function sparkline(values: readonly number[]): string {
  const known = values.filter(Number.isFinite);
  const low = known.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = known.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return known
    .map((value) => {
      const ratio = high > low ? (value - low) / (high - low) : 0;
      return STEPS[Math.round(ratio * (STEPS.length - 1))] ?? '';
    })
    .join('');
}
