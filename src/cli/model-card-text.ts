import type { EnsembleCard } from '../models/artefact/ensemble-card.ts';
import type { Measured, ModelCard } from '../models/artefact/card.ts';
import { count, dateOf } from './figures.ts';
import { plainText, sparkline, wrap } from './terminal-text.ts';

const COLUMNS = 100;
const INDENT = 13;

/** A card as a person reads it: what it is, what it was made of, and how good it was. */
export function renderCard(card: ModelCard): string {
  const { version, family, purpose, label, input, data, metrics, seeds } = card;
  const rows = Object.entries(data.rows).map(([part, many]) => `${part} ${count(many)}`);
  const lines = [
    version,
    ...field('family', `${family}, for ${purpose}`),
    ...field('says', `${card.outputs.join(', ')}: ${label.text} (${label.kind})`),
    ...field('sees', seen(input)),
    ...field('data', `${data.source}, ${dateOf(data.fromUs)} to ${dateOf(data.toUs)}`),
    ...field('universe', `${data.universe.strategy}: ${data.universe.text}`),
    ...field('samples', `${rows.join(', ')}; training worth ${count(data.effectiveRows)}`),
    ...field('left out', leftOut(data.dropped)),
    ...field('calibration', card.calibration?.kind ?? 'none'),
    ...field('training', trainingText(card)),
    ...field(
      'seeds',
      Object.entries(seeds)
        .map(([name, seed]) => `${name} ${seed}`)
        .join(', '),
    ),
    ...field('hashes', `layout ${input.layoutHash}, data ${data.hash}, config ${card.config.hash}`),
    '',
    `final test   ${dateOf(metrics.fromUs)} to ${dateOf(metrics.toUs)}: ${count(metrics.rows)} ` +
      `samples, worth ${count(metrics.effectiveRows)} independent ones`,
    ...figureTable(metrics.table),
    ...luckLines(card),
    `verdict      ${metrics.verdict}`,
  ];
  return lines.map(plainText).join('\n');
}

function seen({ features, window }: ModelCard['input']): string {
  const rows = window === 1 ? 'the last row' : `the last ${window} rows`;
  return `${rows} of ${features.length} features: ${features.join(', ')}`;
}

function leftOut(dropped: ModelCard['data']['dropped']): string {
  const parts = Object.entries(dropped).map(([reason, many]) => `${reason} ${count(many)}`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

function trainingText({ runtime, curve, wallSeconds, cpuSeconds }: ModelCard): string {
  const losses = curve.map(({ loss, validationLoss }) => validationLoss ?? loss);
  const last = Math.min(...losses);
  const spark = sparkline(spread(losses, 40));
  const best = Number.isFinite(last) ? `, best loss ${figure(last)}` : '';
  return (
    `${runtime}; ${seconds(wallSeconds)} (${seconds(cpuSeconds)} CPU)${best}` +
    `${spark === '' ? '' : `  ${spark}`}`
  );
}

function luckLines({ metrics, purpose }: ModelCard): readonly string[] {
  const { trials, deflatedSharpe, overfitProbability } = metrics;
  // What liquidity does is no return of anything.
  if (purpose === 'liquidity') return [`luck         ${trials} tried, of no return`];
  const parts = [
    `${trials} tried`,
    deflatedSharpe === undefined
      ? 'too few days for a Sharpe ratio'
      : `deflated Sharpe ${figure(deflatedSharpe)}`,
    overfitProbability === undefined
      ? 'too few days for a probability of overfitting'
      : `probability of overfitting ${figure(overfitProbability)}`,
  ];
  return [`luck         ${parts.join(', ')}`];
}

const COLUMNS_OF_FIGURES = [
  ['logLoss', 'log loss'],
  ['brier', 'Brier'],
  ['calibrationError', 'ECE'],
  ['auc', 'AUC'],
  ['accuracy', 'accuracy'],
  ['informationCoefficient', 'IC'],
] as const;

function figureTable(table: readonly Measured[]): readonly string[] {
  const head = ['', ...COLUMNS_OF_FIGURES.map(([, title]) => title), 'model less it'];
  const rows = table.map(({ name, figures, difference }) => [
    name,
    ...COLUMNS_OF_FIGURES.map(([key]) => figure(figures[key] ?? Number.NaN)),
    differenceText(difference),
  ]);
  return aligned([head, ...rows]);
}

function differenceText(difference: Measured['difference']): string {
  if (difference === undefined) return '';
  const { value, low, high, level, blocks } = difference;
  if (low === undefined || high === undefined) {
    return `${signed(value)}, no interval from ${blocks} independent days`;
  }
  return `${signed(value)} [${signed(low)}, ${signed(high)}] at ${Math.round(level * 100)} %`;
}

/** A vote beside each of its members. */
export function renderEnsemble(card: EnsembleCard): string {
  const head = ['', 'signals', 'hit rate', 'return, bps', 'vote less it, bps'];
  const rows = card.table.map(({ name, signals, hitRate, returnOfDecision, difference }) => [
    name,
    count(signals),
    figure(hitRate ?? Number.NaN),
    bps(returnOfDecision),
    difference === undefined ? '' : boundsOf(difference),
  ]);
  const members = card.members.map(({ version, threshold }) => `${version} > ${threshold}`);
  return [
    `${card.name} ${card.contentHash.slice(0, 8)}: ${card.votesLeast} of ${card.members.length}`,
    ...field('members', members.join(', ')),
    ...field('decisions', `${count(card.rows)}, ${dateOf(card.fromUs)} to ${dateOf(card.toUs)}`),
    ...aligned([head, ...rows]),
    `verdict      ${card.verdict}`,
  ]
    .map(plainText)
    .join('\n');
}

function boundsOf({
  value,
  low,
  high,
  blocks,
}: NonNullable<EnsembleCard['table'][0]>['difference'] & object): string {
  if (low === undefined || high === undefined) {
    return `${bps(value)}, no interval from ${blocks} independent days`;
  }
  return `${bps(value)} [${bps(low)}, ${bps(high)}]`;
}

function field(name: string, text: string): readonly string[] {
  return wrap(text, COLUMNS - INDENT).map(
    (part, at) => (at === 0 ? name : '').padEnd(INDENT) + part,
  );
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((text, column) => {
        const width = widths[column] ?? 0;
        const isText = column === 0 || column === row.length - 1;
        return isText ? text.padEnd(width) : text.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

function figure(value: number): string {
  return Number.isFinite(value) ? value.toFixed(4) : '-';
}

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${value.toFixed(5)}`;
}

const BPS = 10_000;

function bps(value: number): string {
  return `${value > 0 ? '+' : ''}${(value * BPS).toFixed(2)}`;
}

function seconds(value: number): string {
  return value < 60
    ? `${value.toFixed(1)} s`
    : `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}

function spread(values: readonly number[], many: number): readonly number[] {
  const taken = Math.min(many, values.length);
  return Array.from({ length: taken }, (_, at) => {
    return values[Math.round(((at + 1) * values.length) / taken) - 1] ?? Number.NaN;
  });
}
