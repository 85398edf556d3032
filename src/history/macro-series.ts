import type { FaultList } from '../domain/market/data-fault.ts';
import type { MarketFact } from '../domain/features/facts.ts';
import { RELEASE_LAGS, releaseLagOf, releaseUs } from '../domain/features/release-lags.ts';
import { nearestWord } from '../core/nearest-word.ts';
import { readCsv } from './csv-table.ts';
import { FieldReader } from './fields.ts';

export type MacroFact = Extract<MarketFact, { readonly kind: 'macro' }>;

/**
 * A series as FRED writes it (`date,value`; blank or `.` where there was nothing), as facts in the
 * order of their release. Where a third column `released` tells when a number came out, that is
 * believed; else the table of release lags says. A file that is in neither is one fault.
 */
export function macroFacts(
  text: string,
  file: string,
  series: string,
  faults: FaultList,
): readonly MacroFact[] {
  const read = new FieldReader(file, faults);
  const lag = releaseLagOf(series);
  const columns = [
    { names: ['date', 'observation_date'] },
    { names: ['value', series] },
    { names: ['released'], isOptional: true },
  ] as const;
  const rows = readCsv(text, file, columns, faults);
  const isDated = lag !== undefined || rows.some(({ fields }) => (fields[2] ?? '') !== '');
  if (!isDated && rows.length > 0) {
    const expected = `a series with a known release lag, or a column released${near(series)}`;
    return read.fault('series', expected, series) ?? [];
  }
  const facts: MacroFact[] = [];
  const seen = new Set<number>();
  for (const { line, fields } of rows) {
    const [dateText = '', valueText = '', releasedText = ''] = fields;
    read.at(line);
    const observedDay = read.day('date', dateText);
    if (observedDay === undefined || valueText === '' || valueText === '.') continue;
    const value = read.number('value', valueText);
    if (value === undefined) continue;
    if (releasedText === '' && lag === undefined) {
      read.fault('released', `a date, for no release lag of ${series} is known`, '');
      continue;
    }
    const nowUs =
      releasedText !== '' || lag === undefined
        ? read.momentUs('released', releasedText)
        : releaseUs(lag, observedDay);
    if (nowUs === undefined) continue;
    // Told again with another release it is a revision; without one, nobody knows which is right.
    if (releasedText === '' && seen.has(observedDay)) {
      read.fault('date', 'a date, once', dateText);
      continue;
    }
    seen.add(observedDay);
    facts.push({ kind: 'macro', series, value, observedDay, nowUs });
  }
  return facts.toSorted(
    (left, right) => left.nowUs - right.nowUs || left.observedDay - right.observedDay,
  );
}

function near(series: string): string {
  const known = RELEASE_LAGS.map((lag) => lag.series);
  const word = nearestWord(series, known);
  return word === undefined ? '' : ` (did you mean ${word}?)`;
}
