import type { ModelCard } from '../models/artefact/card.ts';
import type { EnsembleCard } from '../models/artefact/ensemble-card.ts';
import { dateOf } from './figures.ts';
import { plainText } from './terminal-text.ts';

/** A model as a list has it; with the fault where it cannot be used. */
export type ModelLine =
  | { readonly kind: 'sound'; readonly card: ModelCard }
  | { readonly kind: 'refused'; readonly folder: string; readonly reason: string };

/** One line each: what it is, when it was made, and whether it beats anything. */
export function renderModels(
  models: readonly ModelLine[],
  ensembles: readonly EnsembleCard[],
): string {
  if (models.length === 0) return 'no models yet; `strata train` makes some\n';
  const lines = models.map(lineOf);
  for (const { name, contentHash, verdict } of ensembles) {
    lines.push(`${`${name} ${contentHash.slice(0, 8)}`.padEnd(NAME)}${verdict}`);
  }
  return `${lines.map(plainText).join('\n')}\n`;
}

const NAME = 36;

function lineOf(model: ModelLine): string {
  if (model.kind === 'refused')
    return `${'(refused)'.padEnd(NAME)}${model.folder}: ${model.reason}`;
  const { version, purpose, madeUs, metrics } = model.card;
  const loss = metrics.table[0]?.figures['logLoss'];
  const figure = loss === undefined ? '' : `log loss ${loss.toFixed(4)}, `;
  const about = `${purpose.padEnd(11)}${dateOf(madeUs)}  ${figure}${metrics.verdict}`;
  return `${version.padEnd(NAME)}${about}`;
}
