/** Text as HTML shows it, in content and in quoted attributes. Control characters are left out. */
export function html(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

export interface Column<T> {
  readonly title: string;
  readonly isNumber?: boolean;
  /** Plain text: escaped here and nowhere else. */
  readonly text: (row: T) => string;
  /** A class for the cell, such as `gain` or `loss`. */
  readonly tone?: (row: T) => string;
}

/** A table in a box that scrolls; where rows are left out, it says so. */
export function table<T>(
  columns: readonly Column<T>[],
  rows: readonly T[],
  total = rows.length,
): string {
  if (rows.length === 0) return '<p class="nothing">None.</p>';
  const head = columns.map(
    ({ title, isNumber }) => `<th${isNumber === true ? ' class="n"' : ''}>${html(title)}</th>`,
  );
  const body = rows.map((row) => {
    const cells = columns.map(({ text, isNumber, tone }) => {
      const classes = [isNumber === true ? 'n' : '', tone?.(row) ?? ''].filter((one) => one !== '');
      const attribute = classes.length > 0 ? ` class="${classes.join(' ')}"` : '';
      return `<td${attribute}>${html(text(row))}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  const left = total - rows.length;
  const note =
    left > 0
      ? `<p class="note">The last ${rows.length} of ${total}; the journal has all of them.</p>`
      : '';
  const headRow = `<thead><tr>${head.join('')}</tr></thead>`;
  const shown = `<table>${headRow}<tbody>${body.join('')}</tbody></table>`;
  return `<div class="scroll">${shown}</div>${note}`;
}
