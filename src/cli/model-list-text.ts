import type { ModelCard } from '../models/artefact/card.ts';
import type { EnsembleCard } from '../models/artefact/ensemble-card.ts';
import { dateOf } from './figures.ts';
import { plainText } from './terminal-text.ts';

/** A model as a list has it; with the fault where it cannot be used. */
export type ModelLine =
  | { readonly kind: 'sound'; readonly folder: string; readonly card: ModelCard }
  | { readonly kind: 'refused'; readonly folder: string; readonly reason: string };

/** A place where models lie. */
export interface ModelPlace {
  readonly title: string;
  readonly models: readonly ModelLine[];
  readonly ensembles: readonly EnsembleCard[];
}

/**
 * One line each: what it is, when it was made, and whether it beats anything.
 *
 * @param meant folders of those that a session takes where it is given a name alone.
 */
export function renderModels(places: readonly ModelPlace[], meant: ReadonlySet<string>): string {
  const filled = places.filter(({ models }) => models.length > 0);
  if (filled.length === 0) return 'no models yet; `strata train` makes some\n';
  const lines = filled.flatMap(({ title, models, ensembles }) => [
    title,
    ...models.map((model) => `${meant.has(model.folder) ? '*' : ' '} ${lineOf(model)}`),
    ...ensembles.map(
      ({ name, contentHash, verdict }) =>
        `  ${`${name} ${contentHash.slice(0, 8)}`.padEnd(NAME)}${verdict}`,
    ),
  ]);
  lines.push('* what a session takes where it is given the name alone');
  return `${lines.map(plainText).join('\n')}\n`;
}

const NAME = 36;

function lineOf(model: ModelLine): string {
  if (model.kind === 'refused') return `${'(refused)'.padEnd(NAME)}${faultOf(model)}`;
  const { version, purpose, madeUs, metrics } = model.card;
  const loss = metrics.table[0]?.figures['logLoss'];
  const figure = loss === undefined ? '' : `log loss ${loss.toFixed(4)}, `;
  const about = `${purpose.padEnd(11)}${dateOf(madeUs)}  ${figure}${metrics.verdict}`;
  return `${version.padEnd(NAME)}${about}`;
}

/** Most reasons name the folder already. */
function faultOf({ folder, reason }: Extract<ModelLine, { readonly kind: 'refused' }>): string {
  return reason.includes(folder) ? reason : `${folder}: ${reason}`;
}
