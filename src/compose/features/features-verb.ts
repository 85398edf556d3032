import { resolve } from 'node:path';
import type { Config } from '../../cli/config-schema.ts';
import { registryOf } from '../../cli/custom-features.ts';
import { EXIT_CODES, type ExitCode } from '../../cli/exit-codes.ts';
import {
  jsonFeature,
  jsonRow,
  renderFeature,
  renderRegistry,
  renderRow,
  type ToldRow,
} from '../../cli/features-text.ts';
import { plainText } from '../../cli/terminal-text.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { FeatureRowOptions, FeaturesOptions } from '../../cli/verbs.ts';
import { nearestWord } from '../../core/nearest-word.ts';
import { formatTime, MS, parseTime } from '../../core/time.ts';
import { storeLayout } from '../../domain/features/layout-file.ts';
import type { FeatureRegistry } from '../../domain/features/registry.ts';
import { STANDARD_REGISTRY } from '../../domain/features/standard-registry.ts';
import { describeFault } from '../../domain/market/data-fault.ts';
import { openMarket } from '../market.ts';
import { findRecordedSession } from '../recorded-session.ts';
import { replayConfig } from '../replay-config.ts';
import { barsFault, barsHeard } from './bars-heard.ts';
import { chosenSet } from './chosen-set.ts';
import { readFactFiles } from './fact-files.ts';
import { featureRowAt } from './feature-run.ts';

const EVENTS_MAX = 1_024;
/** A year of days ranks volatility, and the regime's filter forgets where it began. */
const HISTORY_DAYS = 300;
/** Between two words about how far it is. */
const PROGRESS_MS = 2_000;

/** Lists the registry, or makes the row of one symbol at one moment out of a recorded market. */
export async function featuresVerb(
  options: FeaturesOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { name, row } = options;
  const session = row === undefined ? undefined : findRecordedSession(resolve(row.source));
  const resolved = replayConfig(session, options.config);
  const registry = await registryOf(resolved, STANDARD_REGISTRY);
  if (row !== undefined) {
    return rowVerb(options, row, registry, resolved.config, session?.journal, terminal);
  }
  if (name !== undefined) return oneVerb(options, name, registry, terminal);
  return listVerb(options, registry, terminal);
}

function oneVerb(
  { isJson }: FeaturesOptions,
  name: string,
  registry: FeatureRegistry,
  terminal: Terminal,
): ExitCode {
  const feature = registry.features.get(name);
  if (feature === undefined) {
    const near = nearestWord(name, [...registry.features.keys()]);
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    terminal.writeError(`strata: no feature is called ${plainText(name)}${hint}\n`);
    terminal.writeError('`strata features` lists all, `strata indicators` the indicators.\n');
    return EXIT_CODES.notFound;
  }
  const told = isJson
    ? JSON.stringify(jsonFeature(registry, feature))
    : renderFeature(registry, feature);
  terminal.write(`${told}\n`);
  return EXIT_CODES.ok;
}

function listVerb(
  { isJson }: FeaturesOptions,
  registry: FeatureRegistry,
  terminal: Terminal,
): ExitCode {
  if (!isJson) {
    terminal.write(`${renderRegistry(registry)}\n`);
    return EXIT_CODES.ok;
  }
  const all = [...registry.features.values()].map((feature) => jsonFeature(registry, feature));
  terminal.write(`${JSON.stringify(all)}\n`);
  return EXIT_CODES.ok;
}

function rowVerb(
  options: FeaturesOptions,
  row: FeatureRowOptions,
  registry: FeatureRegistry,
  config: Config,
  journal: string | undefined,
  terminal: Terminal,
): ExitCode {
  const refuse = (code: ExitCode, reason: string) => {
    terminal.writeError(`strata: ${plainText(reason)}\n`);
    return code;
  };
  const atUs = parseTime(row.at);
  if (atUs === undefined) {
    const expected = 'expected a time with its zone, such as 2013-10-08T15:00:00Z';
    return refuse(EXIT_CODES.error, `--at is ${row.at}; ${expected}`);
  }
  const progress = progressTo(terminal, options.isJson);
  if (!options.isJson) terminal.writeError(`hearing ${plainText(row.source)} until ${row.at}\n`);
  const open = () => openSource(row, journal);
  const probe = open();
  const symbolsMax = probe.symbols.length;
  const known = probe.symbols.map(({ name }) => name);
  probe.close();
  const set = chosenSet(row, registry, config, symbolsMax);
  if (!('compute' in set)) return refuse(set.code, set.reason);
  const { bars, barGraceMs } = config.market;
  const from = barsHeard(open, bars, barGraceMs * MS, atUs);
  const reason = barsFault(set, from, row.source);
  if (reason !== undefined) return refuse(EXIT_CODES.config, reason);
  const facts = readFactFiles(row.files);
  for (const fault of facts.faults.first) terminal.writeError(`${describeFault(fault)}\n`);
  if (facts.isUnreadable) return refuse(EXIT_CODES.error, 'a file of facts has another form');
  if (facts.faults.count > 0) terminal.writeError(`${facts.faults.count} bad lines left out\n`);
  const run = { open, set, from, facts, progress };
  const found = featureRowAt(run, row.symbol, atUs);
  if (found === undefined) {
    const few = known.slice(0, 12).join(', ');
    return refuse(EXIT_CODES.notFound, `${row.source} has no symbol ${row.symbol}; it has ${few}`);
  }
  const { layoutHash, columns, cost } = set;
  const { symbol, at, source } = row;
  const layout = storeLayout(set);
  const told: ToldRow = { symbol, at, source, layout, layoutHash, columns, cost, atUs, ...found };
  terminal.write(options.isJson ? `${JSON.stringify(jsonRow(told))}\n` : `${renderRow(told)}\n`);
  if (!Number.isNaN(found.lastUs)) return EXIT_CODES.ok;
  return refuse(EXIT_CODES.notFound, `${row.source} holds nothing before ${row.at}`);
}

function openSource({ source, date, history }: FeatureRowOptions, journal: string | undefined) {
  if (journal !== undefined) {
    return openMarket({ kind: 'journal', path: journal, isHistoryGiven: false }, EVENTS_MAX).source;
  }
  const path = resolve(source);
  const before = history === undefined ? undefined : resolve(history);
  const file = { kind: 'recorded', path, date, history: before } as const;
  return openMarket(file, EVENTS_MAX, HISTORY_DAYS).source;
}

/** A line every two seconds: a day of ticks takes seconds, a month of bars more. */
function progressTo(terminal: Terminal, isQuiet: boolean): (nowUs: number) => void {
  let toldMs = performance.now();
  return (nowUs) => {
    const nowMs = performance.now();
    if (isQuiet || nowMs < toldMs + PROGRESS_MS) return;
    terminal.writeError(`heard until ${formatTime(nowUs)}\n`);
    toldMs = nowMs;
  };
}
