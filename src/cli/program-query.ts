import { type Command, InvalidArgumentError, Option } from 'commander';
import { DAY, daysOfDate, parseDate, parseTime } from '../core/time.ts';
import type { Profile } from './load-config.ts';
import { splitNames } from './name-list.ts';
import { common, type End, type Typed, verb, whole } from './program-parts.ts';
import type { ExportFormat } from './query-options.ts';
import type { Verbs } from './verbs.ts';

interface TypedQuery extends Typed {
  readonly profile: Profile;
  readonly tables?: string | true;
  readonly csv?: true;
  readonly limit?: number;
}

interface TypedExport extends Typed {
  readonly profile: Profile;
  readonly from: number;
  readonly to: number;
  readonly symbols?: readonly string[];
  readonly format: ExportFormat;
  readonly out: string;
  readonly force?: true;
}

const PROFILES: readonly Profile[] = ['demo', 'paper', 'live', 'backtest'];
const FORMATS: readonly ExportFormat[] = ['csv', 'ndjson', 'parquet'];

/** The verbs that hand out what the store has. */
export function addQuerying(program: Command, verbs: Verbs, end: End): void {
  verb(program, 'query', 'ask the store in SQL: it reads, and nothing else')
    .argument('[sql]', SQL_HELP)
    .option('--tables [names]', 'tables with their columns, all or only these, as fills,orders')
    .addOption(new Option('--csv', 'as comma separated values').conflicts('json'))
    .option('--limit <n>', 'rows at most; 1000 for a table', whole(1, Number.MAX_SAFE_INTEGER))
    .addOption(profileOption())
    .action(async (text: string | undefined, typed: TypedQuery) => {
      const { profile, csv, limit: rowsMax } = typed;
      const tables = namesOf(typed.tables);
      const asked = { text, tables, isCsv: csv === true, rowsMax };
      end(await verbs.query({ ...common(typed), profile, ...asked }));
    });
  verb(program, 'export', 'write rows of a table of the store into a file')
    .argument('<table>', 'its name, as strata store status tells it')
    .addOption(
      new Option('--from <time>', 'the first day or moment, UTC')
        .argParser(firstMoment)
        .default(0, 'the first row'),
    )
    .addOption(
      new Option('--to <time>', 'the last day, or the moment it ends, UTC')
        .argParser(lastMoment)
        .default(EVER, 'the last row'),
    )
    .option('--symbols <list>', 'only these, as AAPL,MSFT', splitNames)
    .addOption(new Option('--format <name>', 'of the file').choices(FORMATS).default('csv'))
    .requiredOption('--out <path>', 'the file: there when it is whole')
    .option('--force', 'replace it, if it is there')
    .addOption(profileOption())
    .action(async (table: string, typed: TypedExport) => {
      const { profile, from: fromUs, to: untilUs, symbols, format, out, force } = typed;
      const rows = { table, fromUs, untilUs, symbols };
      const file = { format, out, isForced: force === true };
      end(await verbs.exportRows({ ...common(typed), profile, ...rows, ...file }));
    });
}

const SQL_HELP =
  'one statement, as "SELECT symbol, count(*) FROM bars GROUP BY symbol"; without it: which ' +
  'tables there are';

/** No names are all. */
function namesOf(typed: string | true | undefined): readonly string[] | undefined {
  return typed === true ? [] : typed === undefined ? undefined : splitNames(typed);
}

const EVER = Number.MAX_SAFE_INTEGER;

function profileOption(): Option {
  return new Option('--profile <name>', 'whose store').choices(PROFILES).default('demo');
}

function firstMoment(text: string): number {
  const date = parseDate(text);
  return date === undefined ? moment(text) : daysOfDate(date) * DAY;
}

/** A day is meant whole. */
function lastMoment(text: string): number {
  const date = parseDate(text);
  return date === undefined ? moment(text) : (daysOfDate(date) + 1) * DAY;
}

function moment(text: string): number {
  const us = parseTime(text);
  if (us !== undefined && us >= 0) return us;
  throw new InvalidArgumentError('It is no day as 2026-01-05, or moment as 2026-01-05T15:00:00Z.');
}
